"""How far people have read, and what they have not.

Whoever may be told of unread lines has a mark in that channel from its first line on; so a user's
marks are also the list of the talks they have had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session as Unit

from app.services import channels
from app.services.access import Viewer
from app.services.house import House
from app.services.lines import LAST, ChatLine, heard_by, line_of
from app.store import Block, Message, ReadMark, locks

PAGE: Final = 50  # talks on a page
COUNTED: Final = 100  # unread lines of one room: there, or more, is told as "99+"


@dataclass(frozen=True, slots=True)
class Talk:
    """A private conversation: with whom, whether they are still here, what was said last.

    `automatic`: with a program.
    """

    name: str
    here: bool
    last: ChatLine
    unread: int
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class TalkPage:
    """A page of somebody's talks, on `pages` pages counted from 1."""

    talks: list[Talk]
    page: int
    pages: int


def mark_read(house: House, viewer: Viewer, room: str, message_id: int) -> None:
    """Note that the viewer has read a room up to a line. Raises what `channels.enter` does."""
    channel = channels.enter(house, viewer, room)
    user_id = viewer.user_id
    if user_id is None:
        return
    there = Message.room == channel.key, Message.id <= min(message_id, LAST)
    with house.store.read() as unit:
        last = unit.scalar(select(func.max(Message.id)).where(*there))
        mark = unit.get(ReadMark, (user_id, channel.key))
    if last is None or (mark is not None and mark.message_id >= last):
        return
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.LINES)
        put_mark(unit, user_id, channel.key, last)
    if channel.members:
        tell_unread(house, [user_id], channel.key)


def put_mark(unit: Unit, user_id: int, key: str, message_id: int) -> None:
    """Move a user's mark on to a line; it never goes back. Under `locks.LINES`."""
    mark = unit.get(ReadMark, (user_id, key))
    if mark is None:
        unit.add(ReadMark(user_id=user_id, room=key, message_id=message_id))
    elif mark.message_id < message_id:
        mark.message_id = message_id


def begin_marks(unit: Unit, user_ids: Sequence[int], key: str, message_id: int) -> list[int]:
    """Give those a mark who have none yet: to them this line is the first. Under `locks.LINES`.

    Who they are.
    """
    first = [user_id for user_id in user_ids if unit.get(ReadMark, (user_id, key)) is None]
    for user_id in first:
        unit.add(ReadMark(user_id=user_id, room=key, message_id=message_id - 1))
    return first


def unread(house: House, user_id: int) -> dict[str, int]:
    """How many lines a user has not read, by room: in their talks and in their matches.

    Of each room `COUNTED` at most, here and wherever else lines are counted.
    """
    with house.store.read() as unit:
        return _unread(unit, user_id)


def unread_in(house: House, viewer: Viewer, room: str) -> int:
    """How many lines of one room the viewer has not read, since they last read there.

    Raises what `channels.enter` does.
    """
    channel = channels.enter(house, viewer, room)
    if viewer.user_id is None:
        return 0
    with house.store.read() as unit:
        return _count(unit, viewer.user_id, ReadMark.room == channel.key).get(channel.key, 0)


def talks(house: House, user_id: int, limit: int = PAGE) -> list[Talk]:
    """A user's private conversations, the one in which something was said last first.

    At most `limit` of them. Those with people they have blocked are not among them.
    """
    return talk_page(house, user_id, size=limit).talks


def talk_page(house: House, user_id: int, number: int = 1, size: int = PAGE) -> TalkPage:
    """A page of a user's `talks`. A number out of range gives the nearest one."""
    with house.store.read() as unit:
        heard = _heard(unit, user_id)
        pages = max(1, ceil(len(heard) / size))
        number = min(max(number, 1), pages)
        shown = dict(heard[(number - 1) * size : number * size])
        keys = [channels.talk_key(user_id, other.id) for other in shown.values()]
        counts = _count(unit, user_id, ReadMark.room.in_(keys))
        last = unit.scalars(
            select(Message).where(Message.id.in_(shown)).order_by(Message.id.desc())
        )
        rows = [_talk(message, shown[message.id], counts.get(message.room, 0)) for message in last]
    return TalkPage(rows, number, pages)


def _heard(unit: Unit, user_id: int) -> list[tuple[int, channels.Partner]]:
    """Whom a user has talked with, each after the last line of it, the newest first.

    Found talk by talk from its end: however long they are, one line of each is looked at.
    """
    newest = (
        select(Message.id)
        .where(Message.room == ReadMark.room, *heard_by(user_id))
        .order_by(Message.id.desc())
        .limit(1)
        .correlate(ReadMark)
        .scalar_subquery()
    )
    theirs = ReadMark.user_id == user_id, ReadMark.room.startswith(f"{channels.DM}:")
    blocked = set(unit.scalars(select(Block.blocked_id).where(Block.user_id == user_id)))
    partners = channels.partners(unit, user_id)
    found = [
        (last, partners[key])
        for key, last in unit.execute(select(ReadMark.room, newest).where(*theirs))
        if last is not None and key in partners and partners[key].id not in blocked
    ]
    return sorted(found, reverse=True)


def _talk(message: Message, other: channels.Partner, waiting: int) -> Talk:
    line = line_of(message, f"{channels.TALK}:{other.name}")
    return Talk(other.name, other.active, line, waiting, other.automatic)


def tell_unread(house: House, user_ids: Iterable[int], key: str) -> None:
    """Tell these users how much of one channel, and of all, they have not read."""
    with house.store.read() as unit:
        partners = channels.partners_of(unit, list(user_ids))
        unread = {user_id: _unread(unit, user_id, known) for user_id, known in partners.items()}
    for user_id, counts in unread.items():
        partner = partners[user_id].get(key)
        name = key if partner is None else f"{channels.TALK}:{partner.name}"
        data = {"room": name, "count": counts.get(name, 0), "total": sum(counts.values())}
        house.publish.user(user_id, "unread", data)


def _unread(
    unit: Unit, user_id: int, partners: Mapping[str, channels.Partner] | None = None
) -> dict[str, int]:
    kinds = [ReadMark.room.startswith(f"{kind}:") for kind in (channels.DM, channels.MATCH)]
    found = _count(unit, user_id, or_(*kinds))
    if partners is None:
        partners = channels.partners_in(unit, user_id, list(filter(channels.is_talk, found)))
    counts = {}
    for key, count in found.items():
        if not channels.is_talk(key):
            counts[key] = count
        elif key in partners:
            counts[f"{channels.TALK}:{partners[key].name}"] = count
    return counts


def _count(unit: Unit, user_id: int, rooms: ColumnElement[bool]) -> dict[str, int]:
    """Unread lines of other people by key, in those rooms in which the user has a mark."""
    lines = (
        select(Message.id)
        .where(Message.room == ReadMark.room, Message.id > ReadMark.message_id)
        .where(Message.user_id != user_id, *heard_by(user_id))
        .correlate(ReadMark)
        .limit(COUNTED)
        .subquery()
    )
    number = select(func.count()).select_from(lines).scalar_subquery()
    query = select(ReadMark.room, number).where(ReadMark.user_id == user_id, rooms)
    return {room: count for room, count in unit.execute(query) if count}
