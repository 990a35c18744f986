"""The bridge hall: tables are opened there, people sit down, leave, look on, and play deals.

Every action holds the table, does what is asked, and lets `deals` do what follows: of two who want
the last seat one gets it, and one deal begins. It is told when that is committed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app import bots
from app.services import matches, pairing
from app.services.bridge import boards, deals, kibitzers, rows, seating, takeover
from app.services.bridge.deals import Work
from app.services.bridge.kibitzers import unwatch, watch
from app.services.bridge.news import Change
from app.services.bridge.rows import (
    Looker,
    SeatRow,
    TableRow,
    listed,
    look,
    no_such_table,
    row,
    seated_at,
    watched_by,
)
from app.services.bridge.seating import Table
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load
from app.services.records import MatchRecord
from app.services.seating import active
from app.services.sessions import Caller
from app.store import BoardSeen, BridgeSeat, BridgeTable, Kibitzer, Match, User

__all__ = [
    "Looker",
    "SeatRow",
    "TableRow",
    "leave",
    "listed",
    "look",
    "open",
    "play",
    "ready",
    "robot",
    "row",
    "seated_at",
    "settings",
    "sit",
    "swap",
    "unwatch",
    "watch",
    "watched_by",
]


def open(
    house: House,
    caller: Caller,
    position: str = "N",
    *,
    robots: bool = False,
    kibitz: bool = False,
    fill: bool = False,
) -> TableRow:
    """Open a table and sit down there; with `fill` the computer takes the other seats at once.

    Raises `bad_seats`, `already_seated`, `too_many_matches`, `session_ended`, `too_many`.
    """
    seat = seating.seat_at(position)
    house.limits.hit("invite", str(caller.user_id))
    change = Change(secrets.token_hex(16), opened=True)
    with _one_seat_each(), house.store.write() as unit:
        user = active(unit, caller)
        _check_seatless(unit, user.id)
        pairing.check_room(house, unit, user.id)
        new = BridgeTable(
            id=change.table_id, robots=robots, kibitz=kibitz, created_at=house.clock(), deals=0
        )
        unit.add(new)
        unit.flush()
        table = Table(new, {}, playing=False)
        _sit_down(house, unit, table, seat, user, change)
        if fill:
            seating.fill(unit, table, change)
        deals.settle(house, unit, table, change)
    deals.carry_out(house, change)
    return row(house, change.table_id)


def sit(house: House, caller: Caller, table_id: str, position: str) -> TableRow:
    """Sit down at a table; the deal begins if nobody is missing any more.

    Between deals a seat may be taken that is free, or the computer's; who sits at the table
    already moves there, or changes places with the computer. In mid-deal that is a seat that the
    computer has, or that is kept for nobody any more, and whoever takes it plays on; not who has
    seen a hand of the board, or an alert of who would be their partner. One's own seat is resumed
    at any time.

    Raises `no_such_table`, `bad_seats`, `seat_taken`, `seat_kept`, `seen_board`, `not_now`,
    `already_seated`, `blocked`, `too_many_matches`, `session_ended`, `too_many`.
    """
    seat = seating.seat_at(position)
    house.limits.hit("invite", str(caller.user_id))

    def work(unit: Unit, table: Table, change: Change) -> None:
        user = active(unit, caller)
        mine = table.seat_of(user.id)
        if mine is not None and mine.seat == seat:
            seating.resume(unit, mine, change)
        elif mine is not None:
            _move(unit, table, mine, seat, change)
        else:
            _check_seatless(unit, user.id)
            _check_company(unit, table, user)
            pairing.check_room(house, unit, user.id)
            (_take_over if table.playing else _take)(house, unit, table, seat, user, change)

    _act(house, table_id, work)
    return row(house, table_id)


def leave(house: House, caller: Caller, table_id: str) -> None:
    """Leave one's seat: between deals it is free; in mid-deal it is kept for a while.

    The table goes with the last one. Raises `no_such_table`, `not_seated`.
    """

    def work(unit: Unit, table: Table, change: Change) -> None:
        mine = seating.own_seat(table, caller.user_id)
        deals.depart(house, unit, table, mine, change)

    _act(house, table_id, work)


def swap(house: House, caller: Caller, table_id: str, position: str) -> TableRow:
    """Ask to change places with the player of a side, between deals; if they ask for the same, it
    is done. Asking for one's own side takes it back. The computer agrees to anything.

    Raises `no_such_table`, `bad_seats`, `not_seated`, `not_now`.
    """
    seat = seating.seat_at(position)

    def work(unit: Unit, table: Table, change: Change) -> None:
        mine = seating.own_seat(table, caller.user_id)
        _check_between(table)
        other = table.seats.get(seat)
        if mine.seat == seat:
            mine.swap_with = None
        elif other is None or other.user_id is None or other.swap_with == mine.seat:
            seating.exchange(unit, table, mine.seat, seat, change)
        else:
            mine.swap_with = seat

    _act(house, table_id, work)
    return row(house, table_id)


def ready(house: House, caller: Caller, table_id: str) -> TableRow:
    """Want the next deal; it begins when all want it. Raises as `swap` does."""

    def work(unit: Unit, table: Table, change: Change) -> None:
        mine = seating.own_seat(table, caller.user_id)
        _check_between(table)
        mine.ready = True

    _act(house, table_id, work)
    return row(house, table_id)


def settings(
    house: House,
    caller: Caller,
    table_id: str,
    robots: bool | None = None,
    kibitz: bool | None = None,
) -> TableRow:
    """Decide, for who sits there, whether the computer takes seats that are left, and whether who
    looks on may look over a player's shoulder. None: as it is. Raises `no_such_table`,
    `not_seated`.
    """

    def work(unit: Unit, table: Table, change: Change) -> None:
        seating.own_seat(table, caller.user_id)
        if robots is not None:
            table.row.robots = robots
        if kibitz is not None:
            table.row.kibitz = kibitz
        if kibitz is False:
            over = Kibitzer.table_id == table_id, Kibitzer.seat.is_not(None)
            for who in unit.scalars(select(Kibitzer).where(*over)):
                who.seat = None
                change.looks.append((table_id, who.user_id, True, None))

    _act(house, table_id, work)
    return row(house, table_id)


def robot(
    house: House,
    caller: Caller,
    table_id: str,
    position: str,
    seated: bool,
    strength: str = seating.STRENGTH,
) -> TableRow:
    """Have the computer take a free seat, or get up from its own, between deals.

    Then it does not sit down again by itself. Raises `no_such_table`, `bad_seats`, `not_seated`,
    `not_now`, `seat_taken`.
    """
    seat = seating.seat_at(position)
    if strength not in bots.strengths("bridge"):
        raise ServiceError("bad_seats", "The computer does not play like that.")

    def work(unit: Unit, table: Table, change: Change) -> None:
        seating.own_seat(table, caller.user_id)
        _check_between(table)
        there = table.seats.get(seat)
        if there is not None and (seated or there.bot is None):
            raise _taken()
        if seated:
            seating.put_robot(unit, table, seat, seating.robot(table, strength), change)
        elif there is not None:
            table.row.robots = False
            seating.stand(unit, table, seat, change)

    _act(house, table_id, work)
    return row(house, table_id)


def play(
    house: House, caller: Caller, table_id: str, raw_move: Any, version: int | None = None
) -> MatchRecord:
    """Call, play a card, claim, answer or ask for an undo at one's table; the deal after it.

    Who had left has the seat again by that. Raises `no_such_table`, `not_seated`, `not_now`, and
    what `matches.submit` does.
    """
    here = row(house, table_id)
    side = here.side_of(caller.user_id)
    seat = None if side is None else here.seats[side]
    if seat is None:
        raise ServiceError("not_seated", "You do not sit at this table.")
    if not here.playing or here.match_id is None:
        raise ServiceError("not_now", "No deal is being played.")
    if not seat.here:
        _act(house, table_id, lambda unit, table, change: _resume(unit, table, caller, change))
    return matches.submit(house, caller, here.match_id, raw_move, version)


def _act(house: House, table_id: str, work: Work) -> None:
    """Do something to a table, and what follows. Raises `no_such_table`."""
    with _one_seat_each():
        if not deals.act(house, table_id, work):
            raise no_such_table()


@contextmanager
def _one_seat_each() -> Iterator[None]:
    """Of two seats that a user takes at once, at two tables, the database gives them one."""
    try:
        yield
    except IntegrityError:
        raise _already_seated() from None


def _resume(unit: Unit, table: Table, caller: Caller, change: Change) -> None:
    seat = table.seat_of(caller.user_id)
    if seat is not None:
        seating.resume(unit, seat, change)


def _take(house: House, unit: Unit, table: Table, seat: int, user: User, change: Change) -> None:
    """Take a seat between deals."""
    there = table.seats.get(seat)
    if there is not None and there.bot is None:
        raise _taken()
    if there is not None:
        seating.stand(unit, table, seat, change)
    _sit_down(house, unit, table, seat, user, change)


def _take_over(
    house: House, unit: Unit, table: Table, seat: int, user: User, change: Change
) -> None:
    """Take a seat in mid-deal, and play on there."""
    there = table.seats[seat]
    if there.user_id is not None and there.left_at is None:
        raise _taken()
    if seating.is_kept(house, there, house.clock()):
        raise ServiceError("seat_kept", "That seat is kept for who left it a moment ago.")
    match_id = table.row.match_id
    assert match_id is not None
    board_id = unit.scalar(select(Match.board_id).where(Match.id == match_id)) or ""
    if _has_seen_more(unit, table, seat, board_id, user.id):
        raise ServiceError("seen_board", "You have seen cards of this board that they have not.")
    if not takeover.replace_player(house, unit, match_id, seat, user.id, change):
        raise ServiceError("not_now", "The deal is over.")
    boards.mark_seen(unit, board_id, [user.id])
    if there.user_id is None:
        seating.stand(unit, table, seat, change)
    else:  # that they left has been told
        change.also.add(there.user_id)
    _sit_down(house, unit, table, seat, user, change)


def _has_seen_more(unit: Unit, table: Table, seat: int, board_id: str, user_id: int) -> bool:
    """Whether a user has seen more of a board than who sits in that seat may.

    Who looks on here over nobody's shoulder has not, unless they were told of an alert that is
    kept from that seat.
    """
    seen = unit.get(BoardSeen, (board_id, user_id))
    if seen is None:
        return False
    if seen.hand or table.row.match_id is None:
        return True
    if unit.get(Kibitzer, (table.row.id, user_id)) is None:
        return True
    record = load(unit, table.row.match_id)
    told, own = (record.engine.view(record.state, viewer) for viewer in (None, seat))
    return bool(told["auction"] != own["auction"])


def _sit_down(
    house: House, unit: Unit, table: Table, seat: int, user: User, change: Change
) -> None:
    """Who sits looks on nowhere, and is here, even without a connection."""
    seating.put(unit, table, seat, user, change)
    user.seen_at = house.clock()
    kibitzers.stop(unit, user.id, change)


def _move(unit: Unit, table: Table, mine: BridgeSeat, seat: int, change: Change) -> None:
    """Move to another seat of the table, where nobody sits or the computer does."""
    _check_between(table)
    there = table.seats.get(seat)
    if there is not None and there.bot is None:
        raise _taken()
    seating.exchange(unit, table, mine.seat, seat, change)


def _check_between(table: Table) -> None:
    if table.playing:
        raise ServiceError("not_now", "A deal is being played.")


def _check_seatless(unit: Unit, user_id: int) -> None:
    if rows.table_of(unit, user_id) is not None:
        raise _already_seated()


def _check_company(unit: Unit, table: Table, user: User) -> None:
    for user_id in table.user_ids:
        pairing.check_company(unit, user.id, unit.get_one(User, user_id))


def _already_seated() -> ServiceError:
    return ServiceError("already_seated", "You sit at another table.")


def _taken() -> ServiceError:
    return ServiceError("seat_taken", "Somebody sits there.")
