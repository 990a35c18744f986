"""Tokens of the command API, as people meet them: to sign in with, to see, to make anew."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services import accounts, tokens
from app.services.errors import ServiceError
from app.web.auth import enter, renew_secret
from app.web.context import client, house
from app.web.forms import FirstPasswordForm, TokenForm, next_path, refuse
from app.web.refusals import refusal
from app.web.settings import settings_page

blueprint = Blueprint("tokens", __name__)

Page = Response | str | tuple[str, int]


@blueprint.route("/sign-in/token", methods=["GET", "POST"])
def sign_in() -> Page:
    """Sign in to an account with its token instead of a password."""
    if current_user.is_authenticated and current_user.registered:
        return redirect(next_path(url_for("lobby.index")))
    form, status = TokenForm(next=request.args.get("next")), 200
    if form.validate_on_submit():
        try:
            enter(tokens.sign_in(house(), form.token.data, client=client()))
        except ServiceError as error:
            status = refuse(form, error, {"wrong_token": "token"})
        else:
            return redirect(next_path(url_for("lobby.index")))
    elif form.is_submitted():
        status = 422
    return render_template("auth/token.html", form=form), status


@blueprint.post("/settings/token")
@login_required
def renew() -> Page:
    """Make a token, in place of the one there is, and show it."""
    if not current_user.registered:
        abort(403)
    return _with_secret(tokens.renew(house(), current_user.caller.user_id))


@blueprint.post("/settings/token/show")
@login_required
def show() -> Page:
    """Show the token there is. By POST: no link leads to a page with a secret on it."""
    try:
        shown = tokens.show(house(), current_user.caller.user_id)
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("settings.index", _anchor="token"))
    return _with_secret(shown)


@blueprint.post("/settings/password/first")
@login_required
def first_password() -> Page:
    """Give an account that was made by a program a password."""
    if not current_user.registered:
        abort(403)
    form, status = FirstPasswordForm(), 422
    if form.validate():
        try:
            accounts.set_first_password(house(), current_user.caller, form.new.data)
        except ServiceError as error:
            status = refuse(form, error, {"bad_password": "new"})
        else:
            renew_secret()
            flash(_("You have a password now."))
            return redirect(url_for("settings.index"))
    return settings_page(first=form), status


def _with_secret(token: str | None) -> Response:
    """The settings with the token on them, of which nobody is to keep a copy."""
    response = make_response(settings_page(shown_token=token))
    response.headers["Cache-Control"] = "no-store"
    return response
