"""What happens in a deal, as messages for one viewer.

Everything in them comes from the events as `event_view` gives them to that viewer, and from what
all at the table know: who sits there, and which board it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Event, Json, Seat
from app.live.bridge import wire
from app.live.bridge.whole import whole_table
from app.live.bridge.wire import Message
from app.services.records import MatchRecord


def messages(
    record: MatchRecord, events: Sequence[Event], viewer: Seat | None, *, kibitz: bool = False
) -> list[Message]:
    """The messages in which a viewer (None: over nobody's shoulder) hears of `events`.

    `record` is the match after the move that made them, or as it begins. `kibitz`: for who looks
    on from there, and so has nothing to play.
    """
    seen = [record.engine.event_view(event, viewer) for event in events]
    teller = _Teller(record, viewer, kibitz=kibitz)
    for event in seen:
        if event is not None and event["type"] in _TELL:
            _TELL[event["type"]](teller, event["data"])
    return teller.told


class _Teller:
    """Puts events into messages, one after another."""

    def __init__(self, record: MatchRecord, viewer: Seat | None, *, kibitz: bool) -> None:
        self.record = record
        self.viewer = viewer
        self.kibitz = kibitz
        self.told: list[Message] = []
        self._next: str | None = None
        self._ended = False

    def dealt(self, data: Json) -> None:
        self.told += [wire.hand(side, cards) for side, cards in data["hands"].items() if cards]
        self.told.append(wire.start_bidding(data))

    def bid(self, data: Json) -> None:
        self.told.append(wire.bid(data, data["dbl_mode"]))

    def contract(self, data: Json) -> None:
        self.told.append(wire.start_play(data["contract"], data["lead"]))

    def card(self, data: Json) -> None:
        winner, self._next = data["trick"], data["next"]
        self.told.append(
            wire.move(
                data["side"],
                data["card"],
                data["next"],
                allowed=None if self.kibitz else data["allowed"],
                trick=None if winner is None else 1 if wire.is_own(winner, self.viewer) else -1,
            )
        )

    def shown(self, data: Json) -> None:
        """Nobody is shown their own hand again, but dummy, whose hand follows the opening lead."""
        if data["side"] == wire.side_of(self.viewer) and data["side"] != self._next:
            return
        self.told.append(wire.hand(data["side"], data["cards"]))

    def claim(self, data: Json) -> None:
        self.told.append(wire.claim(data))

    def claim_declined(self, _: Json) -> None:
        self.told.append(Message("claim.decline", {}))

    def undo_asked(self, data: Json) -> None:
        self.told.append(Message("undo", {"side": data["side"]}))

    def undo_declined(self, _: Json) -> None:
        self.told.append(Message("undo.decline", {}))

    def undone(self, _: Json) -> None:
        """Messages only ever go forward: what is now is told anew."""
        self.told += whole_table(self.record, self.viewer, kibitz=self.kibitz)

    def scored(self, data: Json) -> None:
        self._ended = True
        self.told.append(wire.end_play(data, self.record.board_id))

    def over(self, _: Json) -> None:
        if not self._ended:  # the house has ended it, without a score
            self.told.append(wire.end_play(None, self.record.board_id))


_TELL: Final[Mapping[str, Callable[[_Teller, Any], None]]] = MappingProxyType(
    {
        "dealt": _Teller.dealt,
        "bid": _Teller.bid,
        "contract": _Teller.contract,
        "card": _Teller.card,
        "shown": _Teller.shown,
        "claim": _Teller.claim,
        "claim_declined": _Teller.claim_declined,
        "undo_asked": _Teller.undo_asked,
        "undo_declined": _Teller.undo_declined,
        "undone": _Teller.undone,
        "scored": _Teller.scored,
        "over": _Teller.over,
    }
)
"""By the kind of an event: that a claim was accepted by one is seen in `match_update` alone, and
who sits down for another is told by the table."""
