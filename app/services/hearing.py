"""What many hear at once: a channel's last lines, read once for all who wait for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.services.house import House
from app.services.lines import heard_by
from app.store import Block, Message

CHUNK = 500  # users in one statement


@dataclass(frozen=True, slots=True)
class Said:
    """A line, as short as it gets."""

    id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The last lines of a channel, oldest first; and those that single users get to see instead,
    who have blocked somebody among the speakers.
    """

    lines: Sequence[Said]
    apart: dict[int, Sequence[Said]]

    def by(self, user_id: int) -> Sequence[Said]:
        """What this user gets to see."""
        return self.apart.get(user_id, self.lines)


def last_lines(house: House, key: str, user_ids: Collection[int], limit: int) -> Heard:
    """The last `limit` lines of the channel of that key, as these users get to see them.

    Whether they may, is for the caller to know. However many they are, it takes a query for each
    five hundred, and one for each who has blocked a speaker.
    """
    with house.store.read() as unit:
        found = _last(unit, key, None, limit)
        lines = [_said(message) for message in found]
        speakers = {message.user_id for message in found if message.user_id is not None}
        ids = sorted(user_ids)
        deaf: set[int] = set()
        for start in range(0, len(ids) if speakers else 0, CHUNK):
            chunk = Block.user_id.in_(ids[start : start + CHUNK])
            some = select(Block.user_id).where(chunk, Block.blocked_id.in_(speakers)).distinct()
            deaf.update(unit.scalars(some))
        apart: dict[int, Sequence[Said]] = {
            user_id: [_said(message) for message in _last(unit, key, user_id, limit)]
            for user_id in deaf
        }
    return Heard(lines, apart)


def _last(unit: Unit, key: str, user_id: int | None, limit: int) -> list[Message]:
    query = select(Message).where(Message.room == key, *heard_by(user_id))
    return list(unit.scalars(query.order_by(Message.id.desc()).limit(limit)))[::-1]


def _said(message: Message) -> Said:
    return Said(message.id, message.name, message.text)
