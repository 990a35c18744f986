"""A turn without a look ahead or at any table: what the server makes itself when no process has
answered in time.
"""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Final

from app.games.api import Json
from app.games.uttt.bitboard import HAS_LINE
from app.games.uttt.move import Move, Swap, move_json

_SWAPS: Final = tuple(combinations(range(9), 2))
_NOTHING, _BOARD, _MATCH = range(3)  # what a mark wins


def hasty(view: Json, rng: Random) -> Json:
    """A raw move: one that wins the match, else a mark that wins its board, else any mark."""
    mark = view["active"] + 1
    won = _bits([kind == mark for row in view["global_field"] for kind in row])
    found: list[tuple[int, float, Move]] = []
    for board in view["allowed"]:
        cells = _cells(view["complete_field"], board)
        own = _bits([cell == mark for cell in cells])
        for cell in (number for number, kind in enumerate(cells) if not kind):
            gain = _NOTHING
            if HAS_LINE[own | 1 << cell]:
                gain = _MATCH if HAS_LINE[won | 1 << board] else _BOARD
            found.append((gain, rng.random(), Move(board, cell)))
    gain, _, move = max(found)
    swap = None if gain == _MATCH else _winning_swap(view, won)
    return move_json(move if swap is None else swap)


def _winning_swap(view: Json, won: int) -> Swap | None:
    """A swap that puts three of the boards that the mover has won into a row."""
    left = view.get("swaps_left")
    if not left or not left[view["active"]]:
        return None
    for one, other in _SWAPS:
        differ = (won >> one ^ won >> other) & 1
        if [one, other] != view["barred_swap"] and HAS_LINE[
            won ^ (differ << one | differ << other)
        ]:
            return Swap(one, other)
    return None


def _cells(field: Json, board: int) -> list[int]:
    """The nine cells of a local board: 0, or whose mark is there."""
    y, x = board // 3 * 3, board % 3 * 3
    return [kind for row in field[y : y + 3] for kind in row[x : x + 3]]


def _bits(which: list[bool]) -> int:
    return sum(1 << number for number, is_so in enumerate(which) if is_so)
