"""Positions as the computer has them: they follow the rules, and are worth what they look like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from zlib import decompress

import pytest

from app.bots.uttt import weights as module
from app.bots.uttt.board import ANYWHERE, MARKS, SURE, SWAPS, WIN, Board, SwapBoard
from app.bots.uttt.cells import LOCALS, OPEN, SHAPES, likes, mirrored, tables
from app.bots.uttt.sight import raw, read, turn_of
from app.bots.uttt.weights import chance, pack, weights
from app.games.uttt import UTTT, State

VARIANTS = ("standard", "swap")
EVERY = WIN + 1  # more than any turn is worth: none is left out


def empty(variant: str) -> State:
    return UTTT.initial(UTTT.parse_options({"variant": variant}), b"").state


def walk(variant: str, seed: int) -> Iterator[tuple[State, Any]]:
    """The positions of a match of random turns, each with the move that is made in it."""
    rng, state = Random(seed), empty(variant)
    while state.outcome is None:
        moves = UTTT.legal_moves(state, state.to_move)
        marks = [move for move in moves if UTTT.move_json(move).keys() != {"swap"}]
        move = rng.choice(moves if rng.random() < 0.15 else marks)
        yield state, move
        state = UTTT.apply(state, state.to_move, move).state


def facts(board: Board) -> tuple[Any, ...]:
    """All there is to know of a position but where its mover is sent."""
    kept = (board.locals, board.lines, board.won, board.decided, board.mover, board.worth)
    return (*kept, board.swaps, board.barred)


@pytest.mark.parametrize("variant", VARIANTS)
def test_its_turns_are_those_of_the_rules(variant: str) -> None:
    seen = 0
    for seed in range(12):
        for state, _ in walk(variant, seed):
            board = read(UTTT.view(state, state.to_move))
            legal = [UTTT.move_json(move) for move in UTTT.legal_moves(state, state.to_move)]
            assert [raw(turn) for _, turn in board.scored(EVERY)] == legal
            seen += 1
    assert seen > 400


@pytest.mark.parametrize("variant", VARIANTS)
def test_after_a_turn_it_is_the_position_of_the_rules(variant: str) -> None:
    for seed in range(12):
        for state, move in walk(variant, seed):
            board = read(UTTT.view(state, None))
            turn = turn_of(UTTT.move_json(move))
            worth = {turn: worth for worth, turn in board.scored(EVERY)}[turn]
            child = board.after(turn)
            then = UTTT.apply(state, state.to_move, move).state
            if then.outcome is not None:
                winners = then.outcome.winners
                won = {(state.to_move,): WIN, (1 - state.to_move,): -WIN}
                assert worth == won.get(winners, 0)
                assert child.is_drawn or winners
                continue
            there = read(UTTT.view(then, None))
            assert facts(child) == facts(there)
            assert there.target in (child.target, *([] if child.target != ANYWHERE else range(9)))
            # What a turn is worth is what the position after it is not, for the other player.
            assert abs(worth) < SURE
            assert worth == -child.value()


@pytest.mark.parametrize(
    ("variant", "depth", "positions"),
    [("standard", 3, 6_336), ("standard", 4, 55_080), ("swap", 2, 13_572)],
)
def test_counts_of_turns_are_those_of_the_rules(variant: str, depth: int, positions: int) -> None:
    def leaves(board: Board, left: int) -> int:
        turns = board.scored(EVERY)
        if left == 1:
            return len(turns)
        return sum(leaves(board.after(turn), left - 1) for _, turn in turns)

    def by_the_rules(state: State, left: int) -> int:
        moves = UTTT.legal_moves(state, state.to_move)
        if left == 1:
            return len(moves)
        after = (UTTT.apply(state, state.to_move, move).state for move in moves)
        return sum(by_the_rules(each, left - 1) for each in after)

    start = empty(variant)
    assert leaves(read(UTTT.view(start, 0)), depth) == positions == by_the_rules(start, depth)


def turned(state: dict[str, Any]) -> dict[str, Any]:
    """A view with left and right exchanged."""
    mirror = [2 - board % 3 + board // 3 * 3 for board in range(9)]
    return state | {
        "complete_field": [row[::-1] for row in state["complete_field"]],
        "allowed": sorted(mirror[board] for board in state["allowed"]),
    }


def other_side(state: dict[str, Any]) -> dict[str, Any]:
    """A view with the players exchanged."""
    field = [[(0, 2, 1)[mark] for mark in row] for row in state["complete_field"]]
    return state | {"complete_field": field, "active": 1 - state["active"]}


def test_positions_that_are_like_each_other_are_worth_the_same() -> None:
    for seed in range(8):
        for state, _ in walk("standard", seed):
            view = UTTT.view(state, None)
            value = read(view).value()
            assert read(turned(view)).value() == value
            assert read(other_side(view)).value() == value


def test_what_is_kept_of_the_numbers_is_all_of_them() -> None:
    numbers = weights("standard")
    places = [0, 1, 4]
    local = [n for place in places for n in numbers.local[place]]
    sent = [n for place in places for n in numbers.sent[0][place]]
    line = [n for number in (0, 1, 6) for n in numbers.line[number]]
    assert len(local) == len(sent) == 3 * LOCALS
    assert len(line) == 3 * SHAPES**3
    stored = Path(module.__file__).with_name("standard.weights").read_bytes()
    assert decompress(pack(local, line, sent, numbers.count)) == decompress(stored)


def test_tables_of_a_local_board() -> None:
    cells = tables()
    x_row, both = 1 + 3 + 9, 1 + 2 * 3
    assert cells.free[both] == (2, 3, 4, 5, 6, 7, 8)
    assert cells.free[x_row] == ()
    assert cells.exchanged[both] == 2 + 3
    assert cells.status.count(OPEN) == sum(1 for free in cells.free if free)
    assert all(mirrored(mirrored(shape)) == shape for shape in range(SHAPES))
    for local in range(0, LOCALS, 7):
        assert mirrored(cells.shape[local]) == cells.shape[cells.exchanged[local]] or (
            cells.status[local] in (1, 2) and cells.status[cells.exchanged[local]] in (1, 2)
        )
    assert len(set(likes())) == 2_862
    assert chance(-WIN) < 1e-9 < 0.5 == chance(0) < chance(WIN)


def test_a_swap_that_makes_a_line_wins_and_one_for_the_other_loses() -> None:
    x, o = 1 + 3 + 9, 2 * (1 + 3 + 9)
    board = SwapBoard([x, x, 0, 0, x, 0, 0, 0, 0], 0, swaps=(1, 1))
    swap = MARKS + SWAPS.index((0, 7))  # then there is a line down the middle
    assert (WIN, swap) in board.scored(EVERY)
    assert max(board.scored())[0] == WIN
    lost = SwapBoard([o, o, 0, 0, o, 0, 0, 0, 0], 0, swaps=(1, 1))
    assert {turn: worth for worth, turn in lost.scored(EVERY)}[swap] == -WIN
