"""Friends: who they are, finding new ones, and keeping others away."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games import DEFAULT
from app.services import friends, profiles
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.web.context import house
from app.web.forms import lower, next_path
from app.web.refusals import refusal

blueprint = Blueprint("friends", __name__)


@blueprint.get("/friends")
@login_required
def index() -> str:
    """A page of the user's friends, and whoever was asked for by name."""
    user_id = current_user.caller.user_id
    wanted = lower(request.args.get("name"))
    found = None
    if wanted:
        try:
            found = profiles.player(house(), wanted, game=DEFAULT)
        except ServiceError:
            found = None
    listed = friends.page_of(house(), user_id, request.args.get("page", 1, type=int))
    return render_template(
        "friends/index.html",
        friends=listed,
        friend=found is not None and friends.is_friend(house(), user_id, found.user_id),
        wanted=wanted,
        found=found,
        rating=next((row.value for row in found.ratings if row.game == DEFAULT), None)
        if found
        else None,
    )


def change(act: Callable[[House, Caller, str], list[int]], said: str) -> Response:
    """Do `act` with the named player, say how it went, and go back to where one came from."""
    name = lower(request.form.get("player"))
    if not name:
        abort(400)
    try:
        changed = act(house(), current_user.caller, name)
    except ServiceError as error:
        flash(refusal(error), "error")
    else:
        friends.tell(house(), changed)
        flash(said % {"name": name})
    return redirect(next_path(url_for("friends.index")))


@blueprint.post("/friends/add")
@login_required
def add() -> Response:
    """Put a player into the user's list."""
    return change(friends.add, _("%(name)s is among your friends now."))


@blueprint.post("/friends/remove")
@login_required
def remove() -> Response:
    """Take a player out of the user's list."""
    return change(friends.remove, _("%(name)s is not among your friends any more."))


@blueprint.post("/friends/block")
@login_required
def block() -> Response:
    """Hear nothing of a player any more."""
    response = change(friends.block, _("You will hear nothing of %(name)s any more."))
    friends.tell_blocks(house(), current_user.caller.user_id)
    return response


@blueprint.post("/friends/unblock")
@login_required
def unblock() -> Response:
    """Take a block back."""
    response = change(friends.unblock, _("%(name)s can reach you again."))
    friends.tell_blocks(house(), current_user.caller.user_id)
    return response
