"""Where a deal of bridge is to be seen: it has no page of its own among the matches."""

from __future__ import annotations

from flask import url_for

from app.services.bridge import boards
from app.services.records import MatchRecord
from app.web.context import house


def address(record: MatchRecord, user_id: int | None) -> str:
    """The page that shows a deal to a user, or a stranger (None), or says why it does not.

    While it is played its table's; afterwards the way through it, or its board's for whoever may
    still be dealt that.
    """
    if not record.over:
        return url_for("bridge.table", tid=record.table_id)
    if boards.open_match(house(), user_id, record):
        return url_for("play.replay", match_id=record.id, ply=0)
    return url_for("bridge.board", board_id=record.board_id)
