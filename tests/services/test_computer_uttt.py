"""The computer at ultimate tic-tac-toe: a match of its, and the time that its clock leaves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.bots import answer
from app.games.api import Json
from app.services import computer, matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot
from app.services.sessions import Caller
from app.services.time_control import TimeControl

Account = Callable[[str], Caller]


def begin(house: House, anna: Caller, variant: str, time: TimeControl | None, bot: str) -> str:
    setup = Setup("uttt", variant, time=time)
    with house.store.write() as unit:
        match_id = matches.start(house, unit, setup, [anna.user_id, Bot(bot, "cpu1")])
    return matches.begun(house, match_id).id


def move(house: House, anna: Caller, match_id: str) -> None:
    record = matches.get(house, match_id)
    made = record.engine.legal_moves(record.state, 0)[0]
    matches.submit(house, anna, match_id, record.engine.move_json(made), record.version)


@pytest.mark.parametrize("variant", ["standard", "swap"])
def test_a_match_goes_on_to_its_end_and_is_not_rated(
    house: House, account: Account, variant: str
) -> None:
    anna = account("anna")
    match_id = begin(house, anna, variant, None, "easy")
    while not (record := matches.get(house, match_id)).over:
        assert record.actors == {0}, "nobody waits for the computer"
        move(house, anna, match_id)
    assert not record.rated
    assert record.outcome is not None
    assert record.outcome.reason in ("line", "draw")


def test_it_may_think_as_long_as_its_clock_allows(
    house: House, account: Account, clock: Any
) -> None:
    asked: list[float | None] = []

    def ask(game: str, strength: str, view: Json, seconds: float | None) -> Json:
        asked.append(seconds)
        clock.turn(seconds=20)
        return answer(game, "beginner", view)

    house.thinking.ask = ask
    anna = account("anna")
    match_id = begin(house, anna, "standard", TimeControl(None, 60, 2), "strong")
    for _ in range(3):
        move(house, anna, match_id)
    gained = 2 * computer.SHARE
    expected = [left / computer.MOVES_AHEAD + gained for left in (60, 42, 24)]
    assert asked == pytest.approx(expected)
    clock.turn(seconds=1)
    bert = account("bert")
    move(house, bert, begin(house, bert, "standard", TimeControl(600), "strong"))
    assert asked[-1] is None


def test_with_a_second_left_it_does_not_think(house: House, account: Account, clock: Any) -> None:
    asked: list[float | None] = []

    def ask(game: str, strength: str, view: Json, seconds: float | None) -> Json:
        asked.append(seconds)
        clock.turn(seconds=29.2)
        return answer(game, "beginner", view, seconds)

    house.thinking.ask = ask
    anna = account("anna")
    match_id = begin(house, anna, "standard", TimeControl(None, 30, 0), "strong")
    move(house, anna, match_id)
    move(house, anna, match_id)
    assert asked[0] == pytest.approx(30 / computer.MOVES_AHEAD)
    assert asked[1] == 0.0
