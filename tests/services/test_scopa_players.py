"""Who may be asked for a match: available, busy, offline; and who hears that it changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import matches, players, presence, tables
from app.services.house import House
from app.services.players import AVAILABLE, BUSY, OFFLINE, Player
from app.services.sessions import Caller
from app.services.tables import Ask, Bot, Setup
from app.services.time_control import TimeControl
from tests.services.conftest import Heard

Account = Callable[[str], Caller]
PROPOSAL = Setup("scopa", "classic", time=TimeControl(600), grace=60)


def come(house: House, caller: Caller) -> int:
    return presence.connect(house, caller, "raw")


def status(house: House, caller: Caller) -> str:
    with house.store.read() as unit:
        return players.status(unit, caller.user_id)


@pytest.fixture
def two(house: House, account: Account) -> tuple[Caller, Caller]:
    """Two who are here."""
    anna, bob = account("anna"), account("bob")
    come(house, anna)
    come(house, bob)
    return anna, bob


def test_who_has_a_connection_is_available(house: House, account: Account) -> None:
    anna = account("anna")
    assert status(house, anna) == OFFLINE
    here = come(house, anna)
    again = come(house, anna)
    assert status(house, anna) == AVAILABLE
    presence.disconnect(house, here)
    assert status(house, anna) == AVAILABLE
    presence.disconnect(house, again)
    assert status(house, anna) == OFFLINE


def test_guests_are_not_players(house: House, guest: Account) -> None:
    gus = guest("gus")
    come(house, gus)
    assert status(house, gus) == OFFLINE
    assert players.listed(house, gus.user_id) == []
    assert not players.is_account(house, "gus")


def test_who_is_in_a_proposal_is_busy(house: House, two: tuple[Caller, Caller]) -> None:
    anna, bob = two
    row = tables.open(house, anna, PROPOSAL, [Ask("bob")])
    assert players.listed(house, anna.user_id) == [Player("anna", BUSY), Player("bob", BUSY)]
    tables.decline(house, bob, row.id)
    assert (status(house, anna), status(house, bob)) == (AVAILABLE, AVAILABLE)


def test_who_plays_a_match_that_waits_for_nobody_is_busy_until_it_is_over(
    house: House, two: tuple[Caller, Caller]
) -> None:
    anna, bob = two
    row = tables.open(house, anna, PROPOSAL, [Ask("bob")])
    match = tables.accept(house, bob, row.id)
    assert (status(house, anna), status(house, bob)) == (BUSY, BUSY)
    assert players.running(house, bob.user_id) == match.id
    matches.end(house, anna, match.id)
    assert (status(house, anna), status(house, bob)) == (AVAILABLE, AVAILABLE)
    assert players.running(house, bob.user_id) is None


def test_what_can_wait_makes_nobody_busy(house: House, two: tuple[Caller, Caller]) -> None:
    anna, bob = two
    tables.challenge(house, anna, "bob", Setup("scopa", "classic"))
    tables.open(house, bob, Setup("scopa", "classic"), [Bot("easy", "cpu1")])
    assert (status(house, anna), status(house, bob)) == (AVAILABLE, AVAILABLE)


def test_those_met_are_listed_when_they_are_gone(house: House, account: Account) -> None:
    anna, bob, cleo, dora = (account(name) for name in ("anna", "bob", "cleo", "dora"))
    come(house, anna)
    come(house, dora)
    for other in (bob, cleo):
        row = tables.challenge(house, other, "anna", Setup("scopa", "classic"))
        tables.accept(house, anna, row.id)
    assert players.met(house, anna.user_id) == ["bob", "cleo"]
    assert players.listed(house, anna.user_id) == [
        Player("anna", AVAILABLE),
        Player("dora", AVAILABLE),
        Player("bob", OFFLINE),
        Player("cleo", OFFLINE),
    ]
    assert players.listed(house, dora.user_id) == [
        Player("anna", AVAILABLE),
        Player("dora", AVAILABLE),
    ]


def test_every_change_is_told_to_all_workers(house: House, account: Account, heard: Heard) -> None:
    anna, bob = account("anna"), account("bob")

    def changes() -> int:
        told = heard.orders.count((players.CHANGED, {}))
        heard.orders.clear()
        return told

    come(house, anna)
    assert changes()
    here = come(house, bob)
    assert changes()
    come(house, bob)
    assert not changes()  # they were here
    row = tables.open(house, anna, PROPOSAL, [Ask("bob")])
    assert changes()
    tables.decline(house, bob, row.id)
    assert changes()
    row = tables.open(house, anna, PROPOSAL, [Ask("bob")])
    match = tables.accept(house, bob, row.id)
    assert changes()
    matches.end(house, anna, match.id)
    assert changes()
    presence.disconnect(house, here)
    assert not changes()
