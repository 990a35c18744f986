"""Who may begin a match with whom, however it comes about. In a transaction, after `begin`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.orm import Session as Unit

from app.services import players
from app.services.errors import ServiceError
from app.services.house import House
from app.store import Block, Match, Seat, User, locks
from app.store.people import blocked_between, user_named


class Unavailable(ServiceError):
    """The user of that name cannot play now, as a proposal asks of them."""

    def __init__(self, name: str) -> None:
        super().__init__("player_unavailable", f"{name} is not available.")
        self.name = name


def begin(house: House, unit: Unit) -> None:
    """Let nobody else pair people up until the transaction ends."""
    house.store.one_at_a_time(unit, locks.PAIRING)


def opponent(unit: Unit, user_id: int, name: str) -> User:
    """The user of that name, for somebody else to play. Raises `unknown_user`, `yourself`."""
    name = name.strip().lower()
    found = user_named(unit, name)
    if found is None:
        raise ServiceError("unknown_user", f"user {name} not found :(")
    if found.id == user_id:
        raise ServiceError("yourself", "you cannot play against yourself")
    return found


def check_pair(house: House, unit: Unit, user_id: int, other: User, game: str | None) -> None:
    """Whether these two may begin a match now: of two at that game, or (None) with others.

    Raises `blocked`, `already_playing`, `too_many_matches`, and `opponent_busy` where the other
    has too many.
    """
    check_company(unit, user_id, other)
    if game is not None and playing(unit, user_id, other.id, game):
        raise ServiceError("already_playing", f"you are already playing against {other.name}")
    check_room(house, unit, user_id)
    if is_full(house, unit, other.id):
        raise ServiceError("opponent_busy", f"{other.name} has too many open matches")


def check_company(unit: Unit, user_id: int, other: User) -> None:
    """Whether these two may sit at the same table. Raises `blocked`."""
    if blocked_between(unit, user_id, other.id):
        raise ServiceError("blocked", f"You and {other.name} do not play each other.")


def check_available(unit: Unit, user: User) -> None:
    """Whether a user can answer a proposal now. Raises Unavailable."""
    if players.status(unit, user.id) != players.AVAILABLE:
        raise Unavailable(user.name)


def check_room(house: House, unit: Unit, user_id: int) -> None:
    """Whether a user may begin one more match. Raises `too_many_matches`."""
    if is_full(house, unit, user_id):
        most = house.config.MAX_OPEN_MATCHES
        raise ServiceError("too_many_matches", f"you have {most} open matches already")


def is_full(house: House, unit: Unit, user_id: int) -> bool:
    """Whether a user plays as many matches as one may."""
    count = unit.scalar(select(func.count()).where(Seat.user_id == user_id, Seat.open)) or 0
    return count >= house.config.MAX_OPEN_MATCHES


def playing(unit: Unit, one: int, other: int, game: str) -> bool:
    """Whether these two play each other at that game; at a table for more they may beside it."""
    theirs, anybodys = aliased(Seat), aliased(Seat)
    seats = select(func.count()).where(anybodys.match_id == Match.id).scalar_subquery()
    both = (
        select(Match.id)
        .join(Seat, Seat.match_id == Match.id)
        .join(theirs, theirs.match_id == Match.id)
        .where(Seat.user_id == one, Seat.open, theirs.user_id == other)
        .where(Match.game == game, seats == 2)
        .limit(1)
    )
    return unit.scalar(both) is not None


def blocked_with(unit: Unit, user_id: int) -> list[int]:
    """Those whom this user has blocked, and those who have blocked this user."""
    mine = select(Block.blocked_id).where(Block.user_id == user_id)
    me = select(Block.user_id).where(Block.blocked_id == user_id)
    return list(unit.scalars(union(mine, me)))


def not_blocked(user_id: int, other: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The condition that the user in column `other` and this one have not blocked each other."""
    mine = (Block.user_id == user_id) & (Block.blocked_id == other)
    theirs = (Block.user_id == other) & (Block.blocked_id == user_id)
    return ~select(Block.user_id).where(mine | theirs).exists()
