"""What positions are worth, as learned from matches against itself (`bench/uttt/learn.c`).

The worth of a position is a sum of numbers looked up: for each local board, for each line of three,
for the board that the player to move is sent to, and for how many boards are won. It is in
thousandths of a logit, so that `chance(worth)` is what may be expected.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from sys import byteorder
from typing import Final

from app.bots.uttt.cells import LOCALS, SHAPES, likes, mirrored, tables

KINDS: Final = 3
PLACE: Final = (0, 1, 0, 1, 2, 1, 0, 1, 0)
"""By place of a local board: a corner, an edge or the centre."""

LINES: Final = (
    *((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6)),
    *((1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)),
)
_LINE_KIND: Final = (0, 1, 0, 0, 1, 0, 2, 2)

_COUNTS: Final = 10 * 10 * 4 * 4


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of a variant.

    local: by place and local board, for X. line: by line and the shapes of its three boards, the
    first counting 27 * 27, for X. sent: by the player to move, place and local board, for them.
    count: by boards won by the player to move (counting 160), by the other (16), and swaps left to
    the one (4) and the other, for the player to move.
    """

    local: tuple[Sequence[int], ...]
    line: tuple[Sequence[int], ...]
    sent: tuple[tuple[Sequence[int], ...], ...]
    count: Sequence[int]


def chance(worth: int) -> float:
    """The share of a match that a position of that worth gives, from 0 to 1.

    >>> chance(0)
    0.5
    """
    return 1 / (1 + exp(-max(-40_000, min(40_000, worth)) / 1000))


@cache
def weights(variant: str) -> Weights:
    """The numbers of a variant, read when they are first needed."""
    packed = zlib.decompress(Path(__file__).with_name(f"{variant}.weights").read_bytes())
    numbers = array("h", packed)
    if byteorder == "big":
        numbers.byteswap()
    rest = iter(numbers)
    local = [_spread(_locals(), rest) for _ in range(KINDS)]
    line = [_spread(_triples(), rest) for _ in range(KINDS)]
    sent = [_spread(_likes(), rest) for _ in range(KINDS)]
    exchanged = tables().exchanged
    others = [[table[other] for other in exchanged] for table in sent]
    return Weights(
        local=tuple(local[kind] for kind in PLACE),
        line=tuple(line[kind] for kind in _LINE_KIND),
        sent=tuple(tuple(by_kind[kind] for kind in PLACE) for by_kind in (sent, others)),
        count=[next(rest) for _ in range(_COUNTS)],
    )


def pack(
    local: Sequence[int], line: Sequence[int], sent: Sequence[int], count: Sequence[int]
) -> bytes:
    """The numbers as they are stored. Each is given in full, by kind, but read only where a number
    stands for all that are like it."""
    kept = array("h")
    for full, classes, size in (
        (local, _locals(), LOCALS),
        (line, _triples(), SHAPES**3),
        (sent, _likes(), LOCALS),
    ):
        representatives = sorted({one for one, sign in classes if sign})
        for kind in range(KINDS):
            kept.extend(full[kind * size + one] for one in representatives)
    kept.extend(count)
    if byteorder == "big":
        kept.byteswap()
    return zlib.compress(kept.tobytes(), 9)


def _spread(classes: Sequence[tuple[int, int]], numbers: Iterator[int]) -> list[int]:
    """A number for each, from one for each class in ascending order of what stands for it."""
    of = {one: next(numbers) for one in sorted({one for one, sign in classes if sign})}
    return [sign * of[one] if sign else 0 for one, sign in classes]


@cache
def _likes() -> list[tuple[int, int]]:
    return [(least, 1) for least in likes()]


@cache
def _locals() -> list[tuple[int, int]]:
    """What stands for a local board, and whether its worth is that (1), the opposite, or none."""
    exchanged = tables().exchanged
    least = likes()
    return [_class(one, least[other]) for one, other in zip(least, exchanged, strict=True)]


@cache
def _triples() -> list[tuple[int, int]]:
    """The same for three shapes in a line, which may be read from either end."""
    classes = []
    others = [mirrored(shape) for shape in range(SHAPES)]
    shapes = range(SHAPES)
    for first in shapes:
        for second in shapes:
            for third in shapes:
                one = min(_triple(first, second, third), _triple(third, second, first))
                a, b, c = others[first], others[second], others[third]
                classes.append(_class(one, min(_triple(a, b, c), _triple(c, b, a))))
    return classes


def _triple(first: int, second: int, third: int) -> int:
    return (first * SHAPES + second) * SHAPES + third


def _class(one: int, other: int) -> tuple[int, int]:
    return min(one, other), (one < other) - (one > other)
