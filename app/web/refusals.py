"""What people read when a service says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from app.services.errors import ServiceError

WORDS: Final[Mapping[str, Any]] = {
    "already_friends": _l("You are friends already."),
    "already_playing": _l("You are playing each other already."),
    "already_seeking": _l("You are waiting for an opponent already."),
    "bad_name": _l("That name is kept for the house. Choose another."),
    "blocked": _l("You cannot reach that player."),
    "game_over": _l("This match is over."),
    "guest": _l("Guests have no friend lists."),
    "name_taken": _l("That name is taken. Choose another."),
    "no_such_match": _l("There is no such match."),
    "no_such_session": _l("That session has ended already."),
    "not_a_guest": _l("You have an account already."),
    "not_blocked": _l("They are not blocked."),
    "not_friends": _l("They are not among your friends."),
    "not_your_match": _l("You do not play in this match."),
    "not_your_turn": _l("It is not your turn yet."),
    "opponent_busy": _l("They have as many matches as one may have. Try again later."),
    "stale": _l("The match has moved on. Look again."),
    "too_many_matches": _l("You have as many matches as one may have. Finish one first."),
    "unknown_user": _l("Nobody here has that name."),
    "wrong_password": _l("That name and password do not go together."),
    "yourself": _l("That is you."),
}


def refusal(error: ServiceError) -> str:
    """The sentence for a refusal in the reader's language; the service's own if there is none."""
    return str(WORDS.get(error.code, error.msg))
