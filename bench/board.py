"""Just enough of Ultimate Tic-Tac-Toe to play a random legal move, at little cost.

The load generators play with this instead of `app.games`, so that they are quick and so that a
fault of the house's own rules does not go unnoticed.
"""

from __future__ import annotations

import random

LINES = (0o007, 0o070, 0o700, 0o111, 0o222, 0o444, 0o421, 0o124)
FULL = 0o777
WINS = frozenset(mask for mask in range(512) if any(mask & line == line for line in LINES))
FREE = tuple(tuple(cell for cell in range(9) if not mask >> cell & 1) for mask in range(512))


class Board:
    """The position after the moves played: who holds which cells, and where to play next."""

    __slots__ = ("_cells", "_open", "_send", "_turn")

    def __init__(self) -> None:
        self._cells = ([0] * 9, [0] * 9)  # by seat, a 9-bit mask a local board
        self._open = 0o777  # local boards neither won nor full
        self._send: int | None = None  # the local board the mover is sent to
        self._turn = 0

    def play(self, board: int, cell: int) -> None:
        """Put the mark of whose turn it is into `cell` of local board `board`, both 0–8."""
        mine, other = self._cells[self._turn], self._cells[1 - self._turn]
        mine[board] |= 1 << cell
        if mine[board] in WINS or mine[board] | other[board] == FULL:
            self._open &= ~(1 << board)
        self._send = cell if self._open >> cell & 1 else None
        self._turn = 1 - self._turn

    def random_move(self, chance: random.Random) -> tuple[int, int]:
        """A legal move as (board, cell); not uniform over moves, but every one can come.

        Raises IndexError when no local board is open.
        """
        board = self._send
        if board is None:
            board = chance.choice(tuple(b for b in range(9) if self._open >> b & 1))
        taken = self._cells[0][board] | self._cells[1][board]
        return board, chance.choice(FREE[taken])
