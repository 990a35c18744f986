"""What may be agreed on at a table of each game, for the forms and the pages that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from app.games import GAMES
from app.games.api import Malformed
from app.games.scopa.options import GRANDI, MATTE

CHOICES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {"scopa": MappingProxyType({"matta": MATTE, "grande": GRANDI})}
)
"""By game, what there may be to choose beside variant and players: the values, the usual first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A variant of a game: whether it is rated, for how many it is, and which `CHOICES` it has."""

    key: str
    rated: bool
    players: tuple[int, ...]
    choices: tuple[str, ...]


@cache
def kinds(game: str) -> Mapping[str, Kind]:
    """The variants of a game by their keys, the usual one first."""
    info = GAMES[game].info
    return MappingProxyType(
        {
            key: Kind(key, info.can_rate(key), _players(game, key), tuple(_chosen(game, key)))
            for key in info.variants
        }
    )


def chosen(game: str, variant: str, options: Mapping[str, Any]) -> dict[str, str]:
    """What a table has agreed on of that variant's `CHOICES`, said or not."""
    return _chosen(game, variant, {**options, "variant": variant})


def _chosen(game: str, variant: str, raw: Mapping[str, Any] | None = None) -> dict[str, str]:
    options = GAMES[game].parse_options(dict(raw or {"variant": variant}))
    values = {name: getattr(options, name) for name in CHOICES.get(game, ())}
    return {name: value for name, value in values.items() if value is not None}


def _players(game: str, variant: str) -> tuple[int, ...]:
    """The numbers of players a variant is for; a game for one number does not ask."""
    engine = GAMES[game]
    if len(engine.info.seats) == 1:
        return engine.info.seats
    return tuple(seats for seats in engine.info.seats if _allows(game, variant, seats))


def _allows(game: str, variant: str, seats: int) -> bool:
    try:
        GAMES[game].parse_options({"variant": variant, "players": seats})
    except Malformed:
        return False
    return True
