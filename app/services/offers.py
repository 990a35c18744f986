"""How what stands open goes away: closed, expired, played, left by those who sat there.

Each is one transaction: of two who try to take a table away, or to take it away and to begin its
match, one gets it. What is told of it is told after.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session as Unit

from app.services import pairing
from app.services.house import House
from app.services.records import MatchRecord
from app.services.table_news import (
    Departure,
    Freed,
    Gone,
    tell_departure,
    tell_gone,
    tell_renamed,
)
from app.services.table_rows import (
    TO_JOIN,
    TableRow,
    challenges,
    listed,
    look,
    own,
    rows,
    still_open,
)
from app.services.time_control import PER_MOVE
from app.store import OpenTable, TableSeat, User
from app.store.query import Query
from app.store.tables import is_table

__all__ = [
    "AT_ONCE",
    "PROPOSAL",
    "TableRow",
    "challenges",
    "clear",
    "depart",
    "drop",
    "drop_of",
    "drop_orphaned",
    "expire",
    "expire_proposal",
    "listed",
    "lock",
    "meet",
    "own",
    "part",
    "rows",
    "still_open",
    "take",
    "take_away",
    "take_of",
    "tell_departure",
    "tell_gone",
    "tell_renamed",
]

Users: TypeAlias = Collection[int] | Select[int]

AT_ONCE: Final = OpenTable.base.is_not(None) | (OpenTable.per_move == PER_MOVE[0])
"""The condition that whoever plays must be there from the start."""

PROPOSAL: Final = OpenTable.grace.is_not(None)
"""The condition that those who are asked answer at once or never."""

_SITS: Final = Query(
    select(TableSeat.table_id)
    .where(TableSeat.user_id.in_(bindparam("users", expanding=True)))
    .limit(1)
)
"""Asked whenever a match begins."""

_APART: Final = {"synchronize_session": False}


def lock(unit: Unit, *where: ColumnElement[bool]) -> list[OpenTable]:
    """The tables that meet these conditions, and nobody else's to change until the transaction
    ends: not even who sits there. All that it will change are locked first, in one order.
    """
    query = select(OpenTable).where(*where).order_by(OpenTable.id).with_for_update()
    return list(unit.scalars(query))


def take(unit: Unit, *where: ColumnElement[bool]) -> list[Gone]:
    """Take tables away inside a transaction; of two who try, one gets them. Then `tell_gone`."""
    tables = lock(unit, *where)
    ids = [table.id for table in tables]
    if not ids:
        return []
    seats = list(unit.scalars(select(TableSeat).where(TableSeat.table_id.in_(ids))))
    theirs = OpenTable.id.in_(ids)
    names = select(OpenTable.id, User.name).join(User, User.id == OpenTable.owner_id).where(theirs)
    owners = {row.id: row.name for row in unit.execute(names)}
    unit.execute(delete(OpenTable).where(theirs).execution_options(**_APART))
    return [
        _gone(table, owners[table.id], [seat for seat in seats if seat.table_id == table.id])
        for table in tables
    ]


def take_away(house: House, *where: ColumnElement[bool]) -> list[Gone]:
    """As `take`, in a transaction of its own; where there is nothing to take, in none."""
    with house.store.read() as unit:
        if unit.scalar(select(OpenTable.id).where(*where).limit(1)) is None:
            return []
    with house.store.write() as unit:
        return take(unit, *where)


def depart(unit: Unit, users: Users, *where: ColumnElement[bool], asked: bool = False) -> Departure:
    """Take these users out of the tables that meet these conditions, inside a transaction.

    What they have open goes, and their seats at the tables of others are free. With `asked`, so is
    what they are asked to. A challenge or a proposal goes as a whole. Then `tell_departure`.
    """
    theirs = _theirs(users, asked)
    at = select(TableSeat.table_id).where(theirs)
    ids = [table.id for table in lock(unit, OpenTable.id.in_(at), *where)]
    if not ids:
        return Departure()
    gone = take(unit, OpenTable.id.in_(ids), OpenTable.owner_id.in_(users) | ~TO_JOIN)
    left = set(ids).difference(table.id for table in gone)
    freed = unit.execute(
        delete(TableSeat)
        .where(TableSeat.table_id.in_(left), theirs)
        .returning(
            TableSeat.table_id,
            func.coalesce(TableSeat.user_id, TableSeat.invitee_id),
            TableSeat.user_id,
        )
        .execution_options(**_APART)
    )
    return Departure(gone, [Freed(id, user_id, sat is None) for id, user_id, sat in freed])


def take_of(unit: Unit, user_ids: Collection[int]) -> Departure:
    """Take away whatever these users have part in, before they go themselves."""
    return depart(unit, user_ids, asked=True)


def drop(house: House, table_id: str) -> bool:
    """Take one table or challenge away; whether it was there."""
    return _drop(house, is_table(table_id)) > 0


def drop_of(house: House, user_ids: Collection[int]) -> int:
    """Take away whatever these users have part in; from how many tables."""
    return _leave(house, user_ids, asked=True)


def drop_orphaned(house: House) -> int:
    """Take those who can never come back out of all tables; out of how many."""
    return _leave(house, select(User.id).where(~User.active), asked=True)


def expire(house: House) -> int:
    """Take away what has been open for longer than `TABLE_TTL`, and proposals past their time."""
    now = house.clock()
    proposals = select(OpenTable.id, OpenTable.created_at, OpenTable.grace).where(PROPOSAL)
    with house.store.read() as unit:
        standing = list(unit.execute(proposals))
    late = [id for id, since, grace in standing if since + timedelta(seconds=grace or 0) <= now]
    limit = now - timedelta(seconds=house.config.TABLE_TTL)
    return _drop(house, OpenTable.created_at < limit) + sum(
        expire_proposal(house, table_id) for table_id in late
    )


def expire_proposal(house: House, table_id: str) -> bool:
    """Take a proposal away that somebody has not answered in time; whether it was there."""
    row = look(house, table_id)
    gone = take_away(house, is_table(table_id), PROPOSAL)
    silent = None if row is None else next((s.name for s in row.seats if s.kind == "asked"), None)
    tell_gone(house, gone, "expired", silent)
    return bool(gone)


def part(house: House, one: int, other: int) -> None:
    """`one` has blocked `other`: neither sees the other's table any more, nor sits at one with
    them. At the table of a third it is `one` who goes.
    """
    with_other = select(TableSeat.table_id).where(_theirs([other], asked=True))
    with house.store.write() as unit:
        lock(
            unit,
            OpenTable.id.in_(select(TableSeat.table_id).where(_theirs([one, other], asked=True))),
        )
        from_ones = depart(unit, [other], OpenTable.owner_id == one, asked=True)
        from_others = depart(unit, [one], OpenTable.id.in_(with_other), asked=True)
    tell_departure(house, from_ones, "withdrawn")
    tell_departure(house, from_others, "withdrawn")
    for viewer_id, owner_id in ((one, other), (other, one)):
        row = own(house, owner_id)
        if row is not None and row.public:
            house.publish.user(viewer_id, "table_gone", {"id": row.id})


def meet(house: House, one: int, other: int) -> None:
    """One of these two has taken a block back: if the other has, too, they see their tables."""
    for viewer_id, owner_id in ((one, other), (other, one)):
        for row in listed(house, viewer_id, OpenTable.owner_id == owner_id):
            house.publish.user(viewer_id, "table_update", row.json())


def clear(house: House, record: MatchRecord) -> None:
    """A match begins: take away what its players cannot or will not play beside it.

    That is their challenges to each other at this game, if it is for two; everything open of one
    who now plays as many matches as one may; and where all must be there from the start, whatever
    else asks that of them. Where they sit at the tables of others, their seats are free.
    """
    players = record.user_ids
    with house.store.look() as connection:
        if not _SITS.rows(connection, users=players):
            return
    at = select(TableSeat.table_id).where(TableSeat.user_id.in_(players))
    with house.store.read() as unit:
        full = [user_id for user_id in players if pairing.is_full(house, unit, user_id)]
    between = OpenTable.owner_id.in_(players) & OpenTable.invitee_id.in_(players)
    with house.store.write() as unit:
        lock(unit, OpenTable.id.in_(at))
        departures = [depart(unit, full)] if full else []
        if record.time.needs_presence:
            departures.append(depart(unit, players, AT_ONCE))
        if len(record.seats) == 2:
            departures.append(Departure(take(unit, between, OpenTable.game == record.game)))
    for departure in departures:
        tell_departure(house, departure, "withdrawn")


def _drop(house: House, *where: ColumnElement[bool]) -> int:
    gone = take_away(house, *where)
    tell_gone(house, gone)
    return len(gone)


def _leave(house: House, users: Users, *where: ColumnElement[bool], asked: bool = False) -> int:
    """`depart` in a transaction of its own, where there is anything to leave; and say so."""
    with house.store.read() as unit:
        theirs = select(TableSeat.table_id).where(_theirs(users, asked)).limit(1)
        if unit.scalar(theirs) is None:
            return 0
    with house.store.write() as unit:
        departure = depart(unit, users, *where, asked=asked)
    tell_departure(house, departure)
    return len(departure.gone) + len({freed.table_id for freed in departure.freed})


def _theirs(users: Users, asked: bool) -> ColumnElement[bool]:
    """The condition that one of these users has a seat, or is asked to it if that counts."""
    sits = TableSeat.user_id.in_(users)
    return sits | TableSeat.invitee_id.in_(users) if asked else sits


def _gone(table: OpenTable, owner: str, seats: Sequence[TableSeat]) -> Gone:
    to_join = table.invitee_id is None and table.grace is None
    return Gone(
        id=table.id,
        owner_id=table.owner_id,
        owner=owner,
        taken=tuple(seat.user_id for seat in seats if seat.user_id is not None),
        asked=tuple(seat.invitee_id for seat in seats if seat.invitee_id is not None),
        to_join=to_join,
        public=to_join and table.code is None,
        proposal=table.grace is not None,
    )
