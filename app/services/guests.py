"""Guests go: a name is lent for as long as its session is good."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from app.games import OFFERED
from app.services import matches, offers, sessions
from app.services.house import House
from app.services.rounds import SIZE, one_by_one
from app.store import BridgeSeat, Match, Message, ReadMark, Seat, Session, User
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
    with house.store.read() as unit:
        if unit.scalar(select(User.id).where(*gone).limit(1)) is None:
            return 0  # as nearly always when somebody registers: it need not wait to write
    with house.store.write() as unit:
        ids = list(unit.scalars(select(User.id).where(*gone)))
        left = offers.take_of(unit, ids)
        released = affected(unit, update(User).where(User.id.in_(ids)).values(active=False))
        unit.execute(delete(Session).where(Session.user_id.in_(ids)))
        # Who never sat down nor said a word leaves nothing that would need them. A number that
        # talks are kept under must not be given to somebody else.
        seated = select(Seat.match_id).where(Seat.user_id == User.id).exists()
        spoke = select(Message.id).where(Message.user_id == User.id).exists()
        at_table = select(BridgeSeat.seat).where(BridgeSeat.user_id == User.id).exists()
        spoken_to = select(ReadMark.room).where(ReadMark.user_id == User.id).exists()
        traceless = delete(User).where(User.id.in_(ids), ~seated, ~at_table, ~spoke, ~spoken_to)
        unit.execute(traceless.execution_options(synchronize_session=False))
    offers.tell_departure(house, left)
    if released:
        close_matches(house)
    return released


def close_matches(house: House, limit: int = SIZE) -> int:
    """End the open matches, at most `limit`, of those who can never come back; how many.

    Their tables go, too. Matches of games with a hall of their own go on: there others take seats
    over. Apart from their leaving, so that a worker that stops in between leaves nothing undone.
    """
    offers.drop_orphaned(house)
    orphaned = (
        select(Match.id, Seat.user_id)
        .join(Seat, Seat.match_id == Match.id)
        .join(User, User.id == Seat.user_id)
        .where(Seat.open, ~User.active, Match.game.in_(OFFERED))
    )
    with house.store.read() as unit:
        leavers = {row.id: row.user_id for row in unit.execute(orphaned.limit(limit))}
    return one_by_one(house, list(leavers), lambda id: matches.close_for(house, id, leavers[id]))
