"""A ban at a bridge table: the deal is lost by nobody, and the seat becomes somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import bans
from app.services.absence import SILENT
from app.services.audit import HOST
from app.services.bridge import absence, tables
from app.services.house import House
from app.services.sessions import Caller
from tests.services.bridge_hall import at, come, deal, go, seated, with_robots
from tests.services.conftest import Clock
from tests.services.hall import turn

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


def test_before_a_deal_the_seat_is_free_at_once(house: House, people: list[Caller]) -> None:
    row = seated(house, people[:2])
    (here,) = come(house, people[0])
    bans.ban_user(house, HOST, "anna")
    go(house, here)
    assert at(tables.row(house, row.id)) == ["-", "bert", "-", "-"]


def test_in_mid_deal_it_is_kept_for_a_while_and_the_deal_goes_on(
    house: House, people: list[Caller], clock: Clock
) -> None:
    row = seated(house, people, robots=True)
    here, *_ = come(house, *people)
    bans.ban_user(house, HOST, "anna")
    go(house, here)
    assert at(tables.row(house, row.id)) == ["anna?", "bert", "carl", "dora"]
    assert not deal(house, row).over
    turn(house, clock, seconds=house.config.BRIDGE_KEEP)
    assert at(tables.row(house, row.id)) == ["cpu1", "bert", "carl", "dora"]
    record = deal(house, row)
    assert not record.over
    assert record.seats[0].bot
    assert not record.rated


def test_who_was_never_connected_is_missed(
    house: House, people: list[Caller], clock: Clock
) -> None:
    row = seated(house, people)
    come(house, *people[1:])
    bans.ban_user(house, HOST, "anna")
    turn(house, clock, seconds=SILENT.total_seconds() + 1)
    absence.sweep(house)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert at(tables.row(house, row.id)) == ["anna?", "bert", "carl", "dora"]
    assert not deal(house, row).over
