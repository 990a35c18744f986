"""A connection cut, or come back, while the database takes nothing: who is here comes right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.services import accounts, housekeeping, presence
from app.services.house import House
from app.services.sessions import Caller, Client

CLIENT = Client("192.0.2.7", "test")


@pytest.fixture
def guest(house: House) -> Callable[[str], Caller]:
    presence.arrive(house)
    return lambda name: accounts.guest(house, name, client=CLIENT).caller


@contextmanager
def full_disk(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing can be written while the block runs."""

    def refuse(*_: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(house.store.group, "run", refuse)
        yield


def test_a_parting_that_could_not_be_noted_is_noted_later(
    house: House, guest: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = guest("ann")
    number = presence.connect(house, ann, "raw")
    with full_disk(house, monkeypatch):
        with pytest.raises(OperationalError):
            presence.disconnect(house, number)
        assert presence.count(house) == 1
    housekeeping.run(house)
    assert presence.count(house) == 0
    assert house.departed == {}


def test_who_comes_back_meanwhile_is_here_once_and_stays(
    house: House, guest: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = guest("ann")
    number = presence.connect(house, ann, "raw")
    with full_disk(house, monkeypatch):
        with pytest.raises(OperationalError):
            presence.disconnect(house, number)
        with pytest.raises(OperationalError):
            presence.connect(house, ann, "raw")
        assert house.connections == {}
    again = presence.connect(house, ann, "raw")
    housekeeping.run(house)
    assert [row.name for row in presence.online(house)] == ["ann"]
    presence.disconnect(house, again)
    assert presence.online(house) == []


def test_a_parting_that_is_noted_late_ends_nobodys_presence(
    house: House, guest: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It brings nothing back either: a worker that was given up comes back without it."""
    ann, ben = guest("ann"), guest("ben")
    number = presence.connect(house, ann, "raw")
    presence.connect(house, ben, "raw")
    with full_disk(house, monkeypatch), pytest.raises(OperationalError):
        presence.disconnect(house, number)
    presence.leave(house)
    presence.beat(house)
    assert [row.name for row in presence.online(house)] == ["ben"]
    assert presence.catch_up(house) == 1
    assert [row.name for row in presence.online(house)] == ["ben"]
