"""A player's own data: to take away as one file, and to delete for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO, Any, Final

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required, logout_user
from werkzeug.wrappers import Response

from app.services import accounts, archive, farewell, matches
from app.services.errors import ServiceError
from app.web.context import house
from app.web.forms import DeleteForm, refuse
from app.web.play import TABLES
from app.web.privacy import span
from app.web.refusals import refusal

blueprint = Blueprint("mydata", __name__)

Page = Response | str | tuple[str, int]

PIECE: Final = 65_536  # bytes that are sent at once

_TEXTS: Final[Mapping[str, archive.Write]] = MappingProxyType(
    {game: table.notation for game, table in TABLES.items() if hasattr(table, "notation")}
)


@blueprint.post("/settings/data")
@login_required
def download() -> Response:
    """Everything the house has of the user, as a ZIP file made now."""
    with ExitStack() as opened:
        file = opened.enter_context(TemporaryFile())
        try:
            archive.make(house(), current_user.caller, file, _TEXTS)
        except ServiceError as error:
            flash(refusal(error), "error")
            return redirect(url_for("settings.index", _anchor="data"), 303)
        size = file.tell()
        file.seek(0)
        response = Response(_pieces(file), mimetype="application/zip")
        response.call_on_close(opened.pop_all().close)
    name = f"{current_user.name}-{house().clock():%Y-%m-%d}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(size)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/settings/delete", methods=["GET", "POST"])
@login_required
def delete() -> Page:
    """What deleting would take away and leave, and the button that does it."""
    caller = current_user.caller
    has_password = accounts.has_password(house(), caller.user_id)
    form, status = DeleteForm(), 200
    if form.is_submitted():
        status = 422
        if form.agreed(has_password):
            try:
                farewell.delete(house(), caller, form.password.data if has_password else None)
            except ServiceError as error:
                if error.code == "wrong_password":
                    error = ServiceError("wrong_own", _("That is not your password."))
                status = refuse(form, error, {"wrong_own": "password"})
            else:
                logout_user()
                session.clear()
                flash(_("You are deleted here. Thank you for having played."))
                return redirect(url_for("start.index"), 303)
    values: dict[str, Any] = {
        "form": form,
        "has_password": has_password,
        "reports_stay": span(house().config.CHAT_TTL),
        "running": len(matches.open_of(house(), caller.user_id)),
    }
    return render_template("settings/delete.html", **values), status


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
