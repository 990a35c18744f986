"""Calls and cards that are asked back: who does not answer has declined after a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import housekeeping
from app.services.bridge import playing, tables
from app.services.house import House
from app.services.sessions import Caller
from tests.services.bridge_hall import deal, seated, to_act
from tests.services.conftest import Clock
from tests.services.hall import refusal, turn

Account = Callable[[str], Caller]


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


@pytest.fixture
def row(house: House, people: list[Caller]) -> tables.TableRow:
    """A deal in which the dealer has bid, and asks for it back."""
    row = seated(house, people)
    dealer = to_act(house, row, people)
    tables.play(house, dealer, row.id, {"bid": "1C"})
    playing.take_back(house, dealer, row.id)
    return row


def test_who_does_not_answer_has_declined(
    house: House, people: list[Caller], row: tables.TableRow, clock: Clock
) -> None:
    turn(house, clock, seconds=playing.PATIENCE.total_seconds() - 1)
    following = to_act_after(house, row, people)
    assert refusal(lambda: tables.play(house, following, row.id, {"bid": "pass"})) == "illegal"
    turn(house, clock, seconds=1)
    assert deal(house, row).engine.view(deal(house, row).state, None)["undo"] is None
    tables.play(house, following, row.id, {"bid": "pass"})
    assert deal(house, row).state.bids == ("1C", "pass")


def test_what_a_killed_worker_forgot_is_declined(
    house: House, people: list[Caller], row: tables.TableRow, clock: Clock
) -> None:
    decline = housekeeping.PARTS["undos_declined"]
    clock.turn(seconds=playing.PATIENCE.total_seconds() - 1)
    assert decline(house) == 0
    clock.turn(seconds=1)
    house.timers.take_due(clock())
    assert decline(house) == 1
    assert decline(house) == 0
    tables.play(house, to_act(house, row, people), row.id, {"bid": "pass"})
    assert deal(house, row).state.bids == ("1C", "pass")


def test_an_answer_in_time_counts(
    house: House, people: list[Caller], row: tables.TableRow, clock: Clock
) -> None:
    opponent = to_act_after(house, row, people)
    playing.answer(house, opponent, row.id, "undo", agreed=True)
    assert (
        refusal(lambda: playing.answer(house, opponent, row.id, "undo", agreed=True)) == "not_now"
    )
    turn(house, clock, seconds=playing.PATIENCE.total_seconds())
    assert housekeeping.PARTS["undos_declined"](house) == 0
    record = deal(house, row)
    assert (record.state.bids, record.version) == ((), 3)


def to_act_after(house: House, row: tables.TableRow, people: list[Caller]) -> Caller:
    """The opponent whose call would be next."""
    record = deal(house, row)
    user_id = record.seats[record.state.to_act].user_id
    return next(person for person in people if person.user_id == user_id)
