"""The variant `swap`: nobody is sent anywhere, and two local boards may change places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.games.api import Event, Illegal, Json, Malformed, Step, over_event
from app.games.uttt import state as states
from app.games.uttt.bitboard import FULL
from app.games.uttt.move import SWAPS, Move, Swap, Turn, move_json, parse_swap, swap_json
from app.games.uttt.rules import Rules, check_last_mark, check_turns, marks_made
from app.games.uttt.state import Boards, State, result

SWAPS_EACH: Final = 3
"""How many swaps a player has in a match."""

SWAP_FIELDS: Final = ("swaps_left", "last_swap", "barred_swap")
"""What the view of a position has in this variant only."""


@dataclass(frozen=True, slots=True)
class SwapState(State):
    """A position of this variant.

    swaps_left: how many swaps each seat still has.
    last_swap: the swap just made; None if the last move was a mark, or nobody has moved.
    """

    swaps_left: tuple[int, int]
    last_swap: Swap | None


class Swapping(Rules[SwapState]):
    """A player marks any free cell of any undecided board, or swaps two boards: any two.

    A swap takes along all that is in the boards, won or drawn as they are. Each player has three,
    and may not undo the one that the opponent has just made. A line that a swap makes wins for whom
    it is, and for who swapped if it makes one for both.
    """

    key = "swap"

    def empty(self) -> SwapState:
        return _with_swaps(states.empty(self.key), (SWAPS_EACH, SWAPS_EACH))

    def load(self, raw: Json) -> SwapState:
        if not isinstance(raw, dict) or not raw.keys() >= _KEYS:
            raise Malformed("A stored position of this variant has its swaps.")
        plain = states.load({key: value for key, value in raw.items() if key not in _KEYS})
        left, last_swap = _load_left(raw["swaps_left"]), _load_swap(raw["last_swap"])
        state = _with_swaps(plain, left, last_swap)
        _check(state)
        return state

    def dump(self, state: SwapState) -> Json:
        """As in every variant, with `swaps_left` by seat and `last_swap` (two boards) or None."""
        more = {"swaps_left": list(state.swaps_left), "last_swap": _swap_json(state.last_swap)}
        return {**super().dump(state), **more}

    def view(self, state: SwapState) -> Json:
        """As in every variant, with `swaps_left` by seat, `last_swap` and `barred_swap`.

        `last_swap`: the boards just swapped, as `[first, second]`, or None. `barred_swap`: those
        that may not be swapped back now, or None.
        """
        last_swap = _swap_json(state.last_swap)
        barred_swap = None if state.outcome else _swap_json(state.last_swap)
        swaps = (list(state.swaps_left), last_swap, barred_swap)
        return {**super().view(state), **dict(zip(SWAP_FIELDS, swaps, strict=True))}

    def open_boards(self, state: SwapState) -> int:
        return FULL & ~state.decided

    def legal_moves(self, state: SwapState) -> tuple[Turn, ...]:
        marks = super().legal_moves(state)
        if not state.swaps_left[state.to_move]:
            return marks
        return (*marks, *(swap for swap in SWAPS if swap != state.last_swap))

    def play(self, state: SwapState, move: Move) -> Step[State]:
        step = super().play(state, move)
        return Step(_with_swaps(step.state, state.swaps_left), step.events)

    def swap(self, state: SwapState, swap: Swap) -> Step[State]:
        seat, left = state.to_move, state.swaps_left
        if not left[seat]:
            raise Illegal("You have no swaps left.")
        if swap == state.last_swap:
            raise Illegal("You may not undo the swap your opponent has just made.")
        left = (left[0] - 1, left[1]) if seat == 0 else (left[0], left[1] - 1)
        after = _with_swaps(_swapped(state, swap), left, swap)
        events = [Event("swapped", {"seat": seat, **move_json(swap)})]
        if after.outcome is not None:
            events.append(over_event(after.outcome))
        return Step(after, tuple(events))


_KEYS: Final = frozenset({"swaps_left", "last_swap"})
"""What is stored besides what every variant stores."""


def _with_swaps(state: State, left: tuple[int, int], last_swap: Swap | None = None) -> SwapState:
    return SwapState(
        variant=state.variant,
        marks=state.marks,
        won=state.won,
        drawn=state.drawn,
        to_move=state.to_move,
        last=state.last,
        outcome=state.outcome,
        swaps_left=left,
        last_swap=last_swap,
    )


def _swapped(state: State, swap: Swap) -> State:
    """The position after the player to move made this swap, allowed or not."""
    first, second = state.marks
    won = (_bits(state.won[0], swap), _bits(state.won[1], swap))
    drawn = _bits(state.drawn, swap)
    return State(
        variant=state.variant,
        marks=(_boards(first, swap), _boards(second, swap)),
        won=won,
        drawn=drawn,
        to_move=1 - state.to_move,
        last=None,
        outcome=result(won, drawn, state.to_move),
    )


def _boards(boards: Boards, swap: Swap) -> Boards:
    changed = list(boards)
    changed[swap.first], changed[swap.second] = boards[swap.second], boards[swap.first]
    return tuple(changed)


def _bits(bits: int, swap: Swap) -> int:
    """Nine bits, two of which change places."""
    differ = (bits >> swap.first ^ bits >> swap.second) & 1
    return bits ^ (differ << swap.first | differ << swap.second)


def _swap_json(swap: Swap | None) -> list[int] | None:
    return None if swap is None else swap_json(swap)


def _load_left(raw: Json) -> tuple[int, int]:
    if not isinstance(raw, list) or len(raw) != 2:
        raise Malformed("A stored position has the swaps left to two players.")
    first, second = raw
    for left in raw:
        if type(left) is not int or not 0 <= left <= SWAPS_EACH:
            raise Malformed("A player has from none to three swaps left.")
    return first, second


def _load_swap(raw: Json) -> Swap | None:
    swap = None if raw is None else parse_swap(raw)
    if _swap_json(swap) != raw:
        raise Malformed("A swap is stored as two numbers, the lower first.")
    return swap


def _check(state: SwapState) -> None:
    """Raises Malformed if no match comes to this position, as far as is easily seen."""
    used = [SWAPS_EACH - left for left in state.swaps_left]
    check_turns(
        state, [marks + swaps for marks, swaps in zip(marks_made(state), used, strict=True)]
    )
    if state.last_swap is None:
        check_last_mark(state)
        if state.last is None and any(used):
            raise Malformed("A position with swaps has a last move.")
        return
    if state.last is not None:
        raise Malformed("The last move is a mark or a swap.")
    if not used[1 - state.to_move]:
        raise Malformed("The last swap is one of the player not to move.")
    if _swapped(state, state.last_swap).outcome is not None:
        raise Malformed("The match was over before the last swap.")
