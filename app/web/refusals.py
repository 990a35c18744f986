"""What people read when a service says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.services.errors import ServiceError
from app.services.standing import Banned

WORDS: Final[Mapping[str, Any]] = {
    "already_friends": _l("You are friends already."),
    "already_playing": _l("You are playing each other already."),
    "already_seeking": _l("You are waiting for an opponent already."),
    "bad_code": _l("A code has 4 to 32 characters."),
    "bad_name": _l("That name is kept for the house. Choose another."),
    "bad_options": _l("Those terms do not go together."),
    "bad_seats": _l("Nobody can have two seats at a table."),
    "bad_time": _l("A clock starts with 1 to 180 minutes and adds at most 60 seconds a move."),
    "blocked": _l("You cannot reach that player."),
    "challenge_open": _l("You have challenged them already."),
    "empty": _l("Write something first."),
    "game_over": _l("This match is over."),
    "gone": _l("They are no longer here."),
    "guest": _l("Guests have no friend lists."),
    "has_password": _l("You have a password already."),
    "name_taken": _l("That name is taken. Choose another."),
    "no_such_challenge": _l("That challenge is gone."),
    "no_such_match": _l("There is no such match."),
    "no_such_message": _l("There is no such message."),
    "no_such_room": _l("There is nothing to read here."),
    "no_such_session": _l("That session has ended already."),
    "no_such_table": _l("That table is gone."),
    "not_a_guest": _l("You have an account already."),
    "not_blocked": _l("They are not blocked."),
    "not_friends": _l("They are not among your friends."),
    "not_your_match": _l("You do not play in this match."),
    "not_your_turn": _l("It is not your turn yet."),
    "opponent_busy": _l("They have as many matches as one may have. Try again later."),
    "player_unavailable": _l("They cannot play just now."),
    "seat_taken": _l("That seat is taken."),
    "sign_in": _l("Sign in to do that."),
    "stale": _l("The match has moved on. Look again."),
    "table_open": _l("You have a table open already. Close it first."),
    "too_fast": _l("Wait a little, then send it again."),
    "too_long": _l("That is too long."),
    "too_many_challenges": _l("You have challenged as many as one may. Withdraw one first."),
    "too_many_matches": _l("You have as many matches as one may have. Finish one first."),
    "unknown_user": _l("Nobody here has that name."),
    "unreadable_token": _l("It was made under another key of the house. Make a new one."),
    "wrong_code": _l("That is not the code of a table of theirs."),
    "wrong_password": _l("That name and password do not go together."),
    "wrong_token": _l("That is nobody's token."),
    "yourself": _l("That is you."),
}


def refusal(error: ServiceError) -> str:
    """The sentence for a refusal in the reader's language; the service's own if there is none."""
    if isinstance(error, Banned):
        return banned_words(error)
    return str(WORDS.get(error.code, error.msg))


def banned_words(ban: Banned) -> str:
    """That one must stay out: until when, and why."""
    if ban.until is None:
        text = _("You are banned for good.")
    else:
        end = format_datetime(ban.until, "d MMM y, HH:mm", rebase=False)
        text = _("You are banned until %(end)s UTC.", end=end)
    return f"{text} {_('Why: %(reason)s', reason=ban.reason)}" if ban.reason else text
