"""What the owner of a table does: opening one, challenging, deciding who sits there, closing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.services import joined, matches, offers, pairing, players, seating, terms
from app.services.errors import ServiceError
from app.services.house import House
from app.services.pairing import Unavailable
from app.services.publish import Audience
from app.services.records import MatchRecord, Setup
from app.services.seating import FREE, Ask, Plan
from app.services.sessions import Caller
from app.services.table_news import Gone, tell_asked, tell_gone, tell_no_longer, tell_table
from app.services.table_rows import TO_JOIN, TableRow
from app.store import OpenTable, TableSeat, User
from app.store.tables import is_table


def open(
    house: House,
    caller: Caller,
    setup: Setup,
    others: Sequence[Plan] | None = None,
    *,
    seat: int = 0,
    private: bool = False,
    joining: bool = False,
) -> TableRow | MatchRecord:
    """Open a table; with a code in the setup, or one made for it, a private one.

    `others` is who is to have the other seats, in their order; None: whoever comes. If that is
    one who is asked and nobody else, it is a challenge; with a grace in the setup, a proposal; if
    it is the computer alone, the match begins at once. `joining`: at the command API, where this
    is the game that they are in from now on.

    It is rated if its owner wants that, and may. Raises `table_open`, `too_many_matches`,
    `bad_game`, `bad_variant`, `bad_options`, `bad_seats`, `bad_name`, `bad_code`, `session_ended`,
    `too_many`, `already_joined` for who is `joining`, and for who is asked what `challenge` does;
    of one who cannot answer a proposal now Unavailable, which is `player_unavailable`.
    """
    agreed, count = terms.agreed(house, setup, private)
    plans = seating.around(count, seat, others)
    if agreed.grace is not None and FREE in plans.values():
        raise ServiceError("bad_seats", "A proposal names everybody who is to play.")
    if count == 2 and agreed.grace is None and isinstance(asked := plans[1 - seat], Ask):
        return _challenge(house, caller, asked.name, agreed, seat)
    house.limits.hit("invite", str(caller.user_id))
    try:
        with house.store.write() as unit:
            pairing.begin(house, unit)
            owner = seating.active(unit, caller)
            _check_owner(house, unit, owner, agreed)
            seats = seating.arrange(house, unit, owner, agreed, plans, seat)
            if len(seats) == count and all(seat.invitee_id is None for seat in seats):
                row, game_id = None, matches.start(house, unit, agreed, seating.players(seats))
            else:
                row = _add(house, unit, owner, agreed, count, seats)
                game_id = row.id
            if joining:
                joined.put(unit, owner.id, game_id)
    except IntegrityError:
        raise ServiceError("table_open", "You have a table open already.") from None
    return begun(house, game_id) if row is None else _told(house, row)


def challenge(
    house: House, caller: Caller, name: str, setup: Setup, *, seat: int = 0, private: bool = False
) -> TableRow:
    """Ask the user of that name for a match of two.

    Raises what `open` does, `challenge_open` and `too_many_challenges` for `table_open`; and
    `unknown_user`, `yourself`, `blocked`, `already_playing`, `opponent_busy`.
    """
    agreed, count = terms.agreed(house, replace(setup, grace=None), private)
    seating.around(count, seat, [FREE])
    return _challenge(house, caller, name, agreed, seat)


def ask(
    house: House, caller: Caller, table_id: str, seat: int, plan: Plan
) -> TableRow | MatchRecord:
    """Decide who is to have a seat at the caller's own table, as long as nobody has taken it.

    Where nobody is missing any more the match begins. Raises `no_such_table`, `bad_seats`,
    `seat_taken`, `session_ended`, `too_many`, and for the plan what `open` does.
    """
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        pairing.begin(house, unit)
        owner = seating.active(unit, caller)
        tables = offers.lock(unit, is_table(table_id), OpenTable.owner_id == owner.id, TO_JOIN)
        before = seating.look(unit, table_id, owner.id) if tables else None
        if before is None:
            raise no_such_table()
        seating.change(house, unit, owner, before, seat, plan)
        row = seating.look(unit, table_id, owner.id)
        assert row is not None
        gone = seating.begin(house, unit, tables[0], row)
    tell_no_longer(house, table_id, set(before.asked) - set(row.asked), "withdrawn", owner.name)
    if gone:
        return begun(house, table_id, gone, owner.name)
    tell_table(house, table_id)
    tell_asked(house, row, [user_id for user_id in row.asked if user_id not in before.asked])
    return row


def close(house: House, caller: Caller, table_id: str | None = None) -> None:
    """Close the caller's table. Raises `no_such_table`."""
    where: list[ColumnElement[bool]] = [OpenTable.owner_id == caller.user_id, TO_JOIN]
    if table_id is not None:
        where.append(is_table(table_id))
    gone = offers.take_away(house, *where)
    if not gone:
        raise no_such_table()
    tell_gone(house, gone, "withdrawn", gone[0].owner)


