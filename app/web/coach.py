"""The coach, who explains ultimate tic-tac-toe beside the board in one's first matches.

It is sent away for good in the browser where that is done, whoever plays there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from app.games.api import Seat
from app.services import newcomers
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.web.context import house
from app.web.forms import next_path
from app.web.why import lesson_words

blueprint = Blueprint("coach", __name__)

COOKIE: Final = "coach"
AWAY: Final = "off"
KEPT: Final = timedelta(days=365)


def coaching(record: MatchRecord, view: Any, seat: Seat | None, caller: Caller | None) -> str:
    """What the coach says to a player of a match; "" to whoever has none."""
    if caller is None or seat is None or record.over or request.cookies.get(COOKIE) == AWAY:
        return ""
    if not newcomers.is_new(house(), caller.user_id, record.game):
        return ""
    return lesson_words(view, seat)


@blueprint.post("/coach/off")
@login_required
def off() -> Response:
    """Send the coach away, and stay on the page."""
    response = redirect(next_path(url_for("lobby.index")), 303)
    response.set_cookie(
        COOKIE,
        AWAY,
        max_age=KEPT,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
