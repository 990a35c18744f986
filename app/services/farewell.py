"""Saying good-bye for good: who deletes their own account, and what follows a removal.

One transaction takes everything away (`removal.remove`); then the matches end, the tables are
left, and whoever has it on their screen is told. A worker that is killed in between leaves that
to housekeeping.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.services import (
    accounts,
    channels,
    chat,
    friends,
    guests,
    ladders,
    players,
    reach,
    removal,
    sessions,
)
from app.services.bridge import absence
from app.services.errors import ServiceError
from app.services.house import House
from app.services.removal import Removal
from app.services.sessions import Caller
from app.store import User

CHUNK: Final = 100  # users who are told something at once


def delete(house: House, caller: Caller, password: str | None) -> None:
    """Delete the caller's own account, or the guest they are, for good.

    `password` is theirs; None from whoever has none. Raises `wrong_password`, `last_admin`,
    `session_ended`, `too_many`.
    """
    known = accounts.confirmed(house, caller.user_id, password)
    with house.store.write() as unit:
        removal.hold_matches(unit, caller.user_id)
        user = unit.get(User, caller.user_id)
        if user is None or not user.active:
            raise ServiceError("session_ended", "You have been signed out.")
        if user.password_hash != known:  # changed meanwhile
            raise accounts.wrong_own_password()
        if user.admin and not _other_admins(unit, user.id):
            raise ServiceError("last_admin", "The house cannot be without an admin.")
        removed = removal.remove(house, unit, [user.id])
    tell(house, removed)


def dismiss(house: House, user_id: int, *, unseen_since: datetime) -> bool:
    """Take away somebody who is not asked, unless they have been here since then; whether so."""
    with house.store.write() as unit:
        removal.hold_matches(unit, user_id)
        away = select(User.id).where(User.id == user_id, User.active, User.seen_at < unseen_since)
        if unit.scalar(away.with_for_update(key_share=True)) is None:
            return False
        removed = removal.remove(house, unit, [user_id])
    tell(house, removed)
    return True


def tell(house: House, removed: Removal) -> None:
    """Do what follows a removal, once it is committed: matches, tables, and what others see."""
    sessions.tell_ended(house, removed.sessions)
    for user_id, name in removed.names.items():
        house.publish.control("user_banned", {"user": user_id})
        gone = {"name": name, "registered": True, "elo": None, "online": False}
        house.publish.lobby("presence_update", gone)
    guests.close_matches(house)
    absence.dismiss_gone(house)
    with house.store.write() as unit:
        cleared = removal.clear_ratings(unit)
    if cleared:
        ladders.renew(house)
    players.changed(house)
    _tell_lines(house, removed)
    _tell_lists(house, removed)


def _tell_lines(house: House, removed: Removal) -> None:
    """Take what they have said from the pages that show it, and their talks from the counts."""
    rooms: dict[str, list[int]] = defaultdict(list)
    for message_id, key in removed.lines.items():
        rooms[key].append(message_id)
    for key, message_ids in rooms.items():
        members = channels.members_of(key)
        if not members:
            chat.tell_hidden(house, key, message_ids)
        for one, other in (members, members[::-1]) if members else ():
            if other in removed.names and one not in removed.names:
                # As the other called it, who may have the talk before them.
                room = f"{channels.TALK}:{removed.names[other]}"
                for message_id in message_ids:
                    house.publish.user(one, "chat_hidden", {"room": room, "id": message_id})
        house.pause()
    for user_id in removed.talked:
        total = sum(chat.unread(house, user_id).values())
        for name in removed.names.values():
            data = {"room": f"{channels.TALK}:{name}", "count": 0, "total": total}
            house.publish.user(user_id, "unread", data)


def _tell_lists(house: House, removed: Removal) -> None:
    """Tell those who are here of their lists without them."""
    ids = sorted(removed.befriended | removed.blockers)
    for start in range(0, len(ids), CHUNK):
        here = reach.reachable(house, ids[start : start + CHUNK])
        friends.tell(house, [user_id for user_id in here if user_id in removed.befriended])
        for user_id in here:
            if user_id in removed.blockers:
                friends.tell_blocks(house, user_id)
        house.pause()


def _other_admins(unit: Unit, user_id: int) -> bool:
    """Whether there are admins beside this one; all of them are held until the transaction ends."""
    admins = select(User.id).where(User.admin, User.active).order_by(User.id)
    held = admins.with_for_update(key_share=True)
    return any(other != user_id for other in unit.scalars(held))
