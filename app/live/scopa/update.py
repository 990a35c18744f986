"""`match_state` of scopa."""

from __future__ import annotations

from typing import Any

from app.services.records import MatchRecord


def match_state(record: MatchRecord, view: dict[str, Any]) -> dict[str, Any]:
    """The position as the viewer sees it (`app.games.scopa.view`), and who plays.

    Beside the view's fields: `"seats"` (each as `SeatInfo.json` has it),
    `"commitment"` (the hash of the seed, in hex) and, once the match is over, the `"seed"`,
    `"game_over"`, `"winners"`: names, `"current_player"`: name or None, `"ended_by"`: `{"reason",
    "user"}` or None.
    """
    names = [info.name for info in record.seats]
    outcome, ended_by = record.outcome, record.ended_by
    to_move = min(record.actors, default=None)
    state = {
        **view,
        "seats": [info.json() for info in record.seats],
        "commitment": record.commitment,
        "game_over": record.over,
        "winners": [] if outcome is None else [names[seat] for seat in outcome.winners],
        "current_player": None if to_move is None else names[to_move],
        "ended_by": ended_by and {"reason": ended_by.reason, "user": ended_by.user},
    }
    return {**state, "seed": record.seed.hex()} if record.over else state
