"""What a player does in a turn: put a mark into a cell, or swap two boards. And its JSON."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

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


@dataclass(frozen=True, slots=True, order=True)
class Swap:
    """Two local boards change places, with all that is in them.

    Boards are numbered as in `Move`. Which is given first makes no difference: it is the lower one
    that becomes `first`. Raises Malformed for anything beyond, and for the same board twice.

    >>> Swap(5, 1)
    Swap(first=1, second=5)
    """

    first: int
    second: int

    def __post_init__(self) -> None:
        first, second = self.first, self.second
        if not (0 <= first <= 8 and 0 <= second <= 8):
            raise Malformed(_NOT_TWO)
        if first == second:
            raise Malformed("A board cannot be swapped with itself.")
        if first > second:
            object.__setattr__(self, "first", second)
            object.__setattr__(self, "second", first)


Turn: TypeAlias = Move | Swap
"""What a player does when it is their turn."""

_NOT_TWO: Final = "A swap names two boards, each by its number from 0 to 8."

MOVES: Final = tuple(Move(board, cell) for board in range(9) for cell in range(9))
"""All 81 moves; `Move(board, cell)` is at `9*board + cell`."""

SWAPS: Final = tuple(Swap(first, second) for first, second in combinations(range(9), 2))
"""All 36 pairs of boards, ascending."""

_JSON: Final = tuple(
    {"sub_x": m.board % 3, "sub_y": m.board // 3, "x": m.cell % 3, "y": m.cell // 3} for m in MOVES
)


def mark_json(move: Move) -> dict[str, int]:
    """`{"sub_x", "sub_y", "x", "y"}`, each 0 to 2: column and row of board and cell."""
    return _JSON[9 * move.board + move.cell].copy()


def swap_json(swap: Swap) -> list[int]:
    """The two boards as a list, the lower first."""
    return [swap.first, swap.second]


def move_json(move: Turn) -> dict[str, Json]:
    """A mark as `mark_json` has it, a swap as `{"swap": [first, second]}`."""
    return {"swap": swap_json(move)} if isinstance(move, Swap) else mark_json(move)


def parse_move(raw: Json) -> Turn:
    """The move that `move_json` gave `raw` for; numbers may be strings of one digit.

    The clients in the field send either. Fields beyond these are ignored: the match's id travels
    beside them. Of a swap the boards may come in either order.

    Raises Malformed on anything odd, and for a mark and a swap in one.

    >>> parse_move({"sub_x": 1, "sub_y": 1, "x": "2", "y": "0"})
    Move(board=4, cell=2)
    >>> parse_move({"swap": ["8", 0]})
    Swap(first=0, second=8)
    """
    if not isinstance(raw, dict):
        raise Malformed("A move has the fields sub_x, sub_y, x and y.")
    if "swap" in raw:
        if not raw.keys().isdisjoint(_JSON[0]):
            raise Malformed("A move marks a cell or swaps two boards, not both.")
        return parse_swap(raw["swap"])
    sub_x, sub_y = _coordinate(raw.get("sub_x")), _coordinate(raw.get("sub_y"))
    x, y = _coordinate(raw.get("x")), _coordinate(raw.get("y"))
    return MOVES[27 * sub_y + 9 * sub_x + 3 * y + x]


def parse_swap(raw: Json) -> Swap:
    """The swap that `swap_json` gave `raw` for, as forgiving as `parse_move`. Raises Malformed."""
    if not isinstance(raw, list) or len(raw) != 2:
        raise Malformed(_NOT_TWO)
    return Swap(_board(raw[0]), _board(raw[1]))


def _coordinate(value: Json) -> int:
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if type(value) is int and 0 <= value <= 2:
        return value
    if type(value) is str and value in _DIGITS:
        return int(value)
    raise Malformed("sub_x, sub_y, x and y are each 0, 1 or 2.")


def _board(value: Json) -> int:
    if type(value) is int and 0 <= value <= 8:
        return value
    if type(value) is str and value in _NINE_DIGITS:
        return int(value)
    raise Malformed(_NOT_TWO)


_DIGITS: Final = ("0", "1", "2")
_NINE_DIGITS: Final = (*_DIGITS, "3", "4", "5", "6", "7", "8")
