"""The bridge hall: its tables, and ways to sit down at one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games.bridge import SIDES
from app.services.bridge import tables
from app.services.bridge.rows import TableRow
from app.services.errors import ServiceError
from app.web import access
from app.web.bridge.base import Page, blueprint, to_hall, to_table
from app.web.bridge.table_words import table_words
from app.web.context import house
from app.web.refusals import refusal


@blueprint.get("")
def hall() -> Page:
    """The tables, and what one can do there; strangers may look."""
    caller = access.caller()
    return render_template(
        "bridge/hall.html",
        rows=tables.listed(house()),
        own=tables.seated_at(house(), caller.user_id) if caller else None,
        sides=SIDES,
        table_words=table_words,
    )


@blueprint.post("/open")
@login_required
def open_table() -> Response:
    """Open a table and sit down at it."""
    form = request.form
    return _open(
        form.get("position", "N"), robots="robots" in form, kibitz="kibitz" in form, fill=False
    )


@blueprint.post("/robots")
@login_required
def with_robots() -> Response:
    """Play with three robots: a table of one's own, and the first deal at once."""
    return _open("S", robots=True, kibitz=False, fill=True)


def _open(position: str, *, robots: bool, kibitz: bool, fill: bool) -> Response:
    caller = current_user.caller
    try:
        row: TableRow = tables.open(
            house(), caller, position, robots=robots, kibitz=kibitz, fill=fill
        )
    except ServiceError as error:
        flash(refusal(error), "error")
        own = tables.seated_at(house(), caller.user_id)
        return to_table(own) if own else to_hall()
    return redirect(url_for("bridge.table", tid=row.id), 303)
