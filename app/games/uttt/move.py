"""A mark put into a cell, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.games.api import Json, Malformed


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A mark in `cell` of the local board `board`.

    Both are 0 to 8, three to a row from the top left: `board = 3*sub_y + sub_x`, `cell = 3*y + x`.
    Raises Malformed for anything beyond.
    """

    board: int
    cell: int

    def __post_init__(self) -> None:
        if not (0 <= self.board <= 8 and 0 <= self.cell <= 8):
            raise Malformed("Boards and cells are numbered from 0 to 8.")


MOVES: Final = tuple(Move(board, cell) for board in range(9) for cell in range(9))
"""All 81 moves; `Move(board, cell)` is at `9*board + cell`."""

_JSON: Final = tuple(
    {"sub_x": m.board % 3, "sub_y": m.board // 3, "x": m.cell % 3, "y": m.cell // 3} for m in MOVES
)


def move_json(move: Move) -> dict[str, int]:
    """`{"sub_x", "sub_y", "x", "y"}`, each 0 to 2: column and row of board and cell."""
    return _JSON[9 * move.board + move.cell].copy()


def parse_move(raw: Json) -> Move:
    """The move that `move_json` gave `raw` for; numbers may be strings of one digit.

    The clients in the field send either. Fields beyond the four are ignored: the match's id travels
    beside them.

    Raises Malformed on anything odd.

    >>> parse_move({"sub_x": 1, "sub_y": 1, "x": "2", "y": "0"})
    Move(board=4, cell=2)
    """
    if not isinstance(raw, dict):
        raise Malformed("A move has the fields sub_x, sub_y, x and y.")
    sub_x, sub_y = _coordinate(raw.get("sub_x")), _coordinate(raw.get("sub_y"))
    x, y = _coordinate(raw.get("x")), _coordinate(raw.get("y"))
    return MOVES[27 * sub_y + 9 * sub_x + 3 * y + x]


def _coordinate(value: Json) -> int:
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if type(value) is int and 0 <= value <= 2:
        return value
    if type(value) is str and value in _DIGITS:
        return int(value)
    raise Malformed("sub_x, sub_y, x and y are each 0, 1 or 2.")


_DIGITS: Final = ("0", "1", "2")
