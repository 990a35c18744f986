"""Who may begin a match with whom, however it comes about. In a transaction, after `begin`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.orm import Session as Unit

from app.services import players
from app.services.errors import ServiceError
from app.services.house import House
from app.store import Block, Match, Seat, User, locks
from app.store.people import blocked_between, may_be_name
from app.store.query import Query


class Somebody(Protocol):
    """A user, as far as it matters here."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


class Unavailable(ServiceError):
    """The user of that name cannot play now, as a proposal asks of them."""

    def __init__(self, name: str) -> None:
        super().__init__("player_unavailable", f"{name} is not available.")
        self.name = name


FIRST: Final = " pairing"
"""The key of what begins with `begin` in a group commit: nobody is waited for there who could
hold a match, or a user, of those who come after.
"""


def _blocked() -> Select[int]:
    mine = (Block.user_id == bindparam("one")) & (Block.blocked_id == bindparam("other"))
    theirs = (Block.user_id == bindparam("other")) & (Block.blocked_id == bindparam("one"))
    return select(Block.user_id).where(mine | theirs)


def _playing() -> Select[str]:
    theirs, anybodys = aliased(Seat), aliased(Seat)
    seats = select(func.count()).where(anybodys.match_id == Match.id).scalar_subquery()
    return (
        select(Match.id)
        .join(Seat, Seat.match_id == Match.id)
        .join(theirs, theirs.match_id == Match.id)
        .where(Seat.user_id == bindparam("one"), Seat.open, theirs.user_id == bindparam("other"))
        .where(Match.game == bindparam("game"), seats == 2)
    )


def _open_seats(whose: str) -> Select[int]:
    return select(func.count()).where(Seat.user_id == bindparam(whose), Seat.open)


# Built once: whoever begins one match after another is asked all this each time.
_NAMED: Final = Query(select(User.id, User.name).where(User.name == bindparam("name"), User.active))
_OPEN_SEATS: Final = _open_seats("one")
_PLAYING: Final = _playing().limit(1)
_PAIR: Final = Query(
    select(
        _blocked().exists().label("blocked"),
        _playing().exists().label("playing"),
        _open_seats("one").scalar_subquery().label("own"),
        _open_seats("other").scalar_subquery().label("others"),
    )
)


def begin(house: House, unit: Unit | Connection) -> None:
    """Let nobody else pair people up until the transaction ends."""
    house.store.one_at_a_time(unit, locks.PAIRING)


def opponent(unit: Unit | Connection, user_id: int, name: str) -> Somebody:
    """The user of that name, for somebody else to play. Raises `unknown_user`, `yourself`."""
    name = name.strip().lower()
    rows = _NAMED.rows(unit, name=name) if may_be_name(name) else ()
    if not rows:
        raise ServiceError("unknown_user", f"user {name} not found :(")
    found: Somebody = rows[0]
    if found.id == user_id:
        raise ServiceError("yourself", "you cannot play against yourself")
    return found


def check_pair(
    house: House, unit: Unit | Connection, user_id: int, other: Somebody, game: str | None
) -> None:
    """Whether these two may begin a match now: of two at that game, or (None) with others.

    Raises `blocked`, `already_playing`, `too_many_matches`, and `opponent_busy` where the other
    has too many.
    """
    most = house.config.MAX_OPEN_MATCHES
    (found,) = _PAIR.rows(unit, one=user_id, other=other.id, game=game or "")
    if found.blocked:
        raise _apart(other)
    if found.playing:
        raise ServiceError("already_playing", f"you are already playing against {other.name}")
    if found.own >= most:
        raise _no_room(most)
    if found.others >= most:
        raise ServiceError("opponent_busy", f"{other.name} has too many open matches")


def check_company(unit: Unit, user_id: int, other: Somebody) -> None:
    """Whether these two may sit at the same table. Raises `blocked`."""
    if blocked_between(unit, user_id, other.id):
        raise _apart(other)


def check_available(unit: Unit, user: Somebody) -> None:
    """Whether a user can answer a proposal now. Raises Unavailable."""
    if players.status(unit, user.id) != players.AVAILABLE:
        raise Unavailable(user.name)


def check_room(house: House, unit: Unit, user_id: int) -> None:
    """Whether a user may begin one more match. Raises `too_many_matches`."""
    if is_full(house, unit, user_id):
        raise _no_room(house.config.MAX_OPEN_MATCHES)


def is_full(house: House, unit: Unit, user_id: int) -> bool:
    """Whether a user plays as many matches as one may."""
    return (unit.scalar(_OPEN_SEATS, {"one": user_id}) or 0) >= house.config.MAX_OPEN_MATCHES


def playing(unit: Unit, one: int, other: int, game: str) -> bool:
    """Whether these two play each other at that game; at a table for more they may beside it."""
    return unit.scalar(_PLAYING, {"one": one, "other": other, "game": game}) is not None


def blocked_with(unit: Unit, user_id: int) -> list[int]:
    """Those whom this user has blocked, and those who have blocked this user."""
    mine = select(Block.blocked_id).where(Block.user_id == user_id)
    me = select(Block.user_id).where(Block.blocked_id == user_id)
    return list(unit.scalars(union(mine, me)))


_USERS: Final[BindParameter[Any]] = bindparam("users", expanding=True)
_BLOCKED_AMONG: Final = union(
    select(Block.user_id, Block.blocked_id).where(Block.user_id.in_(_USERS)),
    select(Block.blocked_id, Block.user_id).where(Block.blocked_id.in_(_USERS)),
)


def blocked_among(connection: Connection, user_ids: Collection[int]) -> dict[int, set[int]]:
    """`blocked_with` of each of these users, where there is anybody."""
    found: dict[int, set[int]] = {}
    for user_id, other_id in connection.execute(_BLOCKED_AMONG, {"users": list(user_ids)}):
        found.setdefault(user_id, set()).add(other_id)
    return found


def not_blocked(
    user_id: int | BindParameter[int], other: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """The condition that the user in column `other` and this one have not blocked each other."""
    mine = (Block.user_id == user_id) & (Block.blocked_id == other)
    theirs = (Block.user_id == other) & (Block.blocked_id == user_id)
    return ~select(Block.user_id).where(mine | theirs).exists()


def _apart(other: Somebody) -> ServiceError:
    return ServiceError("blocked", f"You and {other.name} do not play each other.")


def _no_room(most: int) -> ServiceError:
    return ServiceError("too_many_matches", f"you have {most} open matches already")
