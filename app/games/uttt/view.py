"""The position as clients see it. Nothing is hidden: every viewer gets the same."""

from __future__ import annotations

from functools import lru_cache
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


Marks = tuple[int, ...]


@lru_cache(maxsize=4096)  # a move changes one band of three, which both players then see
def _band(first: Marks, second: Marks) -> tuple[tuple[int, ...], ...]:
    """The three rows of three local boards side by side, by each player's marks in them."""
    (a, b, c), (d, e, f) = first, second
    return tuple(
        (
            *_CELLS[a >> y & 7][d >> y & 7],
            *_CELLS[b >> y & 7][e >> y & 7],
            *_CELLS[c >> y & 7][f >> y & 7],
        )
        for y in (0, 3, 6)
    )


def complete_field(state: State) -> list[list[int]]:
    """Nine rows of nine cells from the top left: 0 empty, 1 player A, 2 player B.

    Cell (x, y) of board (sub_x, sub_y) is in row `3*sub_y + y` and column `3*sub_x + x`.
    """
    first, second = state.marks
    return [list(row) for y in (0, 3, 6) for row in _band(first[y : y + 3], second[y : y + 3])]


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
