"""The share of a point that IMPs are worth, as docs/bridge.md has it."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import ratings
from app.services.bridge import results
from config import Config

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bridge.md"
imps = st.floats(-24, 24)
values = st.integers(0, 3000)


class OnlyConfig:
    """As much of a house as the formula needs."""

    config = Config(RATING_K=20)


def cells(label: str) -> list[float]:
    """A row of the table on the page, by its first cell."""
    (line,) = (line for line in PAGE.read_text().splitlines() if line.startswith(f"| {label} |"))
    return [float(cell.strip().replace("−", "-")) for cell in line.strip("|").split("|")[1:]]


def test_the_page_tells_the_truth() -> None:
    margins, shares = cells("x"), cells("S")
    assert len(margins) == len(shares) == 11
    for margin, share in zip(margins, shares, strict=True):
        assert results.share_of(margin) == pytest.approx(share, abs=0.005)


@given(imps)
def test_it_is_what_the_page_says(margin: float) -> None:
    assert results.share_of(margin) == pytest.approx(1 / (1 + 10 ** (-margin / 8)))


@given(imps)
def test_both_sides_share_one_point(margin: float) -> None:
    assert results.share_of(margin) + results.share_of(-margin) == pytest.approx(1)
    assert 0 < results.share_of(margin) < 1


@given(imps, imps)
def test_more_is_worth_more(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert results.share_of(less) <= results.share_of(more)


@given(st.tuples(values, values, values, values), imps)
def test_what_one_pair_gains_the_other_loses(
    before: tuple[int, int, int, int], margin: float
) -> None:
    share = results.share_of(margin)
    after = ratings.shared(OnlyConfig(), before, (share, 1 - share))  # type: ignore[arg-type]
    gains = [new - old for old, new in zip(before, after, strict=True)]
    assert abs(gains[0] - gains[2]) <= 1  # each is rounded on its own
    assert abs(gains[1] - gains[3]) <= 1
    assert abs(gains[0] + gains[1]) <= 2
    assert max(map(abs, gains)) <= 20


@given(st.integers(-10, 10))
def test_who_is_as_much_better_as_rated_gains_nothing(margin: int) -> None:
    """Fifty points are an IMP a board."""
    before = (1000 + 50 * margin, 1000) * 2
    share = results.share_of(margin)
    assert ratings.shared(OnlyConfig(), before, (share, 1 - share)) == before  # type: ignore[arg-type]


def test_the_examples_hold() -> None:
    assert doctest.testmod(results).failed == 0
