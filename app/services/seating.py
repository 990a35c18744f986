"""Who is to sit where at a table, and when its match begins.

All of it in a transaction, after `pairing.begin`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

from sqlalchemy import delete, update
from sqlalchemy.orm import Session as Unit

from app import bots
from app.services import accounts, matches, offers, pairing
from app.services.errors import ServiceError
from app.services.house import House
from app.services.pairing import Somebody, Unavailable
from app.services.records import Bot, Setup
from app.services.sessions import Caller
from app.services.table_news import Gone
from app.services.table_rows import TableRow, rows
from app.store import OpenTable, TableSeat, User
from app.store.people import blocked_between, user_named


@dataclass(frozen=True, slots=True)
class Free:
    """A seat for whoever comes."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A seat that is kept for the user of that name."""

    name: str


FREE: Final = Free()

Plan: TypeAlias = Free | Ask | Bot
"""Who is to have a seat. A `Bot` without a name is called cpu and a number."""


def around(players: int, owner: int, others: Sequence[Plan] | None) -> dict[int, Plan]:
    """The plan for each seat but the owner's: `others` in the order of the seats; None: all free.

    Raises `bad_seats`.
    """
    seats = [seat for seat in range(players) if seat != owner]
    plans = [FREE] * len(seats) if others is None else list(others)
    if len(seats) == players or len(plans) != len(seats):
        raise ServiceError("bad_seats", f"There are {players} seats, the owner's among them.")
    return dict(zip(seats, plans, strict=True))


def arrange(
    house: House, unit: Unit, owner: User, setup: Setup, plans: Mapping[int, Plan], seat: int
) -> list[TableSeat]:
    """The seats, of no table yet, that are not free: the owner's own is `seat`.

    Raises what `keep` does. Those who are asked in a proposal must all be willing to play each
    other: Unavailable.
    """
    names = {owner.name}
    seats = [TableSeat(seat=seat, user_id=owner.id)]
    # Those who are called something come first: the other names are made up around them.
    for number, plan in sorted(plans.items(), key=lambda item: _is_nameless(item[1])):
        kept = keep(house, unit, owner, setup, plan, len(plans) + 1, names)
        if kept is not None:
            kept.seat = number
            seats.append(kept)
    if setup.grace is not None:
        _check_circle(unit, [seat.invitee_id for seat in seats if seat.invitee_id is not None])
    return sorted(seats, key=lambda seat: seat.seat)


def keep(
    house: House,
    unit: Unit,
    owner: User,
    setup: Setup,
    plan: Plan,
    players: int,
    names: set[str],
) -> TableSeat | None:
    """What a plan makes of a seat at a table for so many; None: it is free. `names` are those at
    the table already, and have the new one's after.

    Raises `unknown_user`, `yourself`, `blocked`, `already_playing`, `too_many_matches`,
    `opponent_busy`, `bad_seats`, `bad_name`; of who is asked in a proposal Unavailable.
    """
    if isinstance(plan, Free):
        return None
    if isinstance(plan, Bot):
        name = _bot_name(unit, setup.game, plan, names)
        kept = TableSeat(bot=plan.strength, bot_name=name)
    else:
        asked = _asked(house, unit, owner, setup, plan.name, players)
        name, kept = asked.name, TableSeat(invitee_id=asked.id)
    if name in names:
        raise ServiceError("bad_seats", f"There is a {name} at this table already.")
    names.add(name)
    return kept


def change(house: House, unit: Unit, owner: User, row: TableRow, seat: int, plan: Plan) -> None:
    """Give a seat that nobody has taken to somebody else. Raises what `keep` does, `seat_taken`."""
    if not 0 <= seat < row.players:
        raise _no_such_seat()
    if row.seats[seat].kind == "taken":
        raise ServiceError("seat_taken", "Somebody sits there.")
    others = [other for number, other in enumerate(row.seats) if number != seat]
    names = {other.name for other in others if other.name is not None}
    setup = Setup(row.game, row.variant)
    kept = keep(house, unit, owner, setup, plan, row.players, names)
    _leave_empty(unit, row.id, seat)
    if kept is not None:
        kept.table_id, kept.seat = row.id, seat
        unit.add(kept)


def place(row: TableRow, user_id: int, seat: int | None) -> int:
    """Where a user sits down who wants that seat, or (None) any: where they sit or are asked to,
    or the first that is free. Raises `bad_seats`, `seat_taken`.
    """
    mine = row.seat_of(user_id)
    if seat is None:
        wanted = mine if mine is not None else next(iter(row.free), None)
    elif 0 <= seat < row.players:
        wanted = seat if seat == mine or seat in row.free else None
    else:
        raise _no_such_seat()
    if wanted is None:
        raise ServiceError("seat_taken", "That seat is taken.")
    return wanted


