"""What workers tell each other of a match that one of them has moved on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.services import hearsay, lobby, matches
from app.services.house import House
from app.services.records import MatchCache, MatchRecord
from app.services.sessions import Caller
from tests.services.conftest import move

Account = Callable[[str], Caller]


@pytest.fixture
def worker(house: House) -> House:
    """Another one, which remembers matches of its own."""
    return replace(house, matches=MatchCache(10))


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def known(house: House, worker: House, anna: Caller, account: Account) -> MatchRecord:
    """A match as both remember it; anna is to move."""
    account("bert")
    record = matches.get(house, lobby.invite(house, anna, "bert").id)
    worker.matches.put(record)
    return record


@pytest.fixture
def moved(house: House, anna: Caller, known: MatchRecord) -> MatchRecord:
    """The match after her first move."""
    return matches.submit(house, anna, known.id, move(4, 4))


def through_json(record: MatchRecord) -> object:
    return json.loads(json.dumps(record.standing()))


def test_it_is_as_if_the_database_had_been_asked(
    house: House, worker: House, known: MatchRecord, moved: MatchRecord
) -> None:
    hearsay.hear(worker, through_json(moved))
    assert worker.matches.get(known.id) == matches.get(house, known.id) != known


def test_what_is_not_remembered_is_left_alone(worker: House, moved: MatchRecord) -> None:
    worker.matches.clear()
    hearsay.hear(worker, through_json(moved))
    assert worker.matches.get(moved.id) is None


def test_an_older_version_is_no_news(worker: House, known: MatchRecord, moved: MatchRecord) -> None:
    worker.matches.put(moved)
    hearsay.hear(worker, through_json(known))
    assert worker.matches.get(known.id) is moved


@pytest.mark.parametrize("change", [{"over": True}, {"revision": 1}])
def test_where_more_has_changed_the_database_is_asked(
    worker: House, known: MatchRecord, moved: MatchRecord, change: dict[str, object]
) -> None:
    hearsay.hear(worker, through_json(moved.changed(**change)))
    assert worker.matches.get(known.id) is None


def test_a_game_that_hides_something_tells_nothing_of_it(
    house: House, anna: Caller, account: Account
) -> None:
    account("bert")
    record = lobby.invite(house, anna, "bert", "scopa")
    assert record.standing() is None
