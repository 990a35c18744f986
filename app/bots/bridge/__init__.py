"""Bridge for the computer, in three strengths: they bid alike, and differ in the play of the cards.

As they are here they play by rules of thumb, at once. `app.bots.bridge.expert` has those that look
at deals, in a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.bots.bridge.player import Player, players

PLAYERS: Final[Mapping[str, Player]] = MappingProxyType(players(None))
"""By strength: what gives the raw move for a view."""
