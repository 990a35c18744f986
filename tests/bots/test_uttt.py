"""How the computer plays ultimate tic-tac-toe."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest

from app.bots import choose, strengths, study
from app.bots.uttt.board import SURE, WIN, Board
from app.bots.uttt.cells import tables
from app.bots.uttt.search import Search
from app.bots.uttt.sight import raw, read
from app.bots.uttt.weights import weights
from app.games.uttt import UTTT
from tests.bots.test_uttt_board import EVERY, VARIANTS, empty, walk

LEVELS = strengths("uttt")
X_ROW, O_ROW = 1 + 3 + 9, 2 * (1 + 3 + 9)


def views(variant: str, seeds: range, every: int = 1) -> list[Any]:
    """The views of random matches, each `every` turns, with the moves that may be made."""
    found = []
    for seed in seeds:
        for number, (state, _) in enumerate(walk(variant, seed)):
            if (number + seed) % every == 0:
                legal = [UTTT.move_json(move) for move in UTTT.legal_moves(state, state.to_move)]
                found.append((UTTT.view(state, state.to_move), legal))
    return found


def best_by_brute_force(board: Board, left: int) -> int:
    """1, 0 or -1: whether the mover can win within so many turns, or has lost within them."""
    outcomes = []
    for worth, turn in board.scored(EVERY):
        child = board.after(turn)
        if worth >= SURE:
            return 1
        if worth <= -SURE:
            outcomes.append(-1)
        elif left <= 1 or child.is_drawn:
            outcomes.append(0)
        else:
            outcomes.append(-best_by_brute_force(child, left - 1))
    return max(outcomes)


def test_there_are_four_from_beginner_to_strong() -> None:
    assert LEVELS == ("beginner", "easy", "medium", "strong")
    with pytest.raises(KeyError):
        choose("uttt", "godlike", UTTT.view(empty("standard"), 0), Random(1))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("strength", LEVELS)
def test_its_moves_may_be_made(variant: str, strength: str) -> None:
    for view, legal in views(variant, range(6), every=5):
        assert choose("uttt", strength, view, Random(3), effort=0.002) in legal
        assert choose("uttt", strength, view, Random(3), effort=0.0, seconds=0.0) in legal


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("strength", LEVELS)
def test_the_same_view_and_chance_give_the_same_move(variant: str, strength: str) -> None:
    for view, _ in views(variant, range(3), every=9):
        moves = [choose("uttt", strength, view, Random(5), effort=0.005) for _ in range(2)]
        assert moves[0] == moves[1]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("strength", LEVELS)
def test_without_effort_no_table_is_made(variant: str, strength: str) -> None:
    """That is how the server itself moves, whose loop has no time for them."""
    for cached in (tables, weights):
        cached.cache_clear()
    for view, legal in views(variant, range(2), every=3):
        assert choose("uttt", strength, view, Random(3), effort=0.0) in legal
    assert tables.cache_info().currsize == weights.cache_info().currsize == 0


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_match_that_can_be_won_is_won(variant: str) -> None:
    found = 0
    for view, _ in views(variant, range(40)):
        winning = [raw(turn) for worth, turn in read(view).scored(EVERY) if worth == WIN]
        if winning:
            found += 1
            for strength in ("easy", "medium", "strong"):
                for effort in (0.0, 0.01):
                    assert choose("uttt", strength, view, Random(found), effort) in winning
    assert found > 40


def test_a_beginner_sees_most_of_the_matches_that_can_be_won() -> None:
    board = Board([X_ROW, X_ROW, 1 + 3, 0, 0, 0, O_ROW, 2, 0], 0, 2)
    view = {
        "complete_field": [
            [1, 1, 1, 1, 1, 1, 1, 1, 0],
            *[[0] * 9 for _ in range(5)],
            [2, 2, 2, 2, 0, 0, 0, 0, 0],
            *[[0] * 9 for _ in range(2)],
        ],
        "active": 0,
        "allowed": [2],
    }
    assert read(view).locals == board.locals
    won = sum(
        choose("uttt", "beginner", view, Random(seed)) == {"sub_x": 2, "sub_y": 0, "x": 2, "y": 0}
        for seed in range(300)
    )
    assert 255 < won < 300


@pytest.mark.parametrize(("variant", "least"), [("standard", 20), ("swap", 3)])
def test_what_would_lose_at_once_is_avoided(variant: str, least: int) -> None:
    """Where some turns let the opponent win at once, it makes one of the others."""
    found = 0
    for view, _ in views(variant, range(24), every=2):
        if found == least:
            return
        board = read(view)
        turns = board.scored(EVERY)
        if max(turns)[0] == WIN:
            continue
        safe = [
            raw(turn)
            for _, turn in turns
            if board.after(turn).is_drawn or max(board.after(turn).scored())[0] < WIN
        ]
        if 0 < len(safe) < len(turns):
            found += 1
            for strength in ("medium", "strong"):
                assert choose("uttt", strength, view, Random(1), effort=1.0, seconds=9) in safe
    raise AssertionError("too few such positions")


def test_a_search_sees_what_trying_everything_shows() -> None:
    """Ends of random matches: who wins within four turns, by both."""
    outcomes = set()
    for seed in range(40):
        for state, _ in list(walk("standard", seed))[-6:]:
            board = read(UTTT.view(state, None))
            if len(board.scored(EVERY)) > 12:
                continue
            outcome = best_by_brute_force(board, 4)
            outcomes.add(outcome)
            worth = Search(board, 10**7).best(deepest=4).worth
            assert (worth > SURE) - (worth < -SURE) == outcome
    assert outcomes == {-1, 0, 1}


def test_the_sooner_a_win_the_better() -> None:
    seen = set()
    for seed in range(40):
        for state, _ in list(walk("standard", seed))[-7:]:
            worth = Search(read(UTTT.view(state, None)), 3_000).best().worth
            if worth > SURE:
                turns = WIN - worth
                shorter = Search(read(UTTT.view(state, None)), 10**6).best(deepest=turns + 1)
                assert shorter.worth > SURE, "it is won in no more turns than it says"
                assert turns % 2 == 0
                seen.add(turns)
    assert {0, 2} <= seen


def test_work_is_counted() -> None:
    board = read(UTTT.view(empty("standard"), 0))
    little, much = Search(board, 1_000).best(), Search(board, 20_000).best()
    assert little.positions < 2_000 < 20_000 <= much.positions < 21_000
    assert little.depth < much.depth


def test_when_its_time_is_up_it_says_what_it_has_found() -> None:
    board = read(UTTT.view(empty("standard"), 0))
    now = iter(range(10**6))
    found = Search(board, 10**9, seconds=200, clock=lambda: float(next(now))).best()
    assert 1 <= found.depth < 12
    assert raw(found.turn) in [UTTT.move_json(m) for m in UTTT.legal_moves(empty("standard"), 0)]
    hurried = Search(board, 10**9, seconds=0.0, clock=lambda: float(next(now))).best()
    assert hurried.depth <= 2
    ranked = Search(board, 10**9, seconds=0.0, clock=lambda: float(next(now))).ranked(6)
    assert len(ranked) == 81


def test_each_beats_the_one_below() -> None:
    for weaker, better in pairwise(LEVELS):
        share = sum(share_of(better, weaker, seed) for seed in range(8)) / 8
        assert share > 0.6, f"{better} against {weaker}"


def share_of(one: str, other: str, seed: int) -> float:
    """Of two matches, one with each side, what the one has won."""
    share = 0.0
    for seat in (0, 1):
        players = (one, other) if seat == 0 else (other, one)
        state, rng = empty("standard"), Random(seed)
        while state.outcome is None:
            view = UTTT.view(state, state.to_move)
            move = choose("uttt", players[state.to_move], view, rng, effort=0.004)
            state = UTTT.apply(state, state.to_move, UTTT.parse_move(move)).state
        share += state.outcome.scores[seat] / 2
    return share


def test_a_study_tells_the_best_move_and_what_the_one_played_is_worth() -> None:
    for view, legal in views("standard", range(2), every=17):
        for move in (legal[0], legal[-1]):
            found = study("uttt", view, move, seconds=0.4)
            assert found is not None
            assert found["best"] in legal
            assert 0 <= found["played"] <= found["chance"] <= 1
            if found["best"] == move:
                assert found["played"] == found["chance"]
    alone = study("uttt", UTTT.view(empty("standard"), 0), None, seconds=0.2)
    assert alone is not None
    assert alone["played"] is None
    assert study("scopa", {}, None) is None


def test_a_study_knows_a_won_match_and_a_blunder() -> None:
    for seed in range(40):
        for state, _ in walk("standard", seed):
            view = UTTT.view(state, None)
            turns = read(view).scored(EVERY)
            best, worst = max(turns), min(turns)
            if best[0] == WIN and worst[0] < -1_500:
                found = study("uttt", view, raw(worst[1]), seconds=0.5)
                assert found is not None
                assert found["chance"] > 0.999
                assert found["played"] < 0.5
                return
    raise AssertionError("no such position")
