"""The front door: what this is, a match being played, and three ways in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.games import DEFAULT
from app.services import accounts, best
from app.web.context import house
from app.web.diagrams import SAMPLE
from app.web.forms import GuestForm

blueprint = Blueprint("start", __name__)


def start_page(form: GuestForm) -> str:
    """The front page, with the guest's form as it stands."""
    match = best.now(house(), DEFAULT)  # its board is the page's
    view = match.engine.view(match.state, None) if match else SAMPLE.view()
    return render_template("start/index.html", form=form, match=match, view=view)


@blueprint.get("/")
def index() -> Response | str:
    """The front page for a stranger; whoever is signed in goes straight to the lobby."""
    if current_user.is_authenticated:
        return redirect(url_for("lobby.index"))
    return start_page(GuestForm(name=accounts.suggest_name(house())))
