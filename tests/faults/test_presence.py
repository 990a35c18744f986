"""A connection cut, or come back, while the database takes nothing: who is here comes right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest
import socketio
from sqlalchemy.exc import OperationalError

from app.legacy.registry import Means
from app.legacy.uttt import UTTT_WIRE, UtttHandler
from app.live.gate import Gate
from app.live.names import NAMESPACE
from app.live.orders import Orders
from app.live.rooms import LocalManager, Rooms
from app.live.sockets import FastJson, HouseNamespace, Visitor
from app.services import accounts, housekeeping, lobby, presence, watching
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
        patch.setattr(house.store.group, "run_bulk", refuse)
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


class Gone:
    """A raw connection that is over."""

    wire, address = UTTT_WIRE, "192.0.2.7"


def by_raw(house: House, ann: Caller, number: int, watched: dict[str, int]) -> Callable[[], Any]:
    """The end of a raw connection, by that number among those who are here."""
    handler = UtttHandler(Gone(), Means(house, Rooms(), None))  # type: ignore[arg-type]
    handler.caller, handler._presence, handler.watching = ann, number, watched
    return handler.closed


def by_browser(
    house: House, ann: Caller, number: int, watched: dict[str, int]
) -> Callable[[], Any]:
    """As `by_raw`, of the website's connection."""
    namespace = HouseNamespace(house, lambda _: ann, Gate())
    visitor = namespace._visitors["sid"] = Visitor(namespace, "sid", "192.0.2.7")
    visitor.caller, visitor.presence_id, visitor.watching = ann, number, watched
    return lambda: namespace.trigger_event("disconnect", "sid")


@pytest.mark.parametrize("end", [by_raw, by_browser])
def test_whoever_looked_on_is_gone_too(
    house: House,
    guest: Callable[[str], Caller],
    monkeypatch: pytest.MonkeyPatch,
    end: Callable[..., Callable[[], Any]],
) -> None:
    """That it looks on no longer could not be noted: nor could the rest, but it is remembered."""
    ann, ben, _ = guest("ann"), guest("ben"), guest("cid")
    match = lobby.invite(house, ben, "cid")
    number = presence.connect(house, ann, "raw")
    watched = {match.id: watching.enter(house, match.id, ann.user_id)}
    closed = end(house, ann, number, watched)
    with full_disk(house, monkeypatch), suppress(OperationalError):
        closed()
    assert (house.connections, house.watchers) == ({}, {})
    housekeeping.run(house)
    assert presence.count(house) == watching.count(house, match.id) == 0


@dataclass
class Site:
    """The website's connections, each by the number of its transport."""

    server: socketio.Server
    cut: list[str]

    def come(self, number: str) -> None:
        self.server.environ[number] = {"REMOTE_ADDR": "192.0.2.7"}
        self.server._handle_connect(number, NAMESPACE, None)

    def go(self, number: str) -> None:
        self.server._handle_eio_disconnect(number, "gone")


@pytest.fixture
def site(
    house: House, guest: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Site]:
    def make(identify: Callable[[Any], Caller | None]) -> Site:
        manager = LocalManager(Rooms(), Orders())
        server = socketio.Server(
            async_mode="threading", client_manager=manager, always_connect=True, json=FastJson
        )
        server.register_namespace(HouseNamespace(house, identify, Gate()))
        site = Site(server, [])
        monkeypatch.setattr("app.live.sockets.cut", lambda _, sid: site.cut.append(sid))
        return site

    return make


def test_a_browser_that_goes_meanwhile_leaves_nothing_behind(
    house: House,
    guest: Callable[[str], Caller],
    site: Callable[..., Site],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor does the library keep it in its rooms."""
    ann = guest("ann")
    there = site(lambda _: ann)
    there.come("eio")
    assert presence.count(house) == 1
    with full_disk(house, monkeypatch):
        there.go("eio")
    assert there.server.manager.rooms == {}
    assert there.server.environ == {}
    housekeeping.run(house)
    assert presence.count(house) == 0


def test_a_browser_that_comes_meanwhile_is_sent_away_to_come_back(
    site: Callable[..., Site],
) -> None:
    """Else it would be here as a stranger, whose cookie could not be looked up."""

    def away(_: Any) -> Caller:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    there = site(away)
    there.come("eio")
    assert len(there.cut) == 1
