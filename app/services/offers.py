"""What stands open: tables and challenges as others see them, and how they go away.

Whoever tells of a table looks again afterwards: if it went away in between, the word that it is
gone is the last one heard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.services import pairing
from app.services.house import House
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.services.time_control import PER_MOVE, TimeControl
from app.store import Joined, OpenTable, Presence, Rating, User
from app.store.tables import is_table

SHOWN: Final = 200  # how many tables a list names
AWAY: Final = timedelta(seconds=15)  # a page may be gone for so long while it is loaded again
SILENT: Final = timedelta(minutes=2)  # what has no connection (the command API) may say nothing for

_Owner = aliased(User)
_Invitee = aliased(User)
# Both must be there from the start.
_AT_ONCE: Final = OpenTable.base.is_not(None) | (OpenTable.per_move == PER_MOVE[0])


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table, or with an `invitee` a challenge. Its `code` is in the owner's own row only."""

    id: str
    game: str
    variant: str
    rated: bool
    private: bool
    code: str | None
    time: TimeControl
    owner: str
    owner_id: int
    owner_rating: int | None
    owner_registered: bool
    invitee: str | None
    invitee_id: int | None
    created_at: datetime

    def json(self, *, for_owner: bool = False) -> dict[str, Any]:
        """The row as messages carry it, for its owner with the code."""
        data = {
            "id": self.id,
            "game": self.game,
            "variant": self.variant,
            "rated": self.rated,
            "private": self.private,
            "time": self.time.text,
            "owner": self.owner,
            "elo": self.owner_rating,
            "registered": self.owner_registered,
            "invitee": self.invitee,
            "since": self.created_at.isoformat(),
        }
        return data | {"code": self.code} if for_owner and self.private else data


@dataclass(frozen=True, slots=True)
class Gone:
    """A table that has just been taken away, for `tell_gone`."""

    id: str
    owner_id: int
    invitee_id: int | None
    private: bool


# Looking


def rows(unit: Unit, viewer_id: int | None, *where: ColumnElement[bool]) -> list[TableRow]:
    """The tables that meet these conditions, oldest first, as that user gets to see them."""
    query = (
        select(OpenTable, _Owner, Rating.value, _Invitee.name)
        .join(_Owner, _Owner.id == OpenTable.owner_id)
        .outerjoin(Rating, (Rating.user_id == _Owner.id) & (Rating.game == OpenTable.game))
        .outerjoin(_Invitee, _Invitee.id == OpenTable.invitee_id)
        .where(_Owner.active, *where)
        .order_by(OpenTable.created_at, OpenTable.id)
        .limit(SHOWN)
    )
    return [_row(*found, viewer_id) for found in unit.execute(query)]


def listed(house: House, viewer_id: int | None, *where: ColumnElement[bool]) -> list[TableRow]:
    """The tables anyone may join, oldest first, but for those of people blocked either way."""
    public = OpenTable.invitee_id.is_(None), OpenTable.code.is_(None)
    if viewer_id is not None:
        where = *where, pairing.not_blocked(viewer_id, OpenTable.owner_id)
    with house.store.read() as unit:
        return rows(unit, viewer_id, *public, *where)


def own(house: House, user_id: int) -> TableRow | None:
    """A user's own open table."""
    mine = OpenTable.owner_id == user_id, OpenTable.invitee_id.is_(None)
    with house.store.read() as unit:
        return next(iter(rows(unit, user_id, *mine)), None)


def challenges(house: House, user_id: int) -> tuple[list[TableRow], list[TableRow]]:
    """The challenges to a user, and theirs to others."""
    incoming = (
        OpenTable.invitee_id == user_id,
        pairing.not_blocked(user_id, OpenTable.owner_id),
    )
    outgoing = OpenTable.owner_id == user_id, OpenTable.invitee_id.is_not(None)
    with house.store.read() as unit:
        return rows(unit, user_id, *incoming), rows(unit, user_id, *outgoing)


def still_open(house: House, table_ids: Collection[str]) -> set[str]:
    """Those of these tables that stand open still."""
    with house.store.read() as unit:
        return set(unit.scalars(select(OpenTable.id).where(OpenTable.id.in_(table_ids))))


# Telling


