"""The rules of the games, each in its own folder behind the interface of `app.games.api`.

Standard library only: nothing here knows the web, the database, the time, or chance beyond a seed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Game
from app.games.scopa import SCOPA
from app.games.uttt import UTTT

_ALL: Final[tuple[Game[Any, Any], ...]] = (
    UTTT,  # Ultimate Tic-Tac-Toe
    SCOPA,  # Scopa: five variants, two or four players
)

GAMES: Final[Mapping[str, Game[Any, Any]]] = MappingProxyType({g.info.key: g for g in _ALL})
"""Every game of the house by its key."""

DEFAULT: Final = "uttt"
"""The game whose rating stands beside a name outside of any game."""
