"""What is played, and what waits for a second player."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import moderation, oversight
from app.web.admin.base import act, acting, blueprint, page_number
from app.web.context import house
from app.web.forms import lower


@blueprint.get("/matches")
def matches() -> str:
    """The running matches, all or a player's, and the open tables."""
    name = lower(request.args.get("name"))
    return render_template(
        "admin/matches.html",
        listing=oversight.running(house(), name, page_number()),
        tables=oversight.tables(house()),
        name=name,
    )


@blueprint.post("/matches/<match_id>/end")
def end_match(match_id: str) -> Response:
    """End a match without a result."""
    back = url_for("admin.matches")
    said = _("The match is over, without a result.")
    return act(lambda: moderation.end_match(house(), acting(), match_id), said, back)


@blueprint.post("/tables/<table_id>/close")
def end_table(table_id: str) -> Response:
    """Close a table."""
    back = url_for("admin.matches", _anchor="tables")
    said = _("The table is closed.")
    return act(lambda: moderation.end_table(house(), acting(), table_id), said, back)
