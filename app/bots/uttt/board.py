"""A position as the search sees it: what may be done in it, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Final, TypeAlias

from app.bots.uttt.cells import DRAWN, OPEN, POWER, SHAPES, WON_BY, tables
from app.bots.uttt.weights import LINES, Weights, weights
from app.games.uttt.bitboard import FULL, HAS_LINE

ANYWHERE: Final = 9
"""Where a player is sent who may mark any board."""

WIN: Final = 100_000
"""What a match is worth that the next turn wins; with each turn until then it is one less."""

SURE: Final = WIN - 1_000
"""A worth beyond this is no opinion: the match is won; below its negative it is lost."""

SWAPS: Final = tuple(combinations(range(9), 2))
MARKS: Final = 81
"""A turn is a number: a mark in cell c of board b is 9 * b + c, and the swap SWAPS[n] MARKS + n."""

Scored: TypeAlias = tuple[int, int]
"""What a turn is worth to who makes it, going by the position after it alone; and the turn."""

_Mark: TypeAlias = tuple[int, int, int, int, int]
"""A cell; the local board that its mark makes, and its status; what is gained; how the shape
changes."""

# Where a line is found in its table is a number of three digits, each the shape of a board.
_THROUGH: Final = tuple(
    tuple((n, SHAPES ** (2 - line.index(board))) for n, line in enumerate(LINES) if board in line)
    for board in range(9)
)
"""By board: the lines through it, and what its shape counts there."""


class Board:
    """A position of the usual variant. `worth` is what it is for X, but for whose turn it is."""

    __slots__ = ("barred", "decided", "lines", "locals", "mover", "swaps", "target", "won", "worth")

    variant = "standard"

    def __init__(
        self,
        locals_: Sequence[int],
        mover: int,
        target: int = ANYWHERE,
        swaps: tuple[int, int] = (0, 0),
        barred: int = -1,
    ) -> None:
        """locals_: the nine local boards (`cells`). mover: 0 for X, 1 for O. target: the board the
        mover is sent to. swaps: those that X and O have left. barred: the swap, as a turn, that
        may not be made.
        """
        status = [tables().status[local] for local in locals_]
        self.locals = list(locals_)
        self.mover, self.target, self.swaps, self.barred = mover, target, swaps, barred
        self.won = [sum(1 << b for b in range(9) if status[b] == won) for won in WON_BY]
        self.decided = sum(1 << b for b in range(9) if status[b] != OPEN)
        self._look()

    @property
    def key(self) -> object:
        """Equal for equal positions, and only for them."""
        return (*self.locals, self.mover, self.target)

    @property
    def is_drawn(self) -> bool:
        """Whether all boards are decided; that nobody has a line is known from elsewhere."""
        return self.decided == FULL

    def value(self) -> int:
        """What the position is worth to whoever is to move, at a glance; the match is not over."""
        numbers = weights(self.variant)
        worth = -self.worth if self.mover else self.worth
        worth += numbers.count[self._count(self.mover)]
        if self.target != ANYWHERE:
            worth += numbers.sent[self.mover][self.target][self.locals[self.target]]
        return worth

    def scored(self, enough: int = WIN) -> list[Scored]:
        """Every turn and what it is worth; no more turns once one is worth `enough`."""
        mover, locals_, lines, decided = self.mover, self.locals, self.lines, self.decided
        numbers = weights(self.variant)
        tables_of_lines, sent = numbers.line, numbers.sent[1 - mover]
        worth = -self.worth if mover else self.worth
        sign = -1 if mover else 1
        usual = numbers.count[self._count(1 - mover)]
        found: list[Scored] = []
        boards = range(9) if self.target == ANYWHERE else (self.target,)
        for board in boards:
            local = locals_[board]
            for cell, after, status, gain, change in marks(self.variant, mover, board, local):
                value = worth + gain
                if change:
                    for line, unit in _THROUGH[board]:
                        table, at = tables_of_lines[line], lines[line]
                        value += sign * (table[at + change * unit] - table[at])
                if status:
                    value = self._decided(board, status, value, numbers)
                    now = decided | 1 << board
                else:
                    value -= usual
                    now = decided
                if not now >> cell & 1 and -SURE < value < SURE:
                    value -= sent[cell][after if cell == board else locals_[cell]]
                found.append((value, 9 * board + cell))
                if value >= enough:
                    return found
        return found

    def after(self, turn: int) -> Board:
        """The position after a turn that may be made."""
        board, cell = divmod(turn, 9)
        mover, local = self.mover, self.locals[board]
        after = local + POWER[cell][mover]
        child = self._copy()
        child.locals[board] = after
        status = tables().status[after]
        if status:
            child.decided |= 1 << board
            if status != DRAWN:
                child.won[mover] |= 1 << board
        child.target = ANYWHERE if child.decided >> cell & 1 else cell
        numbers, shape = weights(self.variant), tables().shape
        child.worth += numbers.local[board][after] - numbers.local[board][local]
        change = shape[after] - shape[local]
        if change:
            for line, unit in _THROUGH[board]:
                table, at = numbers.line[line], child.lines[line]
                child.lines[line] = at + change * unit
                child.worth += table[at + change * unit] - table[at]
        return child

    def _copy(self) -> Board:
        """The same position with the other player to move, to be changed."""
        child = object.__new__(type(self))
        child.locals, child.lines, child.won = self.locals[:], self.lines[:], self.won[:]
        child.mover, child.target, child.barred = 1 - self.mover, ANYWHERE, -1
        child.swaps, child.decided, child.worth = self.swaps, self.decided, self.worth
        return child

    def _look(self) -> None:
        """Find `lines` and `worth` from the boards."""
        numbers, shape = weights(self.variant), tables().shape
        shapes = [shape[local] for local in self.locals]
        self.lines = [
            (shapes[one] * SHAPES + shapes[two]) * SHAPES + shapes[three]
            for one, two, three in LINES
        ]
        self.worth = sum(numbers.local[board][local] for board, local in enumerate(self.locals))
        self.worth += sum(numbers.line[line][at] for line, at in enumerate(self.lines))

    def _count(self, seat: int, extra: int = 0) -> int:
        """Where `Weights.count` has the numbers of boards won and swaps left, for `seat` to move;
        its opponent having `extra` boards more.
        """
        mine, theirs = self.won[seat].bit_count(), self.won[1 - seat].bit_count() + extra
        return 160 * mine + 16 * theirs + 4 * self.swaps[seat] + self.swaps[1 - seat]

    def _decided(self, board: int, status: int, value: int, numbers: Weights) -> int:
        """What it is worth to the mover to decide a board; `value` is what is said so far."""
        mover, bit = self.mover, 1 << board
        won = status != DRAWN
        if won and HAS_LINE[self.won[mover] | bit]:
            return WIN
        if self.decided | bit == FULL:
            return 0
        return value - numbers.count[self._count(1 - mover, int(won))]


class SwapBoard(Board):
    """A position of the variant in which boards may change places, and nobody is sent anywhere."""

    __slots__ = ()

    variant = "swap"

    @property
    def key(self) -> object:
        return (*self.locals, self.mover, self.swaps, self.barred)

    def scored(self, enough: int = WIN) -> list[Scored]:
        found = super().scored(enough)
        if self.swaps[self.mover] and not (found and found[-1][0] >= enough):
            for turn in range(MARKS, MARKS + len(SWAPS)):
                if turn != self.barred:
                    value = self._swapped(turn)
                    found.append((value, turn))
                    if value >= enough:
                        break
        return found

    def after(self, turn: int) -> Board:
        if turn < MARKS:
            child = super().after(turn)
            child.target = ANYWHERE
            return child
        child = self._copy()
        one, other = SWAPS[turn - MARKS]
        locals_ = child.locals
        locals_[one], locals_[other] = locals_[other], locals_[one]
        child.won = [_exchanged(bits, one, other) for bits in child.won]
        child.decided = _exchanged(child.decided, one, other)
        left = list(child.swaps)
        left[self.mover] -= 1
        child.swaps, child.barred = (left[0], left[1]), turn
        child._look()
        return child

    def _swapped(self, turn: int) -> int:
        """What a swap is worth to the mover."""
        child = self.after(turn)
        if HAS_LINE[child.won[self.mover]]:
            return WIN
        if HAS_LINE[child.won[child.mover]]:
            return -WIN
        return -child.value()


@cache
def _known(variant: str) -> list[dict[int, tuple[_Mark, ...]]]:
    """By player and board (`9 * player + board`) and local board: the marks that may be made.

    Filled as they are met: a match knows a few hundred of the 350,000 there are.
    """
    return [{} for _ in range(18)]


def marks(variant: str, mover: int, board: int, local: int) -> tuple[_Mark, ...]:
    """The marks that a player may make in a local board; none if it is decided."""
    known = _known(variant)[9 * mover + board]
    found = known.get(local)
    if found is None:
        found = known[local] = tuple(_marks(variant, mover, board, local))
    return found


def _marks(variant: str, mover: int, board: int, local: int) -> Iterator[_Mark]:
    cells, worth = tables(), weights(variant).local[board]
    for cell in cells.free[local]:
        after = local + POWER[cell][mover]
        gain = worth[after] - worth[local]
        change = cells.shape[after] - cells.shape[local]
        yield cell, after, cells.status[after], -gain if mover else gain, change


def _exchanged(bits: int, one: int, other: int) -> int:
    """Nine bits, two of which change places."""
    differ = (bits >> one ^ bits >> other) & 1
    return bits ^ (differ << one | differ << other)
