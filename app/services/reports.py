"""What people object to: lines that an admin should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.services import chat
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.lines import LAST, clean
from app.services.publish import Audience
from app.services.sessions import Caller
from app.store import Message, Report, User, locks
from app.store.base import affected

LONGEST: Final = 500  # characters of a reason
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An open report: the line, the room as it is kept, and who objects to it, and why."""

    id: int
    message_id: int
    room: str
    name: str
    text: str
    said_at: datetime
    hidden: bool
    reporter: str | None
    reason: str
    at: datetime


def report(house: House, caller: Caller, viewer: Viewer, message_id: int, reason: str) -> None:
    """Ask the admins to look at a line that the caller may read. Asking again changes the reason.

    Raises `no_such_message`, `yourself`, `empty`, `too_long`, `too_many`.
    """
    reason = clean(reason)
    if not reason:
        raise ServiceError("empty", "Say what is wrong with it.")
    if len(reason) > LONGEST:
        raise ServiceError("too_long", f"A reason has at most {LONGEST} characters.")
    gone = ServiceError("no_such_message", "There is no such message.")
    line = chat.find(house, viewer, message_id)
    if line.by_house:
        raise gone
    if line.user_id == caller.user_id:
        raise ServiceError("yourself", "that is you")
    house.limits.hit("report", str(caller.user_id))
    with house.store.write() as unit:
        mine = Report.message_id == line.id, Report.reporter_id == caller.user_id
        house.store.one_at_a_time(unit, locks.LINES)
        held = select(Message.id).where(Message.id == line.id)
        if unit.scalar(held.with_for_update(read=True, key_share=True)) is None:
            raise gone  # its time was up just now
        known = unit.scalar(select(Report).where(*mine))
        if known is None:
            known = Report(message_id=line.id, reporter_id=caller.user_id)
            unit.add(known)
        known.reason, known.at = reason, house.clock()
        known.closed_at = known.closed_by = None
    _tell_admins(house)


def waiting(house: House) -> list[ReportRow]:
    """The open reports, the oldest first; at most `SHOWN`."""
    reporter = aliased(User)
    query = (
        select(Report, Message, reporter.name)
        .join(Message, Message.id == Report.message_id)
        .outerjoin(reporter, reporter.id == Report.reporter_id)
        .where(Report.closed_at.is_(None))
        .order_by(Report.at, Report.id)
        .limit(SHOWN)
    )
    with house.store.read() as unit:
        return [
            ReportRow(
                id=row.id,
                message_id=message.id,
                room=message.room,
                name=message.name,
                text=message.text,
                said_at=message.at,
                hidden=message.hidden,
                reporter=name,
                reason=row.reason,
                at=row.at,
            )
            for row, message, name in unit.execute(query)
        ]


def count(house: House) -> int:
    """How many reports are open."""
    with house.store.read() as unit:
        return _count(unit)


def close(house: House, report_id: int, by: str, *, hide: bool) -> int:
    """An admin has looked at it: close all open reports of its line, which may be hidden.

    The line's id. Raises `no_such_report` for one that is closed already.
    """
    with house.store.write() as unit:
        row = unit.get(Report, min(max(report_id, 0), LAST))
        if row is None or row.closed_at is not None:
            raise ServiceError("no_such_report", "That report has been dealt with.")
        message_id = row.message_id
        same = Report.message_id == message_id, Report.closed_at.is_(None)
        closed = update(Report).where(*same).values(closed_at=house.clock(), closed_by=by[:16])
        affected(unit, closed.execution_options(synchronize_session=False))
    if hide:
        chat.hide(house, message_id)
    _tell_admins(house)
    return message_id


def _tell_admins(house: House) -> None:
    with house.store.read() as unit:
        admins = tuple(unit.scalars(select(User.id).where(User.admin, User.active)))
        number = _count(unit)
    house.publish.tell(Audience(users=admins), "reports_update", {"count": number})


def _count(unit: Unit) -> int:
    return unit.scalar(select(func.count()).where(Report.closed_at.is_(None))) or 0
