"""The rules, a page a game, with small pictures that show what is said."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.web import bridge_diagrams, diagrams, scopa_diagrams

blueprint = Blueprint("rules", __name__)


@blueprint.get("/rules")
def index() -> str:
    """The games, each with a picture and the way to its page."""
    return render_template(
        "rules/index.html",
        board=diagrams.SAMPLE.view(),
        cards=scopa_diagrams.hand(scopa_diagrams.HANDS["figures"]),
        trick=bridge_diagrams.TRICKS["follow"].view(),
    )


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


@blueprint.get("/rules/scopa")
def scopa() -> str:
    """Scopa and its variants."""
    return render_template(
        "rules/scopa.html",
        captures={name: each.view() for name, each in scopa_diagrams.CAPTURES.items()},
        hands={name: scopa_diagrams.hand(text) for name, text in scopa_diagrams.HANDS.items()},
        primiera=scopa_diagrams.primiera_rows(),
    )


@blueprint.get("/rules/bridge")
def bridge() -> str:
    """Bridge."""
    return render_template(
        "rules/bridge.html",
        tricks={name: each.view() for name, each in bridge_diagrams.TRICKS.items()},
        auction=bridge_diagrams.AUCTION,
        hand=bridge_diagrams.HAND,
        scores=bridge_diagrams.score_rows(),
    )
