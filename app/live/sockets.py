"""Socket.IO: the website's connection. The event's name is the type, its argument the envelope.

Handlers sit on python-socketio's own namespace, without Flask's request context, which would
cost more than everything else an event does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
import socketio
import structlog

from app.live import packets
from app.live.commands import (
    LONGEST_SHOWN,
    Reply,
    Result,
    error_reply,
    greeting,
    handle,
    leave,
)
from app.live.gate import Gate
from app.live.guard import Guard
from app.live.links import Link
from app.live.names import NAMESPACE, SESSION_ENDED, session_room, user_room
from app.live.partings import SOCKET_KEY, cut, hang_up
from app.services import presence, trouble
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller

log = structlog.get_logger(__name__)

# Of a handshake: where it came from, its socket, and what its own server goes on using.
KEPT: Final = frozenset({"REMOTE_ADDR", SOCKET_KEY, "eventlet.posthooks"})

Identify = Callable[[dict[str, Any]], Caller | None]


class FastJson:
    """The `json` module's face, as python-socketio uses it, on msgspec."""

    @staticmethod
    def dumps(value: Any, **_: Any) -> str:
        return msgspec.json.encode(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_: Any) -> Any:
        try:
            return msgspec.json.decode(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None


class Visitor(Link):
    """A Socket.IO connection."""

    __slots__ = ("_namespace", "_sid", "address", "caller", "presence_id", "watching")

    def __init__(self, namespace: HouseNamespace, sid: str, address: str) -> None:
        self._namespace = namespace
        self._sid = sid
        self.address = address
        self.caller: Caller | None = None
        self.presence_id: int | None = None
        self.watching: dict[str, int] = {}
        self.gone = False
        self.looking: str | None = None
        self.glancing: frozenset[str] = frozenset()

    def join(self, room: str) -> None:
        self._namespace.enter_room(self._sid, room)

    def leave(self, room: str) -> None:
        self._namespace.leave_room(self._sid, room)


class HouseNamespace(socketio.Namespace):
    """Everything that arrives over Socket.IO."""

    def __init__(self, house: House, identify: Identify, gate: Gate) -> None:
        """`identify(environ)`: who the handshake's cookie belongs to."""
        super().__init__(NAMESPACE)
        self._house = house
        self._identify = identify
        self._gate = gate
        self._visitors: dict[str, Visitor] = {}

    def _set_server(self, server: socketio.Server) -> None:
        super()._set_server(server)
        config = self._house.config
        guard = Guard(
            server,
            self.request,
            rate=config.MESSAGES_PER_SECOND,
            burst=config.MESSAGE_BURST,
            most=config.MAX_CONNECTIONS,
        )
        guard.stand()

    def trigger_event(self, event: str, sid: str, *args: Any) -> None:
        """A client has come or gone. What clients call so themselves goes to `request`."""
        if event == "connect":
            self._connect(sid, *args)
        elif event == "disconnect":
            self._disconnect(sid)

    def request(self, event: str, sid: str, envelope: Any = None, *_: Any) -> dict[str, Any]:
        """Every event of a client comes through here; returns the acknowledgement."""
        if not self._gate.enter():
            closing = ServiceError("closing", "The house is closing just now.")
            return Result(error=closing).ack
        try:
            return self._request(event, sid, envelope)
        except Exception as failed:
            # The outermost loop of a connection: whatever it was, the connection lives on.
            error = trouble.refusal(failed)
            if error is None:
                log.exception("a Socket.IO request failed", type=event)
                error = ServiceError("internal", "Something went wrong here. It has been logged.")
            self._send(sid, [error_reply(error, event[:LONGEST_SHOWN])])
            return Result(error=error).ack
        finally:
            self._gate.leave()

    def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        visitor = Visitor(self, sid, environ.get("REMOTE_ADDR", ""))
        self._visitors[sid] = visitor
        try:
            self._greet(sid, visitor, environ)
        except trouble.ERRORS as failed:
            if trouble.refusal(failed) is None:
                raise
            cut(self.server, sid)  # it comes back by itself

    def _greet(self, sid: str, visitor: Visitor, environ: dict[str, Any]) -> None:
        house = self._house
        caller = visitor.caller = self._identify(environ)
        _forget(environ)
        if caller is None:
            return
        # Rooms first, then the state: whatever changes in between arrives twice, not never.
        visitor.join(user_room(caller.user_id))
        visitor.join(session_room(caller.session_id))
        try:
            visitor.presence_id = presence.connect(house, caller, "socket.io", visitor.address)
        except ServiceError:  # the session ended between the cookie's reading and now
            self._send(sid, [Reply(SESSION_ENDED, {})])
            hang_up(self.server, sid)
            return
        if sid not in self._visitors:  # gone by now, and nobody else would note that
            presence.disconnect(house, visitor.presence_id)
            return
        self._send(sid, greeting(house, caller))

    def _disconnect(self, sid: str) -> None:
        visitor = self._visitors.pop(sid, None)
        if visitor is None:
            return
        try:
            try:
                leave(self._house, visitor)
            finally:  # whatever the database makes of that
                if visitor.presence_id is not None:
                    presence.disconnect(self._house, visitor.presence_id)
        except trouble.ERRORS as failed:
            trouble.said(failed)  # or the library would keep the client in its rooms for ever

    def _request(self, event: str, sid: str, envelope: Any) -> dict[str, Any]:
        visitor = self._visitors[sid]
        result = self._answer(visitor, event, envelope)
        self._send(sid, result.replies)
        result.then()
        return result.ack

    def _answer(self, visitor: Visitor, event: str, envelope: Any) -> Result:
        if not isinstance(envelope, dict) or envelope.get("type") != event:
            error = ServiceError("malformed", "An event carries {type, data}, type as its name.")
            return Result([error_reply(error, event[:LONGEST_SHOWN])], error)
        return handle(self._house, visitor, event, envelope.get("data"))

    def _send(self, sid: str, replies: list[Reply]) -> None:
        if not replies:
            return
        eio_sid = self.server.manager.eio_sid_from_sid(sid, NAMESPACE)
        if eio_sid is None:  # gone by now
            return
        for type, data in replies:
            answer = packets.event(type, {"type": type, "data": data})
            self.server._send_eio_packet(eio_sid, answer)


def _forget(environ: dict[str, Any]) -> None:
    """Let go of a handshake, all but what is asked of it later: the server keeps it for as long
    as the connection lives.
    """
    for key in environ.keys() - KEPT:
        del environ[key]
