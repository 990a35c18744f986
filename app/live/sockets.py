"""Socket.IO: the website's connection. The event's name is the type, its argument the envelope.

Handlers sit on python-socketio's own namespace, without Flask's request context, which would
cost more than everything else an event does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import socketio
import structlog

from app.live.commands import Reply, Result, error_reply, greeting, handle, log_of
from app.live.guard import Guard
from app.live.names import LOBBY, NAMESPACE, SESSION_ENDED, session_room, user_room, watch_room
from app.live.partings import hang_up
from app.live.views import match_update
from app.services import lobby, matches, presence
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller

log = structlog.get_logger(__name__)

LONGEST_SHOWN = 40  # characters of a client's own word, in an answer to it

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


@dataclass(slots=True)
class Visitor:
    """A Socket.IO connection; a stranger (no caller) may only watch."""

    caller: Caller | None = None
    presence_id: int | None = None


class HouseNamespace(socketio.Namespace):
    """Everything that arrives over Socket.IO."""

    def __init__(self, house: House, identify: Identify) -> None:
        """`identify(environ)`: who the handshake's cookie belongs to."""
        super().__init__(NAMESPACE)
        self._house = house
        self._identify = identify
        self._visitors: dict[str, Visitor] = {}
        self._own: dict[str, Callable[[str, Visitor, Any], Result]] = {
            "watch": self._watch,
            "unwatch": self._unwatch,
            "lobby": self._lobby,
            "match_log": self._match_log,
        }

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
        try:
            return self._request(event, sid, envelope)
        except Exception:
            # The outermost loop of a connection: whatever it was, the connection lives on.
            log.exception("a Socket.IO request failed", type=event)
            error = ServiceError("internal", "Something went wrong here. It has been logged.")
            self._send(sid, [error_reply(error, event[:LONGEST_SHOWN])])
            return Result(error=error).ack

    def _connect(self, sid: str, environ: dict[str, Any], _auth: Any = None) -> None:
        house = self._house
        visitor = self._visitors[sid] = Visitor()
        caller = visitor.caller = self._identify(environ)
        if caller is None:
            return
        # Rooms first, then the state: whatever changes in between arrives twice, not never.
        self.enter_room(sid, user_room(caller.user_id))
        self.enter_room(sid, session_room(caller.session_id))
        try:
            visitor.presence_id = presence.connect(house, caller, "socket.io")
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
        if visitor is not None and visitor.presence_id is not None:
            presence.disconnect(self._house, visitor.presence_id)

    def _request(self, event: str, sid: str, envelope: Any) -> dict[str, Any]:
        visitor = self._visitors[sid]
        result = self._answer(sid, visitor, event, envelope)
        self._send(sid, result.replies)
        result.then()
        return result.ack

    def _answer(self, sid: str, visitor: Visitor, event: str, envelope: Any) -> Result:
        if not isinstance(envelope, dict) or envelope.get("type") != event:
            error = ServiceError("malformed", "An event carries {type, data}, type as its name.")
            return Result([error_reply(error, event[:LONGEST_SHOWN])], error)
        data = envelope.get("data")
        own = self._own.get(event)
        if own is not None:
            try:
                return own(sid, visitor, data)
            except ServiceError as refusal:
                return Result([error_reply(refusal, event)], refusal)
        if visitor.caller is None:
            error = ServiceError("sign_in", "Sign in to do that.")
            return Result([error_reply(error, event[:LONGEST_SHOWN])], error)
        return handle(self._house, visitor.caller, event, data)

    def _watch(self, sid: str, visitor: Visitor, data: Any) -> Result:
        record = matches.get(self._house, _match_id(data))
        seat = record.seat_of(visitor.caller.user_id) if visitor.caller else None
        if seat is None:
            self.enter_room(sid, watch_room(record.id))
            record = matches.get(self._house, record.id)
        return Result([Reply("match_update", match_update(record, seat))])

    def _unwatch(self, sid: str, visitor: Visitor, data: Any) -> Result:
        self.leave_room(sid, watch_room(_match_id(data)))
        return Result()

    def _lobby(self, sid: str, visitor: Visitor, data: Any) -> Result:
        if visitor.caller is None:
            raise ServiceError("sign_in", "Sign in to see the lobby.")
        self.enter_room(sid, LOBBY)
        here = [
            {"name": row.name, "elo": row.rating, "registered": row.registered}
            for row in presence.online(self._house)
        ]
        seeking = lobby.is_seeking(self._house, visitor.caller.user_id)
        state = {"online": here, "total": presence.count(self._house), "seeking": seeking}
        return Result([Reply("lobby_state", state)])

    def _match_log(self, sid: str, visitor: Visitor, data: Any) -> Result:
        return Result(more=log_of(self._house, _match_id(data)))

    def _send(self, sid: str, replies: list[Reply]) -> None:
        for reply in replies:
            envelope = {"type": reply.type, "data": reply.data}
            self.server.emit(reply.type, envelope, room=sid, namespace=NAMESPACE, ignore_queue=True)


def _match_id(data: Any) -> str:
    match_id = data.get("id") if isinstance(data, dict) else None
    if not isinstance(match_id, str):
        raise ServiceError("malformed", "data.id must be a match's id.")
    return match_id
