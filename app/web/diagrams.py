"""Positions to show: from the moves that were played to what a board is drawn from.

Each diagram is a legal line of play that the tests replay by the engine, so that no picture
can say what the rules do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.games.uttt.swap import SWAP_FIELDS, SWAPS_EACH

SIZE = 9


@dataclass(frozen=True)
class Diagram:
    """A line of play from the start, and what it leads to.

    `moves`: squares ("e5 f6") or swaps ("1=5"), player A's first. `won`: local board (0 to 8, row
    by row) -> mark (1 player A, 2 player B, 3 drawn). `allowed`: the local boards where the next
    move may be.
    """

    moves: str
    allowed: tuple[int, ...] = ()
    won: Mapping[int, int] = field(default_factory=dict)
    winner: int | None = None

    @property
    def names(self) -> list[str]:
        return self.moves.split()

    @property
    def variant(self) -> str:
        return "swap" if "=" in self.moves else "standard"

    def view(self) -> dict[str, Any]:
        """The position in the shape of the game's own view."""
        rows = [[0] * SIZE for _ in range(SIZE)]
        last, swap, left = None, None, [SWAPS_EACH, SWAPS_EACH]
        for ply, name in enumerate(self.names):
            if "=" in name:
                last, swap = None, [int(number) - 1 for number in name.split("=")]
                rows = swapped(rows, *swap)
                left[ply % 2] -= 1
                continue
            column, row = place(name)
            rows[row][column] = ply % 2 + 1
            last = {"sub_x": column // 3, "sub_y": row // 3, "x": column % 3, "y": row % 3}
            swap = None
        boards = [self.won.get(board, 0) for board in range(SIZE)]
        over = not self.allowed
        winners = [] if self.winner is None else [self.winner]
        swaps = zip(SWAP_FIELDS, (left, swap, None if over else swap), strict=True)
        return {
            "complete_field": rows,
            "global_field": [boards[start : start + 3] for start in (0, 3, 6)],
            "last_move": last,
            "active": len(self.names) % 2,
            "over": over,
            "outcome": {"reason": "line" if winners else "draw", "winners": winners}
            if over
            else None,
            "allowed": list(self.allowed),
            **(dict(swaps) if "=" in self.moves else {}),
        }


def place(square: str) -> tuple[int, int]:
    """Column and row of a named square, both from 0 at the top left.

    >>> place("e5"), place("a9")
    ((4, 4), (0, 0))
    """
    return "abcdefghi".index(square[0]), SIZE - int(square[1])


def swapped(rows: list[list[int]], one: int, other: int) -> list[list[int]]:
    """Nine rows of nine cells in which two local boards have changed places."""
    changed = [row.copy() for row in rows]
    for cell in range(SIZE):
        (y, x), (to_y, to_x) = (
            (board // 3 * 3 + cell // 3, board % 3 * 3 + cell % 3) for board in (one, other)
        )
        changed[y][x], changed[to_y][to_x] = rows[to_y][to_x], rows[y][x]
    return changed


EVERYWHERE: Final = tuple(range(SIZE))
START: Final = Diagram("", EVERYWHERE)
SENT: Final = Diagram("e5 f6", (2,))
NAMED: Final = Diagram("e5 f6 h8 d5", (3,))
BOARD_WON: Final = Diagram("f4 h2 f5 h5 f6", (2,), {4: 1})
FREE: Final = Diagram("c4 g2 a6 a8 b5 d5", (0, 1, 2, 4, 5, 6, 7, 8), {3: 1})
MATCH_WON: Final = Diagram(
    "e5 e6 d8 b4 d3 b9 f8 h5 d5 b5 f5 h6 e8 h4 e2 b6 f1",
    won={1: 1, 3: 2, 4: 1, 5: 2, 7: 1},
    winner=0,
)
_LONG: Final = (
    "b2 e4 f3 g9 a8 a4 a1 b3 d8 a6 b8 e6 d9 b9 d7 a3 c8 i5 h5 e5 c3 h9 g4 a5 i6 i9 f1 i3 f2 g1 g2"
)
DRAWN: Final = Diagram(f"{_LONG} h2", won={0: 1, 1: 1, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 1, 8: 2})
SAMPLE: Final = Diagram(_LONG[: 25 * 3 - 1], (2,), {0: 1, 1: 1, 3: 2, 4: 2, 5: 1, 6: 1})
SWAPPED: Final = Diagram(
    "a9 c6 b8 b5 c7 a4 d9 f6 e8 e5 f7 d4 g6 i3 h5 h2 i4 h8 3=6",
    won={0: 1, 1: 1, 2: 1, 3: 2, 4: 2},
    winner=0,
)
ALL: Final = (START, SENT, NAMED, BOARD_WON, FREE, MATCH_WON, DRAWN, SWAPPED, SAMPLE)
