"""What the variants of the game decide each for themselves: one rules object a variant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from app.games.api import Event, Illegal, Malformed, Step, over_event
from app.games.uttt.bitboard import FULL, HAS_LINE, PLACES
from app.games.uttt.move import MOVES, Move, move_json
from app.games.uttt.state import State, result

# By local board and its taken cells: the moves in the free ones, in order.
_FREE: Final = tuple(
    tuple(tuple(MOVES[9 * board + cell] for cell in PLACES[FULL & ~taken]) for taken in range(512))
    for board in range(9)
)

_WON: Final = "That board is already won. Play in a lit one."
_DRAWN: Final = "That board is full. Play in a lit one."
_TAKEN: Final = "That cell is taken."
# Whole sentences, each of them the key of a translation.
_SENT: Final = (
    "You have been sent to the top left board.",
    "You have been sent to the top board.",
    "You have been sent to the top right board.",
    "You have been sent to the left board.",
    "You have been sent to the centre board.",
    "You have been sent to the right board.",
    "You have been sent to the bottom left board.",
    "You have been sent to the bottom board.",
    "You have been sent to the bottom right board.",
)


class Rules(ABC):
    """One variant. The state it gets is one of its own, and its match is not over."""

    key: ClassVar[str]

    @abstractmethod
    def open_boards(self, state: State) -> int:
        """The local boards that the player to move may mark, as nine bits."""

    @abstractmethod
    def legal_moves(self, state: State) -> tuple[Move, ...]:
        """The moves of the player to move, ascending."""

    @abstractmethod
    def play(self, state: State, move: Move) -> Step[State]:
        """The position after the player to move made `move`. Raises Illegal, saying why."""

    @abstractmethod
    def check(self, state: State) -> None:
        """Raises Malformed if no match of this variant comes to `state`, as far as is easily seen.

        Here the match may be over.
        """


class Standard(Rules):
    """The usual rules: a move in a cell sends the opponent to the local board at the same place.

    A local board is decided by three in a line or by being full, and then takes no further move;
    who is sent to a decided board plays in any other. Three won boards in a line win the match.
    """

    key = "standard"

    def open_boards(self, state: State) -> int:
        last, decided = state.last, state.decided
        if last is None or decided >> last.cell & 1:
            return FULL & ~decided
        return 1 << last.cell

    def legal_moves(self, state: State) -> tuple[Move, ...]:
        first, second = state.marks
        boards = PLACES[self.open_boards(state)]
        if len(boards) == 1:
            board = boards[0]
            return _FREE[board][first[board] | second[board]]
        return tuple([m for b in boards for m in _FREE[b][first[b] | second[b]]])

    def play(self, state: State, move: Move) -> Step[State]:
        board, seat = move.board, state.to_move
        if not self.open_boards(state) >> board & 1:
            raise Illegal(self._why_closed(state, board))
        own, other = state.marks[seat], state.marks[1 - seat]
        bit = 1 << move.cell
        if (own[board] | other[board]) & bit:
            raise Illegal(_TAKEN)

        local = own[board] | bit
        own = (*own[:board], local, *own[board + 1 :])
        events = [Event("placed", {"seat": seat, **move_json(move)})]
        won, drawn, outcome = state.won, state.drawn, None
        if HAS_LINE[local]:
            mine = won[seat] | 1 << board
            won = (mine, won[1]) if seat == 0 else (won[0], mine)
            events.append(Event("board_won", {"seat": seat, **_board_json(board)}))
        elif local | other[board] == FULL:
            drawn |= 1 << board
            events.append(Event("board_drawn", _board_json(board)))
        if len(events) > 1:
            outcome = result(won, drawn)
            if outcome is not None:
                events.append(over_event(outcome))
        marks = (own, other) if seat == 0 else (other, own)
        return Step(State(self.key, marks, won, drawn, 1 - seat, move, outcome), tuple(events))

    def check(self, state: State) -> None:
        counts = [sum(bits.bit_count() for bits in boards) for boards in state.marks]
        if counts[0] - counts[1] != state.to_move:
            raise Malformed("The players mark in turn, player A first.")
        last, mover = state.last, 1 - state.to_move
        if last is None:
            if any(counts):
                raise Malformed("A position with marks has a last move.")
        elif not state.marks[mover][last.board] >> last.cell & 1:
            raise Malformed("The last move is a mark of the player not to move.")
        if HAS_LINE[state.won[state.to_move]]:
            raise Malformed("The match ends with the winner's move.")

    @staticmethod
    def _why_closed(state: State, board: int) -> str:
        if (state.won[0] | state.won[1]) >> board & 1:
            return _WON
        if state.drawn >> board & 1:
            return _DRAWN
        assert state.last is not None, "every undecided board is open to the first move"
        return _SENT[state.last.cell]


def _board_json(board: int) -> dict[str, int]:
    return {"sub_x": board % 3, "sub_y": board // 3}


RULES: Final[Mapping[str, Rules]] = MappingProxyType({rules.key: rules for rules in (Standard(),)})
"""Every variant by its key, the usual one first."""
