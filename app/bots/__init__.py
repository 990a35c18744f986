"""Computer players: each sees the VIEW of whoever it plays for, as a person would, never a state.

Standard library only, like the rules: they think in a process of their own (`app.bots.process`),
which has nothing of the server's. Bridge has another one to itself, with a solver that takes longer
(`app.bots.bridge.expert`); the players that are here do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random, SystemRandom
from types import MappingProxyType
from typing import Final, TypeAlias

from app.bots import bridge, scopa
from app.games.api import Json

Player: TypeAlias = Callable[[Json, Random, float], Json]
"""A raw move from the view of the seat to move, a source of chance, and the effort to make."""

STRENGTHS: Final = ("easy", "medium", "strong")

_GAMES: Final[Mapping[str, Mapping[str, Player]]] = MappingProxyType(
    {"scopa": scopa.PLAYERS, "bridge": bridge.PLAYERS}
)


def can_play(game_key: str) -> bool:
    """Whether the computer plays that game."""
    return game_key in _GAMES


def choose(game_key: str, strength: str, view: Json, rng: Random, effort: float = 1.0) -> Json:
    """The raw move that a player of that strength makes for the seat whose turn it is in `view`.

    `view` is that seat's own. The answer depends on nothing but the arguments;
    the work it costs is bounded, and `effort` from 0 to 1 says how much of it may be done. Raises
    KeyError for a game that the computer does not play or a strength that there is not.
    """
    return _GAMES[game_key][strength](view, rng, effort)


def move(game_key: str, strength: str, view: Json, seed: int, effort: float) -> Json:
    """As `choose`, with chance of that seed."""
    return choose(game_key, strength, view, Random(seed), effort)


def answer(game_key: str, strength: str, view: Json) -> Json:
    """As `choose`, with chance of its own."""
    return choose(game_key, strength, view, Random(SystemRandom().getrandbits(64)))


ANSWERS: Final[Mapping[str, Callable[..., Json]]] = MappingProxyType({"move": move})
"""What the process in which all but bridge is thought about can be asked, by name."""
