"""Rooms for connections of every kind, on this worker and through Redis on all of them.

Socket.IO's client manager already knows rooms and carries them across workers. Here it gets
members of another kind: raw connections, which sit in the same rooms and are reached by the
same emit. A message is encoded once a wire, however many members share it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Any, Protocol

import socketio

from app.live.names import NAMESPACE, SESSION_ENDED
from app.live.partings import hang_up


class Wire(Protocol):
    """How a raw protocol writes the house's messages; one shared object a protocol."""

    def encode(self, type: str, data: Any) -> bytes | None:
        """A frame ready to be sent, or None for a type the protocol does not know."""


class Member(Hashable, Protocol):
    """A connection outside Socket.IO."""

    @property
    def wire(self) -> Wire: ...

    def deliver(self, frame: bytes) -> None:
        """Send a frame, now or as soon as the client takes it; never waits."""

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

    def leave_all(self, member: Member) -> None:
        with self._lock:
            for room in self._rooms.pop(member, ()):
                members = self._members[room]
                del members[member]
                if not members:
                    del self._members[room]

    def members(self, rooms: Sequence[str]) -> list[Member]:
        """Everyone in any of these rooms, each once, as of now."""
        with self._lock:
            found: dict[Member, None] = {}
            for room in rooms:
                found.update(self._members.get(room, ()))
            return list(found)

    def deliver(self, rooms: Sequence[str], type: str, data: Any) -> None:
        """Send a message to everyone in any of these rooms, encoded once a wire."""
        frames: dict[Wire, bytes | None] = {}
        members = self.members(rooms)
        for member in members:
            wire = member.wire
            if wire not in frames:
                frames[wire] = wire.encode(type, data)
            frame = frames[wire]
            if frame is not None:
                member.deliver(frame)
        if type == SESSION_ENDED:
            for member in members:
                member.close(1008, "session ended")


class _RawMembers:
    """A client manager's emit, reaching raw connections too."""

    raw: Rooms

    def _reach_raw(self, envelope: Any, room: Any) -> None:
        rooms = [room] if isinstance(room, str) else room
        if rooms and isinstance(envelope, dict) and "type" in envelope:
            self.raw.deliver(rooms, envelope["type"], envelope["data"])

    def _cut_sockets(self, event: str, room: Any) -> None:
        if event == SESSION_ENDED and room:
            members = self.get_participants(NAMESPACE, room)  # type: ignore[attr-defined]
            for sid, _ in list(members):
                hang_up(self.server, sid)  # type: ignore[attr-defined]


class LocalManager(_RawMembers, socketio.Manager):
    """The rooms of a house with one worker."""

    def __init__(self, raw: Rooms) -> None:
        super().__init__()
        self.raw = raw

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **rest: Any) -> None:
        room = rest.pop("to", None) or room
        self._reach_raw(data, room)
        super().emit(event, data, namespace, room=room, **rest)
        self._cut_sockets(event, room)


class SharedManager(_RawMembers, socketio.RedisManager):
    """The rooms of a house with several workers, joined by Redis."""

    def __init__(self, raw: Rooms, url: str) -> None:
        super().__init__(url, channel="parlour")
        self.raw = raw

    # Every emit, from this worker or another, comes through here on each worker once.
    def _handle_emit(self, message: dict[str, Any]) -> None:
        data = message["data"]
        room = message.get("room")
        self._reach_raw(data[0] if isinstance(data, list) and data else data, room)
        super()._handle_emit(message)
        self._cut_sockets(message["event"], room)
