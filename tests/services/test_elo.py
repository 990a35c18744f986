"""The formula of Elo."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import ratings

values = st.integers(-1000, 4000)


@pytest.mark.parametrize(
    ("own", "opponent", "score", "after"),
    [(1000, 1000, 1, 1010), (1000, 1000, 0.5, 1000), (1010, 990, 0, 999), (1400, 1000, 1, 1402)],
)
def test_known_values(own: int, opponent: int, score: float, after: int) -> None:
    assert ratings.elo(own, opponent, score, 20) == after


@given(values, values, st.sampled_from([0, 0.5, 1]))
def test_what_one_gains_the_other_loses(one: int, other: int, score: float) -> None:
    gain = ratings.elo(one, other, score, 20) - one
    loss = ratings.elo(other, one, 1 - score, 20) - other
    assert abs(gain + loss) <= 1  # each is rounded on its own
    assert abs(gain) <= 20


def test_the_examples_hold() -> None:
    assert doctest.testmod(ratings).failed == 0
