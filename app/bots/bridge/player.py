"""The computer at bridge, from call to card: what is asked decides who answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final, TypeAlias

from app.bots.bridge import answers, bidding, play
from app.bots.bridge.sight import read
from app.games.api import Json

Player: TypeAlias = Callable[[Json, Random, float], Json]


def players(solve: play.Solver | None) -> Mapping[str, Player]:
    """By strength: what gives the raw move for a view.

    solve: what tells how good a card is when all are seen (`double_dummy.solve`); without it cards
    are played by rules of thumb, whatever the strength.
    """
    return {strength: _player(care, solve) for strength, care in play.CARE.items()}


def _player(care: play.Care, solve: play.Solver | None) -> Player:
    def player(view: Json, rng: Random, effort: float) -> Json:
        asked = next(name for name in _KINDS if view[name])
        return _KINDS[asked](view, care.less(effort), rng, solve)

    return player


def _claim(view: Json, care: play.Care, rng: Random, solve: play.Solver | None) -> Json:
    return {"answer": answers.accepts(read(view), view["claim"], rng, solve)}


def _undo(view: Json, care: play.Care, rng: Random, solve: play.Solver | None) -> Json:
    return {"answer": answers.grants_undo()}


def _call(view: Json, care: play.Care, rng: Random, solve: play.Solver | None) -> Json:
    return bidding.call(view)


def _card(view: Json, care: play.Care, rng: Random, solve: play.Solver | None) -> Json:
    return {"card": play.choose(read(view), care, rng, solve)}


_KINDS: Final[Mapping[str, Callable[[Json, play.Care, Random, play.Solver | None], Json]]] = {
    "claim": _claim,
    "undo": _undo,
    "bids": _call,
    "cards": _card,
}
"""What a view may ask for, by the field that then holds something; an answer comes first."""
