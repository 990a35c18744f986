"""Ultimate Tic-Tac-Toe once more, for comparison: slow, and as near to the rules' words as can be.

It shares nothing with `app.games.uttt`. Everything is worked out anew from a 9 by 9 array at every
question; a place is a tuple (sub_x, sub_y, x, y), all from 0 at the top left.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Place: TypeAlias = tuple[int, int, int, int]
Pair: TypeAlias = frozenset[tuple[int, int]]
"""Two local boards, each by its (sub_x, sub_y)."""
Grid: TypeAlias = list[list[int]]

EMPTY, DRAWN = 0, 3


def has_line(grid: Grid, player: int) -> bool:
    """Whether the player's mark stands three times in a line of this 3 by 3 grid."""
    rows = [list(row) for row in grid]
    columns = [[grid[y][x] for y in range(3)] for x in range(3)]
    diagonals = [[grid[i][i] for i in range(3)], [grid[i][2 - i] for i in range(3)]]
    return [player, player, player] in rows + columns + diagonals


def winner_of(grid: Grid) -> int:
    """Who has a line in this 3 by 3 grid, 1 or 2; 0 if nobody has."""
    for player in (1, 2):
        if has_line(grid, player):
            return player
    return 0


class Reference:
    """A match in progress. `player`, 1 or 2, moves next; `last` is the place marked last."""

    def __init__(self) -> None:
        self.complete_field: Grid = [[EMPTY] * 9 for _ in range(9)]
        self.player = 1
        self.last: Place | None = None

    def local_board(self, sub_x: int, sub_y: int) -> Grid:
        """The cells of one local board."""
        rows = self.complete_field[sub_y * 3 : sub_y * 3 + 3]
        return [row[sub_x * 3 : sub_x * 3 + 3] for row in rows]

    def global_field(self) -> Grid:
        """Who has won each local board: 1, 2, or 3 for a drawn one; 0 while it is undecided."""
        field = [[EMPTY] * 3 for _ in range(3)]
        for sub_y in range(3):
            for sub_x in range(3):
                board = self.local_board(sub_x, sub_y)
                full = all(cell != EMPTY for row in board for cell in row)
                field[sub_y][sub_x] = winner_of(board) or (DRAWN if full else EMPTY)
        return field

    def outcome(self) -> Literal[0, 1, 2, 3]:
        """0 while the match lasts, else the winner or 3 for a draw."""
        field = self.global_field()
        winner = winner_of(field)
        if winner == 1:
            return 1
        if winner == 2:
            return 2
        undecided = any(board == EMPTY for row in field for board in row)
        return 0 if undecided else 3

    def legal_moves(self) -> set[Place]:
        """Every place the player to move may mark."""
        if self.outcome():
            return set()
        field = self.global_field()
        legal = set()
        for sub_x, sub_y, x, y in ALL_PLACES:
            if field[sub_y][sub_x] != EMPTY:
                continue
            if self.complete_field[sub_y * 3 + y][sub_x * 3 + x] != EMPTY:
                continue
            if self.last is not None:
                _, _, sent_x, sent_y = self.last
                sent = field[sent_y][sent_x] == EMPTY
                if sent and (sub_x, sub_y) != (sent_x, sent_y):
                    continue
            legal.add((sub_x, sub_y, x, y))
        return legal

    def play(self, place: Place) -> None:
        """Mark a place, which must be legal."""
        assert place in self.legal_moves()
        sub_x, sub_y, x, y = place
        self.complete_field[sub_y * 3 + y][sub_x * 3 + x] = self.player
        self.player = 3 - self.player
        self.last = place


class SwapReference(Reference):
    """A match of the variant `swap`. `last_swap` is the swap just made, if it was one."""

    def __init__(self) -> None:
        super().__init__()
        self.swaps_left = {1: 3, 2: 3}
        self.last_swap: Pair | None = None

    def outcome(self) -> Literal[0, 1, 2, 3]:
        field = self.global_field()
        lines = [player for player in (1, 2) if has_line(field, player)]
        if lines == [1, 2]:
            return 2 if self.player == 1 else 1
        return super().outcome()

    def legal_moves(self) -> set[Place]:
        if self.outcome():
            return set()
        field = self.global_field()
        return {
            (sub_x, sub_y, x, y)
            for sub_x, sub_y, x, y in ALL_PLACES
            if field[sub_y][sub_x] == EMPTY
            and self.complete_field[sub_y * 3 + y][sub_x * 3 + x] == EMPTY
        }

    def legal_swaps(self) -> set[Pair]:
        """Every pair of boards that the player to move may swap."""
        if self.outcome() or self.swaps_left[self.player] == 0:
            return set()
        boards = [(sub_x, sub_y) for sub_x in range(3) for sub_y in range(3)]
        pairs = {frozenset({one, other}) for one in boards for other in boards if one != other}
        return pairs - {self.last_swap}

    def play(self, place: Place) -> None:
        super().play(place)
        self.last_swap = None

    def swap(self, pair: Pair) -> None:
        """Exchange two local boards, which must be legal."""
        assert pair in self.legal_swaps()
        (one_x, one_y), (other_x, other_y) = pair
        one, other = self.local_board(one_x, one_y), self.local_board(other_x, other_y)
        for y in range(3):
            for x in range(3):
                self.complete_field[one_y * 3 + y][one_x * 3 + x] = other[y][x]
                self.complete_field[other_y * 3 + y][other_x * 3 + x] = one[y][x]
        self.swaps_left[self.player] -= 1
        self.player = 3 - self.player
        self.last = None
        self.last_swap = pair


ALL_PLACES: tuple[Place, ...] = tuple(
    (sub_x, sub_y, x, y)
    for sub_y in range(3)
    for sub_x in range(3)
    for y in range(3)
    for x in range(3)
)
