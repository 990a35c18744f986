"""Players of bridge who are gone, and those who come back.

Each worker has timers for those whose last connection it sees go, and housekeeping for those whom
a killed worker forgot, and for those who never had one (pages without a script). The time in which
the house itself was closed does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Unit

from app.services.absence import MANY, SILENT
from app.services.bridge import deals, kibitzers, news, rows, seating
from app.services.bridge.news import Change
from app.services.bridge.seating import Table
from app.services.house import House
from app.services.reach import is_here
from app.store import BridgeSeat, Kibitzer, Presence, User

_Condition = ColumnElement[bool] | InstrumentedAttribute[bool]
_HERE = select(Presence.id).where(Presence.user_id == User.id).exists()


def miss(house: House, user_ids: Collection[int]) -> None:
    """These users' last connections are gone: unless they come back soon, they have left."""
    if not user_ids:
        return
    found = _around(house, *((User.id.in_(user_ids),) if len(user_ids) <= MANY else ()))
    for user_id in found.intersection(user_ids):
        _await(house, user_id, house.clock() + _away(house))


def back(house: House, user_id: int) -> None:
    """A user is here again: the seat that they lost with their connection is theirs once more."""
    mine = BridgeSeat.user_id == user_id, BridgeSeat.gone
    with house.store.read() as unit:
        table_id = unit.scalar(select(BridgeSeat.table_id).where(*mine))
    if table_id is None:
        return

    def work(unit: Unit, table: Table, change: Change) -> None:
        seat = table.seat_of(user_id)
        if seat is not None and seat.gone:
            seating.resume(unit, seat, change)

    deals.act(house, table_id, work)


def signed_out(house: House, user_ids: Collection[int]) -> None:
    """These users have gone by signing out, and are connected nowhere else: they leave."""
    for user_id in _around(house, User.id.in_(user_ids)):
        _vacate(
            house,
            user_id,
            lambda unit, table, seat, change: deals.depart(house, unit, table, seat, change),
        )


def renamed(house: House, user_id: int) -> None:
    """Tell the tables where a user sits or looks on of the name of now."""
    seated = rows.seated_at(house, user_id)
    for table_id in [*([seated] if seated else ()), *rows.watched_by(house, user_id)]:
        news.tell_table(house, table_id)


def part(house: House, one: int, other: int) -> None:
    """`one` has blocked `other`: where both sit, and no deal is being played, `one` leaves.

    In mid-deal they play on together until it is over. Neither looks over the other's shoulder.
    """
    kibitzers.part(house, one, other)
    kibitzers.part(house, other, one)

    def work(unit: Unit, table: Table, change: Change) -> None:
        if not table.playing and table.seat_of(other) is not None:
            seat = table.seat_of(one)
            if seat is not None:
                seating.stand(unit, table, seat.seat, change)

    table_id = rows.seated_at(house, one)
    if table_id is not None and table_id == rows.seated_at(house, other):
        deals.act(house, table_id, work)


def sweep(house: House) -> int:
    """Settle what is overdue at the tables, and see who is missing; how much there was to do.

    Who has long been silent is looked at again after a while, counted from now: the house may
    have been closed. Who can never come back has left for good.
    """
    done = deals.sweep(house) + dismiss_gone(house)
    limit = house.clock() - SILENT
    for user_id in _around(house, User.active, ~_HERE, User.seen_at < limit, waits=True):
        _await(house, user_id, house.clock() + _away(house), once=True)
    return done


def dismiss_gone(house: House) -> int:
    """Have those who can never come back leave for good: nobody's seat is kept; how many."""
    gone = _around(house, ~User.active, waits=True)
    for user_id in gone:
        _dismiss(house, user_id)
    return len(gone)


def _around(house: House, *where: _Condition, waits: bool = False) -> set[int]:
    """The users who sit or look on somewhere and meet these conditions.

    `waits`: but for those who are known to have left their seat.
    """
    sits = select(BridgeSeat.user_id).where(BridgeSeat.user_id.is_not(None))
    if waits:
        sits = sits.where(BridgeSeat.left_at.is_(None))
    there = union(sits, select(Kibitzer.user_id)).subquery()
    query = select(User.id).join(there, there.c.user_id == User.id).where(*where)
    with house.store.read() as unit:
        return set(unit.scalars(query))


def _await(house: House, user_id: int, until: datetime, *, once: bool = False) -> None:
    set_timer = house.timers.set_once if once else house.timers.at
    set_timer(("bridge away", user_id), until, lambda: _look(house, user_id))


def _look(house: House, user_id: int) -> None:
    """Have somebody be gone who is still not here; whoever uses a page meanwhile is."""
    with house.store.read() as unit:
        user = unit.get(User, user_id)
        if user is None or unit.scalar(select(_HERE).where(User.id == user_id)):
            return
    until = user.seen_at + _away(house)
    if until > house.clock():  # away since later, through another worker perhaps
        _await(house, user_id, until)
        return
    _desert(house, user_id)
    if is_here(house, user_id):  # they came back at this moment
        back(house, user_id)


def _desert(house: House, user_id: int) -> None:
    """A user is gone: in mid-deal their seat is kept for them, between deals it is free."""

    def go(unit: Unit, table: Table, seat: BridgeSeat, change: Change) -> None:
        if table.playing:
            seating.leave(seat, house.clock(), change, gone=True)
        else:
            seating.stand(unit, table, seat.seat, change)

    _vacate(house, user_id, go)


def _dismiss(house: House, user_id: int) -> None:
    """A user can never come back: their seat is kept for nobody."""

    def go(unit: Unit, table: Table, seat: BridgeSeat, change: Change) -> None:
        if table.playing:
            long_ago = house.clock() - timedelta(seconds=house.config.BRIDGE_KEEP)
            seating.leave(seat, long_ago, change, gone=False)
        else:
            seating.stand(unit, table, seat.seat, change)

    _vacate(house, user_id, go)


def _vacate(
    house: House, user_id: int, go: Callable[[Unit, Table, BridgeSeat, Change], object]
) -> None:
    """Have a user go, in that way, from where they sit, and look on nowhere."""

    def work(unit: Unit, table: Table, change: Change) -> None:
        seat = table.seat_of(user_id)
        if seat is not None:
            go(unit, table, seat, change)

    table_id = rows.seated_at(house, user_id)
    if table_id is not None:
        deals.act(house, table_id, work)
    kibitzers.desert(house, user_id)


def _away(house: House) -> timedelta:
    return timedelta(seconds=house.config.BRIDGE_AWAY)
