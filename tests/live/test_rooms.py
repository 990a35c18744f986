"""Rooms: who is told, who is left out, and what workers tell each other."""

from __future__ import annotations

from typing import Any

import pytest
import socketio

from app.live.names import LOBBY, NAMESPACE, user_room, watch_room
from app.live.orders import Orders
from app.live.publisher import RoomPublisher
from app.live.rooms import LocalManager, Rooms, Version
from app.services.house import utc_now
from app.services.publish import Audience


class Plain:
    """A wire that writes a message's type."""

    def encode(self, type: str, data: Any) -> bytes | None:
        return None if type == "unknown" else type.encode()


WIRE = Plain()


class Raw:
    """A raw connection that remembers what it was sent."""

    wire = WIRE

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.of: list[Version | None] = []

    def deliver(self, frame: bytes, of: Version | None = None) -> None:
        self.heard.append(frame)
        self.of.append(of)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self.heard.append(b"closed")


class House:
    """Rooms with Socket.IO clients that remember what they were sent, and a publisher."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.raw = Rooms()
        self.orders = Orders()
        self.manager = LocalManager(self.raw, self.orders)
        self.server = socketio.Server(async_mode="threading", client_manager=self.manager)
        self.manager.initialize()
        self.publish = RoomPublisher(self.manager, utc_now)
        self.heard: dict[str, list[Any]] = {}
        monkeypatch.setattr(self.server, "_send_packet", self._sent, raising=False)
        monkeypatch.setattr(self.server, "_send_eio_packet", self._sent_eio, raising=False)

    def socket(self, *rooms: str) -> str:
        """A Socket.IO client in these rooms: its sid."""
        eio_sid = f"eio{len(self.heard)}"
        sid: str = self.manager.connect(eio_sid, NAMESPACE)
        self.heard[eio_sid] = []
        for room in rooms:
            self.manager.enter_room(sid, NAMESPACE, room)
        return sid

    def told(self, sid: str) -> list[Any]:
        return self.heard[self.manager.eio_sid_from_sid(sid, NAMESPACE)]

    def _sent(self, eio_sid: str, packet: Any) -> None:
        self.heard[eio_sid].append(packet.data[1])

    def _sent_eio(self, eio_sid: str, packet: Any) -> None:
        self.heard[eio_sid].append(self.server.packet_class(encoded_packet=packet.data).data[1])


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)


def member(house: House, *rooms: str) -> Raw:
    raw = Raw()
    for room in rooms:
        house.raw.join(raw, room)
    return raw


def test_an_audience_is_told_once_each(house: House) -> None:
    both = house.socket(user_room(1), LOBBY)
    raw = member(house, user_room(1), LOBBY, watch_room("m"))
    watcher, stranger = house.socket(watch_room("m")), house.socket()
    house.publish.tell(Audience(users=(1,), watching=("m",), lobby=True), "hi", {"n": 1})
    message = {"type": "hi", "data": {"n": 1}}
    assert house.told(both) == house.told(watcher) == [message]
    assert raw.heard == [b"hi"]
    assert house.told(stranger) == []


def test_of_which_version_a_message_tells_is_for_raw_connections(house: House) -> None:
    """They leave out what their client knows; no client hears of it."""
    browser = house.socket(user_room(1))
    raw = member(house, user_room(1))
    for of in ({"of": ["m", 3]}, {}):  # as Redis brings it
        envelope = {"type": "bid", "data": {}, **of}
        house.manager.emit("bid", envelope, namespace=NAMESPACE, room=user_room(1))
    assert house.told(browser) == [{"type": "bid", "data": {}}] * 2
    assert raw.of == [("m", 3), None]


def test_who_is_left_out_hears_nothing_anywhere(house: House) -> None:
    kept, left = house.socket(user_room(1), LOBBY), house.socket(user_room(2), LOBBY)
    raw_kept, raw_left = member(house, user_room(1), LOBBY), member(house, user_room(2), LOBBY)
    house.publish.tell(Audience(lobby=True, but=(2, 3)), "hi", {})
    assert house.told(kept) == [{"type": "hi", "data": {}}], "without the list of who is left out"
    assert raw_kept.heard == [b"hi"]
    assert house.told(left) == raw_left.heard == []


def test_everyone_is_everyone(house: House) -> None:
    sockets = [house.socket(), house.socket(LOBBY)]
    raw = member(house, user_room(7))
    house.publish.tell(Audience(everyone=True), "hi", {})
    assert [len(house.told(sid)) for sid in sockets] == [1, 1]
    assert raw.heard == [b"hi"]


def test_nobody_is_nobody(house: House) -> None:
    sid, raw = house.socket(LOBBY), member(house, LOBBY)
    house.publish.tell(Audience(), "hi", {})
    assert house.told(sid) == raw.heard == []


def test_a_type_that_a_wire_does_not_know_is_not_sent(house: House) -> None:
    raw = member(house, LOBBY)
    house.publish.lobby("unknown", {})
    assert raw.heard == []


def test_watchers_are_carried_along(house: House) -> None:
    socket, raw = house.socket(watch_room("old")), member(house, watch_room("old"))
    house.orders.on("carry", house.manager.carry)
    house.publish.carry("old", "new")
    house.publish.watchers("new", "hi", {})
    assert house.told(socket) == [{"type": "hi", "data": {}}]
    assert raw.heard == [b"hi"]


def test_an_order_is_obeyed_and_nobody_hears_it(house: House) -> None:
    sid, raw, done = house.socket(LOBBY), member(house, LOBBY), []
    house.orders.on("tidy", lambda data: 1 / 0)
    house.orders.on("tidy", done.append)
    house.publish.control("tidy", {"up": True})
    house.publish.control("unheard of", {})
    assert done == [{"up": True}], "one that fails keeps no other from being done"
    assert house.told(sid) == raw.heard == []


def test_a_member_that_leaves_a_room_hears_the_others(house: House) -> None:
    raw = member(house, LOBBY, user_room(1))
    house.raw.leave(raw, LOBBY)
    house.raw.leave(raw, "never in it")
    house.publish.lobby("lobby", {})
    house.publish.user(1, "user", {})
    assert raw.heard == [b"user"]
    house.raw.leave_all(raw)
    house.publish.tell(Audience(everyone=True), "everyone", {})
    assert raw.heard == [b"user"]
