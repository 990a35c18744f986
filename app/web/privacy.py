"""What the house keeps of people, why and for how long: the page, from the settings as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, current_app, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.web import languages, notices
from app.web.coach import COOKIE as COACH
from app.web.context import THEME_COOKIE, house
from config import Config

blueprint = Blueprint("privacy", __name__)

DAY: Final = 86_400
HOUR: Final = 3_600
MINUTE: Final = 60
MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is kept: what, why, and until when; `tables` are where that is."""

    what: Any
    why: Any
    until: Callable[[Config], Any]
    tables: frozenset[str]


def span(seconds: int) -> str:
    """So much time in whole units, the largest that fits: "20 days", "36 hours"."""
    for size, words in (
        (DAY, lambda n: ngettext("%(num)s day", "%(num)s days", n)),
        (HOUR, lambda n: ngettext("%(num)s hour", "%(num)s hours", n)),
        (MINUTE, lambda n: ngettext("%(num)s minute", "%(num)s minutes", n)),
    ):
        if seconds >= size and seconds % size == 0:
            return str(words(seconds // size))
    return str(ngettext("%(num)s second", "%(num)s seconds", seconds))


def _account(config: Config) -> str:
    guest = _(
        "A guest's goes %(time)s after they have left; the name stays with their matches.",
        time=span(config.GUEST_TTL),
    )
    if not config.ACCOUNT_TTL:
        return f"{_('Until you delete it.')} {guest}"
    unused = _(
        "Until you delete it, or have not been here for %(time)s.", time=span(config.ACCOUNT_TTL)
    )
    return f"{unused} {guest}"


def _sessions(config: Config) -> str:
    return _(
        "Until you sign out, or have not used it for %(time)s (guests: %(guest)s).",
        time=span(config.SESSION_TTL),
        guest=span(config.GUEST_TTL),
    )


def _log(config: Config) -> str:
    return _(
        "Until newer lines push it out: at most %(size)s MB are kept.",
        size=max(1, round(config.LOG_BYTES * (config.LOG_FILES + 1) / MEGABYTE)),
    )


STORED: Final[tuple[Kept, ...]] = (
    Kept(
        _l(
            "Your account: name, password (as a hash that cannot be turned back), when you came "
            "and were last here, your language, what you have set for bridge, and whether it is "
            "a bot's."
        ),
        _l("To know you again, and to show others whom they play."),
        _account,
        frozenset({"user"}),
    ),
    Kept(
        _l("Where you are signed in and connected: address, what your browser calls itself, when."),
        _l("To keep you signed in, to show you these places, and to keep out who is banned."),
        _sessions,
        frozenset({"session", "presence", "watcher"}),
    ),
    Kept(
        _l("The token of your programs, if you have made one, and the game they are in."),
        _l("So that programs can play under your name. Admins can look the token up."),
        lambda _config: _l("Until you delete your account, or make another token."),
        frozenset({"api_token", "joined"}),
    ),
    Kept(
        _l("Your friends, and whom you have blocked."),
        _l("For your lists. Nobody else sees them."),
        lambda _config: _l("Until you take them off, or one of the two deletes their account."),
        frozenset({"friend", "block"}),
    ),
    Kept(
        _l("Your matches: who sat where, every move and its time, the result."),
        _l(
            "To play them, to go through them again, and to rate them. All but private ones are "
            "public."
        ),
        lambda _config: _l(
            "For good: they are your opponents' too. Once you delete your account "
            "they are a “deleted player's”."
        ),
        frozenset({"seat"}),
    ),
    Kept(
        _l("That you have asked for the analysis of a match."),
        _l("So that everybody gets their turn."),
        lambda _config: _l("Until it is done."),
        frozenset({"analysis"}),
    ),
    Kept(
        _l("Your ratings and how each match changed them."),
        _l("For the rankings and your page, which are public."),
        lambda _config: _l("Until you delete your account."),
        frozenset({"rating", "rating_change"}),
    ),
    Kept(
        _l("What you offer and where you wait: open tables, challenges, seats in the bridge hall."),
        _l("So that others can join you."),
        lambda config: _(
            "Until it is taken up or withdrawn, at most %(time)s.", time=span(config.TABLE_TTL)
        ),
        frozenset({"open_table", "table_seat", "seek", "bridge_seat", "kibitzer"}),
    ),
    Kept(
        _l("Which bridge boards you have seen."),
        _l("So that you are not dealt a board that you know."),
        lambda config: _("Until the board is open to all: %(time)s.", time=span(config.BOARD_TTL)),
        frozenset({"board_seen"}),
    ),
    Kept(
        _l("What you say in chats and private talks, and how far you have read."),
        _l("To show it to those you say it to. Private talks are for the two of you alone."),
        lambda config: _("%(time)s, or until you delete your account.", time=span(config.CHAT_TTL)),
        frozenset({"message", "read_mark"}),
    ),
    Kept(
        _l("Messages that somebody has reported, and why."),
        _l("So that an admin can look at them."),
        lambda config: _(
            "As long as the message: %(time)s at most. It is kept, for admins alone, "
            "when its writer deletes their account.",
            time=span(config.CHAT_TTL),
        ),
        frozenset({"report"}),
    ),
    Kept(
        _l("Bans of players and of addresses, and why."),
        _l("To keep out who has spoiled it for others."),
        lambda _config: _l("Until the ban ends or is lifted, or the account is deleted."),
        frozenset({"ban"}),
    ),
    Kept(
        _l("What admins have done, to whom, and from which address."),
        _l("So that they can be held to it."),
        lambda _config: _l("For good."),
        frozenset({"audit"}),
    ),
    Kept(
        _l("The server's log: when something went wrong, and from which address."),
        _l("To find faults and attacks."),
        _log,
        frozenset(),
    ),
)
"""In the order of the page. Every table that names a user is in one of them."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of ours: what it is for, and how long the browser keeps it."""

    name: str
    what: Any
    until: Any


def cookies() -> list[Cookie]:
    """All there are. None of them is for following anybody around."""
    config = house().config
    return [
        Cookie(
            str(current_app.config["SESSION_COOKIE_NAME"]),
            _(
                "Keeps you signed in, protects forms, and remembers what you have chosen last and "
                "which private games you may see."
            ),
            _(
                "%(time)s after your last visit; without signing in, until you close the browser.",
                time=span(config.SESSION_TTL),
            ),
        ),
        Cookie(THEME_COOKIE, _("Light or dark, if you have chosen."), _("A year.")),
        Cookie(languages.COOKIE, _("Your language, if you have chosen one."), _("A year.")),
        Cookie(
            notices.COOKIE,
            _("Which announcements you have closed."),
            span(int(notices.KEPT_FOR.total_seconds())),
        ),
        Cookie(COACH, _("That you have sent the coach away."), _("A year.")),
    ]


@dataclass(frozen=True, slots=True)
class Stored:
    """What scripts keep in the browser, under these keys."""

    keys: tuple[str, ...]
    what: Any


BROWSER: Final[tuple[Stored, ...]] = (
    Stored(
        ("parlour.tell.", "parlour.told", "parlour.sound"),
        _l("Whether you want sounds and notifications here, and what you have just been told of."),
    ),
    Stored(
        ("parlour.waiting-for", "parlour.matches", "parlour.offers"),
        _l("Until the tab is closed: what you wait for, and which matches it has heard of."),
    ),
)
"""By what they are for; of a key that ends in a dot there are several."""


@blueprint.get("/privacy")
def page() -> str:
    """What is kept, where, why, for how long, and how to get and to delete it."""
    config = house().config
    return render_template(
        "privacy/index.html",
        stored=[(row.what, row.why, row.until(config)) for row in STORED],
        cookies=cookies(),
        browser=BROWSER,
    )
