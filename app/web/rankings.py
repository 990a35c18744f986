"""The rankings: a list a game, a hundred players a page, and one's own place in it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.games import GAMES
from app.services import ratings
from app.web.context import house

blueprint = Blueprint("rankings", __name__)


@blueprint.get("/rankings")
def index() -> Response:
    """The first game that has a list."""
    first = next(game.info.key for game in GAMES.values() if game.info.rating)
    return redirect(url_for("rankings.of", game=first))


@blueprint.get("/rankings/<game>")
def of(game: str) -> str:
    """One page of a game's list of people."""
    return _page(game, automatic=False)


@blueprint.get("/rankings/<game>/bots")
def bots(game: str) -> str:
    """One page of a game's list of bots."""
    return _page(game, automatic=True)


def _page(game: str, *, automatic: bool) -> str:
    rated = [entry.info for entry in GAMES.values() if entry.info.rating]
    info = next((info for info in rated if info.key == game), None)
    if info is None:
        abort(404)
    number = request.args.get("page", 1, type=int)
    listing = ratings.page(house(), game, number, automatic=automatic)
    own = None
    if current_user.is_authenticated and current_user.caller.automatic == automatic:
        own = ratings.place(house(), game, current_user.caller.user_id)
    return render_template(
        "rankings/index.html",
        games=rated,
        game=info,
        listing=listing,
        own=own,
        automatic=automatic,
        endpoint="rankings.bots" if automatic else "rankings.of",
    )
