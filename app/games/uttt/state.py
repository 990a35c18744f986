"""The position of a match, and its stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias

from app.games.api import Json, Malformed, Outcome, Seat
from app.games.uttt.bitboard import FULL, HAS_LINE
from app.games.uttt.move import MOVES, Move

Boards: TypeAlias = tuple[int, ...]
"""One player's marks: nine local boards of nine bits."""


@dataclass(frozen=True, slots=True)
class State:
    """A position.

    marks: each seat's marks, by local board.
    won: the local boards each seat has won, as nine bits; drawn: those that nobody has.
    to_move: whose turn it is; once the match is over, whose it would be.
    last: the latest mark, or None before the first.
    """

    variant: str
    marks: tuple[Boards, Boards]
    won: tuple[int, int]
    drawn: int
    to_move: Seat
    last: Move | None
    outcome: Outcome | None

    @property
    def decided(self) -> int:
        """The local boards that take no further move, as nine bits."""
        return self.won[0] | self.won[1] | self.drawn


DRAW: Final = Outcome("draw", (0.5, 0.5), ())
LINE: Final = (Outcome("line", (1.0, 0.0), (0,)), Outcome("line", (0.0, 1.0), (1,)))
"""Won by a line on the global board, by the seat that has it."""

_UNPLAYED: Final = (
    Outcome("abort", (0.0, 0.0), ()),
    *(Outcome(why, won.scores, won.winners) for why, won in product(("resign", "timeout"), LINE)),
)
_OUTCOMES: Final[Mapping[tuple[str, tuple[Seat, ...]], Outcome]] = MappingProxyType(
    {(outcome.reason, outcome.winners): outcome for outcome in (DRAW, *LINE, *_UNPLAYED)}
)


def result(won: tuple[int, int], drawn: int, mover: Seat) -> Outcome | None:
    """The outcome that decided local boards make, as nine bits each, after a move of `mover`.

    Three won boards in a line win; of two players who both have one, the one who moved. When all
    are decided without a line, the match is drawn, whether the last of them was won or drawn.
    """
    for seat in (mover, 1 - mover):
        if HAS_LINE[won[seat]]:
            return LINE[seat]
    return DRAW if won[0] | won[1] | drawn == FULL else None


def empty(variant: str) -> State:
    """The position before the first mark."""
    nothing = (0,) * 9
    return State(variant, (nothing, nothing), (0, 0), 0, 0, None, None)


def outcome_json(outcome: Outcome | None) -> Json:
    """`{"reason", "winners"}`, or None; the scores follow from them."""
    if outcome is None:
        return None
    return {"reason": outcome.reason, "winners": list(outcome.winners)}


def dump(state: State) -> Json:
    """The state as JSON: marks as two lists of nine numbers below 512, the last move as two."""
    first, second = state.marks
    last = state.last
    return {
        "variant": state.variant,
        "marks": [list(first), list(second)],
        "to_move": state.to_move,
        "last": None if last is None else [last.board, last.cell],
        "outcome": outcome_json(state.outcome),
    }


def load(raw: Json) -> State:
    """The state `dump` gave `raw` for, as far as every variant agrees on what that can be.

    Raises Malformed for a wrong shape, two marks in one cell, two winners, or an outcome that the
    boards contradict.
    """
    if not isinstance(raw, dict) or raw.keys() != _KEYS:
        raise Malformed("A stored position has other fields.")
    variant, to_move = raw["variant"], raw["to_move"]
    if not isinstance(variant, str) or type(to_move) is not int or to_move not in (0, 1):
        raise Malformed("A stored position names its variant and the seat to move.")
    marks = raw["marks"]
    if not isinstance(marks, list) or len(marks) != 2:
        raise Malformed("A stored position has the marks of two players.")
    first, second = _load_boards(marks[0]), _load_boards(marks[1])
    won, drawn = _decide(first, second)
    outcome = _load_outcome(raw["outcome"])
    played_out = result(won, drawn, 1 - to_move)
    if outcome != played_out and (played_out is not None or outcome not in _UNPLAYED):
        raise Malformed("The stored outcome is not that of the position.")
    return State(variant, (first, second), won, drawn, to_move, _load_last(raw["last"]), outcome)


_KEYS: Final = frozenset({"variant", "marks", "to_move", "last", "outcome"})


def _load_boards(raw: Json) -> Boards:
    if not isinstance(raw, list) or len(raw) != 9:
        raise Malformed("A player's marks are nine boards.")
    for bits in raw:
        if type(bits) is not int or not 0 <= bits <= FULL:
            raise Malformed("A board's marks are a number below 512.")
    return tuple(raw)


def _decide(first: Boards, second: Boards) -> tuple[tuple[int, int], int]:
    """The boards each seat has won, and those drawn. Raises Malformed for a contradiction."""
    won_first = won_second = drawn = 0
    for board, (a, b) in enumerate(zip(first, second, strict=True)):
        if a & b:
            raise Malformed("A cell holds one mark.")
        if HAS_LINE[a]:
            won_first |= 1 << board
        if HAS_LINE[b]:
            won_second |= 1 << board
        elif a | b == FULL and not HAS_LINE[a]:
            drawn |= 1 << board
    if won_first & won_second:
        raise Malformed("A board is won by one player.")
    return (won_first, won_second), drawn


def _load_last(raw: Json) -> Move | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or len(raw) != 2:
        raise Malformed("The last move is a board and a cell.")
    board, cell = raw
    if type(board) is not int or type(cell) is not int:
        raise Malformed("The last move is a board and a cell.")
    if not (0 <= board <= 8 and 0 <= cell <= 8):
        raise Malformed("Boards and cells are numbered from 0 to 8.")
    return MOVES[9 * board + cell]


def _load_outcome(raw: Json) -> Outcome | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or raw.keys() != {"reason", "winners"}:
        raise Malformed("An outcome has a reason and winners.")
    reason, winners = raw["reason"], raw["winners"]
    if not isinstance(reason, str) or not isinstance(winners, list):
        raise Malformed("An outcome has a reason and winners.")
    if any(type(seat) is not int for seat in winners):
        raise Malformed("A winner is a seat.")
    try:
        return _OUTCOMES[reason, tuple(winners)]
    except KeyError:
        raise Malformed("There is no such outcome.") from None
