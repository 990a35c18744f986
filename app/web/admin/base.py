"""What the admins' pages share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.standing import AddressError
from app.web.refusals import refusal

blueprint = Blueprint("admin", __name__, url_prefix="/admin")

Page = Response | str | tuple[str, int]

# Where an admin is told something else than a player would be.
WORDS: Final[Mapping[str, Any]] = {
    "bad_address": _l("%(about)s is no address, and no range like 192.0.2.0/24 or 2001:db8::/32."),
    "bad_end": _l("A ban ends in the future."),
    "bad_number": _l("Ask for 1 to 5000 lines."),
    "banned_user": _l("They are banned. Let them in again first."),
    "empty": _l("Say something."),
    "game_over": _l("That match is over already."),
    "guest": _l("That is a guest."),
    "is_admin": _l("They are an admin. Take that from them first."),
    "no_address": _l("Say which addresses."),
    "no_program": _l("They are no bot."),
    "no_admin": _l("They are no admin."),
    "no_such_broadcast": _l("That is not shown any more."),
    "no_such_report": _l("That report has been dealt with."),
    "no_such_table": _l("That table is not open any more."),
    "not_banned": _l("%(about)s is not banned."),
    "own_address": _l("That would keep you out: you are at %(about)s."),
    "too_long": _l("That is too long."),
    "too_many_addresses": _l("Those are too many at once: at most 500."),
    "unreadable_token": _l("The house has another key than when that token was made: renew it."),
}


def acting() -> Admin:
    """The admin at the other end of this request."""
    caller = current_user.caller
    return Admin(caller.name, request.remote_addr or "", caller.user_id)


def why(error: ServiceError) -> str:
    """The sentence for a refusal, as admins read it."""
    text = WORDS.get(error.code)
    if text is None:
        return refusal(error)
    return str(text) % {"about": error.about} if isinstance(error, AddressError) else str(text)


def act(doing: Callable[[], object], said: str, back: str) -> Response:
    """Do something, say how it went, and go on to `back`."""
    try:
        doing()
    except ServiceError as error:
        flash(why(error), "error")
    else:
        flash(said)
    return redirect(back, 303)


def page_number() -> int:
    """Which page of a list is asked for, from 1."""
    return request.args.get("page", 1, type=int)


def done() -> str:
    """What is said after most actions."""
    return _("Done.")
