"""What people read when a service says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.games.api import RuleError
from app.services.errors import ServiceError
from app.services.limits import TooMany
from app.services.standing import Banned
from app.web.context import when

WORDS: Final[Mapping[str, Any]] = {
    "already_a_program": _l("This account is a bot's already."),
    "already_friends": _l("You are friends already."),
    "already_joined": _l("You have joined a game already."),
    "already_playing": _l("You are playing each other already."),
    "already_seeking": _l("You are waiting for an opponent already."),
    "bad_code": _l("A code has 4 to 32 characters."),
    "bad_game": _l("There is no such game."),
    "bad_name": _l("That name is kept for the house. Choose another."),
    "bad_options": _l("Those terms do not go together."),
    "bad_password": _l("A password has 1 to 1024 characters."),
    "bad_seats": _l("Nobody can have two seats at a table."),
    "bad_time": _l("A clock starts with 1 to 180 minutes and adds at most 60 seconds a move."),
    "bad_variant": _l("This game has no such variant."),
    "being_analysed": _l("Another match is being analysed for you. Ask again when that is done."),
    "blocked": _l("You cannot reach that player."),
    "challenge_open": _l("You have challenged them already."),
    "closing": _l("The house is closing just now. Try again in a minute."),
    "empty": _l("Write something first."),
    "flood": _l("That was a little fast. Try again in a moment."),
    "game_over": _l("This match is over."),
    "gone": _l("They are no longer here."),
    "guest": _l("Guests have no friend lists."),
    "has_password": _l("You have a password already."),
    "internal": _l("Something broke on our side. It has been noted."),
    "last_admin": _l("You are the only admin. Make somebody else one first."),
    "name_taken": _l("That name is taken. Choose another."),
    "no_analysis": _l("There is nothing in this match to analyse."),
    "no_such_board": _l("There is no such board."),
    "no_such_challenge": _l("That challenge is gone."),
    "no_such_format": _l("There is no such format."),
    "no_such_match": _l("There is no such match."),
    "no_such_message": _l("There is no such message."),
    "no_such_room": _l("There is nothing to read here."),
    "no_such_session": _l("That session has ended already."),
    "no_such_table": _l("That table is gone."),
    "not_a_guest": _l("You have an account already."),
    "not_begun": _l("The match has not begun yet."),
    "not_blocked": _l("They are not blocked."),
    "not_friends": _l("They are not among your friends."),
    "not_over": _l("This match is still being played."),
    "not_seated": _l("You do not sit at this table."),
    "not_your_match": _l("You do not play in this match."),
    "not_your_turn": _l("It is not your turn yet."),
    "opponent_busy": _l("They have as many matches as one may have. Try again later."),
    "other_rules": _l("This match was played by older rules, which cannot be replayed any more."),
    "player_unavailable": _l("They cannot play just now."),
    "rated_already": _l("This account has played a rated match. It stays a person's."),
    "seat_kept": _l("That seat is kept for who left it a moment ago."),
    "seat_taken": _l("That seat is taken."),
    "seen_board": _l("You have seen cards of this board that they have not."),
    "session_ended": _l("You have been signed out."),
    "sign_in": _l("Sign in to do that."),
    "stale": _l("The match has moved on. Look again."),
    "table_open": _l("You have a table open already. Close it first."),
    "too_fast": _l("Wait a little, then send it again."),
    "too_long": _l("That is too long."),
    "too_many": _l("Too many tries. Wait a minute, then try again."),
    "too_many_challenges": _l("You have challenged as many as one may. Withdraw one first."),
    "too_many_matches": _l("You have as many matches as one may have. Finish one first."),
    "too_many_watched": _l("You watch as many matches as one may."),
    "unavailable": _l("We cannot get at our books just now. Try again in a few minutes."),
    "unknown_user": _l("Nobody here has that name."),
    "unreadable_token": _l("It was made under another key of the house. Make a new one."),
    "wrong_code": _l("That is not the code of a table of theirs."),
    "wrong_password": _l("That name and password do not go together."),
    "wrong_player": _l("You play your own cards only."),
    "wrong_token": _l("That is nobody's token."),
    "yourself": _l("That is you."),
}


def marked(text: str) -> str:
    """A text that is collected for the catalogues here, and translated where it is shown."""
    return text


SENTENCES: Final = (
    # Why a move is not allowed, as the rules say it.
    marked("That board is already won. Play in a lit one."),
    marked("That board is full. Play in a lit one."),
    marked("That cell is taken."),
    marked("Boards are not swapped in this match."),
    marked("You have been sent to the top left board."),
    marked("You have been sent to the top board."),
    marked("You have been sent to the top right board."),
    marked("You have been sent to the left board."),
    marked("You have been sent to the centre board."),
    marked("You have been sent to the right board."),
    marked("You have been sent to the bottom left board."),
    marked("You have been sent to the bottom board."),
    marked("You have been sent to the bottom right board."),
    marked("You have no swaps left."),
    marked("You may not undo the swap your opponent has just made."),
    marked("You do not hold that card."),
    marked("That card leaves no choice of captures."),
    marked("Choose which cards to capture."),
    marked("There is no such capture."),
    marked("The auction is over."),
    marked("The auction is not over."),
    marked("That call is not allowed now."),
    marked("You must follow suit."),
    marked("That hand does not hold this card."),
    marked("Such a claim is not possible."),
    marked("You cannot claim now."),
    marked("There is nothing that you can take back now."),
    marked("A claim or a request is to be answered first."),
    marked("Nothing is to be answered."),
    # What is no move at all.
    marked("Squares are named from a1 to i9."),
    marked("Moves are named as a1 to i9, or as 1=2 to 8=9."),
    marked("sub_x, sub_y, x and y are each 0, 1 or 2."),
    marked("A swap names two boards, each by its number from 0 to 8."),
    marked("A move has the fields sub_x, sub_y, x and y."),
    marked("Boards and cells are numbered from 0 to 8."),
    marked("A board cannot be swapped with itself."),
    marked("A move marks a cell or swaps two boards, not both."),
    marked("A move has the field card, and take where there is a choice."),
    marked("A card is named by its number from 0 to 39."),
    marked("A capture is named by its number from 0."),
    marked("A move is one of bid, card, claim, answer and undo."),
    marked("A call is pass, dbl, rdbl, or a bid as 1C or 3Z."),
    marked("An alert is a text."),
    marked("An alert has 80 characters at most."),
    marked("An alert is one line of text."),
    marked("A card is named by its number from 0 to 51."),
    marked("A claim is a number of tricks from 0 to 13."),
    marked("An answer is true or false."),
    marked("Who wants something back says undo: true."),
    # What services say under a code that means several things.
    marked("You sit at another table."),
    marked("You sit at a table: you cannot look on too."),
    marked("You do not look on here any more."),
    marked("There is no claim to answer."),
    marked("Nobody has asked to take anything back."),
    marked("A deal is being played."),
    marked("No deal is being played."),
    marked("The deal is over."),
    marked("Leave the table instead."),
    marked("The next one begins at the table."),
    marked("Look on at the table where this is played."),
    marked("This is not shown to you while it is played."),
    marked("This board is being played at your table."),
    marked("You may not see this board yet."),
    marked("At this table nobody is looked over the shoulder."),
)
"""What is said under codes without words of their own, each as `ServiceError.msg` has it."""


def refusal(error: ServiceError | RuleError) -> str:
    """The sentence for a refusal, by a service or by the rules of a game, in the reader's language;
    its own if there is none."""
    if isinstance(error, Banned):
        return banned_words(error)
    if isinstance(error, TooMany):
        return _too_many(error)
    return str(WORDS[error.code]) if error.code in WORDS else str(_(error.msg))


def sentences() -> dict[str, str]:
    """The `SENTENCES` that are said differently in the reader's language, by what they are."""
    return {text: said for text in SENTENCES if (said := str(_(text))) != text}


def _too_many(error: TooMany) -> str:
    return str(
        ngettext(
            "Too many tries. Try again in a minute.",
            "Too many tries. Try again in %(num)s minutes.",
            error.minutes,
        )
    )


def banned_words(ban: Banned) -> str:
    """That one must stay out: until when, and why."""
    if ban.until is None:
        text = _("You are banned for good.")
    else:
        text = _("You are banned until %(end)s.", end=when(ban.until))
    return f"{text} {_('Why: %(reason)s', reason=ban.reason)}" if ban.reason else text
