"""How each strength plays.

All but the beginner weigh positions by the same numbers (`app.bots.uttt.weights`); they look ahead
less or further, and the weaker ones misjudge what they see.
"""

from __future__ import annotations

from random import Random
from typing import Final

from app.bots.uttt.board import MARKS, SURE, WIN, Board, Scored
from app.bots.uttt.cells import WON_BY, tables
from app.bots.uttt.search import Search
from app.bots.uttt.sight import raw, read
from app.games.api import Json

_SEES_MATCH: Final = 0.9  # how often a beginner sees that the match is to be won
_SEES_BOARD: Final = 0.6  # that a board is

_EASY_BLUR: Final = 300  # thousandths of a logit: the usual error of what a turn is thought to be
_MEDIUM_BLUR: Final = 200
_MEDIUM_POSITIONS: Final = 15_000
_MEDIUM_AHEAD: Final = 2

STRONG_POSITIONS: Final = 400_000
_LEAST_POSITIONS: Final = 1_000
_VARIED: Final = 3  # turns of the match in which the strong one varies
_VARIED_AHEAD: Final = 5
_VARIED_BLUR: Final = 60


def beginner(view: Json, rng: Random, effort: float, seconds: float) -> Json:
    """Somebody who plays the first time: marks anything, but often sees what can be won at once."""
    board = read(view)
    turns = _all(board)
    winning = [turn for worth, turn in turns if worth >= SURE]
    if winning and rng.random() < _SEES_MATCH:
        return raw(winning[0])
    taking = [turn for _, turn in turns if _decides(board, turn)]
    if taking and rng.random() < _SEES_BOARD:
        return raw(rng.choice(taking))
    return raw(rng.choice([turn for _, turn in turns]))


def easy(view: Json, rng: Random, effort: float, seconds: float) -> Json:
    """Sees what a turn does, not what is answered, and often misjudges it."""
    return raw(_blurred(_all(read(view)), rng, _EASY_BLUR))


def medium(view: Json, rng: Random, effort: float, seconds: float) -> Json:
    """Sees what is answered, too, and misjudges a little."""
    positions = max(_LEAST_POSITIONS, round(effort * _MEDIUM_POSITIONS))
    ranked = Search(read(view), positions, seconds).ranked(_MEDIUM_AHEAD)
    return raw(_blurred(ranked, rng, _MEDIUM_BLUR))


def strong(view: Json, rng: Random, effort: float, seconds: float) -> Json:
    """Looks as far ahead as work and time allow, and does not begin all matches alike."""
    board = read(view)
    positions = max(_LEAST_POSITIONS, round(effort * STRONG_POSITIONS))
    search = Search(board, positions, seconds)
    if sum(local != 0 for local in board.locals) < _VARIED:
        return raw(_blurred(search.ranked(_VARIED_AHEAD), rng, _VARIED_BLUR))
    return raw(search.best().turn)


def _all(board: Board) -> list[Scored]:
    return board.scored(WIN + 1)  # more than any is worth: none is left out


def _blurred(turns: list[Scored], rng: Random, blur: int) -> int:
    """The best turn to somebody who errs by so much. Who wins and who loses for sure is seen."""
    seen = [(worth + _error(worth, rng, blur), turn) for worth, turn in turns]
    return max(seen)[1]


def _error(worth: int, rng: Random, blur: int) -> int:
    return 0 if abs(worth) >= SURE else round(rng.gauss(0, blur))


def _decides(board: Board, turn: int) -> bool:
    """Whether a turn is a mark that wins its board."""
    if turn >= MARKS:
        return False
    return tables().status[board.after(turn).locals[turn // 9]] in WON_BY
