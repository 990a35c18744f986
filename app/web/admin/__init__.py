"""The admins' pages. Whoever is no admin finds nothing here, not even that there is something."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_login import current_user

from app.web.admin import bans, games, people, room, status, talk
from app.web.admin.base import blueprint

__all__ = ["blueprint", "init_app"]

# Their routes are hung up by importing them.
PARTS = (room, people, games, bans, talk, status)
ROOT = "/admin"


def keep_out() -> None:
    """404 for all who are no admins, whatever they ask for below `/admin`, and however."""
    if request.path != ROOT and not request.path.startswith(f"{ROOT}/"):
        return
    if not (current_user.is_authenticated and current_user.caller.admin):
        abort(404)


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """No browser and no proxy keeps what an admin has seen."""
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Stand at the door: before the CSRF check, whose refusal would give the pages away."""
    app.before_request_funcs.setdefault(None, []).insert(0, keep_out)
