"""A match: playing it, watching it, leaving it, and going through it afterwards.

Everybody may look, strangers too, unless it is private. Only a player of the match finds
anything to press, and the services ask again whoever presses it. Everything works as plain
forms and links.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games.api import RuleError
from app.services import archive, lobby, matches, stakes, watching
from app.services.errors import ServiceError
from app.services.records import MatchRecord
from app.web import access, bridge, computer, deals, scopa, uttt, words
from app.web.chat import match_panels
from app.web.context import house
from app.web.refusals import refusal
from app.web.results import cost_words, result_words

blueprint = Blueprint("play", __name__, url_prefix="/match/<match_id>")
words.init_blueprint(blueprint)
scopa.init_blueprint(blueprint)

Page = Response | str | tuple[str, int]

# What a page needs of each game.
TABLES: dict[str, Any] = {"uttt": uttt, "scopa": scopa, "bridge": bridge}


def _to_match(match_id: str) -> Response:
    return redirect(url_for("play.match", match_id=match_id), 303)


def _played_here(match_id: str) -> MatchRecord:
    """The match, if it is one that is played on these pages; a deal of bridge is at its table."""
    record = access.match(match_id)
    if "match" not in TABLES[record.game].TEMPLATES:
        caller = access.caller()
        abort(redirect(deals.address(record, caller.user_id if caller else None), 303))
    return record


def _ply() -> int | None:
    return request.args.get("ply", type=int)


@blueprint.get("")
def match(match_id: str) -> Page:
    """The match as it stands, or with `?ply=N` as it stood after N moves."""
    record = _played_here(match_id)
    table = TABLES[record.game]
    values = table.match_page(record, access.caller(), _ply())
    return render_template(table.TEMPLATES["match"], **values, **_around(record))


def _around(record: MatchRecord) -> dict[str, Any]:
    """What stands around the board: the clocks, how many look on; and `live`, the same for the
    scripts, with the code of a private match, which whoever sees it may pass on."""
    clocks = record.clocks_at(house().clock())
    running = min(record.actors, default=None)
    return {
        "clocks": clocks,
        "watchers": watching.count(house(), record.id),
        "chats": match_panels(record),
        "live": {
            "clock": None if clocks is None else {"left": clocks, "running": running},
            "code": record.code,
        },
    }


@blueprint.post("/move")
@login_required
def move(match_id: str) -> Page:
    """A move, from a page without a script."""
    record = _played_here(match_id)
    try:
        raw = TABLES[record.game].raw_move(request.form)
        version = request.form.get("version", type=int)
        matches.submit(house(), current_user.caller, match_id, raw, version)
    except (RuleError, ServiceError) as error:
        flash(refusal(error), "error")
    return _to_match(match_id)


@blueprint.get("/end")
@login_required
def leave(match_id: str) -> Page:
    """What leaving would cost, and the button that does it. Asking changes nothing."""
    record = _played_here(match_id)
    caller = current_user.caller
    seat = record.seat_of(caller.user_id)
    if seat is None:
        abort(403)
    if record.over:
        return _to_match(match_id)
    cost = stakes.cost(house(), caller, record)
    log = matches.log(house(), match_id)
    both_moved = len({entry.seat for entry in log}) == len(record.seats)
    return render_template(
        "play/leave.html",
        record=record,
        both_moved=both_moved,
        cost=cost_words(record, cost, both_moved),
    )


@blueprint.post("/end")
@login_required
def end(match_id: str) -> Page:
    """Leave the match, which ends it."""
    _played_here(match_id)
    try:
        matches.end(house(), current_user.caller, match_id)
    except ServiceError as error:
        flash(refusal(error), "error")
    return _to_match(match_id)


@blueprint.post("/rematch")
@login_required
def rematch(match_id: str) -> Page:
    """Play the same people once more; the computer at another `strength`, if the form says so."""
    record, strength = _played_here(match_id), request.form.get("strength")
    try:
        again = lobby.rematch(house(), current_user.caller, match_id, strength)
    except ServiceError as error:
        flash(refusal(error), "error")
        return _to_match(match_id)
    if strength is not None:
        computer.remember(record.game, strength)
    return _to_match(again.id)


@blueprint.get("/replay")
def replay(match_id: str) -> Page:
    """A finished match step by step; one still being played is better watched live."""
    record = access.match(match_id)
    if not record.over:
        return _to_match(match_id)
    table = TABLES[record.game]
    return render_template(table.TEMPLATES["replay"], **table.replay_page(record, _ply()))


@blueprint.get("/verify")
def verify(match_id: str) -> Page:
    """What shows that the cards of a match were not chosen by anybody: a hash while it lives, and
    the seed behind it once it is over."""
    record = access.match(match_id)
    table = TABLES[record.game]
    if "verify" not in table.TEMPLATES:
        abort(404)  # nothing there is left to chance
    return render_template(table.TEMPLATES["verify"], **table.verify_page(record))


@blueprint.get("/export.txt")
def export_text(match_id: str) -> Page:
    """A finished match as text: a heading, then the moves in the game's notation."""
    record = access.match(match_id)
    if not record.over:
        return _to_match(match_id)
    log = matches.log(house(), match_id)
    lines = [f"{name}: {value}" for name, value in _heading(record).items()]
    text = "\n".join(lines) + "\n\n" + TABLES[record.game].notation(record, log)
    response = Response(text, mimetype="text/plain")
    return _as_file(response, f"{match_id}.txt")


@blueprint.get("/export.json")
def export_json(match_id: str) -> Page:
    """A finished match as its log, for programs."""
    record = access.match(match_id)
    if not record.over or record.outcome is None:
        return _to_match(match_id)
    response = jsonify(archive.log_json(record, matches.log(house(), match_id)))
    return _as_file(response, f"{match_id}.json")


def _heading(record: MatchRecord) -> dict[str, str]:
    """The lines above an exported match. In English: a file is read by programs too."""
    heading = {
        "Game": f"{record.engine.info.name} ({record.variant})",
        "Site": url_for("play.match", match_id=record.id, _external=True),
        "Started": record.created_at.strftime("%Y-%m-%d %H:%M UTC"),
    }
    for seat, info in enumerate(record.seats):
        step = record.ratings[seat] if record.ratings else None
        rating = f" ({step.before} to {step.after})" if step else ""
        heading[f"Player {'ABCD'[seat]}"] = info.name + rating
    heading["Result"] = result_words(record, None)
    chance = archive.chance(record)
    for name, value in chance.pop("options", {}).items():
        if value is not None:
            heading[name.capitalize()] = str(value)
    heading |= {name.capitalize(): value for name, value in chance.items()}
    return heading


def _as_file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
