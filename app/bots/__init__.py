"""Computer players: each sees the VIEW of whoever it plays for, as a person would, never a state.

Standard library only, like the rules: they think in a process of their own (`app.bots.process`),
which has nothing of the server's. Bridge has another one to itself, with a solver that takes longer
(`app.bots.bridge.expert`); the players that are here do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from random import Random, SystemRandom
from types import MappingProxyType
from typing import Final, TypeAlias

from app.bots import bridge, scopa, uttt
from app.games.api import Json

Player: TypeAlias = Callable[[Json, Random, float, float], Json]
"""A raw move from the view of the seat to move, a source of chance, the effort to make, and the
seconds that it may take."""

Untimed: TypeAlias = Callable[[Json, Random, float], Json]
"""A player whose effort alone keeps it quick enough."""


def _players(untimed: Mapping[str, Untimed]) -> Mapping[str, Player]:
    def timed(player: Untimed) -> Player:
        return lambda view, rng, effort, seconds: player(view, rng, effort)

    return {strength: timed(player) for strength, player in untimed.items()}


_GAMES: Final[Mapping[str, Mapping[str, Player]]] = MappingProxyType(
    {
        "uttt": uttt.PLAYERS,
        "scopa": _players(scopa.PLAYERS),
        "bridge": _players(bridge.PLAYERS),
    }
)

_STUDIES: Final[Mapping[str, Callable[[Json, Json | None, float], Json]]] = MappingProxyType(
    {"uttt": uttt.study}
)


def can_play(game_key: str) -> bool:
    """Whether the computer plays that game."""
    return game_key in _GAMES


def strengths(game_key: str) -> tuple[str, ...]:
    """How strong the computer can be at that game, the weakest first; nothing if it does not play
    it.
    """
    return tuple(_GAMES.get(game_key, ()))


def choose(
    game_key: str,
    strength: str,
    view: Json,
    rng: Random,
    effort: float = 1.0,
    seconds: float = inf,
) -> Json:
    """The raw move that a player of that strength makes for the seat whose turn it is in `view`.

    `view` is that seat's own. The work it costs is bounded, and `effort` from 0 to 1 says how much
    of it may be done. The answer depends on nothing but the arguments, unless the work takes longer
    than `seconds`: then it is cut short. Raises KeyError for a game that the computer does not play
    or a strength that there is not.
    """
    return _GAMES[game_key][strength](view, rng, effort, seconds)


def move(
    game_key: str, strength: str, view: Json, seed: int, effort: float, seconds: float
) -> Json:
    """As `choose`, with chance of that seed."""
    return choose(game_key, strength, view, Random(seed), effort, seconds)


def answer(game_key: str, strength: str, view: Json, seconds: float | None = None) -> Json:
    """As `choose`, with chance of its own; None: as long as it takes."""
    limit = inf if seconds is None else seconds
    return choose(game_key, strength, view, Random(SystemRandom().getrandbits(64)), seconds=limit)


def study(game_key: str, view: Json, played: Json | None, seconds: float = inf) -> Json | None:
    """What a thorough search says of a position, for the side to move; None in a game where there
    is none.

    `{"best": raw move, "chance": with it, "played": with the raw move `played`, None for none}`; a
    chance is from 0 to 1, a draw being a half.
    """
    studied = _STUDIES.get(game_key)
    return None if studied is None else studied(view, played, seconds)


ANSWERS: Final[Mapping[str, Callable[..., Json]]] = MappingProxyType({"move": move, "study": study})
"""What the process in which all but bridge is thought about can be asked, by name."""
