"""Friends, whom you like to play, and blocks, whom you do not.

What changes somebody's list returns whose lists those are, for `tell`: it is for the caller to
say when, since an old client wants its answer before the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session as Unit

from app.games import DEFAULT
from app.services import offers, pairing
from app.services.bridge import absence
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import Block, Friend, Presence, Rating, User
from app.store.base import affected
from app.store.people import is_named, user_named

PAGE: Final = 50  # friends on a page

# Built once: asked whenever somebody comes in.
_here: Final = select(Presence.id).where(Presence.user_id == User.id).exists()
_LIST: Final = (
    select(User.name, Rating.value, _here, User.automatic)
    .join(Friend, Friend.friend_id == User.id)
    .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == DEFAULT))
    .where(Friend.user_id == bindparam("user"), User.active)
    .order_by(User.name)
)


@dataclass(frozen=True, slots=True)
class FriendRow:
    """A friend: `rating` in points (None: not rated), `online` now, `automatic`: a program."""

    name: str
    rating: int | None
    online: bool
    automatic: bool


@dataclass(frozen=True, slots=True)
class FriendPage:
    """A page of somebody's friends, of `total` on `pages` pages counted from 1."""

    rows: list[FriendRow]
    page: int
    pages: int
    total: int


def add(house: House, caller: Caller, name: str) -> list[int]:
    """Put an account into the caller's list; the ids of those whose lists changed.

    Raises `guest`, `unknown_user`, `yourself`, `already_friends`, `too_many`.
    """
    house.limits.hit("friends", str(caller.user_id))
    with house.store.write() as unit:
        if not unit.get_one(User, caller.user_id).registered:
            raise ServiceError("guest", "guests have no friend list")
        other = _other(unit, caller, name)
        if not other.registered:
            raise ServiceError("guest", f"'{other.name}' is a guest")
        if unit.get(Friend, (caller.user_id, other.id)) is not None:
            raise ServiceError("already_friends", f"'{other.name}' is already your friend")
        unit.add(Friend(user_id=caller.user_id, friend_id=other.id, since=house.clock()))
    return [caller.user_id]


def remove(house: House, caller: Caller, name: str) -> list[int]:
    """Take an account out of the caller's list; the ids of those whose lists changed.

    Raises `unknown_user`, `yourself`, `not_friends`, `too_many`.
    """
    house.limits.hit("friends", str(caller.user_id))
    with house.store.write() as unit:
        other = _other(unit, caller, name)
        if not _drop(unit, caller.user_id, other.id):
            raise ServiceError("not_friends", f"'{other.name}' is not in your friend list")
    return [caller.user_id]


def tell(house: House, user_ids: Iterable[int]) -> None:
    """Send these users their lists, on every connection they have."""
    for user_id in user_ids:
        house.publish.user(user_id, "friends_update", update_of(house, user_id))


def tell_blocks(house: House, user_id: int) -> None:
    """Tell a user whom they have blocked, on every connection they have."""
    house.publish.user(user_id, "blocks_update", {"blocked": blocked(house, user_id)})


def list_of(house: House, user_id: int) -> list[FriendRow]:
    """A user's friends by name."""
    with house.store.look() as connection:
        return [FriendRow(*row) for row in connection.execute(_LIST, {"user": user_id})]


def page_of(house: House, user_id: int, number: int = 1, size: int = PAGE) -> FriendPage:
    """A page of a user's friends: those who are here first, then by name.

    A number out of range gives the nearest page.
    """
    theirs = Friend.user_id == user_id, User.active
    listed = select(func.count()).select_from(Friend).join(User, User.id == Friend.friend_id)
    with house.store.look() as connection:
        total = connection.scalar(listed.where(*theirs)) or 0
        pages = max(1, ceil(total / size))
        number = min(max(number, 1), pages)
        order = _LIST.order_by(None).order_by(_here.desc(), User.name)
        found = order.limit(size).offset((number - 1) * size)
        rows = [FriendRow(*row) for row in connection.execute(found, {"user": user_id})]
    return FriendPage(rows, number, pages, total)


def is_friend(house: House, user_id: int, other_id: int) -> bool:
    """Whether a user has another in their list."""
    with house.store.read() as unit:
        return unit.get(Friend, (user_id, other_id)) is not None


def has_blocked(house: House, user_id: int, other_id: int) -> bool:
    """Whether a user has blocked another."""
    with house.store.read() as unit:
        return unit.get(Block, (user_id, other_id)) is not None


def update_of(house: House, user_id: int) -> dict[str, Any]:
    """What `friends_update` carries: three arrays of equal length."""
    rows = list_of(house, user_id)
    return {
        "friends": [row.name for row in rows],
        "elos": [row.rating for row in rows],
        "online": [row.online for row in rows],
    }


def block(house: House, caller: Caller, name: str) -> list[int]:
    """Hear nothing of a user any more; the ids of those in whose lists the other was.

    Raises `unknown_user`, `yourself`, `too_many`.
    """
    house.limits.hit("friends", str(caller.user_id))
    with house.store.write() as unit:
        pairing.begin(house, unit)
        other = _other(unit, caller, name)
        if unit.get(Block, (caller.user_id, other.id)) is None:
            unit.add(Block(user_id=caller.user_id, blocked_id=other.id, since=house.clock()))
        pairs = (caller.user_id, other.id), (other.id, caller.user_id)
        changed = [one for one, two in pairs if _drop(unit, one, two)]
    offers.part(house, caller.user_id, other.id)
    absence.part(house, caller.user_id, other.id)
    return changed


def unblock(house: House, caller: Caller, name: str) -> list[int]:
    """Take back the blocks of everyone under that name, even of who is not here any more.

    Nobody's list changes. Raises `not_blocked`, `too_many`.
    """
    house.limits.hit("friends", str(caller.user_id))
    name = name.strip().lower()
    theirs = select(User.id).where(is_named(name))
    mine = delete(Block).where(Block.user_id == caller.user_id, Block.blocked_id.in_(theirs))
    with house.store.write() as unit:
        gone = mine.returning(Block.blocked_id).execution_options(synchronize_session=False)
        others = list(unit.scalars(gone))
    if not others:
        raise ServiceError("not_blocked", f"'{name}' is not blocked")
    for other_id in others:
        offers.meet(house, caller.user_id, other_id)
    return []


def blocked(house: House, user_id: int) -> list[str]:
    """The names a user has blocked, of those who may still come back."""
    query = (
        select(User.name)
        .join(Block, Block.blocked_id == User.id)
        .where(Block.user_id == user_id, User.active)
        .order_by(User.name)
    )
    with house.store.read() as unit:
        return list(unit.scalars(query))


def _drop(unit: Unit, user_id: int, friend_id: int) -> bool:
    """Take one out of the other's list; whether they were in it."""
    listed = Friend.user_id == user_id, Friend.friend_id == friend_id
    return affected(unit, delete(Friend).where(*listed)) > 0


def _other(unit: Unit, caller: Caller, name: str) -> User:
    other = user_named(unit, name.strip().lower())
    if other is None:
        raise ServiceError("unknown_user", f"user '{name.strip().lower()}' not found")
    if other.id == caller.user_id:
        raise ServiceError("yourself", "that is you")
    return other
