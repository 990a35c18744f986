"""Who can be asked for a match there and then: what old scopa clients show of everybody.

A player is an account. They are busy while they are in a proposal, asked or asking, and in a
match that waits for nobody who is gone (`Match.grace`); what else they play can wait.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, false, or_, select, union_all
from sqlalchemy.orm import Session as Unit

from app.services.house import House
from app.store import Match, OpenTable, Presence, Seat, TableSeat, User
from app.store.base import RowId
from app.store.people import user_named

AVAILABLE: Final = "available"
BUSY: Final = "busy"
OFFLINE: Final = "offline"
CHANGED: Final = "players_changed"  # the order given when somebody's status may be another
SHOWN: Final = 500  # how many players a list names
LATELY: Final = 1000  # matches that are looked through for whom somebody has met

_here: Final = select(Presence.id).where(Presence.user_id == User.id).exists()
_plays: Final = (
    select(Seat.match_id)
    .join(Match, Match.id == Seat.match_id)
    .where(Seat.user_id == User.id, Seat.open, Match.grace.is_not(None))
    .exists()
)
_negotiates: Final = (
    select(TableSeat.table_id)
    .join(OpenTable, OpenTable.id == TableSeat.table_id)
    .where(
        or_(TableSeat.user_id == User.id, TableSeat.invitee_id == User.id),
        OpenTable.grace.is_not(None),
    )
    .exists()
)
_STATUS: Final = case((~_here, OFFLINE), (_plays | _negotiates, BUSY), else_=AVAILABLE)
_account: Final[ColumnElement[bool]] = User.registered & User.active
# The same, said so that SQLite does not take the index of accounts, all of them, for a short cut.
_is_account: Final[ColumnElement[bool]] = User.registered.is_not(false()) & User.active

# From those who are here, not from all accounts, one of whom in a thousand may be.
_ONLINE: Final = (
    select(User.name, _STATUS)
    .where(User.id.in_(select(Presence.user_id)), _is_account)
    .order_by(User.name)
    .limit(SHOWN)
)


def _met() -> Select[str]:
    user_id = bindparam("user", type_=RowId)
    theirs = select(Seat.match_id).where(Seat.user_id == user_id)
    ended = theirs.where(~Seat.open).order_by(Seat.ended_at.desc(), Seat.match_id.desc())
    lately = ended.limit(LATELY).subquery()
    matches = union_all(select(lately.c.match_id), theirs.where(Seat.open))
    others = select(Seat.user_id).where(Seat.match_id.in_(matches), Seat.user_id != user_id)
    met = select(User.name).where(User.id.in_(others), _is_account)
    return met.order_by(User.name).limit(SHOWN)


_MET: Final = _met()


class Player(NamedTuple):
    """An account, and whether it may be asked: available, busy or offline."""

    name: str
    status: str


def status(unit: Unit, user_id: int) -> str:
    """Whether that user may be asked for a match now. Guests, who have no account, are offline."""
    found = unit.scalar(select(_STATUS).where(User.id == user_id, _account))
    return OFFLINE if found is None else found


def is_account(house: House, name: str) -> bool:
    """Whether there is an account of that name (lower case)."""
    with house.store.read() as unit:
        user = user_named(unit, name)
    return user is not None and user.registered


def online(house: House) -> list[Player]:
    """Who is here, on whatever transport, by name."""
    with house.store.look() as connection:
        return [Player(*row) for row in connection.execute(_ONLINE)]


def met(house: House, user_id: int) -> list[str]:
    """Whom a user has played with or against, at most `SHOWN` of them; by name.

    Of whoever has played thousands of matches, the last `LATELY` count.
    """
    with house.store.look() as connection:
        return list(connection.scalars(_MET, {"user": user_id}))


def listed(house: House, viewer_id: int) -> list[Player]:
    """Whom a user may know of: who is here by name, and then those they have met who are not."""
    here = online(house)
    names = {player.name for player in here}
    return here + [Player(name, OFFLINE) for name in met(house, viewer_id) if name not in names]


def running(house: House, user_id: int) -> str | None:
    """The id of the match that keeps a user busy, or None."""
    query = (
        select(Match.id)
        .join(Seat, Seat.match_id == Match.id)
        .where(Seat.user_id == user_id, Seat.open, Match.grace.is_not(None))
        .order_by(Match.created_at.desc())
        .limit(1)
    )
    with house.store.read() as unit:
        return unit.scalar(query)


def changed(house: House) -> None:
    """Have every worker look again who is here and busy. Call it once that is committed."""
    house.publish.control(CHANGED, {})
