"""A board's page: its hands, and how it went at every table; and the deals of one table.

Nobody sees a board who may still be dealt it. Whoever likes to see one all the same gives that up,
by a button on the page that stands in its place.
"""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import abort, redirect, render_template, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services.bridge import boards, exports, field, session
from app.services.errors import ServiceError
from app.web import access
from app.web.bridge import tale
from app.web.bridge.base import Page, blueprint
from app.web.context import house

STRAINS = "CDHSZ"


@blueprint.get("/board/<board_id>")
def board(board_id: str) -> Page:
    """The board, or why it is not shown."""
    try:
        page = field.board_page(house(), _viewer_id(), board_id)
    except ServiceError as error:
        if error.code == "not_allowed":
            return _closed(board_id), 403
        abort(404)
    return render_template(
        "bridge/board.html",
        page=page,
        best=_best(page.analysis),
        names={side: tale.side_words(side) for side in "NESW"},
        strains=STRAINS,
    )


@blueprint.post("/board/<board_id>/look")
@login_required
def look(board_id: str) -> Response:
    """See the board, and never be dealt it."""
    try:
        boards.look(house(), current_user.caller, board_id)
    except ServiceError as error:
        abort(404 if error.code == "no_such_board" else 403)
    return redirect(url_for("bridge.board", board_id=board_id), 303)


@blueprint.get("/board/<board_id>.<ending>")
def board_file(board_id: str, ending: str) -> Response:
    """The board as a file: every table's auction and play."""
    return _file(lambda: exports.board(house(), _viewer_id(), board_id, ending), board_id, ending)


@blueprint.get("/deal/<match_id>.<ending>")
def deal_file(match_id: str, ending: str) -> Response:
    """One table's auction and play as a file."""
    record = access.match(match_id)
    return _file(lambda: exports.match(house(), _viewer_id(), record.id, ending), record.id, ending)


@blueprint.get("/session/<tid>")
def session_page(tid: str) -> str:
    """The deals played at a table, and what they came to."""
    try:
        played = session.of(house(), tid, _viewer_id())
    except ServiceError:
        abort(404)
    return render_template("bridge/session.html", session=played)


@blueprint.get("/session/<tid>.<ending>")
def session_file(tid: str, ending: str) -> Response:
    """The deals of a table as a file."""
    return _file(lambda: exports.session(house(), tid, ending, _viewer_id()), tid, ending)


def _viewer_id() -> int | None:
    caller = access.caller()
    return caller.user_id if caller else None


def _closed(board_id: str) -> str:
    """What stands in the place of a board that may not be seen yet."""
    known = boards.get(house(), board_id)
    user_id = _viewer_id()
    at_table = user_id is not None and boards.is_at(house(), user_id, board_id)
    return render_template("bridge/board_closed.html", board=known, at_table=at_table)


def _best(analysis: Any) -> dict[tuple[str, str], bool]:
    """Which contracts of the double-dummy table make a game there, by side and strain."""
    if analysis is None:
        return {}
    needed = {"C": 11, "D": 11, "H": 10, "S": 10, "Z": 9}
    return {
        (side, strain): tricks >= needed[strain]
        for side, row in analysis["tricks"].items()
        for strain, tricks in row.items()
    }


def _file(write: Any, name: str, ending: str) -> Response:
    try:
        text = write()
    except ServiceError as error:
        abort(403 if error.code == "not_allowed" else 404)
    # Programs of bridge read Latin-1; what is not in it is written without.
    response = FlaskResponse(
        text.encode("latin-1", "replace"), content_type="text/plain; charset=iso-8859-1"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name[:12]}.{ending}"'
    return response
