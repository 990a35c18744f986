"""Squares by name: columns a to i from the left, rows 1 to 9 from the bottom. e5 is the centre."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.games.api import Json, Malformed, SystemMove
from app.games.uttt.move import MOVES, Move


def _name(move: Move) -> str:
    column = 3 * (move.board % 3) + move.cell % 3
    row = 3 * (move.board // 3) + move.cell // 3
    return "abcdefghi"[column] + "987654321"[row]


_NAMES: Final = tuple(_name(move) for move in MOVES)
_MOVES: Final = dict(zip(_NAMES, MOVES, strict=True))


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


def transcript(moves: Iterable[Move | SystemMove]) -> str:
    """A match as text: a numbered line for player A's move and player B's answer, then how it ended
    if not by a move. Lines end with a newline; no moves give the empty text.

    >>> print(transcript([Move(4, 4), Move(4, 0), SystemMove("resign", 0)]), end="")
     1. e5 d6
    A resigned.
    """
    lines: list[str] = []
    marks = 0
    for move in moves:
        if isinstance(move, SystemMove):
            lines.append(_ending(move))
        elif marks % 2 == 0:
            lines.append(f"{marks // 2 + 1:2}. {square(move)}")
            marks += 1
        else:
            lines[-1] += f" {square(move)}"
            marks += 1
    return "".join(f"{line}\n" for line in lines)


def _ending(move: SystemMove) -> str:
    player = "" if move.seat is None else "AB"[move.seat]
    if move.kind == "resign":
        return f"{player} resigned."
    if move.kind == "timeout":
        return f"{player} ran out of time."
    return f"{player} closed the match." if player else "The match was closed."
