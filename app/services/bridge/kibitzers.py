"""Who looks on at a bridge table: at what is on the table, or over the shoulder of a player.

A board that somebody has seen so is not dealt to them any more. Who sits at a table looks on at
none: the same board may be played there.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.services import pairing
from app.services.bridge import boards, deals, rows, seating
from app.services.bridge.news import Change
from app.services.bridge.rows import TableRow
from app.services.bridge.seating import Table
from app.services.errors import ServiceError
from app.services.house import House
from app.services.seating import active
from app.services.sessions import Caller
from app.store import Kibitzer, Match, User


def watch(house: House, caller: Caller, table_id: str, over: str | None = None) -> TableRow:
    """Look on at a table, over the shoulder of the player of side `over`, or (None) of nobody.

    Raises `no_such_table`, `bad_seats`, `already_seated`, `blocked`, `session_ended`, and
    `not_allowed` where the table has it that nobody is looked over the shoulder.
    """
    seat = None if over is None else seating.seat_at(over)

    def work(unit: Unit, table: Table, change: Change) -> None:
        user = active(unit, caller)
        if rows.table_of(unit, user.id) is not None:
            raise ServiceError("already_seated", "You sit at a table: you cannot look on too.")
        if seat is not None:
            _check_shoulder(unit, table, seat, user)
        known = unit.get(Kibitzer, (table_id, user.id))
        if known is None or seat is not None:  # else it is no more than they see already
            _note(unit, table, user.id, hand=seat is not None)
        if known is None:
            unit.add(Kibitzer(table_id=table_id, user_id=user.id, seat=seat))
        else:
            known.seat = seat
        change.looks.append((table_id, user.id, True, over))
        user.seen_at = house.clock()

    if not deals.act(house, table_id, work):
        raise rows.no_such_table()
    return rows.row(house, table_id)


def unwatch(house: House, caller: Caller, table_id: str) -> None:
    """Look on no longer. Raises `no_such_table`."""

    def work(unit: Unit, table: Table, change: Change) -> None:
        known = unit.get(Kibitzer, (table_id, caller.user_id))
        if known is not None:
            _stop(unit, known, change)

    if not deals.act(house, table_id, work):
        raise rows.no_such_table()


def stop(unit: Unit, user_id: int, change: Change) -> None:
    """Have a user look on nowhere, inside a transaction, since they sit down at that table."""
    for known in unit.scalars(select(Kibitzer).where(Kibitzer.user_id == user_id)):
        _stop(unit, known, change)


def desert(house: House, user_id: int) -> None:
    """Have somebody who is gone look on nowhere any more."""
    for table_id in rows.watched_by(house, user_id):

        def work(unit: Unit, table: Table, change: Change) -> None:
            known = unit.get(Kibitzer, (table.row.id, user_id))
            if known is not None:
                _stop(unit, known, change)

        deals.act(house, table_id, work)


def part(house: House, looker_id: int, player_id: int) -> None:
    """Have somebody look over the shoulder of that player no longer: one has blocked the other."""

    def work(unit: Unit, table: Table, change: Change) -> None:
        known = unit.get(Kibitzer, (table.row.id, looker_id))
        seat = table.seat_of(player_id)
        if known is not None and seat is not None and known.seat == seat.seat:
            known.seat = None
            change.looks.append((table.row.id, looker_id, True, None))

    table_id = rows.seated_at(house, player_id)
    if table_id is not None and table_id in rows.watched_by(house, looker_id):
        deals.act(house, table_id, work)


def _check_shoulder(unit: Unit, table: Table, seat: int, looker: User) -> None:
    if not table.row.kibitz:
        raise ServiceError("not_allowed", "At this table nobody is looked over the shoulder.")
    player = table.seats.get(seat)
    if player is not None and player.user_id is not None:
        pairing.check_company(unit, looker.id, unit.get_one(User, player.user_id))


def _note(unit: Unit, table: Table, user_id: int, *, hand: bool) -> None:
    """Note that a user sees the board that is being played.

    Or was until just now: those who look on when its end is told are shown all of it.
    """
    untold = not table.playing and table.row.next_at is None
    if table.playing or untold:
        board_id = unit.scalar(select(Match.board_id).where(Match.id == table.row.match_id))
        if board_id is not None:
            boards.mark_seen(unit, board_id, [user_id], hand=hand or untold)


def _stop(unit: Unit, known: Kibitzer, change: Change) -> None:
    change.looks.append((known.table_id, known.user_id, False, None))
    change.also.add(known.user_id)
    unit.delete(known)
    unit.flush()
