"""Accounts of programs, on their owner's settings."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services import programs
from app.services.errors import ServiceError
from app.web.context import house
from app.web.refusals import refusal

blueprint = Blueprint("programs", __name__)


@blueprint.post("/settings/program")
@login_required
def mark() -> Response:
    """Say that a program plays under this name: for good, so only who has ticked that says it."""
    if not current_user.registered:
        abort(403)
    if not request.form.get("sure"):
        flash(_("Tick that you mean it: it cannot be taken back."), "error")
    else:
        try:
            programs.mark(house(), current_user.caller.user_id)
        except ServiceError as error:
            flash(refusal(error), "error")
        else:
            flash(_("This account is a bot's now, and everybody is told so."))
    return redirect(url_for("settings.index", _anchor="program"), 303)


@blueprint.app_template_global()
def program_standing() -> str:
    """What the user's account is, or may become: see `programs.standing`."""
    return programs.standing(house(), current_user.caller.user_id)
