"""The services' port, brought out through rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from app.games.api import Event
from app.live import bridge
from app.live.names import (
    BRIDGE_HALL,
    CONTROL,
    LOBBY,
    NAMESPACE,
    SAVED,
    SESSION_ENDED,
    WATCH_PAGE,
    bridge_room,
    kibitz_rooms,
    session_room,
    small_room,
    user_room,
    watch_room,
)
from app.live.rooms import LocalManager, SharedManager, Version
from app.live.streams import happened
from app.live.views import audiences, match_update
from app.services.publish import Audience
from app.services.records import MatchRecord

Clock = Callable[[], datetime]

LIVE: Final = frozenset({"live_update", "live_gone"})  # of the lobby, what strangers may hear too


def lobby_rooms(type: str) -> list[str]:
    """Who hears a message to the lobby: of matches to look at, whoever has their page open, too."""
    return [LOBBY, WATCH_PAGE] if type in LIVE else [LOBBY]


class RoomPublisher:
    """`app.services.publish.Publisher` on a client manager. Implements each of its methods."""

    def __init__(self, manager: LocalManager | SharedManager, clock: Clock) -> None:
        self._manager = manager
        self._clock = clock

    def match(self, record: MatchRecord, events: Sequence[Event] = ()) -> None:
        """First what happened, where the game tells it, then how the match stands."""
        now = self._clock()
        saved = record.standing() if self._manager.shared else None
        for to in audiences(record):
            for type, data in happened(record, events, to) if to.stream_rooms else ():
                self._emit(type, data, to.stream_rooms, of=(record.id, record.version))
            update = match_update(record, to.viewer, now, kibitz=to.kibitz)
            self._emit("match_update", update, to.rooms, saved=saved)

    def tell(self, audience: Audience, type: str, data: Any) -> None:
        own = bridge_room if type in bridge.OURS else user_room
        rooms = [own(user_id) for user_id in audience.users]
        rooms += [watch_room(match_id) for match_id in audience.watching]
        rooms += [small_room(match_id) for match_id in audience.glancing]
        for table_id in audience.tables:
            rooms += kibitz_rooms(table_id)
        if audience.lobby:
            rooms += lobby_rooms(type)
        if audience.hall:
            rooms.append(BRIDGE_HALL)
        if rooms or audience.everyone:
            self._emit(type, data, None if audience.everyone else rooms, audience.but)
        if type == bridge.TALK:
            for message, heard, but in bridge.said(audience, data):
                self._emit(message.type, message.data, heard, but)

    def user(self, user_id: int, type: str, data: Any) -> None:
        self._emit(type, data, [user_room(user_id)])

    def watchers(self, match_id: str, type: str, data: Any) -> None:
        self._emit(type, data, [watch_room(match_id)])

    def lobby(self, type: str, data: Any) -> None:
        self._emit(type, data, lobby_rooms(type))

    def carry(self, old_id: str, new_id: str) -> None:
        self.control("carry", {"from": old_id, "to": new_id})

    def end_session(self, session_id: int) -> None:
        self._emit(SESSION_ENDED, {}, [session_room(session_id)])

    def reaches_all(self) -> bool:
        return getattr(self._manager, "joined", False)

    def control(self, order: str, data: Any) -> None:
        self._manager.emit(CONTROL, {"type": order, "data": data}, namespace=NAMESPACE)

    def _emit(
        self,
        type: str,
        data: Any,
        rooms: Sequence[str] | None,
        but: Sequence[int] = (),
        of: Version | None = None,
        saved: Any = None,
    ) -> None:
        envelope = {"type": type, "data": data}
        if but:
            envelope["but"] = list(but)
        if of is not None:
            envelope["of"] = of
        if saved is not None:
            envelope[SAVED] = saved  # for the other workers, and no client
        self._manager.emit(type, envelope, namespace=NAMESPACE, room=rooms)
