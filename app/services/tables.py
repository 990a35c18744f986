"""Open tables, which others join, and challenges, which those who are asked accept or decline.

A match begins when every seat of its table is taken by somebody or the computer. Those who are
asked have a seat kept for them; a challenge (of two) and a proposal (with a grace) keep all there
are, and go as a whole.

A private table is its owner's, of those who sit or are asked there, and of those who know its
code; for all others it does not exist. What is asked by a table's id is answered alike for one
that is not there and one that is not to be seen; so is what is asked by its owner's name. Those
who have blocked one another find none of each other's tables.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session as Unit

from app.services import access, joined, matches, offers, pairing, seating
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.opening import (
    ask,
    begun,
    challenge,
    close,
    no_such_challenge,
    no_such_table,
    open,
    withdraw,
)
from app.services.pairing import Unavailable
from app.services.records import Bot, MatchRecord, Setup
from app.services.seating import FREE, Ask, Free, Plan
from app.services.sessions import Caller
from app.services.table_news import tell_departure, tell_no_longer, tell_table
from app.services.table_rows import (
    TO_JOIN,
    TableRow,
    TableSeatRow,
    challenges,
    listed,
    look,
    own,
    seated,
)
from app.store import OpenTable, User
from app.store.people import blocked_between, is_named
from app.store.tables import is_table

__all__ = [
    "FREE",
    "Ask",
    "Bot",
    "Free",
    "Plan",
    "Setup",
    "TableRow",
    "TableSeatRow",
    "Unavailable",
    "accept",
    "ask",
    "challenge",
    "challenges",
    "close",
    "decline",
    "find",
    "get",
    "join",
    "join_named",
    "listed",
    "open",
    "own",
    "seated",
    "stand",
    "withdraw",
]


def get(house: House, viewer: Viewer, table_id: str) -> TableRow:
    """A table that the viewer may see: with its code where that is needed.

    A challenge or a proposal is between those it is for. Raises `no_such_table`, `too_many`.
    """
    if isinstance(access.find(house, viewer, table_id), OpenTable):
        found = look(house, table_id, viewer.user_id)
        if found is not None:  # still
            return found
    raise no_such_table()


def find(house: House, owner_name: str, viewer_id: int | None = None) -> TableRow | None:
    """The public table of the user of that name, if the viewer may see it."""
    named = select(User.id).where(is_named(owner_name.strip().lower()), User.active)
    return next(iter(listed(house, viewer_id, OpenTable.owner_id.in_(named))), None)


def join(
    house: House,
    caller: Caller,
    table_id: str,
    code: str | None = None,
    address: str = "",
    seat: int | None = None,
) -> TableRow | MatchRecord:
    """Sit down at a table, in that seat or (None) the first that is free, or kept for the caller.

    Where nobody is missing any more the match begins, under the same id. Who joins once more gets
    the same table or match, and may move to another free seat. Raises `no_such_table`, `yourself`,
    `bad_seats`, `seat_taken`, `blocked`, `already_playing`, `too_many_matches`, `opponent_busy`,
    `bad_name`, `session_ended`, `too_many`.
    """
    try:
        if not get(house, Viewer(caller.user_id, address, code), table_id).to_join:
            raise no_such_table()
        return _sit_down(house, caller, table_id, seat)
    except ServiceError as error:
        return _begun_before(house, caller, table_id, error)


def join_named(
    house: House,
    caller: Caller,
    owner_name: str,
    code: str | None = None,
    address: str = "",
    *,
    joining: bool = False,
    game: str | None = None,
) -> TableRow | MatchRecord:
    """Sit down at the table of the user of that name; a public one is open with any code.

    Raises what `join` does. Where a code is given that opens no table, it is `wrong_code`, for
    somebody without a table too, and counts as a try. `joining`: as for `open`. With a `game`,
    tables of others are none.
    """
    name = owner_name.strip().lower()
    named = select(User.id).where(is_named(name), User.active)
    theirs: list[ColumnElement[bool]] = [OpenTable.owner_id.in_(named), TO_JOIN]
    if game is not None:
        theirs.append(OpenTable.game == game)
    with house.store.read() as unit:
        table = unit.scalar(select(OpenTable).where(*theirs))
        if table is not None and blocked_between(unit, table.owner_id, caller.user_id):
            table = None
        row = None if table is None else seating.look(unit, table.id)
        knows = row is not None and row.seat_of(caller.user_id) is not None
    if table is None or (table.code is not None and not knows):
        if not code:
            raise no_such_table()
        theirs_by_id = {table.id: table.code} if table is not None and table.code else {}
        access.check_named(house, address, name, theirs_by_id, code)
    assert table is not None
    return _sit_down(house, caller, table.id, joining=joining)


def stand(house: House, caller: Caller, table_id: str) -> None:
    """Leave a table where the caller sits; by its owner it is closed, and who leaves a proposal
    declines it. Raises `no_such_table`.
    """
    row = look(house, table_id)
    seat = None if row is None else row.seat_of(caller.user_id)
    if row is None or seat is None or row.seats[seat].kind != "taken":
        raise no_such_table()
    if row.owner_id == caller.user_id:
        (close if row.to_join else withdraw)(house, caller, table_id)
    elif not row.to_join:
        decline(house, caller, table_id)
    else:
        with house.store.write() as unit:
            left = offers.depart(unit, [caller.user_id], is_table(table_id), TO_JOIN)
        if not left.freed:
            raise no_such_table()
        tell_departure(house, left)


def accept(house: House, caller: Caller, table_id: str) -> TableRow | MatchRecord:
    """Take the seat that is kept for the caller; the match begins if nobody is missing any more.

    Accepting once more gives the same table or match. Raises `no_such_challenge`, `blocked`,
    `already_playing`, `too_many_matches`, `opponent_busy`, `session_ended`, `too_many`.
    """
    try:
        return _sit_down(house, caller, table_id, kept=True)
    except ServiceError as error:
        return _begun_before(house, caller, table_id, error)


def decline(house: House, caller: Caller, table_id: str) -> None:
    """Turn down what the caller is asked to. A challenge or a proposal is gone by that, and the
    seat at a table free; a proposal may also be turned down after all. Raises `no_such_challenge`.
    """
    row = look(house, table_id)
    seat = None if row is None else row.seat_of(caller.user_id)
    if row is None or seat is None or row.owner_id == caller.user_id:
        raise no_such_challenge()
    if row.to_join and row.seats[seat].kind != "asked":
        raise no_such_challenge()
    with house.store.write() as unit:
        left = offers.depart(unit, [caller.user_id], is_table(table_id), asked=True)
    if not (left.gone or left.freed):
        raise no_such_challenge()
    tell_departure(house, left, "declined", row.seats[seat].name)


def _sit_down(
    house: House,
    caller: Caller,
    table_id: str,
    seat: int | None = None,
    *,
    kept: bool = False,
    joining: bool = False,
) -> TableRow | MatchRecord:
    """Sit down at a table, where it begins the match; `kept`: only in the seat kept for the caller.

    `joining`: it is the game that the caller is in at the command API from now on. Raises
    `no_such_challenge` for who is not asked if that is what is `kept`, else `no_such_table`.
    """
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        pairing.begin(house, unit)
        user = seating.active(unit, caller)
        locked = offers.lock(unit, is_table(table_id))
        before = seating.look(unit, table_id) if locked else None
        if before is None or not (_may_accept if kept else _may_join)(unit, before, user.id):
            raise no_such_challenge() if kept else no_such_table()
        place = seating.place(before, user.id, seat)
        if before.seats[place].kind == "taken":  # by themselves
            return before
        seating.sit(house, unit, before, user, place)
        row = seating.look(unit, table_id)
        assert row is not None
        gone = seating.begin(house, unit, locked[0], row)
        if joining:
            joined.put(unit, user.id, table_id)
    if user.id in before.asked and before.to_join:
        tell_no_longer(house, table_id, [user.id], "accepted", user.name)
    if gone:
        return begun(house, table_id, gone, user.name)
    tell_table(house, table_id)
    return row


def _may_join(unit: Unit, row: TableRow, user_id: int) -> bool:
    """Whether a table is there for that user to sit down at. Raises `yourself`."""
    if not row.to_join or blocked_between(unit, row.owner_id, user_id):
        return False
    if row.owner_id == user_id:
        raise ServiceError("yourself", "you cannot play against yourself")
    return True


def _may_accept(unit: Unit, row: TableRow, user_id: int) -> bool:
    """Whether that user is, or was, asked to a table."""
    return user_id in row.members and row.owner_id != user_id


def _begun_before(
    house: House, caller: Caller, table_id: str, refusal: ServiceError
) -> MatchRecord:
    """The match that a table has become, for who sits in it; for all others, the refusal."""
    if refusal.code in ("no_such_table", "no_such_challenge"):
        try:
            record = matches.get(house, table_id)
        except ServiceError:
            raise refusal from None
        if record.seat_of(caller.user_id) is not None:
            return record
    raise refusal
