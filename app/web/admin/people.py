"""Who is here, and who is who."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import bans, moderation, oversight, programs
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.oversight import PlayerFile
from app.web.admin.base import Page, act, acting, blueprint, done, page_number, why
from app.web.admin.forms import UserBanForm
from app.web.context import house
from app.web.forms import lower
from app.web.settings import device


@blueprint.get("/online")
def online() -> str:
    """Who is here, and from where."""
    return render_template("admin/online.html", listing=oversight.online(house(), page_number()))


@blueprint.get("/players")
def players() -> str:
    """Everybody, or those whose name holds what was asked for."""
    text = lower(request.args.get("name"))
    listing = oversight.players(house(), text, page_number())
    return render_template("admin/players.html", listing=listing, text=text)


@blueprint.get("/players/<name>")
def player(name: str) -> str:
    """One player."""
    return _player_page(name)


@blueprint.get("/players/<name>/ban")
def confirm_ban(name: str) -> str:
    """Why, and for how long?"""
    return render_template("admin/ban.html", player=_file(name), form=UserBanForm())


@blueprint.post("/players/<name>/ban")
def ban(name: str) -> Page:
    """Keep a player out."""
    form, player = UserBanForm(), _file(name)
    if form.validate():
        try:
            bans.ban_user(
                house(), acting(), name, form.reason.data or "", form.until(house().clock())
            )
        except ServiceError as error:
            form.refuse(error, why(error))
        else:
            flash(_("%(name)s is banned.", name=name))
            return redirect(url_for("admin.player", name=name), 303)
    return render_template("admin/ban.html", player=player, form=form), 422


@blueprint.post("/players/<name>/unban")
def unban(name: str) -> Response:
    """Let a player in again; one who is away for good has no page any more, but a ban."""
    back = request.form.get("next")
    known = url_for("admin.bans_page") if back == "bans" else url_for("admin.player", name=name)
    said = _("%(name)s may come in again.", name=name)
    return act(lambda: bans.unban_user(house(), acting(), name), said, known)


@blueprint.get("/players/<name>/delete")
def confirm_delete(name: str) -> str:
    """Really?"""
    return render_template("admin/delete.html", player=_file(name))


@blueprint.post("/players/<name>/delete")
def delete(name: str) -> Response:
    """Take a player away."""
    try:
        moderation.delete_user(house(), acting(), name)
    except ServiceError as error:
        flash(why(error), "error")
        return redirect(url_for("admin.player", name=name), 303)
    flash(_("%(name)s is gone.", name=name))
    return redirect(url_for("admin.players"), 303)


@blueprint.post("/players/<name>/admin")
def make_admin(name: str) -> Response:
    """Make an account an admin's."""
    return _change(name, moderation.make_admin)


@blueprint.post("/players/<name>/no-admin")
def revoke_admin(name: str) -> Response:
    """Make an admin a player like all others."""
    return _change(name, moderation.revoke_admin)


@blueprint.post("/players/<name>/bot")
def mark_bot(name: str) -> Response:
    """A program plays under this name."""
    return _change(name, partial(programs.put, automatic=True))


@blueprint.post("/players/<name>/no-bot")
def unmark_bot(name: str) -> Response:
    """That was a mistake: a person does."""
    return _change(name, partial(programs.put, automatic=False))


@blueprint.post("/players/<name>/token")
def show_token(name: str) -> Page:
    """A player's token, on this one page; kept nowhere on the way."""
    return _token_page(name, moderation.show_token)


@blueprint.post("/players/<name>/token/new")
def renew_token(name: str) -> Page:
    """Another token for a player, on this one page."""
    return _token_page(name, moderation.renew_token)


def _change(name: str, change: Callable[[House, Admin, str], None]) -> Response:
    back = url_for("admin.player", name=name)
    return act(lambda: change(house(), acting(), name), done(), back)


def _token_page(name: str, find: Callable[[House, Admin, str], str | None]) -> Page:
    try:
        token = find(house(), acting(), name)
    except ServiceError as error:
        flash(why(error), "error")
        return redirect(url_for("admin.player", name=name), 303)
    return _player_page(name, token)


def _player_page(name: str, token: str | None = None) -> str:
    return render_template("admin/player.html", player=_file(name), token=token, device=device)


def _file(name: str) -> PlayerFile:
    try:
        return oversight.player(house(), name)
    except ServiceError:
        abort(404)
