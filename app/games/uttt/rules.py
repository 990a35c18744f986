"""What the variants of the game decide each for themselves: one rules object a variant.

`Rules` is what they share, `Standard` the usual one; the others have modules of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final, Generic, TypeVar

from app.games.api import Event, Illegal, Json, Malformed, Step, over_event
from app.games.uttt import state as states
from app.games.uttt.bitboard import FULL, HAS_LINE, PLACES
from app.games.uttt.move import MOVES, Move, Swap, Turn, mark_json
from app.games.uttt.state import State, result
from app.games.uttt.view import view

T = TypeVar("T", bound=State)

# By local board and its taken cells: the moves in the free ones, in order.
_FREE: Final = tuple(
    tuple(tuple(MOVES[9 * board + cell] for cell in PLACES[FULL & ~taken]) for taken in range(512))
    for board in range(9)
)

_WON: Final = "That board is already won. Play in a lit one."
_DRAWN: Final = "That board is full. Play in a lit one."
_TAKEN: Final = "That cell is taken."
_NO_SWAPS: Final = "Boards are not swapped in this match."
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


class Rules(ABC, Generic[T]):
    """One variant, and T its states.

    A local board is decided by three in a line or by being full, and then takes no further mark.
    Three won boards in a line win the match.
    """

    key: ClassVar[str]

    @abstractmethod
    def empty(self) -> T:
        """The position before the first move."""

    @abstractmethod
    def load(self, raw: Json) -> T:
        """The state `dump` gave `raw` for.

        Raises Malformed if no match of this variant comes to it, as far as is easily seen.
        """

    def dump(self, state: T) -> Json:
        """The state as JSON, for storage."""
        return states.dump(state)

    def view(self, state: T) -> Json:
        """The position as JSON, for clients: see `app.games.uttt.view.view`."""
        return view(state, 0 if state.outcome else self.open_boards(state))

    # From here on the match is not over.

    @abstractmethod
    def open_boards(self, state: T) -> int:
        """The local boards that the player to move may mark, as nine bits."""

    def legal_moves(self, state: T) -> tuple[Turn, ...]:
        """The moves of the player to move: marks, ascending, then swaps, ascending."""
        first, second = state.marks
        boards = PLACES[self.open_boards(state)]
        if len(boards) == 1:
            board = boards[0]
            return _FREE[board][first[board] | second[board]]
        return tuple([m for b in boards for m in _FREE[b][first[b] | second[b]]])

    def play(self, state: T, move: Move) -> Step[State]:
        """The position after the player to move made `move`. Raises Illegal, saying why."""
        board, seat = move.board, state.to_move
        if not self.open_boards(state) >> board & 1:
            raise Illegal(_why_closed(state, board))
        own, other = state.marks[seat], state.marks[1 - seat]
        bit = 1 << move.cell
        if (own[board] | other[board]) & bit:
            raise Illegal(_TAKEN)

        local = own[board] | bit
        own = (*own[:board], local, *own[board + 1 :])
        events = [Event("placed", {"seat": seat, **mark_json(move)})]
        won, drawn, outcome = state.won, state.drawn, None
        if HAS_LINE[local]:
            mine = won[seat] | 1 << board
            won = (mine, won[1]) if seat == 0 else (won[0], mine)
            events.append(Event("board_won", {"seat": seat, **_board_json(board)}))
        elif local | other[board] == FULL:
            drawn |= 1 << board
            events.append(Event("board_drawn", _board_json(board)))
        if len(events) > 1:
            outcome = result(won, drawn, seat)
            if outcome is not None:
                events.append(over_event(outcome))
        marks = (own, other) if seat == 0 else (other, own)
        return Step(State(self.key, marks, won, drawn, 1 - seat, move, outcome), tuple(events))

    def swap(self, state: T, swap: Swap) -> Step[State]:
        """The position after the player to move swapped two boards. Raises Illegal, saying why.

        This is so in a variant without swaps.
        """
        raise Illegal(_NO_SWAPS)


class Standard(Rules[State]):
    """The usual rules: a mark in a cell sends the opponent to the local board at the same place.

    Who is sent to a decided board plays in any other.
    """

    key = "standard"

    def empty(self) -> State:
        return states.empty(self.key)

    def load(self, raw: Json) -> State:
        state = states.load(raw)
        check_turns(state, marks_made(state))
        check_last_mark(state)
        return state

    def open_boards(self, state: State) -> int:
        last, decided = state.last, state.decided
        if last is None or decided >> last.cell & 1:
            return FULL & ~decided
        return 1 << last.cell


def marks_made(state: State) -> list[int]:
    """How many marks each seat has made."""
    return [sum(bits.bit_count() for bits in boards) for boards in state.marks]


def check_turns(state: State, turns: Sequence[int]) -> None:
    """Raises Malformed unless the seats have had so many turns when it is `state.to_move`'s."""
    if turns[0] - turns[1] != state.to_move:
        raise Malformed("The players move in turn, player A first.")


def check_last_mark(state: State) -> None:
    """Raises Malformed unless the last move can have been `state.last`, or None for no move yet."""
    last, mover = state.last, 1 - state.to_move
    if last is None:
        if any(marks_made(state)):
            raise Malformed("A position with marks has a last move.")
    elif not state.marks[mover][last.board] >> last.cell & 1:
        raise Malformed("The last move is a mark of the player not to move.")
    if HAS_LINE[state.won[state.to_move]]:
        raise Malformed("A mark completes no line of the opponent's.")


def _why_closed(state: State, board: int) -> str:
    if (state.won[0] | state.won[1]) >> board & 1:
        return _WON
    if state.drawn >> board & 1:
        return _DRAWN
    assert state.last is not None, "every undecided board is open to the first move"
    return _SENT[state.last.cell]


def _board_json(board: int) -> dict[str, int]:
    return {"sub_x": board % 3, "sub_y": board // 3}
