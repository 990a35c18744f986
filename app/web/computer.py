"""A match against the computer, from one button: the front page's, the lobby's, after a match.

What was chosen last is kept in this browser's session.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.games import DEFAULT, OFFERED
from app.games.api import Seat
from app.services import matches, tables, terms
from app.services.computer import strengths
from app.services.errors import ServiceError
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.services.tables import TableRow
from app.web.auth import enter_as_guest
from app.web.context import house
from app.web.refusals import refusal
from app.web.words import say

blueprint = Blueprint("computer", __name__)

Page = Response | str | tuple[str, int]

KEPT: Final = "computer"  # in the session: "uttt-easy"
FIRST: Final = "easy"  # for who has chosen nothing yet


class Opponent(NamedTuple):
    """A game to play the computer at, and how strong it is to be."""

    game: str
    strength: str


class Steps(NamedTuple):
    """The strengths next to the one that the computer has just played at; None: there is none."""

    weaker: str | None
    stronger: str | None


def levels() -> dict[str, tuple[str, ...]]:
    """How strong the computer can be, by game, where a match with it begins at once."""
    return {game: strengths(game) for game in OFFERED if strengths(game)}


def last_chosen() -> Opponent:
    """Whom this browser has played last, or the one for a beginning."""
    game, _sep, strength = str(session.get(KEPT, "")).partition("-")
    return _opponent(game, strength) or Opponent(DEFAULT, FIRST)


def _opponent(game: str, strength: str) -> Opponent | None:
    return Opponent(game, strength) if strength in levels().get(game, ()) else None


def remember(game: str, strength: str) -> None:
    """Offer this first the next time."""
    session[KEPT] = f"{game}-{strength}"


@blueprint.app_template_global()
def strength_steps(record: MatchRecord, seat: Seat | None) -> Steps | None:
    """How else a match of two between the player in `seat` and the computer may be played again;
    None for any other match.
    """
    bot = record.seats[1 - seat].bot if seat is not None and len(record.seats) == 2 else None
    if bot is None:
        return None
    around = (None, *strengths(record.game), None)
    at = around.index(bot)
    return Steps(around[at - 1], around[at + 1])


@blueprint.app_template_global()
def computer_words(record: MatchRecord) -> str:
    """How strong the computer is in a match: "Computer, easy"; "" where only people play."""
    found = dict.fromkeys(info.bot for info in record.seats if info.bot is not None)
    return " · ".join(say("seat_bot", strength=say(f"strength_{strength}")) for strength in found)


@blueprint.post("/computer")
def play() -> Page:
    """Begin a match with the computer; a stranger comes in as a guest first, under the name in the
    field or one we make up.

    The form has a `game` and its `strength_<game>`; without them it is what was chosen last.
    """
    opponent = last_chosen()
    if game := request.form.get("game", ""):
        chosen = _opponent(game, request.form.get(f"strength_{game}", FIRST))
        if chosen is None:
            abort(400)
        opponent = chosen
    if not current_user.is_authenticated and (refused := enter_as_guest()):
        return refused
    remember(*opponent)
    try:
        return redirect(url_for("play.match", match_id=_begin(opponent).id), 303)
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("lobby.index"), 303)


def _begin(opponent: Opponent) -> MatchRecord:
    """A match of two on the usual terms; the caller moves first where that is not drawn.

    One that was begun so and in which nobody has moved yet is as good, after a double click too.
    """
    caller: Caller = current_user.caller
    for record in matches.open_of(house(), caller.user_id):
        if record.version == 0 and _is_usual(record, opponent):
            return record
    setup = replace(terms.usual(opponent.game), rated=False)
    begun = tables.open(house(), caller, setup, [Bot(opponent.strength, "")])
    assert not isinstance(begun, TableRow), "nobody is missing"
    return begun


def _is_usual(record: MatchRecord, opponent: Opponent) -> bool:
    """Whether a match is what the button begins."""
    usual = terms.usual(opponent.game).variant
    kind = (record.game, record.variant, [info.bot for info in record.seats])
    return kind == (opponent.game, usual, [None, opponent.strength]) and not record.private
