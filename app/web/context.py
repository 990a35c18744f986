"""What every page needs to know: the house, who is asking, and how to say when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from babel import Locale
from babel.dates import parse_pattern
from flask import Flask, current_app, g, request
from flask_babel import format_date, format_timedelta, get_locale, pgettext
from flask_login import current_user

from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Client

THEMES = ("system", "light", "dark")
THEME_COOKIE = "theme"


def house() -> House:
    """The house that this app is a door of."""
    return cast(House, current_app.extensions["house"])


def client() -> Client:
    """The browser at the other end of this request."""
    return Client(request.remote_addr or "", request.user_agent.string)


def theme() -> str:
    """The theme this browser has chosen: "system", "light" or "dark"."""
    chosen = request.cookies.get(THEME_COOKIE, "system")
    return chosen if chosen in THEMES else "system"


def waiting_matches() -> int:
    """How many open matches wait for the user's own move."""
    user_id = current_user.caller.user_id
    return sum(record.seat_of(user_id) in record.actors for record in running_matches())


def running_matches() -> list[MatchRecord]:
    """The user's running matches, looked up once a request: every page says how many wait."""
    if "running_matches" not in g:
        g.running_matches = matches.open_of(house(), current_user.caller.user_id)
    return cast(list[MatchRecord], g.running_matches)


def ago(at: datetime) -> str:
    """A point in time as seen from now: "3 hours ago"."""
    return format_timedelta(at - house().clock(), add_direction=True)


def when(at: datetime) -> str:
    """A point in time in full, in UTC: "20 Nov 2026, 20:16 UTC"."""
    return moments()(at)


def moments() -> Callable[[datetime], str]:
    """`when` for many: what language to say it in is found out once."""
    # Translators: a pattern of CLDR: d day, MMM month, y year, HH:mm hours and minutes
    pattern = parse_pattern(pgettext("date pattern", "d MMM y, HH:mm 'UTC'"))
    locale = get_locale() or Locale("en")
    return lambda at: pattern.apply(at, locale)


def day(at: datetime) -> str:
    """The day of a point in time: "20 Nov 2026"."""
    return str(format_date(at, pgettext("date pattern", "d MMM y"), rebase=False))


def page_values(site_name: str) -> Callable[[], dict[str, Any]]:
    """A context processor for what base.html shows on every page."""

    def values() -> dict[str, Any]:
        return {
            "site_name": site_name,
            "language": str(get_locale() or "en"),
            "theme": theme(),
            "waiting_matches": waiting_matches,
        }

    return values


def init_app(app: Flask) -> None:
    """Give the templates their common values and filters."""
    app.context_processor(page_values(app.extensions["house"].config.SITE_NAME))
    app.add_template_filter(ago)
    app.add_template_filter(when)
    app.add_template_filter(day)
