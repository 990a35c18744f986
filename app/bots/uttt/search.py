"""Looking ahead: alpha-beta, deeper and deeper, within a number of positions and a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Final

from app.bots.uttt.board import SURE, WIN, Board, Scored

DEEPEST: Final = 81
_BOUND: Final = WIN + 1

_WHOLE: Final = 3  # turns that are looked at to the full depth; those after, less hopeful, to less
_REDUCED_FROM: Final = 3  # what is left to look ahead

_EXACT, _AT_LEAST, _AT_MOST = range(3)


class _Enough(Exception):
    """The work or the time allowed is done."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best turn that was found, and what it is worth to who makes it.

    depth: so many turns ahead, all of them; positions: how many were looked at.
    """

    turn: int
    worth: int
    depth: int
    positions: int


class Search:
    """A search of one position. positions: how many may be looked at, about. seconds: how long it
    may take on a clock, `monotonic`. The least it does is to look at what each turn leads to.
    """

    def __init__(
        self,
        board: Board,
        positions: int,
        seconds: float = inf,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._board = board
        self._limit = positions
        self._clock = clock
        self._until = clock() + seconds
        self._seen = 0
        self._known: dict[object, tuple[int, int, int, int]] = {}

    def best(self, only: int | None = None, deepest: int = DEEPEST) -> Found:
        """The best turn; or what the turn `only` is worth. The match is not over."""
        turns = sorted(self._board.scored(_BOUND), reverse=True)
        turns = [each for each in turns if only in (None, each[1])]
        self._seen += len(turns)
        self._best, depth = turns[0], 1
        while depth < deepest and abs(self._best[0]) < SURE:
            try:
                self._rank(turns, depth + 1)
            except _Enough:
                # The turn that was best before is the first to be looked at, so what has got ahead
                # of it by now is better indeed.
                break
            depth += 1
            turns.sort(key=lambda scored: scored[1] != self._best[1])
        return Found(self._best[1], self._best[0], depth, self._seen)

    def ranked(self, depth: int) -> list[Scored]:
        """Every turn and what it is worth so far ahead, or as far as work and time allow."""
        ranked = self._board.scored(_BOUND)
        self._seen += len(ranked)
        for ahead in range(2, depth + 1):
            try:
                ranked = [
                    (self._worth(self._board, scored, ahead, -_BOUND, _BOUND, False), scored[1])
                    for scored in ranked
                ]
            except _Enough:
                break
        return ranked

    def _rank(self, turns: list[Scored], depth: int) -> None:
        """Find the best of these turns, looking so far ahead."""
        alpha = -_BOUND
        for scored in turns:
            worth = self._worth(self._board, scored, depth, alpha, _BOUND, alpha > -_BOUND)
            if worth > alpha:
                alpha = worth
                self._best = (worth, scored[1])

    def _look(self, board: Board, depth: int, alpha: int, beta: int) -> int:
        """What the position is worth to whoever is to move, so far ahead; if that is not between
        `alpha` and `beta`, a bound of it on that side.
        """
        if depth <= 1:
            found = board.scored(beta)
            self._seen += len(found)
            return max(found)[0]
        key = board.key
        known = self._known.get(key)
        if known is not None and known[0] >= depth and _tells(known, alpha, beta):
            return known[1]
        if self._seen > self._limit or self._clock() > self._until:
            raise _Enough
        turns = board.scored()
        self._seen += len(turns)
        turns.sort(reverse=True)
        if known is not None:
            turns.sort(key=lambda scored: scored[1] != known[3])
        best, turn, low = -_BOUND, turns[0][1], alpha
        for number, scored in enumerate(turns):
            reduced = depth - (number >= _WHOLE and depth >= _REDUCED_FROM)
            worth = self._worth(board, scored, reduced, low, beta, number > 0)
            if reduced < depth and worth > low:
                worth = self._worth(board, scored, depth, low, beta, True)
            if worth > best:
                best, turn, low = worth, scored[1], max(low, worth)
                if best >= beta:
                    break
        kind = _AT_LEAST if best >= beta else _EXACT if best > alpha else _AT_MOST
        self._known[key] = depth, best, kind, turn
        return best

    def _worth(
        self, board: Board, scored: Scored, depth: int, alpha: int, beta: int, doubted: bool
    ) -> int:
        """What a turn is worth to who makes it. doubted: it is thought to be no better than
        `alpha`, and looked at closely only if it is.
        """
        at_once, turn = scored
        if abs(at_once) >= SURE:
            return at_once
        child = board.after(turn)
        if child.is_drawn:
            return 0
        worth = _sooner(-self._look(child, depth - 1, -alpha - 1 if doubted else -beta, -alpha))
        if doubted and alpha < worth < beta:
            worth = _sooner(-self._look(child, depth - 1, -beta, -alpha))
        return worth


def _sooner(worth: int) -> int:
    """What a worth is a turn earlier."""
    return worth - (worth > SURE) + (worth < -SURE)


def _tells(known: tuple[int, int, int, int], alpha: int, beta: int) -> bool:
    """Whether what is known of a position is all that need be."""
    _, worth, kind, _ = known
    return (
        kind == _EXACT
        or (kind == _AT_LEAST and worth >= beta)
        or (kind == _AT_MOST and worth <= alpha)
    )
