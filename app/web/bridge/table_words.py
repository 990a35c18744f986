"""A bridge table in the hall, in words, as static/js/bridge-hall.js says them."""

from __future__ import annotations

from app.services.bridge.rows import TableRow
from app.web.words import say


def table_words(row: TableRow) -> str:
    """What goes on at a table."""
    if row.playing:
        return say("b_playing", board=row.board)
    return say("b_waiting") if row.free else say("b_between")
