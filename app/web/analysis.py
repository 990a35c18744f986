"""The analysis of a finished match: asking for it, and how far it has come.

Its page is the replay of the match; what stands there is `app.web.analysis_panel`.
"""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services import analysis, matches
from app.services.errors import ServiceError
from app.web import access
from app.web.analysis_panel import panel, percent_words, percents
from app.web.context import house
from app.web.play import TABLES
from app.web.refusals import refusal

blueprint = Blueprint("analysis", __name__, url_prefix="/match/<match_id>")
blueprint.add_app_template_global(analysis.can_be_asked, "can_be_analysed")
blueprint.add_app_template_global(percents)
blueprint.add_app_template_global(percent_words)


@blueprint.post("/analysis")
@login_required
def ask(match_id: str) -> Response:
    """Have the match analysed."""
    access.match(match_id)
    try:
        analysis.want(house(), access.viewer(match_id), current_user.caller, match_id)
    except ServiceError as error:
        flash(refusal(error), "error")
    ply = request.form.get("ply", type=int)
    return redirect(url_for("play.replay", match_id=match_id, ply=ply, _anchor="analysis"), 303)


@blueprint.get("/analysis.json")
def progress(match_id: str) -> Response:
    """How far the analysis is and what it says by now, for the page's script."""
    record = access.match(match_id)
    if not analysis.can_be_asked(record):
        return jsonify({"state": "none"})
    moves = TABLES[record.game].move_names(record, matches.log(house(), match_id))
    found = panel(record, moves, 0)
    return jsonify(found and found.data)
