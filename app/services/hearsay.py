"""How a match stands, as a worker tells the others with each move (`MatchRecord.standing`).

So they need not ask the database before their own players move. A hint, like all that is
remembered of matches: a save compares versions.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.services.house import House


def hear(house: House, told: dict[str, Any]) -> None:
    """Another worker has made a move: if the match is remembered, it is as it stands now."""
    known = house.matches.get(told["id"])
    if known is None or known.version >= told["version"]:
        return
    if told["over"] or told["revision"] != known.revision:
        house.matches.drop(known.id)
        return
    state, left = known.engine.load(told["state"]), told["left"]
    house.matches.put(
        known.changed(
            version=told["version"],
            state=state,
            moved_at=datetime.fromisoformat(told["moved_at"]),
            left=None if left is None else tuple(left),
            deadline=datetime.fromisoformat(told["deadline"]),
            outcome=known.engine.outcome(state),
        )
    )
