"""What stands open, as others see it: tables and challenges, and who sits or is asked there."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.services import pairing
from app.services.house import House
from app.services.time_control import TimeControl
from app.store import OpenTable, Rating, TableSeat, User
from app.store.base import RowId
from app.store.tables import is_table

SHOWN: Final = 200  # how many tables a list names

_Owner = aliased(User)
_Invitee = aliased(User)
_TAKEN = select(func.count()).where(TableSeat.table_id == OpenTable.id).scalar_subquery()

TO_JOIN: Final = OpenTable.invitee_id.is_(None) & OpenTable.grace.is_(None)
"""The condition that a table is one to sit down at: no challenge, and no proposal."""

PUBLIC: Final = TO_JOIN & OpenTable.code.is_(None)
"""The condition that anybody may sit down there."""


@dataclass(frozen=True, slots=True)
class TableSeatRow:
    """A seat of a table: free, taken by a user, kept for one who is asked, or the computer's.

    `name` is None for a free one, `user_id` also for the computer; `strength` is the computer's.
    `automatic`: the user is a program.
    """

    kind: Literal["free", "taken", "asked", "bot"]
    name: str | None = None
    user_id: int | None = None
    registered: bool = False
    strength: str | None = None
    automatic: bool = False

    def json(self) -> dict[str, Any]:
        """The seat as messages carry it: `{"kind", "name", "registered", "strength"}`, and
        `"automatic": true` where the user is a program.
        """
        data = {
            "kind": self.kind,
            "name": self.name,
            "registered": self.registered,
            "strength": self.strength,
        }
        return data | {"automatic": True} if self.automatic else data


FREE_SEAT: Final = TableSeatRow("free")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table, or with an `invitee` a challenge, or with a `grace` a proposal.

    `options` are the game's own, beside the variant. `rated`: as those who sit there or are asked
    are, its match will be. Its `code` is in the owner's own row only.
    """

    id: str
    game: str
    variant: str
    options: Mapping[str, Any]
    players: int
    rated: bool
    private: bool
    code: str | None
    time: TimeControl
    grace: int | None
    owner: str
    owner_id: int
    owner_rating: int | None
    owner_registered: bool
    owner_automatic: bool
    invitee: str | None
    invitee_id: int | None
    seats: tuple[TableSeatRow, ...]
    created_at: datetime

    @property
    def free(self) -> tuple[int, ...]:
        """The seats that anybody may take."""
        return tuple(seat for seat, row in enumerate(self.seats) if row.kind == "free")

    @property
    def to_join(self) -> bool:
        """Whether it is a table to sit down at: no challenge, and no proposal."""
        return self.invitee_id is None and self.grace is None

    @property
    def public(self) -> bool:
        """Whether anybody may sit down there, as long as a seat is free."""
        return self.to_join and not self.private

    @property
    def asked(self) -> tuple[int, ...]:
        """Who is asked to sit there."""
        return tuple(row.user_id for row in self.seats if row.kind == "asked" and row.user_id)

    @property
    def members(self) -> tuple[int, ...]:
        """Who sits there, and who is asked to."""
        return tuple(row.user_id for row in self.seats if row.user_id is not None)

    @property
    def invitee_automatic(self) -> bool:
        """Whether a program is challenged."""
        return any(row.automatic for row in self.seats if row.kind == "asked")

    def seat_of(self, user_id: int | None) -> int | None:
        """Where that user sits, or is asked to."""
        if user_id is None:
            return None
        return next((n for n, row in enumerate(self.seats) if row.user_id == user_id), None)

    def json(self, *, for_owner: bool = False) -> dict[str, Any]:
        """The row as messages carry it, for its owner with the code."""
        data = {
            "id": self.id,
            "game": self.game,
            "variant": self.variant,
            "options": dict(self.options),
            "players": self.players,
            "rated": self.rated,
            "private": self.private,
            "time": self.time.text,
            "owner": self.owner,
            "elo": self.owner_rating,
            "registered": self.owner_registered,
            "invitee": self.invitee,
            "seats": [row.json() for row in self.seats],
            "since": self.created_at.isoformat(),
        }
        if self.owner_automatic:
            data["automatic"] = True
        return data | {"code": self.code} if for_owner and self.private else data


# Put together once: doing so takes longer than asking, and the lobby asks five times.
_ROWS: Final = (
    select(OpenTable, _Owner, Rating.value, _Invitee.name)
    .join(_Owner, _Owner.id == OpenTable.owner_id)
    .outerjoin(Rating, (Rating.user_id == _Owner.id) & (Rating.game == OpenTable.game))
    .outerjoin(_Invitee, _Invitee.id == OpenTable.invitee_id)
    .where(_Owner.active)
    .order_by(OpenTable.created_at, OpenTable.id)
    .limit(SHOWN)
)
_SEATS: Final = select(
    TableSeat, User.id, User.name, User.registered, User.automatic, User.active
).outerjoin(User, User.id == func.coalesce(TableSeat.user_id, TableSeat.invitee_id))
_SEATS_AT: Final = _SEATS.where(TableSeat.table_id.in_(bindparam("tables", expanding=True)))
_STILL_OPEN: Final = select(OpenTable.id).where(
    OpenTable.id.in_(bindparam("tables", expanding=True))
)

