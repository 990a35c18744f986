"""What people object to, and what the house has to say to all of them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import moderation, oversight, reports
from app.services.errors import ServiceError
from app.web.admin.base import Page, act, acting, blueprint, done, why
from app.web.admin.forms import BroadcastForm
from app.web.context import house
from app.web.notices import current

SHOWN = 20


@blueprint.get("/reports")
def reports_page() -> str:
    """Messages that somebody objects to, the oldest first."""
    return render_template(
        "admin/reports.html",
        files=oversight.open_reports(house(), SHOWN),
        total=reports.count(house()),
    )


@blueprint.post("/reports/<int:report_id>/close")
def close_report(report_id: int) -> Response:
    """The message was looked at; with `hide` in the form, nobody sees it any more."""
    hide = "hide" in request.form
    return act(
        lambda: moderation.close_report(house(), acting(), report_id, hide=hide),
        done(),
        url_for("admin.reports_page"),
    )


@blueprint.get("/broadcast")
def broadcast_page() -> str:
    """What is announced now, and a form for more."""
    return _page(BroadcastForm())


@blueprint.post("/broadcast")
def broadcast() -> Page:
    """Say something to everybody."""
    form = BroadcastForm()
    if form.validate():
        try:
            moderation.broadcast(house(), acting(), form.text.data or "")
        except ServiceError as error:
            form.text.errors = [why(error)]
        else:
            flash(_("Everybody who is here has heard it."))
            return redirect(url_for("admin.broadcast_page"), 303)
    return _page(form), 422


@blueprint.post("/broadcast/<int:number>/withdraw")
def withdraw(number: int) -> Response:
    """Say it no longer."""
    return act(
        lambda: moderation.withdraw_broadcast(house(), acting(), number),
        _("It is shown no longer."),
        url_for("admin.broadcast_page"),
    )


def _page(form: BroadcastForm) -> str:
    return render_template("admin/broadcast.html", form=form, shown=current(house()))
