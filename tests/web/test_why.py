"""Why a board is lit, and what the coach says: the words, and that the scripts say the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.games import GAMES
from app.games.uttt.notation import parse_turn
from app.services.records import SeatInfo
from app.web.why import lesson, lesson_words, why, why_words
from app.web.why_words import COACH, WHY

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("whys.json").read_text())
ANN, BEN = SeatInfo(1, "ann", True), SeatInfo(2, "ben", True)
CPU = SeatInfo(None, "cpu1", False, "easy")


def view(moves: str, *, swaps: bool = False) -> Any:
    """A position as the game shows it."""
    game = GAMES["uttt"]
    options = game.parse_options({"variant": "swap" if swaps else "standard"})
    state = game.initial(options, b"").state
    for name in moves.split():
        (seat,) = game.actors(state)
        state = game.apply(state, seat, parse_turn(name)).state
    return game.view(state, None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["moves"][-8:] or "start")
def test_the_cases_that_the_scripts_are_held_to(case: dict[str, Any]) -> None:
    at, seat = view(case["moves"], swaps=case["swaps"]), case["seat"]
    found = why(at, seat, case["bots"])
    assert (found and list(found)) == case["why"]
    if seat is not None:
        told = lesson(at, seat)
        assert (told and list(told)) == case["lesson"]


def test_the_cases_leave_nothing_out() -> None:
    said = {case[of][0] for case in CASES for of in ("why", "lesson") if case[of]}
    assert said == {key for key in WHY if key.startswith("why_")} | COACH.keys()


@pytest.mark.usefixtures("app_context")
def test_it_is_told_to_everybody_in_their_own_words() -> None:
    sent, two, robot = view("e5 f6"), (ANN, BEN), (ANN, CPU)
    where = "the top right square of a board"
    assert why_words(sent, 0, two) == f"ben took {where}, so you play in the top right board."
    assert why_words(sent, 1, two) == f"You took {where}, so ann plays in the top right board."
    assert why_words(sent, None, two) == f"ben took {where}, so ann plays in the top right board."
    by_robot = f"The computer took {where}, so you play in the top right board."
    assert why_words(sent, 0, robot) == by_robot
    free = view("c4 g2 a6 a8 b5 d5")
    points = "The last move points to the left board. That board is won, so"
    assert why_words(free, 0, two) == f"{points} you may choose any lit board."
    assert why_words(free, 1, two) == f"{points} ann may choose any lit board."
    assert why_words(view("a5"), 0, robot).endswith("so the computer plays in the left board.")


@pytest.mark.usefixtures("app_context")
def test_the_coach_sees_what_is_there() -> None:
    # x has b1 and b2 in the bottom left board, and is sent there.
    ready = view("a5 c5 h6 d7 b1 f3 h9 e9 d9 a7 b2 d6 a8 a4")
    assert lesson_words(ready, 0) == (
        "Two of your marks stand in a row in the bottom left board: a third there wins that board."
    )
    assert (
        lesson_words(ready, 1)
        == "Now watch which square they take: it decides where you play next."
    )
    won = view("f4 h2 f5 h5 f6")
    assert "the centre board is yours" in lesson_words(won, 0)
    assert "has won the centre board" in lesson_words(won, 1)
