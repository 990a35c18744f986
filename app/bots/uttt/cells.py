"""A local board as a number, and tables over the 19,683 of them.

Cell `c` counts `3**c` where it is marked X (by player A) and twice that where O, so that a mark is
an addition. What is here is worked out when first asked for: the server itself seldom does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from app.games.uttt.bitboard import FULL, HAS_LINE, LINES, PLACES

LOCALS: Final = 3**9

POWER: Final = tuple((3**cell, 2 * 3**cell) for cell in range(9))
"""By cell and player: what a mark adds."""

OPEN, X_WON, O_WON, DRAWN = range(4)
WON_BY: Final = (X_WON, O_WON)

SHAPES: Final = 27
"""How far each player is with a local board: five levels each, and the two that are won."""
_X_SHAPE: Final = 25
_O_SHAPE: Final = 26


@dataclass(frozen=True, slots=True)
class Tables:
    """By local board: its status, the free cells if it is undecided (else none), its shape, and the
    board with the players' marks exchanged.
    """

    status: tuple[int, ...]
    free: tuple[tuple[int, ...], ...]
    shape: tuple[int, ...]
    exchanged: tuple[int, ...]


@cache
def tables() -> Tables:
    """The tables, made when they are first needed."""
    first, second = _marks(1), _marks(2)
    status, free, shape = [], [], []
    for own, other in zip(first, second, strict=True):
        now = _status(own, other)
        status.append(now)
        free.append(() if now else PLACES[FULL & ~(own | other)])
        shape.append(_shape(now, own, other))
    exchanged = tuple(_sums([[0, 2 * 3**cell, 3**cell] for cell in range(9)]))
    return Tables(tuple(status), tuple(free), tuple(shape), exchanged)


@cache
def likes() -> tuple[int, ...]:
    """By local board the least of those that it becomes by turning and mirroring it."""
    return tuple(map(min, *(_sums(_steps(symmetry)) for symmetry in range(8))))


def mirrored(shape: int) -> int:
    """The same shape with the players exchanged.

    >>> mirrored(mirrored(7)), mirrored(25)
    (7, 26)
    """
    if shape in (_X_SHAPE, _O_SHAPE):
        return _X_SHAPE + _O_SHAPE - shape
    return shape % 5 * 5 + shape // 5


def _marks(mark: int) -> list[int]:
    """By local board the cells that have that mark, as nine bits."""
    return _sums([[bit if digit == mark else 0 for digit in range(3)] for bit in _BITS])


_BITS: Final = tuple(1 << cell for cell in range(9))


def _sums(steps: list[list[int]]) -> list[int]:
    """By local board the sum of what its cells give: `steps` by cell and what is in it."""
    sums = [0]
    for step in steps:
        sums = [low + more for more in step for low in sums]
    return sums


def _steps(symmetry: int) -> list[list[int]]:
    """What each cell gives to the board that one of the eight symmetries makes."""
    steps = []
    for cell in range(9):
        x, y = cell % 3, cell // 3
        x = 2 - x if symmetry & 1 else x
        y = 2 - y if symmetry & 2 else y
        to = 3 * x + y if symmetry & 4 else 3 * y + x
        steps.append([0, 3**to, 2 * 3**to])
    return steps


def _status(first: int, second: int) -> int:
    if HAS_LINE[first]:
        return X_WON
    if HAS_LINE[second]:
        return O_WON
    return DRAWN if first | second == FULL else OPEN


def _shape(status: int, first: int, second: int) -> int:
    if status == X_WON:
        return _X_SHAPE
    if status == O_WON:
        return _O_SHAPE
    return 0 if status == DRAWN else 5 * _level(first, second) + _level(second, first)


def _level(own: int, other: int) -> int:
    """How far a player is: 0 cannot win the board, 1 to 3 needs so many fewer than four marks, 4
    has two cells or more that would do.
    """
    best = wins = 0
    for line in LINES:
        if other & line:
            continue
        have = (own & line).bit_count()
        best = max(best, have + 1)
        if have == 2:
            wins |= line & ~own
    return 4 if best == 3 and wins.bit_count() > 1 else best
