"""Talking: chat, how far one has read, whom one does not want to hear, and what is reported."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import msgspec

from app.live.commands.base import Result, Vocabulary
from app.live.links import Link
from app.services import chat, friends, reports
from app.services.house import House
from app.services.sessions import Caller

words = Vocabulary()

LineId = Annotated[int, msgspec.Meta(ge=0, le=2**53)]  # what a number in JavaScript can be


class Say(msgspec.Struct):
    """A line; `code` for the spectators' room of a private match."""

    room: str
    text: str
    code: str | None = None


class History(msgspec.Struct):
    """The last lines of a room: before one, from one on, or simply the last."""

    room: str
    before: LineId | None = None
    since: LineId | None = None
    code: str | None = None


class Read(msgspec.Struct):
    """A room has been read up to a line."""

    room: str
    id: LineId
    code: str | None = None


class Unread(msgspec.Struct):
    """Nothing is asked but what there is to read."""


class ReportLine(msgspec.Struct):
    id: LineId
    reason: str
    code: str | None = None


class UserName(msgspec.Struct):
    user: str


@words.handles("chat", Say)
def _chat(house: House, link: Link, request: Say, _: Any) -> Result:
    assert link.caller is not None
    viewer = link.viewer(request.code)
    line = chat.say(house, link.caller, viewer, request.room, request.text)
    return Result(more={"line": line.json(link.caller.user_id)})


@words.handles("chat_history", History, strangers=True)
def _chat_history(house: House, link: Link, request: History, _: Any) -> Result:
    viewer = link.viewer(request.code)
    limit = chat.SHOWN if request.since is None else chat.MOST
    lines = chat.history(house, viewer, request.room, request.before, request.since, limit)
    return Result(more={"lines": [line.json(viewer.user_id) for line in lines]})


@words.handles("chat_read", Read)
def _chat_read(house: House, link: Link, request: Read, _: Any) -> Result:
    chat.mark_read(house, link.viewer(request.code), request.room, request.id)
    return Result()


@words.handles("chat_unread", Unread)
def _chat_unread(house: House, link: Link, _request: Unread, _: Any) -> Result:
    assert link.caller is not None
    rooms = chat.unread(house, link.caller.user_id)
    return Result(more={"rooms": rooms, "total": sum(rooms.values())})


@words.handles("report", ReportLine)
def _report(house: House, link: Link, request: ReportLine, _: Any) -> Result:
    assert link.caller is not None
    viewer = link.viewer(request.code)
    reports.report(house, link.caller, viewer, request.id, request.reason)
    return Result()


@words.handles("block", UserName)
def _block(house: House, link: Link, request: UserName, _: Any) -> Result:
    return _shut(house, link, request.user, friends.block)


@words.handles("unblock", UserName)
def _unblock(house: House, link: Link, request: UserName, _: Any) -> Result:
    return _shut(house, link, request.user, friends.unblock)


def _shut(
    house: House, link: Link, name: str, action: Callable[[House, Caller, str], list[int]]
) -> Result:
    caller = link.caller
    assert caller is not None
    changed = action(house, caller, name)
    friends.tell_blocks(house, caller.user_id)
    return Result(then=partial(friends.tell, house, changed))