def tell_open(house: House, table_id: str) -> None:
    """Tell the lobby of a public table, but for those who are blocked either way."""
    public = OpenTable.invitee_id.is_(None), OpenTable.code.is_(None)
    with house.store.read() as unit:
        found = rows(unit, None, OpenTable.id == table_id, *public)
        but = pairing.blocked_with(unit, found[0].owner_id) if found else []
    if not found:
        return
    audience = Audience(lobby=True, but=tuple(but))
    house.publish.tell(audience, "table_update", found[0].json())
    if not still_open(house, [table_id]):
        house.publish.lobby("table_gone", {"id": table_id})


def tell_own(house: House, user_id: int) -> None:
    """Tell a user which table they have open: as it is now, and again if that changes."""
    row = own(house, user_id)
    while True:
        data = None if row is None else row.json(for_owner=True)
        house.publish.user(user_id, "table_own", data)
        told, row = row, own(house, user_id)
        if row == told:
            return


def tell_challenge(house: House, row: TableRow) -> None:
    """Tell whoever is challenged, and the challenger on every connection they have."""
    assert row.invitee_id is not None
    house.publish.user(row.invitee_id, "challenge", row.json())
    house.publish.user(row.owner_id, "challenge_sent", row.json(for_owner=True))
    if not still_open(house, [row.id]):
        tell_gone(house, [Gone(row.id, row.owner_id, row.invitee_id, row.private)], "withdrawn")


def tell_gone(house: House, gone: Sequence[Gone], reason: str = "expired") -> None:
    """Tell those who could see these tables that they are gone; a challenge says why."""
    for table in gone:
        if table.invitee_id is not None:
            both = Audience(users=(table.owner_id, table.invitee_id))
            house.publish.tell(both, "challenge_gone", {"id": table.id, "reason": reason})
            continue
        if not table.private:
            house.publish.lobby("table_gone", {"id": table.id})
        tell_own(house, table.owner_id)


def tell_renamed(house: House, user_id: int) -> None:
    """Tell of a user's table and challenges under the name they have now."""
    row = own(house, user_id)
    if row is not None:
        tell_open(house, row.id)
        tell_own(house, user_id)
    for challenge in challenges(house, user_id)[1]:
        tell_challenge(house, challenge)


# Going away


def take(unit: Unit, *where: ColumnElement[bool]) -> list[Gone]:
    """Take tables away inside a transaction; of two who try, one gets them. Then `tell_gone`."""
    taken = unit.execute(
        delete(OpenTable)
        .where(*where)
        .returning(OpenTable.id, OpenTable.owner_id, OpenTable.invitee_id, OpenTable.code)
        .execution_options(synchronize_session=False)
    )
    return [Gone(id, owner, invitee, code is not None) for id, owner, invitee, code in taken]


def take_away(house: House, *where: ColumnElement[bool]) -> list[Gone]:
    """As `take`, in a transaction of its own; where there is nothing to take, in none."""
    with house.store.read() as unit:
        if unit.scalar(select(OpenTable.id).where(*where).limit(1)) is None:
            return []
    with house.store.write() as unit:
        return take(unit, *where)


def take_of(unit: Unit, user_ids: Collection[int]) -> list[Gone]:
    """Take away whatever these users have open or were asked to, before they go themselves."""
    return take(unit, _of(user_ids))


def drop(house: House, table_id: str) -> bool:
    """Take one table or challenge away; whether it was there."""
    return _drop(house, is_table(table_id)) > 0


def drop_of(house: House, user_ids: Collection[int]) -> int:
    """Take away whatever these users have open or were asked to; how many tables there were."""
    return _drop(house, _of(user_ids))


def drop_orphaned(house: House) -> int:
    """Take away the tables of those who can never come back, and the challenges to them."""
    away = select(User.id).where(~User.active)
    return _drop(house, OpenTable.owner_id.in_(away) | OpenTable.invitee_id.in_(away))


def expire(house: House) -> int:
    """Take away what has been open for longer than `TABLE_TTL`."""
    limit = house.clock() - timedelta(seconds=house.config.TABLE_TTL)
    return _drop(house, OpenTable.created_at < limit)


def part(house: House, one: int, other: int) -> None:
    """One of these two has blocked the other: neither sees the other's table any more."""
    pair = one, other
    between = OpenTable.owner_id.in_(pair) & OpenTable.invitee_id.in_(pair)
    _drop(house, between, reason="withdrawn")
    for viewer_id, owner_id in (pair, pair[::-1]):
        row = own(house, owner_id)
        if row is not None and not row.private:
            house.publish.user(viewer_id, "table_gone", {"id": row.id})


