"""Ultimate tic-tac-toe for the computer, in four strengths, and what it says of a position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final, TypeAlias

from app.bots.uttt.hasty import hasty
from app.bots.uttt.players import beginner, easy, medium, strong
from app.bots.uttt.study import study
from app.games.api import Json

__all__ = ["PLAYERS", "study"]

_Player: TypeAlias = Callable[[Json, Random, float, float], Json]


def _or_hasty(player: _Player) -> _Player:
    """The player, who without any effort makes a turn that costs nothing."""

    def play(view: Json, rng: Random, effort: float, seconds: float) -> Json:
        return player(view, rng, effort, seconds) if effort > 0 else hasty(view, rng)

    return play


PLAYERS: Final[Mapping[str, _Player]] = MappingProxyType(
    {
        "beginner": _or_hasty(beginner),
        "easy": _or_hasty(easy),
        "medium": _or_hasty(medium),
        "strong": _or_hasty(strong),
    }
)
"""By strength, the weakest first: what gives the raw move for a view."""
