"""How tables and challenges are told of: to the lobby, and to those who sit or are asked there.

Whoever tells of a table looks again afterwards: if it changed or went away in between, the last
word heard is how it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.services import pairing, players
from app.services.house import House
from app.services.publish import Audience
from app.services.table_rows import TableRow, look, own, part_of


@dataclass(frozen=True, slots=True)
class Gone:
    """A table that has just been taken away.

    `taken`: who sat there, its owner among them; `asked`: who was asked to. `to_join`: it was
    neither a challenge nor a `proposal`; `public`: anybody could have sat down.
    """

    id: str
    owner_id: int
    owner: str
    taken: tuple[int, ...]
    asked: tuple[int, ...]
    to_join: bool
    public: bool
    proposal: bool


@dataclass(frozen=True, slots=True)
class Freed:
    """A seat that is free again: whose it was, and whether they were only `asked` to it."""

    table_id: str
    user_id: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Departure:
    """What went as some users did."""

    gone: Sequence[Gone] = ()
    freed: Sequence[Freed] = ()


def tell_table(house: House, table_id: str, also: Sequence[int] = ()) -> None:
    """Tell of a table as it is now: who sits there or is asked to, and the lobby where a seat of a
    public one is free, but for those who are blocked either way.

    `also` are those who have just left it.
    """
    row = look(house, table_id)
    while row is not None:
        _tell_row(house, row, tuple(also))
        told, row = row, look(house, table_id)
        if row == told:
            if row.to_join:
                tell_own(house, row.owner_id)
            return
        if row is None:
            there = Audience((*told.members, *also), lobby=told.public)
            house.publish.tell(there, "table_gone", {"id": table_id})


def tell_own(house: House, user_id: int) -> None:
    """Tell a user which table they have open: as it is now, and again if that changes."""
    row = own(house, user_id)
    while True:
        data = None if row is None else row.json(for_owner=True)
        house.publish.user(user_id, "table_own", data)
        told, row = row, own(house, user_id)
        if row == told:
            return


def tell_asked(house: House, row: TableRow, user_ids: Sequence[int]) -> None:
    """Tell those of these users who are asked to that table; of a challenge or a proposal also who
    has made it, on every connection they have. `row` is as its owner sees it.
    """
    asked = tuple(user_id for user_id in user_ids if user_id in row.asked)
    if asked:
        house.publish.tell(Audience(asked), "challenge", row.json())
    if not row.to_join:
        house.publish.user(row.owner_id, "challenge_sent", row.json(for_owner=True))
    if row.grace is not None:
        players.changed(house)
    now = look(house, row.id)
    if now is None and not row.to_join:
        asked = *asked, row.owner_id
    tell_no_longer(house, row.id, set(asked).difference(now.members if now else ()), "withdrawn")


def tell_no_longer(
    house: House, table_id: str, user_ids: Iterable[int], reason: str, by: str | None = None
) -> None:
    """Tell users that nobody is asked any more: accepted, declined, withdrawn or expired, and by
    whom, if by anybody.
    """
    told = Audience(tuple(user_ids))
    if told.users:
        gone = {"id": table_id, "reason": reason, "by": by}
        house.publish.tell(told, "challenge_gone", gone)


def tell_gone(
    house: House, gone: Sequence[Gone], reason: str = "expired", by: str | None = None
) -> None:
    """Tell those who could see these tables that they are gone; who was asked hears why."""
    for table in gone:
        if not table.to_join:
            tell_no_longer(house, table.id, (*table.taken, *table.asked), reason, by)
            if table.proposal:
                players.changed(house)
            continue
        tell_no_longer(house, table.id, table.asked, reason, by)
        there = Audience(table.taken, lobby=table.public)
        house.publish.tell(there, "table_gone", {"id": table.id})
        tell_own(house, table.owner_id)


def tell_departure(
    house: House, departure: Departure, reason: str = "expired", by: str | None = None
) -> None:
    """Tell what went as some users did, and of the tables where a seat is free now."""
    tell_gone(house, departure.gone, reason, by)
    for table_id in dict.fromkeys(freed.table_id for freed in departure.freed):
        here = [freed for freed in departure.freed if freed.table_id == table_id]
        asked = [freed.user_id for freed in here if freed.asked]
        tell_no_longer(house, table_id, asked, reason, by)
        tell_table(house, table_id, also=[freed.user_id for freed in here])


def tell_renamed(house: House, user_id: int) -> None:
    """Tell of the tables and challenges that a user has part in under the name of now."""
    for table in part_of(house, user_id):
        row = look(house, table.id, table.owner_id)
        if row is None:
            continue
        if row.to_join:
            tell_table(house, row.id)
        else:
            tell_asked(house, row, row.asked)


def _tell_row(house: House, row: TableRow, also: tuple[int, ...]) -> None:
    shown = row.public and bool(row.free)
    with house.store.read() as unit:
        blocked = pairing.blocked_with(unit, row.owner_id) if shown else []
    there = Audience((*row.members, *(also if shown else ())), lobby=shown, but=tuple(blocked))
    house.publish.tell(there, "table_update", row.json())
    if not shown and (also or row.public):
        elsewhere = Audience(also, lobby=row.public, but=row.members)
        house.publish.tell(elsewhere, "table_gone", {"id": row.id})
