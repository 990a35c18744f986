"""Private talks, and the pages behind every chat: saying, older lines, what is wrong with one.

Everything here works as plain forms and links; the scripts of a chat do the same without leaving
the page.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services import channels, chat, matches, reports
from app.services.errors import ServiceError
from app.services.sessions import Caller
from app.web.chat import init_blueprint, panel, title_of, unread, viewer
from app.web.context import house
from app.web.forms import lower, next_path
from app.web.refusals import refusal

blueprint = Blueprint("messages", __name__)
init_blueprint(blueprint)

Page = Response | str | tuple[str, int]

GONE = {"no_such_room", "no_such_message"}
STATUS = {"too_fast": 429, "too_many": 429, "blocked": 403, "gone": 403}


@blueprint.get("/messages")
@login_required
def index() -> Page:
    """A page of the user's talks, and those of their matches in which something was said.

    `?name=NAME` leads on to the talk with that player.
    """
    caller: Caller = current_user.caller
    wanted = lower(request.args.get("name"))
    if wanted and _is_somebody(wanted):
        return redirect(url_for("messages.talk", name=wanted))
    talks = chat.talk_page(house(), caller.user_id, request.args.get("page", 1, type=int))
    said = [
        (matches.get(house(), room.partition(":")[2]), count)
        for room, count in unread().items()
        if room.startswith(f"{channels.MATCH}:")
    ]
    return render_template(
        "chat/index.html",
        talks=talks,
        said=[(record, record.seat_of(caller.user_id), count) for record, count in said],
        wanted=wanted,
    )


@blueprint.get("/messages/<name>")
@login_required
def talk(name: str) -> Page:
    """The talk with one player; with `?before=ID`, what was said before that line."""
    room = f"{channels.TALK}:{lower(name)}"
    page = _room(room)
    if "before" not in request.args:
        lines = chat.history(house(), viewer(room), room, limit=1)
        if lines:
            chat.mark_read(house(), viewer(room), room, lines[-1].id)
    return page


@blueprint.get("/chat/<room>")
def alone(room: str) -> Page:
    """A room by itself; with `?before=ID`, what was said before that line."""
    kind, _sep, name = room.partition(":")
    if kind == channels.TALK and name:
        return redirect(url_for("messages.talk", name=name, before=_before()))
    return _room(room)


@blueprint.post("/chat")
@login_required
def say() -> Page:
    """Say something, and go back to where one came from."""
    room, text = request.form.get("room", ""), request.form.get("text", "")
    try:
        chat.say(house(), current_user.caller, viewer(room), room, text)
    except ServiceError as error:
        if error.code in GONE:
            abort(404)
        # The text must not be lost: it stands in the field again, beside what is wrong with it.
        status = STATUS.get(error.code, 422)
        return _room(room, text=text, error=_why(error)), status
    return redirect(next_path(url_for("messages.alone", room=room)), 303)


@blueprint.get("/chat/line/<int:message_id>")
@login_required
def about(message_id: int) -> Page:
    """What one can do about a line: write to its author, block them, report it."""
    return _about(message_id, request.args.get("room", ""))


@blueprint.post("/chat/line/report")
@login_required
def report() -> Page:
    """Ask the admins to look at a line."""
    message_id, room = request.form.get("id", -1, type=int), request.form.get("room", "")
    reason = request.form.get("reason", "")
    try:
        reports.report(house(), current_user.caller, viewer(room), message_id, reason)
    except ServiceError as error:
        if error.code in GONE:
            abort(404)
        status = STATUS.get(error.code, 422)
        return _about(message_id, room, reason=reason, error=_why(error, "reason")), status
    flash(_("Thank you. An admin will look at it."))
    return redirect(next_path(url_for("messages.index")), 303)


def _is_somebody(name: str) -> bool:
    try:
        channels.enter(house(), viewer(""), f"{channels.TALK}:{name}")
    except ServiceError:
        return False
    return True


def _about(message_id: int, room: str, **given: Any) -> str:
    looking = viewer(room)
    try:
        line = chat.find(house(), looking, message_id)
    except ServiceError:
        abort(404)
    if line.by_house or line.user_id == current_user.caller.user_id:
        abort(404)
    return render_template("chat/about.html", line=line, code=looking.code, **given)


def _room(room: str, *, text: str = "", error: str = "") -> str:
    try:
        shown = panel(room, title_of(room), before=_before(), text=text, error=error)
    except ServiceError as refused:
        if refused.code == "too_many":
            abort(429)
        abort(403 if refused.code == "sign_in" else 404)
    return render_template("chat/room.html", panel=shown, before=_before(), back=_back(shown.room))


def _back(room: str) -> str:
    """The page that a room belongs to."""
    kind, _sep, name = room.partition(":")
    if kind in (channels.MATCH, channels.WATCH):
        return url_for("play.match", match_id=name)
    return url_for("lobby.index" if kind == channels.LOBBY else "messages.index")


def _before() -> int | None:
    return request.args.get("before", type=int)


def _why(error: ServiceError, what: str = "text") -> str:
    """What was wrong, with the number where there is one."""
    if error.code == "too_long":
        most = house().config.CHAT_LENGTH if what == "text" else reports.LONGEST
        return str(_("Too long: at most %(most)s characters.", most=most))
    if error.code == "empty" and what == "reason":
        return str(_("Say what is wrong with it."))
    return refusal(error)
