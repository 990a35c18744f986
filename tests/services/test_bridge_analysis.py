"""What a board is worth is found out once, in the background or by housekeeping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import housekeeping
from app.services.bridge import analysis, boards
from app.services.house import House
from app.services.sessions import Caller
from tests.services.bridge_deals import PAR, dealt, four
from tests.services.conftest import Clock

Account = Callable[[str], Caller]


class Analyst:
    """Answers what it is told to, and remembers what it was asked."""

    def __init__(self, answer: Any = PAR) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, str, str]] = []

    def __call__(self, hands: Any, dealer: str, vuln: str) -> Any:
        self.asked.append((hands, dealer, vuln))
        return self.answer


@pytest.fixture
def players(account: Account) -> list[Caller]:
    return four(account, ("anna", "bert", "carl", "dora"))


def known(house: House, board_id: str) -> Any:
    return boards.analysis_of(boards.get(house, board_id))


def board_of(house: House, players: list[Caller]) -> str:
    board_id = dealt(house, *players).board_id
    assert board_id is not None
    return board_id


def test_a_board_is_analysed_once(house: House, players: list[Caller]) -> None:
    board_id = board_of(house, players)
    analyst = house.thinking.analyse = Analyst()
    analysis.want(house, board_id)
    analysis.want(house, board_id)
    ((hands, dealer, vuln),) = analyst.asked
    dealt_cards = boards.dealt(boards.get(house, board_id))
    assert (hands, dealer, vuln) == (dealt_cards.hands, "N", "none")
    assert known(house, board_id) == PAR


def test_it_is_thought_about_in_the_background(house: House, players: list[Caller]) -> None:
    later: list[Callable[[], object]] = []
    board_id = board_of(house, players)
    house.thinking.analyse = Analyst()
    house.thinking.spawn = lambda function, *args: later.append(lambda: function(*args))
    analysis.want(house, board_id)
    assert known(house, board_id) is None
    (think,) = later
    think()
    assert known(house, board_id) == PAR


def test_of_two_answers_the_first_stays(house: House, players: list[Caller]) -> None:
    board_id = board_of(house, players)

    def slow(*_: Any) -> Any:
        house.thinking.analyse = Analyst()
        analysis.want(house, board_id)
        return {"tricks": {}, "par": {"score_ns": 0, "contracts": []}}

    house.thinking.analyse = slow
    analysis.want(house, board_id)
    assert known(house, board_id) == PAR


def test_housekeeping_finds_what_was_forgotten(house: House, players: list[Caller]) -> None:
    catch_up = housekeeping.PARTS["boards_analysed"]
    ids = [board_of(house, players) for _ in range(3)]
    with house.store.write() as unit:
        unplayed = boards.pick(house, unit, [caller.user_id for caller in players]).id
    assert catch_up(house) == 0  # nobody here can tell
    refusing = house.thinking.analyse = Analyst(None)
    assert catch_up(house) == 0
    assert len(refusing.asked) == 1  # and it does not ask again and again
    house.thinking.analyse = Analyst()
    assert catch_up(house) == 3
    assert [known(house, board_id) for board_id in ids] == [PAR] * 3
    assert known(house, unplayed) is None
    assert catch_up(house) == 0


def test_it_does_not_take_too_much_at_once(
    house: House, players: list[Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "ROUND", 2)
    house.thinking.analyse = Analyst()
    for _ in range(3):
        board_of(house, players)
    assert [analysis.catch_up(house) for _ in range(3)] == [2, 1, 0]


def test_a_board_that_is_not_there(house: House) -> None:
    analyst = house.thinking.analyse = Analyst()
    analysis.want(house, "b" * 32)
    assert not analyst.asked


def test_past_boards_are_not_looked_through(
    house: House, players: list[Caller], clock: Clock
) -> None:
    board_id = board_of(house, players)
    analyst = house.thinking.analyse = Analyst()
    clock.turn(seconds=house.config.BOARD_TTL)
    assert analysis.catch_up(house) == 0
    assert analyst.asked == []
    analysis.want(house, board_id)
    assert known(house, board_id) == PAR
