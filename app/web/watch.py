"""The matches that are being played right now, for everybody to look at."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.services import watching
from app.web import access
from app.web.context import house

blueprint = Blueprint("watch", __name__)


@blueprint.get("/watch")
def index() -> str:
    """The list; strangers see it, too."""
    caller = access.caller()
    live = watching.live(house(), caller.user_id if caller else None)
    return render_template("watch/index.html", live=live)
