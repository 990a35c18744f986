"""What goes with an account or a guest: at their own wish, at an admin's, or for being unused.

Their rows stay for the matches they played, under `NAME`; the name is free for somebody
else. What is to be done and told once that is committed is in `app.services.farewell`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Unit

from app.services import accounts, channels, sessions
from app.services.house import House
from app.store import (
    Analysis,
    ApiToken,
    Ban,
    Block,
    BoardSeen,
    Friend,
    Joined,
    Message,
    Rating,
    RatingChange,
    ReadMark,
    Report,
    Seat,
    Seek,
    User,
    locks,
)
from app.store.people import DELETED_NAME

NAME: Final = DELETED_NAME
TOLD: Final = 500  # lines that whoever looks at them is told of: no page shows more

THEIRS: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    ApiToken.user_id,
    Ban.user_id,
    Block.user_id,
    Block.blocked_id,
    BoardSeen.user_id,
    Friend.user_id,
    Friend.friend_id,
    Joined.user_id,
    ReadMark.user_id,
    Seek.user_id,
)
"""The columns by which a row is a user's alone, and goes with them at once.

Sessions go, too, and those they had open are cut. Seats at open tables, in the bridge hall, and
live connections go as of anyone who leaves for good; ratings once the last match is rated.
"""

_APART: Final = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Removal:
    """Who has been taken away, by id the name they had, and what others are to be told of.

    `sessions` have ended. `lines`, at most `TOLD` of each, are said no more: by number the room's
    key. `befriended` had them in their lists, `blockers` had blocked them, `talked` with them.
    """

    names: dict[int, str] = field(default_factory=dict)
    sessions: list[int] = field(default_factory=list)
    lines: dict[int, str] = field(default_factory=dict)
    befriended: frozenset[int] = frozenset()
    blockers: frozenset[int] = frozenset()
    talked: frozenset[int] = frozenset()


def hold_matches(unit: Unit, user_id: int) -> None:
    """Hold the running matches of somebody who is to be removed until the transaction ends.

    Before anybody is held: group commits take matches first, then users. Every worker reads these
    matches anew, without the name.
    """
    accounts.renew_open_matches(unit, user_id)


def remove(house: House, unit: Unit, user_ids: Sequence[int]) -> Removal:
    """Take these users away inside a transaction; then `farewell.tell`.

    Whoever has held one of them before has called `hold_matches` first. Of what they said nothing
    stays but what has been reported, which admins alone see; private talks go as a whole. A worker
    that is killed before it has told of it leaves nothing undone: housekeeping ends their matches,
    clears their tables and takes them off the rankings.
    """
    for user_id in user_ids:
        hold_matches(unit, user_id)
    here = select(User.id, User.name).where(User.id.in_(user_ids), User.active).order_by(User.id)
    names = {row.id: row.name for row in unit.execute(here.with_for_update(key_share=True))}
    ids = list(names)
    house.store.one_at_a_time(unit, locks.LINES)  # nothing more is said by them
    befriended = select(Friend.user_id).where(Friend.friend_id.in_(ids))
    blockers = select(Block.user_id).where(Block.blocked_id.in_(ids))
    rooms = _talks(unit, ids)
    talked = {member for room in rooms for member in channels.members_of(room)}
    removal = Removal(
        names=names,
        befriended=frozenset(unit.scalars(befriended)),
        blockers=frozenset(unit.scalars(blockers)),
        sessions=sessions.end_all(unit, ids),
        talked=frozenset(talked.difference(ids)),
        lines=_unsay(unit, ids, rooms),
    )
    _forget(unit, ids)
    return removal


def clear_ratings(unit: Unit) -> int:
    """Forget what those who have been removed were rated, once their last match is closed.

    How many accounts there were, each perhaps in several games' rankings. Their opponents' own
    changes stay.
    """
    playing = select(Seat.match_id).where(Seat.user_id == User.id, Seat.open)
    gone = select(User.id).where(User.registered, ~User.active, ~playing.exists())
    off = delete(Rating).where(Rating.user_id.in_(gone)).returning(Rating.user_id)
    cleared = set(unit.scalars(off.execution_options(**_APART)))
    if cleared:
        steps = delete(RatingChange).where(RatingChange.user_id.in_(cleared))
        unit.execute(steps.execution_options(**_APART))
    return len(cleared)


def _talks(unit: Unit, ids: Sequence[int]) -> set[str]:
    """The keys of the private talks of these users."""
    talks = ReadMark.room.startswith(f"{channels.DM}:")
    return set(unit.scalars(select(ReadMark.room).where(ReadMark.user_id.in_(ids), talks)))


def _unsay(unit: Unit, ids: Sequence[int], rooms: Collection[str]) -> dict[int, str]:
    """Take back all that these users said, and their talks; the last lines, as `_take_back`."""
    theirs = Message.user_id.in_(ids)
    lines = _take_back(unit, or_(theirs, Message.room.in_(rooms)))
    unnamed = update(Message).where(theirs).values(name=NAME)
    unit.execute(unnamed.execution_options(**_APART))
    unit.execute(delete(ReadMark).where(ReadMark.room.in_(rooms)).execution_options(**_APART))
    return lines


def _forget(unit: Unit, ids: Sequence[int]) -> None:
    """Forget who these users were, and delete what is theirs alone."""
    nobody = {
        "name": NAME,
        "active": False,
        "admin": False,
        "password_hash": None,
        "play_singles": False,
        "bridge_system": "",
        "language": "",
        "seen_at": User.created_at,
    }
    reported = Report.reporter_id.in_(ids)
    statements = [
        update(User).where(User.id.in_(ids)).values(nobody),
        *(delete(column.class_).where(column.in_(ids)) for column in THEIRS),
        update(Analysis).where(Analysis.asked_by.in_(ids)).values(asked_by=None),
        delete(Report).where(reported, Report.closed_at.is_not(None)),
        update(Report).where(reported).values(reporter_id=None),
    ]
    for statement in statements:
        unit.execute(statement.execution_options(**_APART))


def _take_back(unit: Unit, where: ColumnElement[bool]) -> dict[int, str]:
    """Delete lines, or hide those that have been reported; the last ones, by number their room."""
    shown = select(Message.id, Message.room).where(where, ~Message.hidden)
    last = unit.execute(shown.order_by(Message.id.desc()).limit(TOLD))
    lines = {row.id: row.room for row in last}
    reported = select(Report.id).where(Report.message_id == Message.id).exists()
    unit.execute(delete(Message).where(where, ~reported).execution_options(**_APART))
    unit.execute(update(Message).where(where).values(hidden=True).execution_options(**_APART))
    return lines
