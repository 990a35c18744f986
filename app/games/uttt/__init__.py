"""Ultimate Tic-Tac-Toe.

Nine local boards of nine cells. A move in a cell sends the opponent to the local board at the same
place; three won local boards in a line win the match. In the variant `swap` nobody is sent
anywhere, and two local boards may be made to change places.
"""

from typing import Final

from app.games.uttt.game import Uttt
from app.games.uttt.move import Move, Swap
from app.games.uttt.state import State

UTTT: Final = Uttt()
"""The game; it has no state of its own."""

__all__ = ["UTTT", "Move", "State", "Swap", "Uttt"]
