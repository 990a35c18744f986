"""What a thorough search says of a position, for the analysis of a match."""

from __future__ import annotations

from math import inf
from typing import Final

from app.bots.uttt.search import Search
from app.bots.uttt.sight import raw, read, turn_of
from app.bots.uttt.weights import chance
from app.games.api import Json

POSITIONS: Final = 300_000


def study(view: Json, played: Json | None, seconds: float = inf) -> Json:
    """`{"best": raw move, "chance": of the side to move with it, "played": the same with the raw
    move `played`, None for none}`; a chance is from 0 to 1, a draw being a half.

    The match is not over, and `played` may be made. Raises Malformed.
    """
    board = read(view)
    best = Search(board, POSITIONS, seconds / 2).best()
    if played is None:
        return {"best": raw(best.turn), "chance": chance(best.worth), "played": None}
    turn = turn_of(played)
    made = best
    if turn != best.turn:
        made = Search(board, POSITIONS, seconds / 2).best(only=turn, deepest=best.depth)
        if made.worth > best.worth:
            best = made
    return {"best": raw(best.turn), "chance": chance(best.worth), "played": chance(made.worth)}
