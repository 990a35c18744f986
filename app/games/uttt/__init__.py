"""Ultimate Tic-Tac-Toe.

Nine local boards of nine cells. A move in a cell sends the opponent to the local board at the same
place; three won local boards in a line win the match.
"""

from typing import Final

from app.games.uttt.game import Uttt
from app.games.uttt.move import Move
from app.games.uttt.state import State

UTTT: Final = Uttt()
"""The game; it has no state of its own."""

__all__ = ["UTTT", "Move", "State", "Uttt"]
