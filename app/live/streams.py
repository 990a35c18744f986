"""Which games tell a match event by event, beside how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Event
from app.live import bridge, scopa
from app.live.views import Listeners
from app.services.records import MatchRecord

Told = tuple[str, dict[str, Any]]  # a message's type and its data


def _scopa(record: MatchRecord, events: Sequence[Event], to: Listeners) -> Sequence[Told]:
    return [("match_data", data) for data in scopa.messages(record, events, to.viewer)]


def _bridge(record: MatchRecord, events: Sequence[Event], to: Listeners) -> Sequence[Told]:
    return bridge.messages(record, events, to.viewer, kibitz=to.kibitz)


STREAMS: Final[
    Mapping[str, Callable[[MatchRecord, Sequence[Event], Listeners], Sequence[Told]]]
] = MappingProxyType({"scopa": _scopa, "bridge": _bridge})
"""By the key of such a game: the messages for those who listen from one place."""


def happened(record: MatchRecord, events: Sequence[Event], to: Listeners) -> Sequence[Told]:
    """What `to` are told of events, in its order."""
    stream = STREAMS.get(record.game)
    return () if stream is None else stream(record, events, to)
