"""Guests go: a name is lent for as long as its session is good."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from app.services import matches, sessions
from app.services.house import House
from app.services.rounds import SIZE, end_each
from app.store import Match, Seat, Session, User
from app.store.base import affected


def release(house: House, name: str | None = None) -> int:
    """Let go of the guests (or the one of that name) whose sessions are all over.

    Their names are free, and their open matches end, since nobody can come back to them. How
    many guests there were.
    """
    limit = house.clock() - sessions.lifetime(house, registered=False)
    alive = select(Session.id).where(Session.user_id == User.id, Session.used_at >= limit)
    gone = [~User.registered, User.active, ~alive.exists()]
    if name is not None:
        gone.append(User.name == name)
    with house.store.write() as unit:
        ids = list(unit.scalars(select(User.id).where(*gone)))
        released = affected(unit, update(User).where(User.id.in_(ids)).values(active=False))
        unit.execute(delete(Session).where(Session.user_id.in_(ids)))
        # Who never sat down leaves nothing that would need them.
        seated = select(Seat.match_id).where(Seat.user_id == User.id)
        never_played = delete(User).where(User.id.in_(ids), ~seated.exists())
        unit.execute(never_played.execution_options(synchronize_session=False))
    if released:
        close_matches(house)
    return released


def close_matches(house: House, limit: int = SIZE) -> int:
    """End the open matches, at most `limit`, of those who can never come back; how many.

    Apart from their leaving, so that a worker that stops in between leaves nothing undone.
    """
    orphaned = (
        select(Match.id, Seat.user_id)
        .join(Seat, Seat.match_id == Match.id)
        .join(User, User.id == Seat.user_id)
        .where(Seat.open, ~User.active)
    )
    with house.store.read() as unit:
        leavers = {row.id: row.user_id for row in unit.execute(orphaned.limit(limit))}
    return end_each(house, list(leavers), lambda id: matches.close_for(house, id, leavers[id]))
