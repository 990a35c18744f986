"""The rules, a page a game, with small boards that show what is said."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.web import diagrams

blueprint = Blueprint("rules", __name__)


@blueprint.get("/rules")
def index() -> Response:
    """The only game there is."""
    return redirect(url_for("rules.uttt"))


@blueprint.get("/rules/uttt")
def uttt() -> str:
    """Ultimate tic-tac-toe in eight pictures."""
    return render_template(
        "rules/uttt.html",
        start=diagrams.START.view(),
        sent=diagrams.SENT.view(),
        board_won=diagrams.BOARD_WON.view(),
        free=diagrams.FREE.view(),
        match_won=diagrams.MATCH_WON.view(),
        drawn=diagrams.DRAWN.view(),
        named=diagrams.NAMED.view(),
        named_moves=diagrams.NAMED.moves,
        swapped=diagrams.SWAPPED.view(),
    )
