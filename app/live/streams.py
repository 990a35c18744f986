"""Which games tell a match event by event, beside how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Event, Seat
from app.live import scopa
from app.services.records import MatchRecord

Stream = Callable[[MatchRecord, Sequence[Event], Seat | None], list[dict[str, Any]]]

STREAMS: Final[Mapping[str, Stream]] = MappingProxyType({"scopa": scopa.messages})
"""By the key of such a game: the data of the `match_data` messages for one viewer."""


def match_data(
    record: MatchRecord, events: Sequence[Event], viewer: Seat | None
) -> list[dict[str, Any]]:
    """What the player in seat `viewer`, or a spectator (None), is told of events, in its order."""
    stream = STREAMS.get(record.game)
    return [] if stream is None else stream(record, events, viewer)
