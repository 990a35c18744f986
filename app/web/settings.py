"""A player's own settings: name, password, look, blocks and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.services import accounts, friends, sessions, tokens
from app.services.bridge import preferences
from app.services.errors import ServiceError
from app.web import languages
from app.web.auth import renew_secret
from app.web.context import THEME_COOKIE, THEMES, house
from app.web.forms import (
    BridgeForm,
    FirstPasswordForm,
    PasswordForm,
    UpgradeForm,
    next_path,
    refuse,
)
from app.web.refusals import refusal

blueprint = Blueprint("settings", __name__)
languages.init_blueprint(blueprint)

YEAR = timedelta(days=365)  # how long a browser keeps what is chosen in it

Page = Response | str | tuple[str, int]

# What a browser calls itself, by a word in its User-Agent; the first that is found counts,
# since most of them claim to be the others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(label: str) -> str:
    """What a session's label means to its owner: "Firefox on Linux"."""
    if label == "raw":
        return _("A JSON client")
    browser = next((name for word, name in _BROWSERS if word in label), None)
    system = next((name for word, name in _SYSTEMS if word in label), None)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or label[:40] or _("Something that gave no name")


def settings_page(**forms: Any) -> str:
    """The settings, with a form as it was sent where one is given, and `shown_token` in full."""
    caller = current_user.caller
    return render_template(
        "settings/index.html",
        password=forms.get("password") or PasswordForm(formdata=None),
        first=forms.get("first") or FirstPasswordForm(formdata=None),
        has_password=accounts.has_password(house(), caller.user_id),
        has_token=tokens.has_token(house(), caller.user_id),
        shown_token=forms.get("shown_token"),
        upgrade=forms.get("upgrade") or UpgradeForm(formdata=None, name=caller.name),
        bridge=forms.get("bridge")
        or BridgeForm(formdata=None, obj=preferences.of(house(), caller.user_id)),
        blocked=friends.blocked(house(), caller.user_id),
        sessions=sessions.rows(house(), caller),
        device=device,
    )


@blueprint.get("/settings")
@login_required
def index() -> str:
    """Everything there is to set, on one page."""
    return settings_page()


@blueprint.post("/settings/password")
@login_required
def password() -> Page:
    """A new password; every other session of the account ends."""
    form, status = PasswordForm(), 422
    if form.validate():
        try:
            accounts.change_password(house(), current_user.caller, form.old.data, form.new.data)
        except ServiceError as error:
            if error.code == "wrong_password":
                error = ServiceError("wrong_old", _("That is not your old password."))
            status = refuse(form, error, {"wrong_old": "old", "bad_password": "new"})
        else:
            renew_secret()
            flash(_("Your password is changed. Your other sessions have ended."))
            return redirect(url_for("settings.index"))
    return settings_page(password=form), status


@blueprint.post("/settings/keep")
@login_required
def keep() -> Page:
    """Make the guest an account: name, matches and all."""
    form, status = UpgradeForm(), 422
    if form.validate():
        try:
            caller = accounts.upgrade(
                house(), current_user.caller, form.name.data, form.password.data
            )
        except ServiceError as error:
            fields = {"bad_name": "name", "name_taken": "name", "bad_password": "password"}
            status = refuse(form, error, fields)
        else:
            renew_secret()
            flash(_("Welcome, %(name)s. This name is yours now.", name=caller.name))
            return redirect(url_for("settings.index"))
    return settings_page(upgrade=form), status


@blueprint.post("/settings/bridge")
@login_required
def bridge() -> Page:
    """How the user plays bridge."""
    form = BridgeForm()
    if not form.validate():
        return settings_page(bridge=form), 422
    wish = {"singles": form.singles.data, "system": form.system.data or ""}
    preferences.set_(house(), current_user.caller, **wish)
    flash(_("Noted."))
    return redirect(url_for("settings.index", _anchor="bridge"))


@blueprint.post("/settings/theme")
def theme() -> Page:
    """Light, dark or as the system: kept in this browser."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        abort(400)
    response = redirect(next_path(url_for("start.index")))
    response.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=YEAR,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


@blueprint.post("/settings/language")
def language() -> Page:
    """The language of every page: in this browser, and wherever the user is signed in.

    Empty: as the browser asks.
    """
    chosen = request.form.get("language", "")
    if chosen and chosen not in languages.LANGUAGES:
        abort(400)
    if current_user.is_authenticated:
        accounts.set_language(house(), current_user.caller, chosen)
    response = redirect(next_path(url_for("start.index")), 303)
    if chosen:
        response.set_cookie(
            languages.COOKIE,
            chosen,
            max_age=YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(
            languages.COOKIE, secure=request.is_secure, httponly=True, samesite="Lax"
        )
    return response


@blueprint.post("/settings/sessions")
@login_required
def revoke() -> Page:
    """End one of the user's own sessions; the one in use, and the user is out."""
    caller = current_user.caller
    session_id = request.form.get("id", type=int)
    if session_id is None:
        abort(400)
    try:
        sessions.revoke(house(), caller, session_id)
    except ServiceError as error:
        flash(refusal(error), "error")
    else:
        if session_id == caller.session_id:
            return redirect(url_for("start.index"))
        flash(_("That session has ended."))
    return redirect(url_for("settings.index", _anchor="sessions"))


@blueprint.post("/settings/sessions/others")
@login_required
def revoke_others() -> Page:
    """End every session of the user but this one."""
    sessions.revoke_others(house(), current_user.caller)
    flash(_("All your other sessions have ended."))
    return redirect(url_for("settings.index", _anchor="sessions"))
