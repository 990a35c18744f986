"""Accounts and guests that are taken away, by an admin or because nobody uses them.

Their rows stay for the matches they played; the name is free for somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.orm import Session as Unit

from app.services import sessions
from app.store import ApiToken, Friend, Joined, User
from app.store.base import affected


def remove(unit: Unit, user_ids: Sequence[int]) -> tuple[int, list[int]]:
    """Take these users away inside a transaction: how many, and the sessions that ended by it.

    After it `sessions.tell_ended`; their matches and tables are ended by what ends those of any
    user who can never come back, and then housekeeping takes them off the rankings.
    """
    ids = list(user_ids)
    goodbye = update(User).where(User.id.in_(ids), User.active)
    removed = affected(unit, goodbye.values(active=False, admin=False, password_hash=None))
    unit.execute(delete(ApiToken).where(ApiToken.user_id.in_(ids)))
    unit.execute(delete(Joined).where(Joined.user_id.in_(ids)))
    unit.execute(delete(Friend).where(Friend.friend_id.in_(ids)))
    return removed, sessions.end_all(unit, ids)
