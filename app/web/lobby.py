"""The lobby: finding somebody to play, and one's matches."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games import DEFAULT, GAMES, OFFERED
from app.games.api import Seat
from app.services import friends, lobby, presence, profiles, ratings, tables, watching
from app.services.errors import ServiceError
from app.services.records import MatchRecord, Setup
from app.services.sessions import Caller
from app.web import sides, words
from app.web.chat import lobby_panels
from app.web.computer import last_chosen, levels
from app.web.context import house, running_matches
from app.web.forms import FriendForm, refuse
from app.web.refusals import refusal
from app.web.results import verdict
from app.web.table_form import ABOUT_PLAYER, CodeForm
from app.web.tables import table_link

blueprint = Blueprint("lobby", __name__, url_prefix="/lobby")
sides.init_blueprint(blueprint)

Page = Response | str | tuple[str, int]

RECENT = 5
SUGGESTED = 100  # friends whose names are offered while one is written


@blueprint.get("")
@login_required
def index() -> Page:
    """The lobby. `?wait=1`: a page without a script waits here for its opponent."""
    caller: Caller = current_user.caller
    running = running_matches()
    seeking = lobby.is_seeking(house(), caller.user_id)
    if request.args.get("wait") and not seeking and running:
        newest = max(running, key=lambda record: record.created_at)
        return _to_match(newest)
    return _page(FriendForm(formdata=None), running, seeking)


@blueprint.post("/seek")
@login_required
def seek() -> Page:
    """Play whoever waits, or wait."""
    try:
        record = lobby.seek(house(), current_user.caller, request.form.get("game", DEFAULT))
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("lobby.index"), 303)
    if record is None:
        return redirect(url_for("lobby.index", wait=1), 303)
    return _to_match(record)


@blueprint.post("/cancel")
@login_required
def cancel() -> Page:
    """Stop waiting."""
    lobby.cancel(house(), current_user.caller.user_id)
    return redirect(url_for("lobby.index"), 303)


@blueprint.post("/challenge")
@login_required
def challenge() -> Page:
    """Challenge the player named in the form, who may be away, on the usual terms."""
    form, status = FriendForm(), 422
    if form.validate():
        try:
            name, setup = form.player.data or "", Setup(DEFAULT)
            row = tables.challenge(house(), current_user.caller, name, setup)
            return redirect(url_for("tables.table", table_id=row.id), 303)
        except ServiceError as error:
            status = refuse(form, error, dict.fromkeys(ABOUT_PLAYER, "player"))
    caller: Caller = current_user.caller
    running = running_matches()
    return _page(form, running, lobby.is_seeking(house(), caller.user_id)), status


def _page(form: FriendForm, running: list[MatchRecord], seeking: bool) -> str:
    caller: Caller = current_user.caller
    now = house().clock()
    mine = [_row(record, caller) for record in running]
    ended = profiles.recent(house(), caller.user_id, RECENT, caller.user_id)
    incoming, outgoing = tables.challenges(house(), caller.user_id)
    seated = tables.seated(house(), caller.user_id)
    taken = {caller.user_id, *(row.owner_id for row in seated)}  # their tables stand above the rest
    listed = tables.listed(house(), caller.user_id)
    return render_template(
        "lobby/index.html",
        form=form,
        code_form=CodeForm(formdata=None),
        seeking=seeking,
        own=tables.own(house(), caller.user_id),
        seated=seated,
        tables=[row for row in listed if row.owner_id not in taken],
        incoming=incoming,
        outgoing=outgoing,
        live=watching.live(house(), caller.user_id),
        matches=sorted(mine, key=lambda row: not row["my_turn"]),
        recent=[_ended_row(record, caller) for record in ended],
        friends=friends.page_of(house(), caller.user_id, size=SUGGESTED).rows,
        online=[row for row in presence.online(house()) if row.name != caller.name],
        places=_places(caller),
        games=list(OFFERED),
        levels=levels(),
        opponent=last_chosen(),
        table_link=table_link,
        chats=lobby_panels(),
        time_left=lambda record: words.time_left(record.deadline, now),
    )


def _places(caller: Caller) -> dict[str, tuple[int, int]]:
    """The rank and rating of an account in each game; of a guest none."""
    found = ratings.places(house(), caller.user_id)
    return {game: found[game] for game in GAMES if game in found}


def _row(record: MatchRecord, caller: Caller) -> dict[str, Any]:
    seat = record.seat_of(caller.user_id)
    return {
        "record": record,
        "seat": seat,
        "my_turn": seat in record.actors,
        "turn": _turn(record, seat),
        "timed": record.table_id is None,  # at a table a seat is given away, not the match
    }


def _turn(record: MatchRecord, seat: Seat | None) -> str:
    """Whose turn it is, as the player in `seat` is told; where several may act, the first."""
    if seat in record.actors:
        return words.say("your_turn")
    if len(record.seats) == 2:
        return words.say("their_turn")
    return words.say("turn_of", name=record.seats[min(record.actors)].name)


def _ended_row(record: MatchRecord, caller: Caller) -> dict[str, Any]:
    seat = record.seat_of(caller.user_id) or 0
    step = record.ratings[seat] if record.ratings else None
    return {
        "record": record,
        "seat": seat,
        "verdict": verdict(record, seat),
        "change": None if step is None else step.after - step.before,
    }


def _to_match(record: MatchRecord) -> Response:
    return redirect(url_for("play.match", match_id=record.id), 303)
