"""Cards that play themselves: the only one that somebody may play, where they wish it so."""

from __future__ import annotations

from app.games.api import Json, Seat
from app.services.records import MatchRecord


def single(record: MatchRecord, seat: Seat) -> Json | None:
    """The raw move of the only card that a seat may play, dummy's for declarer too; else None."""
    if not record.seats[seat].singles:
        return None
    cards = record.engine.view(record.state, seat)["cards"]
    return {"card": cards[0]} if len(cards) == 1 else None
