"""What three cards score on being dealt, in the variants that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["low", "three_alike", "two_alike"]

LOW: Final = 9
VALUES: Final = range(1, 11)


@dataclass(frozen=True, slots=True)
class Tariff:
    """What is scored for a total of 9 or less, for three cards alike, for two; 0 is no such one."""

    low: int
    three_alike: int
    two_alike: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a hand declared, which is why all may see it.

    kinds: what was declared; a hand can be low and have cards alike.
    matta: what the matta in the hand stands for from now on, None for itself or if it is not there.
    """

    kinds: tuple[Kind, ...]
    points: int
    matta: int | None = None


def declare(values: Sequence[int], tariff: Tariff) -> Declaration | None:
    """What cards of these values declare; None for nothing.

    Three alike are not two alike as well, but a low hand scores beside either.

    >>> declare([2, 2, 3], Tariff(low=2, three_alike=7, two_alike=3))
    Declaration(kinds=('low', 'two_alike'), points=5, matta=None)
    """
    different = len(set(values))
    found: tuple[tuple[Kind, int, bool], ...] = (
        ("low", tariff.low, sum(values) <= LOW),
        ("three_alike", tariff.three_alike, different == 1),
        ("two_alike", tariff.two_alike, different == 2),
    )
    scored = [(kind, points) for kind, points, there in found if there and points]
    if not scored:
        return None
    return Declaration(tuple(kind for kind, _ in scored), sum(points for _, points in scored))


def declare_with_matta(own: int, others: Sequence[int], tariff: Tariff) -> Declaration | None:
    """What a hand declares that holds a matta, whose own value is `own`, and `others`.

    The matta stands for the one value that scores the most: for its own if nothing scores more,
    else for the lowest of those that do, since an ace takes the most.

    >>> declare_with_matta(7, [4, 4], Tariff(low=3, three_alike=10, two_alike=0))
    Declaration(kinds=('three_alike',), points=10, matta=4)
    """
    best = declare([own, *others], tariff)
    for value in VALUES:
        found = declare([value, *others], tariff)
        if found is not None and (best is None or found.points > best.points):
            best = Declaration(found.kinds, found.points, value)
    return best
