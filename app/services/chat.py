"""What people say to each other. `services.channels` has who may read it, and who hears it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, delete, select

from app.services import channels
from app.services.access import Viewer
from app.services.bridge.rows import listed
from app.services.errors import ServiceError
from app.services.house import House
from app.services.lines import HOUSE, LAST, ChatLine, clean, heard_by, line_of
from app.services.publish import Audience
from app.services.readmarks import (
    Talk,
    TalkPage,
    begin_marks,
    mark_read,
    put_mark,
    talk_page,
    talks,
    tell_unread,
    unread,
    unread_in,
)
from app.services.sessions import Caller
from app.store import Block, Match, Message, ReadMark, Seat, User, locks
from app.store.base import affected

__all__ = [
    "ChatLine",
    "Talk",
    "TalkPage",
    "announce",
    "expire",
    "find",
    "hide",
    "history",
    "mark_read",
    "say",
    "talk_page",
    "talks",
    "tell_hidden",
    "unread",
    "unread_in",
]

SHOWN: Final = 50
MOST: Final = 200  # lines that are handed out at once
EXPIRE: Final = 1000  # old lines that are deleted at once
CHUNK: Final = 200  # matches that are told something at once


def say(house: House, caller: Caller, viewer: Viewer, room: str, text: str) -> ChatLine:
    """Say something in a room; everyone who is there hears it.

    Raises what `channels.enter` does, and `empty`, `too_long`, `too_fast`, `blocked`, `gone`,
    `session_ended`.
    """
    channel = channels.enter(house, replace(viewer, user_id=caller.user_id), room)
    if channel.closed is not None:
        raise channel.closed
    text = _checked(house, text)
    _take_time(house, caller.user_id)
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.LINES)
        user = unit.get(User, caller.user_id)
        if user is None or not user.active:
            raise ServiceError("session_ended", "You have been signed out.")
        now = house.clock()
        message = Message(room=channel.key, user_id=user.id, name=user.name, text=text, at=now)
        unit.add(message)
        unit.flush()
        put_mark(unit, user.id, channel.key, message.id)
        begun = begin_marks(unit, channel.members, channel.key, message.id)
        deaf = tuple(unit.scalars(select(Block.user_id).where(Block.blocked_id == user.id)))
    line = line_of(message, channel.name, automatic=user.automatic)
    if begun:
        _tell_begun(house, channel.key)
    _tell(house, channel.key, channel.audience, line, deaf)
    tell_unread(house, [member for member in channel.members if member not in deaf], channel.key)
    return line


def history(
    house: House,
    viewer: Viewer,
    room: str,
    before: int | None = None,
    since: int | None = None,
    limit: int = SHOWN,
) -> list[ChatLine]:
    """The last lines of a room, oldest first, but for those of people the viewer has blocked.

    With `before`, the last before that number; with `since`, those from that number on. Never
    more than `MOST`. Raises what `channels.enter` does.
    """
    channel = channels.enter(house, viewer, room)
    where = [Message.room == channel.key, *heard_by(viewer.user_id)]
    if before is not None:
        where.append(Message.id < min(max(before, 0), LAST))
    if since is not None:
        where.append(Message.id >= min(max(since, 0), LAST))
    query = _lines().where(*where).order_by(Message.id.desc())
    with house.store.read() as unit:
        found = list(unit.execute(query.limit(min(max(limit, 1), MOST))))
    return [
        line_of(message, channel.name, automatic=automatic)
        for message, automatic in reversed(found)
    ]


def find(house: House, viewer: Viewer, message_id: int) -> ChatLine:
    """One line, if the viewer may read it. Raises `no_such_message`, `too_many`."""
    gone = ServiceError("no_such_message", "There is no such message.")
    one = Message.id == min(max(message_id, 0), LAST)
    with house.store.read() as unit:
        found = unit.execute(_lines().where(one, *heard_by(viewer.user_id))).first()
    if found is None:
        raise gone
    message, automatic = found
    try:
        room = channels.enter_key(house, viewer, message.room).name
        return line_of(message, room, automatic=automatic)
    except ServiceError as error:
        raise error if error.code == "too_many" else gone from None


def announce(house: House, text: str) -> None:
    """A line by the house itself, in the lobby, at the bridge tables, and in both rooms of every
    other running match.

    Raises `empty`.
    """
    text = clean(text)
    if not text:
        raise _empty()
    seats: dict[str, list[int]] = defaultdict(list)
    with house.store.read() as unit:
        running = select(Seat.match_id, Seat.user_id).join(Match, Match.id == Seat.match_id)
        alone = Match.table_id.is_(None)  # what is played at a table is talked of there
        for match_id, user_id in unit.execute(running.where(~Match.over, alone)):
            if user_id is not None:  # the computer hears nothing
                seats[match_id].append(user_id)
    rooms = {channels.LOBBY: Audience(lobby=True)}
    for row in listed(house):
        rooms[f"{channels.BRIDGE}:{row.id}"] = Audience(users=row.around)
    _announce_in(house, rooms, text)
    ids = list(seats)
    for start in range(0, len(ids), CHUNK):
        house.pause()
        audiences = {}
        for match_id in ids[start : start + CHUNK]:
            players = tuple(seats[match_id])
            audiences[f"{channels.MATCH}:{match_id}"] = Audience(users=players)
            audiences[f"{channels.WATCH}:{match_id}"] = channels.watching(match_id, players)
        _announce_in(house, audiences, text)


def hide(house: House, message_id: int) -> None:
    """Take a line out of everyone's sight. Raises `no_such_message`."""
    with house.store.write() as unit:
        message = unit.get(Message, message_id)
        if message is None:
            raise ServiceError("no_such_message", "There is no such message.")
        message.hidden = True
        key = message.room
    channel = tell_hidden(house, key, [message_id])
    tell_unread(house, channel.members, key)


