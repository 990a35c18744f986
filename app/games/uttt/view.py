"""The position as clients see it. Nothing is hidden: every viewer gets the same."""

from __future__ import annotations

from typing import Final

from app.games.api import Json
from app.games.uttt.bitboard import PLACES
from app.games.uttt.move import mark_json
from app.games.uttt.state import State, outcome_json

# By three bits of player A's marks and three of player B's: the row of three cells they make.
_CELLS: Final = tuple(
    tuple(tuple(1 if a >> x & 1 else 2 if b >> x & 1 else 0 for x in range(3)) for b in range(8))
    for a in range(8)
)


def complete_field(state: State) -> list[list[int]]:
    """Nine rows of nine cells from the top left: 0 empty, 1 player A, 2 player B.

    Cell (x, y) of board (sub_x, sub_y) is in row `3*sub_y + y` and column `3*sub_x + x`.
    """
    first, second = state.marks
    rows = []
    for left in (0, 3, 6):
        a, a1, a2 = first[left : left + 3]
        b, b1, b2 = second[left : left + 3]
        for y in (0, 3, 6):
            row = [*_CELLS[a >> y & 7][b >> y & 7]]
            row += _CELLS[a1 >> y & 7][b1 >> y & 7]
            row += _CELLS[a2 >> y & 7][b2 >> y & 7]
            rows.append(row)
    return rows


def global_field(state: State) -> list[list[int]]:
    """Three rows of three local boards: 0 undecided, 1 won by player A, 2 by player B, 3 drawn."""
    (first, second), drawn = state.won, state.drawn
    rows = [[*_CELLS[first >> y & 7][second >> y & 7]] for y in (0, 3, 6)]
    for board in PLACES[drawn]:
        rows[board // 3][board % 3] = 3
    return rows


def view(state: State, open_boards: int) -> Json:
    """The position as JSON, with `open_boards` (nine bits) for the boards that may be marked now.

    `{"complete_field", "global_field", "last_move": move or None, "active": seat to move (kept when
    over), "over", "outcome": {"reason", "winners"} or None, "allowed": [board, …]}`.
    """
    last, outcome = state.last, state.outcome
    return {
        "complete_field": complete_field(state),
        "global_field": global_field(state),
        "last_move": None if last is None else mark_json(last),
        "active": state.to_move,
        "over": outcome is not None,
        "outcome": outcome_json(outcome),
        "allowed": list(PLACES[open_boards]),
    }
