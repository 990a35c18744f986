"""Guests go: a name is lent for as long as its session is good."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.services import matches, sessions
from app.services.house import House
from app.store import Session, User


def release(house: House, name: str | None = None) -> int:
    """Let go of the guests (or the one of that name) whose sessions are all over.

    Their open matches end, since nobody can come back to them, and their names are free. How
    many there were.
    """
    limit = house.clock() - sessions.lifetime(house, registered=False)
    alive = select(Session.id).where(Session.user_id == User.id, Session.used_at >= limit)
    gone = select(User).where(~User.registered, User.active, ~alive.exists())
    if name is not None:
        gone = gone.where(User.name == name)
    with house.store.read() as unit:
        users = list(unit.scalars(gone))
    for user in users:
        for record in matches.open_of(house, user.id):
            matches.close_for(house, record.id, user.id)
        with house.store.write() as unit:
            unit.execute(delete(Session).where(Session.user_id == user.id))
            unit.get_one(User, user.id).active = False
    return len(users)
