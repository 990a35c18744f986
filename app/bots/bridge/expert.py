"""What the process in which bridge is thought about can be asked (see `app.bots.process`).

Importing it loads the double-dummy solver. Where there is none, moves are made without, and what
only it can tell is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any, Final

from app.bots.bridge.player import players
from app.games.api import Json

try:
    from app.bots.bridge import double_dummy
except ImportError:
    double_dummy = None  # type: ignore[assignment]

_PLAYERS: Final = players(None if double_dummy is None else double_dummy.solve)


def move(
    game_key: str, strength: str, view: Json, seed: int, effort: float, seconds: float
) -> Json:
    """As `app.bots.move`, for bridge alone."""
    return _PLAYERS[strength](view, Random(seed), effort)


def tricks(hands: Json, strain: str) -> Json:
    """As `double_dummy.tricks`, from the cards of the four seats."""
    return None if double_dummy is None else double_dummy.tricks(hands, strain)


def par(table: Json, dealer: str, vulnerable: str) -> Json:
    """As `double_dummy.par`."""
    return None if double_dummy is None else double_dummy.par(table, dealer, vulnerable)


ANSWERS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"move": move, "tricks": tricks, "par": par}
)
"""By question: what answers it."""
