"""A match of ultimate tic-tac-toe as its players see it, and turns as the house takes them."""

from __future__ import annotations

from typing import Final

from app.bots.uttt.board import ANYWHERE, MARKS, SWAPS, Board, SwapBoard
from app.bots.uttt.cells import POWER
from app.games.api import Json
from app.games.uttt.move import MOVES, Move, Swap, move_json, parse_move

_SWAP_NUMBERS: Final = {pair: MARKS + number for number, pair in enumerate(SWAPS)}


def read(view: Json) -> Board:
    """The position of a match that is not over, from anybody's view of it."""
    locals_ = [0] * 9
    for y, row in enumerate(view["complete_field"]):
        for x, mark in enumerate(row):
            if mark:
                locals_[y // 3 * 3 + x // 3] += POWER[y % 3 * 3 + x % 3][mark - 1]
    left = view.get("swaps_left")
    if left is not None:
        barred = view["barred_swap"]
        never = -1 if barred is None else _SWAP_NUMBERS[barred[0], barred[1]]
        return SwapBoard(locals_, view["active"], swaps=(left[0], left[1]), barred=never)
    allowed = view["allowed"]
    return Board(locals_, view["active"], allowed[0] if len(allowed) == 1 else ANYWHERE)


def raw(turn: int) -> Json:
    """A turn as a raw move."""
    return move_json(MOVES[turn] if turn < MARKS else Swap(*SWAPS[turn - MARKS]))


def turn_of(move: Json) -> int:
    """The turn that a raw move is. Raises Malformed."""
    made = parse_move(move)
    if isinstance(made, Move):
        return 9 * made.board + made.cell
    return _SWAP_NUMBERS[made.first, made.second]
