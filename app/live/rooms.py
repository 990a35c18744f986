"""Rooms for connections of every kind, on this worker and through Redis on all of them.

Socket.IO's client manager already knows rooms and carries them across workers. Here it gets
members of another kind: raw connections, which sit in the same rooms and are reached by the
same emit. A message is encoded once a wire, however many members share it.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Sequence
from threading import Event, Lock
from typing import Any, Final, Protocol, TypeAlias

import socketio
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

from app.live import packets
from app.live.names import (
    CONTROL,
    MISSED,
    NAMESPACE,
    SAVED,
    SESSION_ENDED,
    kibitz_room,
    kibitz_rooms,
    user_room,
    watch_room,
)
from app.live.orders import Orders
from app.live.partings import hang_up

# redis-py would try again for half a minute, and whoever has just moved would wait for it.
REDIS_OPTIONS: Final = {
    "retry": Retry(NoBackoff(), 1),
    "socket_connect_timeout": 2.0,
    "socket_timeout": 5.0,
    "health_check_interval": 10,
}
REDIS_AGAIN: Final = 0.5  # seconds between two tries to find Redis
REDIS_GLANCE: Final = 1.0  # seconds without a message after which it is asked whether all is well

log = structlog.get_logger(__name__)

Version: TypeAlias = tuple[str, int]
"""A match, and one of its versions."""


class Wire(Protocol):
    """How a raw protocol writes the house's messages; one shared object a protocol."""

    def encode(self, type: str, data: Any) -> bytes | None:
        """A frame ready to be sent, or None for a type the protocol does not know."""


