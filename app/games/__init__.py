"""The rules of the games, each in its own folder behind the interface of `app.games.api`.

Standard library only: nothing here knows the web, the database, the time, or chance beyond a seed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Game
from app.games.bridge import BRIDGE
from app.games.scopa import SCOPA
from app.games.uttt import UTTT

_ALL: Final[tuple[Game[Any, Any], ...]] = (
    UTTT,  # Ultimate Tic-Tac-Toe
    SCOPA,  # Scopa: five variants, two or four players
    BRIDGE,  # Bridge: one deal a match, at tables of its own
)

GAMES: Final[Mapping[str, Game[Any, Any]]] = MappingProxyType({g.info.key: g for g in _ALL})
"""Every game of the house by its key."""

OFFERED: Final[Mapping[str, Game[Any, Any]]] = MappingProxyType(
    {key: game for key, game in GAMES.items() if not game.info.own_hall}
)
"""Those that are paired, challenged to and opened in the lobby."""

DEFAULT: Final = "uttt"
"""The game whose rating stands beside a name outside of any game."""
