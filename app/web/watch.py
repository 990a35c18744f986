"""The matches that are being played right now, for everybody to look at, and the best of them."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, render_template, request, url_for

from app.games import GAMES
from app.services import best as choice
from app.services import watching
from app.services.records import MatchRecord
from app.web import access, small, small_squares
from app.web.context import house
from app.web.words import time_left

blueprint = Blueprint("watch", __name__)

SHOWN = 12  # matches a page
FURTHEST = 100  # pages


@blueprint.get("/watch")
def index() -> str:
    """The list, `?game=` of one game, `?page=` further on; strangers see it, too."""
    caller = access.caller()
    game = request.args.get("game") or None
    if game is not None and game not in GAMES:
        abort(404)
    page = min(max(request.args.get("page", 1, type=int), 1), FURTHEST)
    live = watching.live(
        house(),
        caller.user_id if caller else None,
        SHOWN + 1,
        game=game,
        offset=(page - 1) * SHOWN,
    )
    return render_template(
        "watch/index.html",
        live=live[:SHOWN],
        more=len(live) > SHOWN,
        page=page,
        most=SHOWN,
        game=game,
        games=list(GAMES),
        small_blank=small.BLANK,
    )


@blueprint.get("/watch/best", defaults={"game": None})
@blueprint.get("/watch/best/<game>")
def best(game: str | None) -> str:
    """The best match now. `?match=`: that one as long as it lasts, and how it has ended; so a page
    without a script, which asks again and again, changes no match in its middle."""
    if game is not None and game not in GAMES:
        abort(404)
    known = request.args.get("match")
    record = choice.shown(house(), known, game) if known else None
    stay = record is not None
    record = record or choice.now(house(), game) or choice.great(house(), game)
    return render_template(
        "watch/best.html",
        row=watching.row(house(), record) if record else None,
        stay=stay,
        game=game,
        games=list(GAMES),
        next=url_for("watch.best", game=game),
        again=_again(record, game),
    )


def _again(record: MatchRecord | None, game: str | None) -> str:
    """Where a page without a script looks next: at the same match, until it has shown the end."""
    if record is None or record.over:
        return url_for("watch.best", game=game)
    return url_for("watch.best", game=game, match=record.id)


def _left(deadline: str) -> str:
    return time_left(datetime.fromisoformat(deadline), house().clock())


for _name, _value in (
    ("small_of", small.small_of),
    ("small_squares", small_squares.drawing),
    ("small_texts", small.small_texts),
    ("small_scopa_words", small.scopa_words),
    ("small_bridge_words", small.bridge_words),
    ("small_left", _left),
):
    blueprint.add_app_template_global(_value, _name)
