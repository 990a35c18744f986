"""The services' port, brought out through rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.games.api import Event
from app.live.names import (
    LOBBY,
    NAMESPACE,
    SESSION_ENDED,
    session_room,
    user_room,
    watch_room,
)
from app.live.rooms import LocalManager, SharedManager
from app.live.views import audiences
from app.services.records import MatchRecord


class RoomPublisher:
    """`app.services.publish.Publisher` on a client manager. Implements each of its methods."""

    def __init__(self, manager: LocalManager | SharedManager) -> None:
        self._manager = manager

    def match(self, record: MatchRecord, events: Sequence[Event] = ()) -> None:
        for data, rooms in audiences(record):
            self._emit("match_update", data, rooms)

    def user(self, user_id: int, type: str, data: Any) -> None:
        self._emit(type, data, [user_room(user_id)])

    def watchers(self, match_id: str, type: str, data: Any) -> None:
        self._emit(type, data, [watch_room(match_id)])

    def lobby(self, type: str, data: Any) -> None:
        self._emit(type, data, [LOBBY])

    def end_session(self, session_id: int) -> None:
        self._emit(SESSION_ENDED, {}, [session_room(session_id)])

    def _emit(self, type: str, data: Any, rooms: list[str]) -> None:
        self._manager.emit(type, {"type": type, "data": data}, namespace=NAMESPACE, room=rooms)
