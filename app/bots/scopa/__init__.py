"""Scopa for the computer, in three strengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from app.bots.scopa.easy import easy
from app.bots.scopa.medium import medium
from app.bots.scopa.strong import strong
from app.games.api import Json

PLAYERS: Final[Mapping[str, Callable[[Json, Random, float], Json]]] = MappingProxyType(
    {"easy": easy, "medium": medium, "strong": strong}
)
"""By strength: what gives the raw move for a view."""
