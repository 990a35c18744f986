"""What a page with a chat on it shows: its panels, from what the services let the viewer read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Blueprint, g
from flask_babel import format_datetime, pgettext
from flask_babel import gettext as _
from flask_login import current_user

from app.services import channels, chat
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.records import MatchRecord
from app.web import access
from app.web.context import house
from app.web.linkify import linkify
from app.web.refusals import refusal


@dataclass(frozen=True, slots=True)
class Panel:
    """A room as it is shown: its lines, oldest first, and whether there are older ones.

    `closed`: why the viewer may say nothing there, or "". A panel that only `opens` at the end of
    the match is not shown before. `text` is what was refused and is to be written differently.
    """

    room: str
    title: str
    lines: Sequence[chat.ChatLine]
    older: bool
    unread: int
    longest: int
    closed: str = ""
    code: str | None = None
    opens: str | None = None
    text: str = ""
    error: str = ""

    @property
    def slug(self) -> str:
        """The room's name as an id on the page."""
        return self.room.replace(":", "-")


def viewer(room: str) -> Viewer:
    """Who looks at a room, with the code they have shown for its match."""
    kind, _sep, match_id = room.partition(":")
    return access.viewer(match_id if kind == channels.WATCH else "")


def panel(
    room: str,
    title: str,
    *,
    before: int | None = None,
    text: str = "",
    error: str = "",
) -> Panel:
    """A room's last lines, or the last before one. Raises what `channels.enter` does."""
    who = viewer(room)
    channel = channels.enter(house(), who, room)
    lines = chat.history(house(), who, room, before)
    return Panel(
        room=channel.name,
        title=title,
        lines=lines,
        older=len(lines) == chat.SHOWN,
        unread=chat.unread_in(house(), who, room),
        longest=house().config.CHAT_LENGTH,
        closed="" if channel.closed is None else refusal(channel.closed),
        code=who.code,
        text=text,
        error=error,
    )


def lobby_panels() -> list[Panel]:
    """The lobby's chat."""
    return [panel(channels.LOBBY, _("Chat in the lobby"))]


def match_panels(record: MatchRecord) -> list[Panel]:
    """The chats beside a match: its players have their own, and the spectators' once it is over."""
    watch = f"{channels.WATCH}:{record.id}"
    title = _("Spectators")
    if record.seat_of(viewer(watch).user_id) is None:
        return [panel(watch, title)]
    own = panel(f"{channels.MATCH}:{record.id}", _("Players"))
    if record.over:
        return [own, panel(watch, title)]
    return [own, Panel(watch, title, (), False, 0, own.longest, opens=record.id)]


def bridge_panels(table_id: str) -> list[Panel]:
    """The chat at a bridge table, for those who sit or look on there."""
    try:
        return [panel(f"{channels.BRIDGE}:{table_id}", _("Table"))]
    except ServiceError:
        return []


def title_of(room: str) -> str:
    """What a page calls a room that it shows alone."""
    kind, _sep, name = room.partition(":")
    titles = {
        channels.LOBBY: _("Chat in the lobby"),
        channels.MATCH: _("Chat of the players"),
        channels.WATCH: _("Chat of the spectators"),
        channels.BRIDGE: _("Chat at the table"),
    }
    return titles.get(kind, name)


def clock_time(at: datetime) -> str:
    """When a line was said, in UTC, which the script makes local: "20:16", or "3 Nov, 20:16"."""
    today = at.date() == house().clock().date()
    pattern = "HH:mm" if today else pgettext("date pattern", "d MMM, HH:mm")
    return str(format_datetime(at, pattern, rebase=False))


def unread_total() -> int:
    """How many lines the user has not read, in their talks and matches."""
    return sum(unread().values())


def unread() -> dict[str, int]:
    """`chat.unread` of the user, looked up once a request: every page says how many there are."""
    if "unread" not in g:
        g.unread = chat.unread(house(), current_user.caller.user_id)
    return cast(dict[str, int], g.unread)


def init_blueprint(blueprint: Blueprint) -> None:
    """Make these known to every template."""
    blueprint.add_app_template_filter(linkify)
    blueprint.add_app_template_filter(clock_time)
    blueprint.add_app_template_global(unread_total)
