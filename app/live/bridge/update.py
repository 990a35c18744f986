"""`match_state` of bridge."""

from __future__ import annotations

from typing import Any

from app.games.bridge import SIDES
from app.services.records import MatchRecord


def match_state(record: MatchRecord, view: dict[str, Any]) -> dict[str, Any]:
    """The deal as the viewer sees it (`app.games.bridge.view`), and who plays.

    Beside the view's fields: `"table"` and `"board_id"`, `"players"` by side (each as
    `SeatInfo.json` has it), `"commitment"` (the hash of the seed, in hex) and, where nothing is
    hidden any more, the `"seed"`; `"game_over"`, `"ended_by"`: `{"reason", "user"}` or None.
    """
    ended_by = record.ended_by
    state = {
        **view,
        "table": record.table_id,
        "board_id": record.board_id,
        "players": {SIDES[seat]: info.json() for seat, info in enumerate(record.seats)},
        "commitment": record.commitment,
        "game_over": record.over,
        "ended_by": ended_by and {"reason": ended_by.reason, "user": ended_by.user},
    }
    # The seed gives every card away: it goes where the whole deal does.
    return {**state, "seed": record.seed.hex()} if view["deal"] is not None else state