def tell_hidden(house: House, key: str, message_ids: Iterable[int]) -> channels.Channel:
    """Tell those who hear a channel that these lines are not to be seen any more; the channel."""
    channel = channels.unseen(house, key)
    names = _names(house, key, channel.audience)
    for message_id in message_ids:
        for audience, name in names:
            house.publish.tell(audience, "chat_hidden", {"room": name, "id": message_id})
    return channel


def expire(house: House) -> int:
    """Delete lines older than `CHAT_TTL`, and the marks of who read them; how many lines."""
    limit = house.clock() - timedelta(seconds=house.config.CHAT_TTL)
    old = select(Message.id, Message.room).where(Message.at < limit).order_by(Message.at)
    with house.store.read() as unit:
        rows = list(unit.execute(old.limit(EXPIRE)))
    if not rows:
        return 0
    with house.store.write() as unit:
        said = delete(Message).where(Message.id.in_([row.id for row in rows]))
        count = affected(unit, said.execution_options(synchronize_session=False))
        left = select(Message.id).where(Message.room == ReadMark.room)
        marks = delete(ReadMark).where(ReadMark.room.in_({row.room for row in rows}))
        unread_by_none = marks.where(~left.exists())
        unit.execute(unread_by_none.execution_options(synchronize_session=False))
    return count


def _lines() -> Select[Message, bool | None]:
    """Lines, and whether a program said them."""
    said_by = User.id == Message.user_id
    return select(Message, User.automatic).outerjoin(User, said_by)


def _checked(house: House, text: str) -> str:
    text = clean(text)
    most = house.config.CHAT_LENGTH
    if not text:
        raise _empty()
    if len(text) > most:
        raise ServiceError("too_long", f"Too long message. Max length is {most}")
    return text


def _take_time(house: House, user_id: int) -> None:
    try:
        house.limits.hit("chat", str(user_id))
    except ServiceError:
        msg = "Wait a little and retry sending message!"
        raise ServiceError("too_fast", msg) from None


def _tell(
    house: House, key: str, audience: Audience, line: ChatLine, deaf: tuple[int, ...] = ()
) -> None:
    for each, name in _names(house, key, audience):
        told = replace(each, by=line.user_id, but=each.but + deaf)
        house.publish.tell(told, "chat_message", replace(line, room=name).json())


def _tell_begun(house: House, key: str) -> None:
    """Tell two who have never talked before that they do: clients of bridge open a window then."""
    if channels.is_talk(key):
        for each, name in _names(house, key, Audience()):
            partner = name.removeprefix(f"{channels.TALK}:")
            house.publish.tell(each, "chat.add", {"wid": partner, "title": partner})


def _names(house: House, key: str, audience: Audience) -> list[tuple[Audience, str]]:
    """What those who hear a channel call it: the two of a talk call it by each other's names."""
    members = channels.members_of(key)
    if not members:
        return [(audience, key)]
    with house.store.read() as unit:
        both = select(User.id, User.name).where(User.id.in_(members))
        names = dict(unit.execute(both).all())
    return [
        (Audience(users=(one,)), f"{channels.TALK}:{names[other]}")
        for one, other in (members, members[::-1])
        if other in names
    ]


def _announce_in(house: House, audiences: Mapping[str, Audience], text: str) -> None:
    now = house.clock()
    lines = [Message(room=key, user_id=None, name=HOUSE, text=text, at=now) for key in audiences]
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.LINES)
        unit.add_all(lines)
    for message in lines:
        _tell(house, message.room, audiences[message.room], line_of(message, message.room))


def _empty() -> ServiceError:
    return ServiceError("empty", "Write something first.")