def sit(house: House, unit: Unit, row: TableRow, user: User, seat: int) -> None:
    """Have a user sit down there; where they sat, or were asked to, is free.

    Raises `blocked`, `already_playing`, `too_many_matches`, `opponent_busy`, `bad_name`.
    """
    mine = row.seat_of(user.id)
    if mine is None or row.seats[mine].kind == "asked":
        _check_guest(house, unit, row, user)
    _leave_empty(unit, row.id, seat, seat if mine is None else mine)
    unit.add(TableSeat(table_id=row.id, seat=seat, user_id=user.id))
    # Whoever sits down is here, even without a connection: they are not missed at once.
    here = update(User).where(User.id == user.id).values(seen_at=house.clock())
    unit.execute(here.execution_options(synchronize_session=False))


def begin(house: House, unit: Unit, table: OpenTable, row: TableRow) -> list[Gone]:
    """Begin the match of a table, under its id, if nobody is missing there any more.

    What is gone then; nothing while it waits. Raises `opponent_busy` for one who has waited there
    and plays too much elsewhere by now.
    """
    if any(seat.kind in ("free", "asked") for seat in row.seats):
        return []
    for seat in row.seats:
        if seat.user_id is not None and pairing.is_full(house, unit, seat.user_id):
            raise ServiceError("opponent_busy", f"{seat.name} has too many open matches")
    gone = offers.take(unit, OpenTable.id == table.id)
    setup = Setup(row.game, row.variant, row.rated, row.time, table.code, row.options, row.grace)
    players = [seat.user_id or Bot(seat.strength or "", seat.name or "") for seat in row.seats]
    matches.start(house, unit, setup, players, match_id=table.id)
    return gone


def players(seats: Sequence[TableSeat]) -> list[int | Bot]:
    """Who plays, where a table is full from the start; `seats` in their order."""
    return [seat.user_id or Bot(seat.bot or "", seat.bot_name or "") for seat in seats]


def active(unit: Unit, caller: Caller) -> User:
    """The caller, who is to sit somewhere. Raises `session_ended`."""
    user = unit.get(User, caller.user_id)
    if user is None or not user.active:
        raise ServiceError("session_ended", "You have been signed out.")
    return user


def look(unit: Unit, table_id: str, viewer_id: int | None = None) -> TableRow | None:
    """A table as it is in this transaction, as that user sees it; None if its owner is gone."""
    unit.flush()
    return next(iter(rows(unit, viewer_id, OpenTable.id == table_id)), None)


def _leave_empty(unit: Unit, table_id: str, *seats: int) -> None:
    """Have nobody in these seats: not one who is gone for good either, whom `rows` left out."""
    empty = delete(TableSeat).where(TableSeat.table_id == table_id, TableSeat.seat.in_(seats))
    unit.execute(empty.execution_options(synchronize_session=False))


def _asked(
    house: House, unit: Unit, owner: User, setup: Setup, name: str, players: int
) -> Somebody:
    if setup.grace is None:
        user = pairing.opponent(unit, owner.id, name)
        pairing.check_pair(house, unit, owner.id, user, setup.game if players == 2 else None)
        return user
    try:
        user = pairing.opponent(unit, owner.id, name)
        pairing.check_company(unit, owner.id, user)
    except ServiceError as error:
        if error.code == "yourself":
            raise
        raise Unavailable(name.strip().lower()) from None
    pairing.check_available(unit, user)
    if pairing.is_full(house, unit, user.id):
        raise Unavailable(user.name)
    return user


def _is_nameless(plan: Plan) -> bool:
    return isinstance(plan, Bot) and not plan.name


def _bot_name(unit: Unit, game: str, bot: Bot, names: Collection[str]) -> str:
    """What the computer is called in a seat. Raises `bad_seats`, `bad_name`."""
    if bot.strength not in bots.strengths(game):
        raise ServiceError("bad_seats", "The computer does not play like that.")
    if not bot.name:
        return next(name for number in count(1) if (name := f"cpu{number}") not in names)
    name = bot.name.strip().lower()
    if not accounts.NAME.fullmatch(name) or name == accounts.ADMIN:
        raise ServiceError("bad_name", f"A name has {accounts.NAME_RULE}.")
    if user_named(unit, name) is not None:
        raise ServiceError("bad_name", f"{name} is somebody's name.")
    return name


def _check_circle(unit: Unit, user_ids: Sequence[int]) -> None:
    for number, one in enumerate(user_ids):
        if any(blocked_between(unit, one, other) for other in user_ids[:number]):
            raise Unavailable(unit.get_one(User, one).name)


def _check_guest(house: House, unit: Unit, row: TableRow, user: User) -> None:
    """Whether somebody may sit down with those who sit there already."""
    owner = unit.get_one(User, row.owner_id)
    of_two = row.players == 2 and row.grace is None
    pairing.check_pair(house, unit, user.id, owner, row.game if of_two else None)
    for seat in row.seats:
        if seat.kind == "taken" and seat.user_id is not None:
            pairing.check_company(unit, user.id, unit.get_one(User, seat.user_id))
        elif seat.kind == "bot" and seat.name == user.name:
            raise ServiceError("bad_name", f"There is a {user.name} at this table already.")


def _no_such_seat() -> ServiceError:
    return ServiceError("bad_seats", "There is no such seat at this table.")