_viewer: Final = bindparam("viewer", type_=RowId)
_sits: Final = select(TableSeat.table_id).where(TableSeat.user_id == _viewer)
_asked: Final = select(TableSeat.table_id).where(TableSeat.invitee_id == _viewer)
_NOT_BLOCKED: Final = pairing.not_blocked(_viewer, OpenTable.owner_id)
_LISTED: Final = _ROWS.where(PUBLIC, OpenTable.players > _TAKEN)
_LISTED_TO: Final = _LISTED.where(_NOT_BLOCKED)
_OWN: Final = _ROWS.where(OpenTable.owner_id == _viewer, TO_JOIN)
_SEATED: Final = _ROWS.where(OpenTable.id.in_(_sits), OpenTable.owner_id != _viewer)
_INCOMING: Final = _ROWS.where(OpenTable.id.in_(_asked), _NOT_BLOCKED)
_OUTGOING: Final = _ROWS.where(OpenTable.owner_id == _viewer, OpenTable.invitee_id.is_not(None))


def rows(unit: Unit, viewer_id: int | None, *where: ColumnElement[bool]) -> list[TableRow]:
    """The tables that meet these conditions, oldest first, as that user gets to see them."""
    return _found(unit, viewer_id, _ROWS.where(*where))


def _found(
    unit: Unit, viewer_id: int | None, query: Select[OpenTable, User, int, str]
) -> list[TableRow]:
    """The tables that `query`, one of those above, is for."""
    found = list(unit.execute(query, {} if viewer_id is None else {"viewer": viewer_id}))
    if not found:
        return []
    seats = _seats(unit, [table.id for table, *_ in found])
    return [_row(*each, seats[each[0].id], viewer_id) for each in found]


def listed(house: House, viewer_id: int | None, *where: ColumnElement[bool]) -> list[TableRow]:
    """The tables anyone may join, oldest first, but for those of people blocked either way."""
    query = _LISTED if viewer_id is None else _LISTED_TO
    with house.store.read() as unit:
        return _found(unit, viewer_id, query.where(*where) if where else query)


def own(house: House, user_id: int) -> TableRow | None:
    """A user's own open table."""
    with house.store.read() as unit:
        return next(iter(_found(unit, user_id, _OWN)), None)


def seated(house: House, user_id: int) -> list[TableRow]:
    """The tables of others where that user sits and waits for the match to begin."""
    with house.store.read() as unit:
        return _found(unit, user_id, _SEATED)


def part_of(house: House, user_id: int) -> list[TableRow]:
    """Whatever that user has open, sits at or is asked to; without codes."""
    mine = TableSeat.user_id == user_id
    theirs = select(TableSeat.table_id).where(mine | (TableSeat.invitee_id == user_id))
    with house.store.read() as unit:
        return rows(unit, None, OpenTable.id.in_(theirs))


def challenges(house: House, user_id: int) -> tuple[list[TableRow], list[TableRow]]:
    """What a user is asked to, a challenge or a seat at a table; and their challenges to others."""
    with house.store.read() as unit:
        return _found(unit, user_id, _INCOMING), _found(unit, user_id, _OUTGOING)


def look(house: House, table_id: str, viewer_id: int | None = None) -> TableRow | None:
    """A table as it is now, whoever may see it; None if it is gone."""
    with house.store.read() as unit:
        return next(iter(rows(unit, viewer_id, is_table(table_id))), None)


def still_open(house: House, table_ids: Collection[str]) -> set[str]:
    """Those of these tables that stand open still."""
    if not table_ids:
        return set()
    with house.store.look() as connection:
        return set(connection.scalars(_STILL_OPEN, {"tables": list(table_ids)}))


def _seats(unit: Unit, table_ids: Sequence[str]) -> dict[str, dict[int, TableSeatRow]]:
    """The seats of these tables that are not free. Those of people who are gone are."""
    seats: dict[str, dict[int, TableSeatRow]] = defaultdict(dict)
    found = unit.execute(_SEATS_AT, {"tables": table_ids})
    for seat, user_id, name, registered, automatic, active in found:
        if seat.bot is not None:
            row = TableSeatRow("bot", seat.bot_name, strength=seat.bot)
        elif active:
            kind: Literal["taken", "asked"] = "asked" if seat.user_id is None else "taken"
            row = TableSeatRow(kind, name, user_id, registered, automatic=automatic)
        else:
            continue
        seats[seat.table_id][seat.seat] = row
    return seats


def _row(
    table: OpenTable,
    owner: User,
    rating: int | None,
    invitee: str | None,
    taken: Mapping[int, TableSeatRow],
    viewer_id: int | None,
) -> TableRow:
    seats = tuple(taken.get(seat, FREE_SEAT) for seat in range(table.players))
    return TableRow(
        id=table.id,
        game=table.game,
        variant=table.variant,
        options=json.loads(table.options),
        players=table.players,
        rated=table.rated and all(row.registered for row in taken.values()),
        private=table.code is not None,
        code=table.code if table.owner_id == viewer_id else None,
        time=TimeControl(table.per_move, table.base, table.increment or 0),
        grace=table.grace,
        owner=owner.name,
        owner_id=owner.id,
        owner_rating=rating,
        owner_registered=owner.registered,
        owner_automatic=owner.automatic,
        invitee=invitee,
        invitee_id=table.invitee_id,
        seats=seats,
        created_at=table.created_at,
    )
