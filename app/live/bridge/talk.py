"""What is said, as clients of bridge hear it: in windows, with the text URI-encoded."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

from app.live.bridge.wire import Message
from app.live.names import BRIDGE_HALL, bridge_room, kibitz_rooms
from app.services.publish import Audience

TALK: Final = "chat_message"
"""The type of the message, as the website has it, that is told in this way, too."""

GLOBAL: Final = "global"
OWN: Final = "own"  # who said it, to themselves
_LOBBY: Final = "lobby"
_TABLE: Final = "table_"
_TABLE_WINDOW: Final = re.compile("table_([0-9a-f]{32})")
# Channels as `services.channels` names them, by what windows are called.
_CHANNEL: Final = "bridge"
_WITH: Final = "with"
_UNRESERVED: Final = "!*'()"  # what a browser's encodeURIComponent leaves alone, too


class Line(NamedTuple):
    """A message, the rooms it goes to, and the users who are not to hear it there."""

    message: Message
    rooms: list[str]
    but: tuple[int, ...]


def said(audience: Audience, data: dict[str, Any]) -> list[Line]:
    """A `chat_message` as it goes to those of its audience who speak bridge."""
    wid = window_of(data["room"])
    if wid is None:
        return []
    rooms = [bridge_room(user_id) for user_id in audience.users if user_id != audience.by]
    for table_id in audience.tables:
        rooms += kibitz_rooms(table_id)
    if audience.lobby:
        rooms.append(BRIDGE_HALL)
    text = quote(data["text"], safe=_UNRESERVED)
    lines = []
    is_there = audience.lobby or audience.tables or audience.by in audience.users
    if audience.by is not None and is_there:
        mine = Message("chat.message", {"wid": wid, "sender": OWN, "message": text})
        lines.append(Line(mine, [bridge_room(audience.by)], audience.but))
    if rooms:
        theirs = Message("chat.message", {"wid": wid, "sender": data["name"], "message": text})
        but = audience.but if audience.by is None else (*audience.but, audience.by)
        lines.append(Line(theirs, rooms, but))
    return lines


def window_of(channel: str) -> str | None:
    """The window in which a channel is shown, or None: it is shown in none.

    >>> window_of("lobby"), window_of("with:ann"), window_of("match:5c09")
    ('global', 'ann', None)

    Somebody whose name is that of another window has one with another name.

    >>> window_of("with:global")
    'with:global'
    """
    if channel == _LOBBY:
        return GLOBAL
    kind, _, rest = channel.partition(":")
    if kind == _CHANNEL:
        return _TABLE + rest
    if kind == _WITH:
        return rest if channel_of(rest) == channel else channel
    return None


def channel_of(window: str) -> str:
    """The channel that is shown in a window.

    >>> channel_of("global"), channel_of("ann"), channel_of("table_" + "5c" * 16)
    ('lobby', 'with:ann', 'bridge:5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c')
    """
    if window == GLOBAL:
        return _LOBBY
    table = _TABLE_WINDOW.fullmatch(window)
    if table is not None:
        return f"{_CHANNEL}:{table[1]}"
    return window if window.startswith(f"{_WITH}:") else f"{_WITH}:{window}"


def text_of(message: str) -> str:
    """What was said in a `chat.message` as a client sends it.

    >>> text_of("3%20no%20trumps%3F%20%C3%A9")
    '3 no trumps? é'
    """
    return unquote(message, errors="replace")
