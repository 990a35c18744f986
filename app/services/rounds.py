"""Many matches dealt with one after another, without holding up those who play."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from app.games.api import RuleError
from app.services.house import House
from app.services.records import MatchRecord

log = structlog.get_logger(__name__)

SIZE = 50  # matches a round: what piled up in an outage is spread over several


def one_by_one(
    house: House, match_ids: Sequence[str], action: Callable[[str], MatchRecord | None]
) -> int:
    """Do `action` with each of these matches, letting others in between.

    With how many there was something to do: those it gave a record of. A match that cannot be
    read is logged and left: it must not keep the others from their turn.
    """
    done = 0
    for match_id in match_ids:
        try:
            done += action(match_id) is not None
        except RuleError as error:
            log.error("match cannot be read", match=match_id, why=error.msg)
        house.pause()
    return done