def meet(house: House, one: int, other: int) -> None:
    """One of these two has taken a block back: if the other has, too, they see their tables."""
    for viewer_id, owner_id in ((one, other), (other, one)):
        for row in listed(house, viewer_id, OpenTable.owner_id == owner_id):
            house.publish.user(viewer_id, "table_update", row.json())


def clear(house: House, record: MatchRecord) -> None:
    """A match begins: take away what its players cannot or will not play beside it.

    That is their challenges to each other; everything open of one who now plays as many matches
    as one may; and where both must be there from the start, whatever else asks that of them.
    """
    players = record.user_ids
    theirs = OpenTable.owner_id.in_(players)
    with house.store.read() as unit:
        if unit.scalar(select(OpenTable.id).where(theirs).limit(1)) is None:
            return
        full = [user_id for user_id in players if pairing.is_full(house, unit, user_id)]
    where: list[ColumnElement[bool]]
    where = [OpenTable.invitee_id.in_(players), OpenTable.owner_id.in_(full)]
    if record.time.needs_presence:
        where.append(_AT_ONCE)
    _drop(house, and_(theirs, or_(*where)), reason="withdrawn")


# Owners who are gone


def miss(house: House, user_ids: Collection[int]) -> None:
    """These users' last connections are gone: what asks for them at once goes, too, after a while.

    That is `AWAY` later, unless they come back before.
    """
    if not user_ids:
        return
    query = select(OpenTable.owner_id).where(_AT_ONCE)
    if len(user_ids) <= SHOWN:
        query = query.where(OpenTable.owner_id.in_(user_ids))
    with house.store.read() as unit:
        owners = set(unit.scalars(query))
    for user_id in owners.intersection(user_ids):
        _await(house, user_id, house.clock())


def drop_deserted(house: House) -> int:
    """Take away what asks for an owner at once who has long been silent: what `miss` missed."""
    limit = house.clock() - SILENT
    here = select(Presence.id).where(Presence.user_id == User.id).exists()
    silent = select(User.id).where(User.seen_at < limit, ~here)
    return _drop(house, _AT_ONCE, OpenTable.created_at < limit, OpenTable.owner_id.in_(silent))


def _await(house: House, user_id: int, since: datetime) -> None:
    house.timers.at(("away", user_id), since + AWAY, lambda: _desert(house, user_id))


def _desert(house: House, user_id: int) -> None:
    """Take away what a user has open who is not here; while their token is used, they are."""
    here = select(Presence.id).where(Presence.user_id == user_id).limit(1)
    with house.store.read() as unit:
        user = unit.get(User, user_id)
        if user is None or unit.scalar(here) is not None:
            return
    if user.seen_at > house.clock() - AWAY:  # away since later, through another worker perhaps
        _await(house, user_id, user.seen_at)
        return
    by_token = select(Joined.user_id).where(
        Joined.user_id == OpenTable.owner_id, Joined.game_id == OpenTable.id
    )
    _drop(house, _AT_ONCE, OpenTable.owner_id == user_id, ~here.exists(), ~by_token.exists())


def _drop(house: House, *where: ColumnElement[bool], reason: str = "expired") -> int:
    gone = take_away(house, *where)
    tell_gone(house, gone, reason)
    return len(gone)


def _of(user_ids: Collection[int]) -> ColumnElement[bool]:
    return OpenTable.owner_id.in_(user_ids) | OpenTable.invitee_id.in_(user_ids)


def _row(
    table: OpenTable, owner: User, rating: int | None, invitee: str | None, viewer_id: int | None
) -> TableRow:
    return TableRow(
        id=table.id,
        game=table.game,
        variant=table.variant,
        rated=table.rated,
        private=table.code is not None,
        code=table.code if table.owner_id == viewer_id else None,
        time=TimeControl(table.per_move, table.base, table.increment or 0),
        owner=owner.name,
        owner_id=owner.id,
        owner_rating=rating,
        owner_registered=owner.registered,
        invitee=invitee,
        invitee_id=table.invitee_id,
        created_at=table.created_at,
    )