class Member(Hashable, Protocol):
    """A connection outside Socket.IO."""

    @property
    def wire(self) -> Wire: ...

    def deliver(self, frame: bytes, of: Version | None = None) -> None:
        """Send a frame, now or as soon as the client takes it; never waits.

        `of`: the version of which it tells, where that could have been told already.
        """

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the WebSocket with this code."""


class Rooms:
    """Which raw connections of this worker are in which rooms."""

    def __init__(self) -> None:
        self._members: dict[str, dict[Member, None]] = {}
        self._rooms: dict[Member, set[str]] = {}
        self._lock = Lock()

    def join(self, member: Member, room: str) -> None:
        with self._lock:
            self._members.setdefault(room, {})[member] = None
            self._rooms.setdefault(member, set()).add(room)

    def leave(self, member: Member, room: str) -> None:
        with self._lock:
            self._rooms.get(member, set()).discard(room)
            self._remove(member, room)

    def leave_all(self, member: Member) -> None:
        with self._lock:
            for room in self._rooms.pop(member, ()):
                self._remove(member, room)

    def members(self, rooms: Sequence[str] | None, but: Sequence[str] = ()) -> list[Member]:
        """Everyone in any of these rooms (None: in any room), each once, as of now.

        Whoever is also in a room of `but` is left out.
        """
        # Without the lock: each of these copies a dict of ours in one go.
        if rooms is None:
            found = dict.fromkeys(self._rooms)
        else:
            found = {}
            for room in rooms:
                there = self._members.get(room)
                if there is not None:
                    found.update(there)
        for room in but:
            for member in list(self._members.get(room, ())):
                found.pop(member, None)
        return list(found)

    def deliver(
        self,
        rooms: Sequence[str] | None,
        type: str,
        data: Any,
        but: Sequence[str] = (),
        of: Version | None = None,
    ) -> None:
        """Send a message to everyone in any of these rooms, encoded once a wire; see `members`."""
        frames: dict[Wire, bytes | None] = {}
        members = self.members(rooms, but)
        for member in members:
            wire = member.wire
            if wire not in frames:
                frames[wire] = wire.encode(type, data)
            frame = frames[wire]
            if frame is not None:
                member.deliver(frame, of)
        if type == SESSION_ENDED:
            for member in members:
                member.close(1008, "session ended")

    def _remove(self, member: Member, room: str) -> None:
        members = self._members.get(room, {})
        members.pop(member, None)
        if not members:
            self._members.pop(room, None)


class _RawMembers:
    """A client manager's emit, reaching raw connections too, and leaving some users out.

    An envelope may carry `but`, the ids of those users, and `of`, the version of a match of which
    it tells; they are taken out before anybody is told.
    """

    raw: Rooms
    orders: Orders
    _entered: dict[str, set[str | None]]  # by sid: the rooms it is in

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid)  # type: ignore[misc]
        self._entered.setdefault(sid, set()).add(room)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        super().basic_leave_room(sid, namespace, room)  # type: ignore[misc]
        entered = self._entered.get(sid, set())
        entered.discard(room)
        if not entered:
            self._entered.pop(sid, None)

    def basic_disconnect(self, sid: str, namespace: str, **_: Any) -> None:
        """As the library's own, which looks for the client in every room that there is."""
        manager: Any = self
        for room in list(self._entered.get(sid, ())):
            self.basic_leave_room(sid, namespace, room)
        manager.callbacks.pop(sid, None)
        for pending in (manager.pending_connect, manager.pending_disconnect):
            if sid in pending.get(namespace, ()):
                pending[namespace].remove(sid)
                if not pending[namespace]:
                    del pending[namespace]

    def _reach(self, event: str, envelope: Any, room: Any) -> None:
        """Tell everybody on this worker who is in the room, or in one of a list; None: in any."""
        rooms = [room] if isinstance(room, str) else room
        skip: Sequence[str] = ()
        if isinstance(envelope, dict):
            but: Sequence[str] = ()
            if "but" in envelope:
                but, skip = self._left_out(envelope.pop("but"))
            if "type" in envelope:
                of = envelope.pop("of", None)
                self.raw.deliver(rooms, envelope["type"], envelope["data"], but, of and tuple(of))
        self._reach_browsers(event, envelope, rooms, skip)
        if event == SESSION_ENDED and rooms:
            self._cut_sockets(rooms)

    def _reach_browsers(
        self, event: str, envelope: Any, rooms: Sequence[str] | None, skip: Sequence[str]
    ) -> None:
        """As the library's own emit, which encodes every message, whether anybody is there or
        not, and looks through all of it for attachments.
        """
        manager: Any = self
        there = manager.rooms.get(NAMESPACE, {})
        sids: dict[str, str] = {}
        for name in (None,) if rooms is None else rooms:
            if name in there:
                sids.update(there[name].items())
        for sid in skip:
            sids.pop(sid, None)
        if sids:
            packet = packets.event(event, envelope)
            for eio_sid in sids.values():
                manager.server._send_eio_packet(eio_sid, packet)

    def _left_out(self, users: Sequence[int]) -> tuple[list[str], list[str]]:
        """The rooms of those who are not to be told, and their sids on this worker."""
        but = [user_room(user_id) for user_id in users]
        participants = self.get_participants  # type: ignore[attr-defined]
        return but, [sid for sid, _ in participants(NAMESPACE, but)] if but else []

    def carry(self, data: dict[str, str]) -> None:
        """Let whoever watches the match `from` on this worker into the room of `to`, too."""
        manager: Any = self
        old, new = watch_room(data["from"]), watch_room(data["to"])
        for sid, _ in list(manager.get_participants(NAMESPACE, old)):
            manager.server.enter_room(sid, new, namespace=NAMESPACE)
        for member in self.raw.members([old]):
            self.raw.join(member, new)

    def look_on(self, data: dict[str, Any]) -> None:
        """Have those of a user's connections that hear a bridge table from outside hear no more
        than is theirs now: from one place, or, if they do not look on any more, nothing.
        """
        manager: Any = self
        old, own = kibitz_rooms(data["tid"]), user_room(data["user_id"])
        new = kibitz_room(data["tid"], data["over"]) if data["watching"] else None
        sids = {sid for sid, _ in manager.get_participants(NAMESPACE, own)}
        for sid in sids.intersection(sid for sid, _ in manager.get_participants(NAMESPACE, old)):
            for room in old:
                manager.server.leave_room(sid, room, namespace=NAMESPACE)
            if new is not None:
                manager.server.enter_room(sid, new, namespace=NAMESPACE)
        listening = set(self.raw.members(old))
        for member in listening.intersection(self.raw.members([own])):
            for room in old:
                self.raw.leave(member, room)
            if new is not None:
                self.raw.join(member, new)

    def _cut_sockets(self, rooms: Sequence[str]) -> None:
        members = self.get_participants(NAMESPACE, rooms)  # type: ignore[attr-defined]
        for sid, _ in list(members):
            hang_up(self.server, sid)  # type: ignore[attr-defined]


