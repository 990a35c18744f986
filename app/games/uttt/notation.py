"""Moves by name, and a match as text.

A mark is named by its square: columns a to i from the left, rows 1 to 9 from the bottom, so that e5
is the centre. A swap is named by its two boards, the lower first: they are numbered from 1 at the
top left to 9 at the bottom right, row by row, so that 1=5 swaps the top left and the centre one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.games.api import Json, Malformed, SystemMove
from app.games.uttt.move import MOVES, SWAPS, Move, Swap, Turn


def _name(move: Move) -> str:
    column = 3 * (move.board % 3) + move.cell % 3
    row = 3 * (move.board // 3) + move.cell // 3
    return "abcdefghi"[column] + "987654321"[row]


_NAMES: Final = tuple(_name(move) for move in MOVES)
_MOVES: Final = dict(zip(_NAMES, MOVES, strict=True))
_SWAPS: Final = {f"{swap.first + 1}={swap.second + 1}": swap for swap in SWAPS}
_SWAP_NAMES: Final = {swap: name for name, swap in _SWAPS.items()}
_TURNS: Final[dict[str, Turn]] = {**_MOVES, **_SWAPS}


def square(move: Move) -> str:
    """The name of the square a move marks.

    >>> square(Move(board=4, cell=4))
    'e5'
    """
    return _NAMES[9 * move.board + move.cell]


def parse_square(name: Json) -> Move:
    """The move that marks the square of that name. Raises Malformed for anything but a1 to i9.

    >>> parse_square("a9")
    Move(board=0, cell=0)
    """
    if not isinstance(name, str) or name not in _MOVES:
        raise Malformed("Squares are named from a1 to i9.")
    return _MOVES[name]


def turn_name(turn: Turn) -> str:
    """The name of a move.

    >>> turn_name(Move(board=4, cell=4)), turn_name(Swap(first=0, second=4))
    ('e5', '1=5')
    """
    return _SWAP_NAMES[turn] if isinstance(turn, Swap) else square(turn)


def parse_turn(name: Json) -> Turn:
    """The move of that name. Raises Malformed for anything that `turn_name` does not say.

    >>> parse_turn("1=5")
    Swap(first=0, second=4)
    """
    if not isinstance(name, str) or name not in _TURNS:
        raise Malformed("Moves are named as a1 to i9, or as 1=2 to 8=9.")
    return _TURNS[name]


def transcript(moves: Iterable[Turn | SystemMove]) -> str:
    """A match as text: a numbered line for player A's move and player B's answer, then how it ended
    if not by a move. Lines end with a newline; no moves give the empty text.

    >>> print(transcript([Move(4, 4), Swap(0, 4), SystemMove("resign", 0)]), end="")
     1. e5 1=5
    A resigned.
    """
    lines: list[str] = []
    turns = 0
    for move in moves:
        if isinstance(move, SystemMove):
            lines.append(_ending(move))
        elif turns % 2 == 0:
            lines.append(f"{turns // 2 + 1:2}. {turn_name(move)}")
            turns += 1
        else:
            lines[-1] += f" {turn_name(move)}"
            turns += 1
    return "".join(f"{line}\n" for line in lines)


def _ending(move: SystemMove) -> str:
    player = "" if move.seat is None else "AB"[move.seat]
    if move.kind == "resign":
        return f"{player} resigned."
    if move.kind == "timeout":
        return f"{player} ran out of time."
    return f"{player} closed the match." if player else "The match was closed."
