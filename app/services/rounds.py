"""Many matches ended one after another, without holding up those who play."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from app.games.api import RuleError
from app.services.house import House
from app.services.records import MatchRecord

log = structlog.get_logger(__name__)

SIZE = 50  # matches a round: what piled up in an outage is spread over several


def end_each(
    house: House, match_ids: Sequence[str], ending: Callable[[str], MatchRecord | None]
) -> int:
    """End these matches one by one, letting others in between; how many were ended.

    A match that cannot be read is logged and left: it must not keep the others open.
    """
    ended = 0
    for match_id in match_ids:
        try:
            ended += ending(match_id) is not None
        except RuleError as error:
            log.error("match cannot be ended", match=match_id, why=error.msg)
        house.pause()
    return ended