class LocalManager(_RawMembers, socketio.Manager):
    """The rooms of a house with one worker."""

    shared: Final = False

    def __init__(self, raw: Rooms, orders: Orders) -> None:
        super().__init__()
        self._entered = {}
        self.raw = raw
        self.orders = orders

    def emit(
        self, event: str, data: Any, namespace: str, room: Any = None, to: Any = None, **_: Any
    ) -> None:
        if event == CONTROL:
            self.orders.obey(data["type"], data["data"])
        else:
            self._reach(event, data, to or room)


class SharedManager(_RawMembers, socketio.RedisManager):
    """The rooms of a house with several workers, joined by Redis.

    While Redis is away (`joined` is False) each worker serves its own clients. Once it is back
    every worker is told so, by the order `missed`: what the others have said meanwhile is gone.
    """

    shared: Final = True

    def __init__(self, raw: Rooms, orders: Orders, url: str) -> None:
        super().__init__(url, channel="parlour", redis_options=dict(REDIS_OPTIONS))
        self._entered = {}
        self.raw = raw
        self.orders = orders
        self.joined = True  # until it turns out otherwise: a command says something and ends
        self._listens = Event()

    def wait_to_listen(self, seconds: float) -> None:
        """Return once this worker hears the others, or after so long."""
        self._listens.wait(seconds)

    def _publish(self, data: dict[str, Any]) -> None:
        if not self.joined:
            return
        try:
            if self.redis is None:
                self._redis_connect()
            self.redis.publish(self.channel, self.json.dumps(data))
        except (RedisError, OSError) as error:
            self._part(error)

    def _redis_listen_with_retries(self) -> Iterator[dict[str, Any]]:
        """What Redis has to say, for ever. The library's own waits for up to a minute before it
        looks again, and goes on as if nothing had been missed.
        """
        missed = False
        while True:
            try:
                self._join(missed)
                while self.joined:
                    message = self.pubsub.get_message(timeout=REDIS_GLANCE)
                    if message is not None:
                        yield message
            except (RedisError, OSError) as error:
                self._part(error)
            missed = True
            time.sleep(REDIS_AGAIN)

    def _join(self, missed: bool) -> None:
        self._redis_connect()
        self.pubsub.subscribe(self.channel)
        # From its answer on nothing is missed.
        self.pubsub.ignore_subscribe_messages = False
        if self.pubsub.get_message(timeout=REDIS_OPTIONS["socket_timeout"]) is None:
            raise RedisTimeout("no answer")
        self.pubsub.ignore_subscribe_messages = True
        self.joined = True
        self._listens.set()
        if missed:
            log.info("redis is back")
            self.emit(CONTROL, {"type": MISSED, "data": {}}, NAMESPACE)

    def _part(self, error: Exception) -> None:
        if self.joined:
            self.joined = False
            log.error("redis is away", why=str(error), to_do="the house goes on by itself")

    # Every emit, from this worker or another, comes through here on each worker once.
    def _handle_emit(self, message: dict[str, Any]) -> None:
        data = message["data"]
        envelope = data[0] if isinstance(data, list) and data else data
        if message["event"] == CONTROL:
            self.orders.obey(envelope["type"], envelope["data"])
            return
        # What the other workers get is this same message, and they have their own to leave out.
        envelope = dict(envelope) if isinstance(envelope, dict) else envelope
        if isinstance(envelope, dict) and SAVED in envelope:
            saved = envelope.pop(SAVED)
            if message["host_id"] != self.host_id:
                self.orders.obey(SAVED, saved)
        self._reach(message["event"], envelope, message.get("room"))
