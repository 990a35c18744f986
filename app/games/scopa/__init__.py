"""Scopa and its variants: classic scopa, scopone, re bello, cucita and cirulla.

An Italian game of fishing: cards are played to capture cards of the same value, or several that
make it up, from the table. Two play, or four in teams of two who sit crosswise, deal after deal
until one side has the points.
"""

from typing import Final

from app.games.scopa.game import Scopa
from app.games.scopa.move import Move
from app.games.scopa.options import ScopaOptions
from app.games.scopa.state import State

SCOPA: Final = Scopa()
"""The game; it has no state of its own."""

__all__ = ["SCOPA", "Move", "Scopa", "ScopaOptions", "State"]
