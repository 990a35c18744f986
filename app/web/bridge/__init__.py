"""The pages about bridge: the hall, a table, and what is played there."""

from __future__ import annotations

from flask import Blueprint

from app.web.bridge import board, hall, model, paper, play, replay, table, tale
from app.web.bridge.base import blueprint

__all__ = [
    "TEMPLATES",
    "blueprint",
    "init_blueprint",
    "notation",
    "replay_page",
    "verify_page",
]

# Their routes are hung up by importing them.
PARTS = (hall, table, play, board)

notation, replay_page, verify_page = replay.notation, replay.replay_page, replay.verify_page

TEMPLATES = replay.TEMPLATES
"""Pages below /match that show a deal; the others are here (`app.web.deals`)."""


def init_blueprint(bare: Blueprint) -> None:
    """Make known to every template what the macros of bridge/_felt.html need."""
    for function in (
        *(tale.side_words, tale.b_card_words, tale.call_words, tale.contract_words),
        *(tale.tricks_words, tale.tricks_sign, tale.columns, tale.fan, tale.is_vulnerable),
        *(model.claim_words, model.ranks, model.time_left),
        *(paper.ranks_of, paper.signed, paper.imps_words, paper.par_words),
    ):
        bare.add_app_template_global(function)
    bare.add_app_template_global(tale.rows, "auction_rows")


init_blueprint(blueprint)
