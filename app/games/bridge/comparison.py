"""Comparing the results of one board: matchpoints and International Match Points (IMPs)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

_STEPS: Final = (
    *(20, 50, 90, 130, 170, 220, 270, 320, 370, 430, 500, 600),
    *(750, 900, 1100, 1300, 1500, 1750, 2000, 2250, 2500, 3000, 3500, 4000),
)
"""The difference from which on there is one IMP more (Law 78)."""


def imps(difference: int) -> int:
    """What a difference of two scores is worth, -24 to 24; of the same sign.

    >>> imps(10), imps(20), imps(-420), imps(9999)
    (0, 1, -9, 24)
    """
    worth = bisect_right(_STEPS, abs(difference))
    return worth if difference > 0 else -worth


def matchpoints(scores: Sequence[int]) -> list[int]:
    """For each of North and South's scores: 2 for every other that it beats, 1 for a tie.

    The matchpoints of East and West are what is missing to `2 * (len(scores) - 1)`.

    >>> matchpoints([420, -50, 420, 450])
    [3, 0, 3, 6]
    """
    ranked = sorted(scores)
    return [bisect_left(ranked, score) + bisect_right(ranked, score) - 1 for score in scores]


def cross_imps(own: int, others: Sequence[int]) -> Fraction:
    """The mean of the IMPs of a score against each of the others, of which there is one at least.

    >>> cross_imps(420, [-50, 420, 450])
    Fraction(3, 1)
    """
    return Fraction(sum(imps(own - other) for other in others), len(others))
