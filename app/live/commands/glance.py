"""Small boards: a page that shows many matches at once, and hears of those on its screen alone."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from app.live.commands.base import Reply, Result, Vocabulary
from app.live.links import Link
from app.live.names import WATCH_PAGE, small_room
from app.services import glimpses
from app.services.errors import ServiceError
from app.services.house import House

words = Vocabulary()

MOST: Final = 24  # small boards a connection may have before it at once
_MATCH_ID: Final = re.compile(r"[0-9a-f]{32}")


class SmallBoards(msgspec.Struct):
    """The matches whose small boards are on the screen now, and no others.

    `news`: tell of matches that begin and end, too (`live_update`, `live_gone`).
    """

    ids: list[str]
    news: bool = False


@words.handles("small_boards", SmallBoards, strangers=True)
def _small_boards(house: House, link: Link, request: SmallBoards, _: Any) -> Result:
    """How those stand that were not on the screen before; `small_gone` for what is not shown."""
    wanted = frozenset(request.ids)
    if len(wanted) > MOST:
        raise ServiceError("too_many_watched", f"At most {MOST} small boards at once.")
    (link.join if request.news else link.leave)(WATCH_PAGE)
    for match_id in link.glancing - wanted:
        link.leave(small_room(match_id))
    # The room first, then the state: what changes in between arrives twice, not never.
    new = {match_id for match_id in wanted - link.glancing if _MATCH_ID.fullmatch(match_id)}
    for match_id in new:
        link.join(small_room(match_id))
    boards = glimpses.of(house, new) if new else []
    missing = new.difference(board["id"] for board in boards)
    for match_id in missing:
        link.leave(small_room(match_id))
    link.glancing = (wanted & link.glancing) | (new - missing)
    replies = [Reply("small_update", board) for board in boards]
    gone = sorted(wanted - link.glancing)
    return Result(replies + [Reply("small_gone", {"id": match_id}) for match_id in gone])