def withdraw(house: House, caller: Caller, table_id: str) -> None:
    """Take one's own challenge or proposal back. Raises `no_such_challenge`."""
    mine = OpenTable.owner_id == caller.user_id, ~TO_JOIN
    gone = offers.take_away(house, is_table(table_id), *mine)
    if not gone:
        raise no_such_challenge()
    tell_gone(house, gone, "withdrawn", gone[0].owner)


def begun(
    house: House, match_id: str, gone: Sequence[Gone] = (), by: str | None = None
) -> MatchRecord:
    """Tell of a match that has just been stored, and of the table that it was; `by` whom it is that
    nobody is missing any more.
    """
    record = matches.begun(house, match_id)
    tell_gone(house, gone, "accepted", by)
    house.publish.tell(Audience(users=record.user_ids), "match_begins", {"id": match_id})
    return record


def _challenge(house: House, caller: Caller, name: str, agreed: Setup, seat: int) -> TableRow:
    house.limits.hit("invite", str(caller.user_id))
    most = house.config.MAX_OPEN_MATCHES
    try:
        with house.store.write() as unit:
            pairing.begin(house, unit)
            owner = seating.active(unit, caller)
            asked = {1 - seat: Ask(name)}
            seats = seating.arrange(house, unit, owner, agreed, asked, seat)
            theirs = OpenTable.owner_id == owner.id, OpenTable.invitee_id.is_not(None)
            if (unit.scalar(select(func.count()).where(*theirs)) or 0) >= most:
                raise ServiceError("too_many_challenges", f"you have challenged {most} already")
            row = _add(house, unit, owner, agreed, 2, seats, seats[1 - seat].invitee_id)
    except IntegrityError:
        msg = f"You have challenged {name.strip().lower()} already."
        raise ServiceError("challenge_open", msg) from None
    return _told(house, row)


def _add(
    house: House,
    unit: Unit,
    owner: User,
    agreed: Setup,
    count: int,
    seats: Sequence[TableSeat],
    invitee_id: int | None = None,
) -> TableRow:
    """Store a table. Raises IntegrityError where its owner has one open already."""
    assert agreed.time is not None
    table = OpenTable(
        id=secrets.token_hex(16),
        owner_id=owner.id,
        invitee_id=invitee_id,
        game=agreed.game,
        variant=agreed.variant,
        options=json.dumps(dict(agreed.options)),
        players=count,
        grace=agreed.grace,
        rated=agreed.rated and owner.registered,
        code=agreed.code,
        per_move=agreed.time.per_move,
        base=agreed.time.base,
        increment=agreed.time.increment if agreed.time.is_clock else None,
        created_at=house.clock(),
    )
    unit.add(table)
    unit.flush()
    for seat in seats:
        seat.table_id = table.id
    unit.add_all(seats)
    row = seating.look(unit, table.id, owner.id)
    assert row is not None
    return row


def _check_owner(house: House, unit: Unit, owner: User, agreed: Setup) -> None:
    """Whether a user may open a table. Raises `too_many_matches`; who is busy, Unavailable."""
    pairing.check_room(house, unit, owner.id)
    if agreed.grace is not None and players.status(unit, owner.id) == players.BUSY:
        raise Unavailable(owner.name)


def _told(house: House, row: TableRow) -> TableRow:
    """Tell of a table that has just been opened."""
    if row.grace is not None:
        end = row.created_at + timedelta(seconds=row.grace)
        house.timers.at(("proposal", row.id), end, lambda: offers.expire_proposal(house, row.id))
    if row.to_join:
        tell_table(house, row.id)
    tell_asked(house, row, row.asked)
    return row


def no_such_table() -> ServiceError:
    return ServiceError("no_such_table", "That table is gone.")


def no_such_challenge() -> ServiceError:
    return ServiceError("no_such_challenge", "That challenge is gone.")
