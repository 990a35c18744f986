"""Calls, cards, claims and answers at a bridge table, from a page without a script."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_login import current_user, login_required

from app.services.bridge import playing, tables
from app.services.errors import ServiceError
from app.web import access
from app.web.bridge import model
from app.web.bridge.base import Page, attempt, blueprint
from app.web.context import house

_ANSWERS = {"true": True, "false": False}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


def _move(tid: str, raw: Any) -> Page:
    """Make a move in the deal that is played at a table, if it is still as the page had it."""
    version = request.form.get("version", type=int)
    return attempt(tid, lambda: tables.play(house(), current_user.caller, tid, raw, version))


@blueprint.post("/table/<tid>/bid")
@login_required
def bid(tid: str) -> Page:
    """A call, with an alert if something is written beside it."""
    alert = request.form.get("alert", "").strip()
    return _move(tid, {"bid": request.form.get("bid", "")} | ({"alert": alert} if alert else {}))


@blueprint.post("/table/<tid>/play")
@login_required
def play(tid: str) -> Page:
    """A card of one's own hand, or of dummy's."""
    return _move(tid, {"card": _number(request.form.get("card", ""))})


@blueprint.post("/table/<tid>/claim")
@login_required
def claim(tid: str) -> Page:
    """A claim of so many tricks in all."""
    return _move(tid, {"claim": _number(request.form.get("claim", ""))})


@blueprint.post("/table/<tid>/answer")
@login_required
def answer(tid: str) -> Page:
    """Yes or no to what is claimed or asked for."""
    text = request.form.get("answer", "")
    return _move(tid, {"answer": _ANSWERS.get(text, text)})


@blueprint.post("/table/<tid>/undo")
@login_required
def undo(tid: str) -> Page:
    """Ask for one's last call or card back."""
    version = request.form.get("version", type=int)
    return attempt(tid, lambda: playing.take_back(house(), current_user.caller, tid, version))


@blueprint.get("/table/<tid>/meanings")
def meanings(tid: str) -> Any:
    """What the robots' calls mean, for the script: `{"match", "meanings": {number: text}}`."""
    try:
        row = tables.row(house(), tid)
    except ServiceError:
        return jsonify({"match": None, "meanings": {}}), 404
    seen = model.sight(row, access.caller())
    return jsonify({"match": row.match_id, "meanings": model.explained(seen.record, seen.view)})
