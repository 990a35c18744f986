"""What contracts score, against a second implementation; and how results are compared."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from endplay.types import Contract as Reference
from endplay.types import Vul

from app.games.bridge.comparison import cross_imps, imps, matchpoints
from app.games.bridge.scoring import score

IMPS = (
    *(20, 50, 90, 130, 170, 220, 270, 320, 370, 430, 500, 600),
    *(750, 900, 1100, 1300, 1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000),
)


@pytest.mark.parametrize("strain", "CDHSZ")
@pytest.mark.parametrize("level", range(1, 8))
def test_every_score_is_that_of_the_second_implementation(level: int, strain: str) -> None:
    written = {"Z": "NT"}.get(strain, strain)
    for doubled, vulnerable, tricks in product(range(3), (False, True), range(14)):
        result = tricks - level - 6
        made = "=" if result == 0 else f"{result:+}"
        reference = Reference(f"{level}{written}N{'x' * doubled}{made}")
        expected = reference.score(Vul.both if vulnerable else Vul.none)
        assert score(level, strain, doubled, vulnerable, tricks) == expected, str(reference)


@pytest.mark.parametrize(
    ("level", "strain", "doubled", "vulnerable", "tricks", "expected"),
    [
        *((3, "Z", 0, False, 9, 400), (3, "Z", 0, True, 9, 600), (1, "Z", 2, True, 7, 760)),
        *((2, "S", 1, False, 8, 470), (4, "S", 1, False, 6, -800), (7, "Z", 2, True, 0, -7600)),
        *((6, "D", 0, True, 12, 1370), (7, "C", 0, False, 13, 1440), (2, "C", 0, False, 8, 90)),
    ],
)
def test_scores_of_the_rules_page(
    level: int, strain: str, doubled: int, vulnerable: bool, tricks: int, expected: int
) -> None:
    assert score(level, strain, doubled, vulnerable, tricks) == expected


def test_imps() -> None:
    assert imps(0) == 0
    for worth, step in enumerate(IMPS, 1):
        assert (imps(step - 10), imps(step)) == (worth - 1, worth)
        assert (imps(10 - step), imps(-step)) == (1 - worth, -worth)
    assert imps(15_200) == 24


@pytest.mark.parametrize("number", range(50))
def test_matchpoints(number: int) -> None:
    random = Random(number)
    scores = [random.choice((-100, -50, 0, 50, 420, 450)) for _ in range(random.randint(1, 12))]
    expected = [sum(2 * (own > other) + (own == other) for other in scores) - 1 for own in scores]
    assert matchpoints(scores) == expected
    # All there is to win is shared out.
    assert sum(expected) == len(scores) * (len(scores) - 1)


def test_cross_imps() -> None:
    assert cross_imps(420, [420]) == 0
    assert cross_imps(420, [-50, 450, 420]) == Fraction(10 - 1 + 0, 3)
    assert cross_imps(-420, [50, -450, -420]) == -cross_imps(420, [-50, 450, 420])
