"""Friends, whom you like to play, and blocks, whom you do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Unit

from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import Block, Friend, Presence, Rating, User
from app.store.base import affected
from app.store.people import user_named

GAME = "uttt"


@dataclass(frozen=True, slots=True)
class FriendRow:
    """A friend: `rating` in points (None: not rated), `online` now."""

    name: str
    rating: int | None
    online: bool


def add(house: House, caller: Caller, name: str) -> None:
    """Put an account into the caller's list.

    Raises `guest`, `unknown_user`, `yourself`, `already_friends`.
    """
    with house.store.write() as unit:
        if not unit.get_one(User, caller.user_id).registered:
            raise ServiceError("guest", "guests have no friend list")
        other = _other(unit, caller, name)
        if not other.registered:
            raise ServiceError("guest", f"'{other.name}' is a guest")
        if unit.get(Friend, (caller.user_id, other.id)) is not None:
            raise ServiceError("already_friends", f"'{other.name}' is already your friend")
        unit.add(Friend(user_id=caller.user_id, friend_id=other.id, since=house.clock()))


def remove(house: House, caller: Caller, name: str) -> None:
    """Take an account out of the caller's list.

    Raises `unknown_user`, `yourself`, `not_friends`.
    """
    with house.store.write() as unit:
        other = _other(unit, caller, name)
        gone = affected(
            unit,
            delete(Friend).where(Friend.user_id == caller.user_id, Friend.friend_id == other.id),
        )
        if not gone:
            raise ServiceError("not_friends", f"'{other.name}' is not in your friend list")


def list_of(house: House, user_id: int) -> list[FriendRow]:
    """A user's friends by name."""
    online = select(Presence.id).where(Presence.user_id == User.id).exists()
    query = (
        select(User.name, Rating.value, online)
        .join(Friend, Friend.friend_id == User.id)
        .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == GAME))
        .where(Friend.user_id == user_id, User.active)
        .order_by(User.name)
    )
    with house.store.read() as unit:
        return [FriendRow(name, value, here) for name, value, here in unit.execute(query)]


def update_of(house: House, user_id: int) -> dict[str, Any]:
    """What `friends_update` carries: three arrays of equal length."""
    rows = list_of(house, user_id)
    return {
        "friends": [row.name for row in rows],
        "elos": [row.rating for row in rows],
        "online": [row.online for row in rows],
    }


def block(house: House, caller: Caller, name: str) -> None:
    """Hear nothing of a user any more; they leave the friend lists of both.

    Raises `unknown_user`, `yourself`.
    """
    with house.store.write() as unit:
        other = _other(unit, caller, name)
        if unit.get(Block, (caller.user_id, other.id)) is None:
            unit.add(Block(user_id=caller.user_id, blocked_id=other.id, since=house.clock()))
        for one, two in ((caller.user_id, other.id), (other.id, caller.user_id)):
            unit.execute(delete(Friend).where(Friend.user_id == one, Friend.friend_id == two))


def unblock(house: House, caller: Caller, name: str) -> None:
    """Take a block back. Raises `unknown_user`, `yourself`, `not_blocked`."""
    with house.store.write() as unit:
        other = _other(unit, caller, name)
        gone = affected(
            unit,
            delete(Block).where(Block.user_id == caller.user_id, Block.blocked_id == other.id),
        )
        if not gone:
            raise ServiceError("not_blocked", f"'{other.name}' is not blocked")


def blocked(house: House, user_id: int) -> list[str]:
    """The names a user has blocked."""
    query = (
        select(User.name)
        .join(Block, Block.blocked_id == User.id)
        .where(Block.user_id == user_id)
        .order_by(User.name)
    )
    with house.store.read() as unit:
        return list(unit.scalars(query))


def _other(unit: Unit, caller: Caller, name: str) -> User:
    other = user_named(unit, name.strip().lower())
    if other is None:
        raise ServiceError("unknown_user", f"user '{name.strip().lower()}' not found")
    if other.id == caller.user_id:
        raise ServiceError("yourself", "that is you")
    return other
