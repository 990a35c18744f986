"""Who sits where at a bridge table: what may be done to a table that is held in a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Unit

from app.games.bridge import SIDES
from app.services.bridge.news import Change
from app.services.bridge.rows import is_table
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Bot
from app.store import BridgeSeat, BridgeTable, Kibitzer, Match, User

STRENGTH: Final = "medium"  # how strong the computer plays where nobody says otherwise

_APART: Final = {"synchronize_session": False}


@dataclass(slots=True)
class Table:
    """A table that is nobody else's to change until the transaction ends, who sits there neither.

    `playing`: its deal runs, or did so a moment ago.
    """

    row: BridgeTable
    seats: dict[int, BridgeSeat]
    playing: bool

    @property
    def full(self) -> bool:
        """Whether every seat is taken."""
        return len(self.seats) == len(SIDES)

    @property
    def people(self) -> list[BridgeSeat]:
        """The seats of users, in order."""
        return [seat for _, seat in sorted(self.seats.items()) if seat.user_id is not None]

    @property
    def user_ids(self) -> list[int]:
        """The users who sit there, in the order of their seats."""
        return [seat.user_id for seat in self.people if seat.user_id is not None]

    def seat_of(self, user_id: int) -> BridgeSeat | None:
        """The seat of that user."""
        return next((seat for seat in self.people if seat.user_id == user_id), None)


def hold(unit: Unit, table_id: str) -> Table | None:
    """The table of that id, held until the transaction ends; None: there is none."""
    row = unit.scalar(select(BridgeTable).where(is_table(table_id)).with_for_update())
    if row is None:
        return None
    seats = unit.scalars(select(BridgeSeat).where(BridgeSeat.table_id == table_id))
    running = select(Match.id).where(Match.id == row.match_id, ~Match.over)
    playing = row.match_id is not None and unit.scalar(running) is not None
    return Table(row, {seat.seat: seat for seat in seats}, playing)


def own_seat(table: Table, user_id: int) -> BridgeSeat:
    """That user's seat. Raises `not_seated`."""
    seat = table.seat_of(user_id)
    if seat is None:
        raise ServiceError("not_seated", "You do not sit at this table.")
    return seat


def seat_at(position: str) -> int:
    """The seat of a side, by its letter. Raises `bad_seats`."""
    if len(position) != 1 or position not in SIDES:
        raise ServiceError("bad_seats", "A position is N, E, S or W.")
    return SIDES.index(position)


def is_kept(house: House, seat: BridgeSeat, now: datetime) -> bool:
    """Whether a seat that was left is still kept for who left it."""
    keep = timedelta(seconds=house.config.BRIDGE_KEEP)
    return seat.left_at is not None and seat.left_at + keep > now


def put(unit: Unit, table: Table, seat: int, user: User, change: Change) -> None:
    """Have a user sit down there, instead of whoever does."""
    free(unit, table, seat)
    table.seats[seat] = BridgeSeat(table_id=table.row.id, seat=seat, user_id=user.id)
    unit.add(table.seats[seat])
    unit.flush()
    change.sat(seat, user.name)


def robot(table: Table, strength: str = STRENGTH) -> Bot:
    """Another player of the computer's for this table: cpu1, cpu2 … of the names not in use."""
    taken = {seat.bot_name for seat in table.seats.values()}
    return Bot(strength, next(name for n in count(1) if (name := f"cpu{n}") not in taken))


def put_robot(unit: Unit, table: Table, seat: int, bot: Bot, change: Change) -> None:
    """Have the computer sit there, instead of whoever does."""
    free(unit, table, seat)
    table.seats[seat] = BridgeSeat(
        table_id=table.row.id, seat=seat, bot=bot.strength, bot_name=bot.name
    )
    unit.add(table.seats[seat])
    unit.flush()
    change.sat(seat, bot.name)


def fill(unit: Unit, table: Table, change: Change) -> None:
    """Have the computer take every free seat."""
    for seat in range(len(SIDES)):
        if seat not in table.seats:
            put_robot(unit, table, seat, robot(table), change)


def free(unit: Unit, table: Table, seat: int) -> None:
    """Have nobody in that seat; who sat there hears what becomes of the table."""
    taken = table.seats.pop(seat, None)
    if taken is None:
        return
    for other in table.seats.values():
        if other.swap_with == seat:
            other.swap_with = None
    unit.delete(taken)
    unit.flush()


def stand(unit: Unit, table: Table, seat: int, change: Change) -> None:
    """As `free`, and have it told."""
    user_id = table.seats[seat].user_id
    free(unit, table, seat)
    change.left(seat, user_id)


def exchange(unit: Unit, table: Table, one: int, other: int, change: Change) -> None:
    """Let those in two seats change places; one of the seats may be free."""
    before = {seat: table.seats[seat] for seat in (one, other) if seat in table.seats}
    sitters = {
        (other if seat == one else one): (row.user_id, row.bot, row.bot_name)
        for seat, row in before.items()
    }
    for seat in before:
        free(unit, table, seat)
        change.left(seat)
    for seat, (user_id, bot, bot_name) in sorted(sitters.items()):
        table.seats[seat] = BridgeSeat(
            table_id=table.row.id, seat=seat, user_id=user_id, bot=bot, bot_name=bot_name
        )
        unit.add(table.seats[seat])
        name = unit.get_one(User, user_id).name if user_id is not None else bot_name
        change.sat(seat, name or "")
    unit.flush()


def leave(seat: BridgeSeat, now: datetime, change: Change, *, gone: bool) -> None:
    """Have a seat be left in mid-deal, and kept from now on; `gone`: the connection is lost."""
    if seat.left_at is None:
        seat.left_at, seat.gone = now, gone
        change.left(seat.seat, seat.user_id)
    elif not gone:
        seat.gone = False


def resume(unit: Unit, seat: BridgeSeat, change: Change) -> None:
    """Have a seat be its user's again, who had left it."""
    if seat.left_at is not None:
        seat.left_at, seat.gone = None, False
        change.sat(seat.seat, unit.get_one(User, seat.user_id).name)


def close(unit: Unit, table: Table, change: Change) -> None:
    """Take a table away with all who are around it; its deal, if one runs, is to be aborted."""
    table_id = table.row.id
    lookers = select(Kibitzer.user_id).where(Kibitzer.table_id == table_id)
    for user_id in unit.scalars(lookers):
        change.looks.append((table_id, user_id, False, None))
        change.also.add(user_id)
    change.also.update(table.user_ids)
    change.closed = True
    change.aborted = table.row.match_id if table.playing else None
    unit.flush()
    unit.expunge_all()
    for rows, there in (
        (BridgeSeat, BridgeSeat.table_id == table_id),
        (Kibitzer, Kibitzer.table_id == table_id),
        (BridgeTable, BridgeTable.id == table_id),
    ):
        unit.execute(delete(rows).where(there).execution_options(**_APART))
    table.seats.clear()
