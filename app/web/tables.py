"""Tables and challenges: opening one, sitting down at one, and what becomes of it.

A table's page has the address that is passed on. Once its match has begun, under the same id,
it leads there. Everything works as plain forms and links.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games import GAMES
from app.services import accounts, tables
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import TableRow
from app.web import access
from app.web.context import house
from app.web.forms import GuestForm, refuse
from app.web.refusals import refusal
from app.web.table_form import GAME, CodeForm, TableForm
from app.web.words import say

blueprint = Blueprint("tables", __name__, url_prefix="/table")

Page = Response | str | tuple[str, int]

NAMED = {"yourself", "no_such_table", "already_playing", "opponent_busy", "blocked"}


@blueprint.app_template_global()
def open_offers() -> tuple[list[str], list[str]]:
    """On every page: the ids of the challenges that wait for the user's answer, and of what they
    have offered themselves.
    """
    user_id = current_user.caller.user_id
    incoming, outgoing = tables.challenges(house(), user_id)
    own = tables.own(house(), user_id)
    offered = [*outgoing, *([own] if own else [])]
    return [row.id for row in incoming], [row.id for row in offered]


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new() -> Page:
    """Open a table; with a `player` in the request, challenge them."""
    form, status = TableForm.made(player=request.args.get("player")), 200
    challenge = "player" in request.values
    if form.validate_on_submit():
        try:
            return _to_table(_offer(form, challenge))
        except ServiceError as error:
            status = form.refuse(error)
    elif form.is_submitted():
        status = 422
    return _new_page(form, challenge), status


def _offer(form: TableForm, challenge: bool) -> TableRow:
    caller: Caller = current_user.caller
    if challenge:
        return tables.challenge(house(), caller, form.player.data or "", **form.terms)
    return tables.open(house(), caller, **form.terms)


def _new_page(form: TableForm, challenge: bool) -> str:
    info = GAMES[GAME].info
    return render_template(
        "tables/new.html",
        form=form,
        challenge=challenge,
        rated=info.rated_variants,
        hints={key: say(f"variant_hint_{key}") for key in info.variants},
    )


@blueprint.route("/join", methods=["GET", "POST"])
@login_required
def join_named() -> Page:
    """Sit down at the private table of somebody who has passed on its code."""
    form, status = CodeForm(owner=request.args.get("owner")), 200
    if form.validate_on_submit():
        caller: Caller = current_user.caller
        owner, code = form.owner.data, (form.code.data or "").strip()
        try:
            begun = tables.join_named(house(), caller, owner, code, request.remote_addr or "")
            return _to_match(begun.id)
        except ServiceError as error:
            fields = dict.fromkeys(NAMED, "owner") | {"wrong_code": "code"}
            status = refuse(form, error, fields)
    elif form.is_submitted():
        status = 422
    return render_template("tables/join.html", form=form), status


@blueprint.get("/<table_id>")
def table(table_id: str) -> Page:
    """A table that waits; or, once its match has begun, the way there."""
    looking = access.viewer(table_id)
    try:
        row = tables.get(house(), looking, table_id)
    except ServiceError as error:
        if error.code != "no_such_table":
            access.refuse(error)
        return _begun(table_id)
    if row.private and looking.code is not None:
        access.keep(table_id, looking.code)
    return render_template(
        "tables/table.html",
        row=row,
        link=table_link(row),
        here=request.full_path.rstrip("?"),
        guest_form=GuestForm(formdata=None, name=accounts.suggest_name(house())),
    )


def _begun(table_id: str) -> Response:
    """To the match that the table has become, if this browser may see it."""
    record = access.match(table_id)
    given = request.args.get("code")
    return redirect(url_for("play.match", match_id=record.id, code=given), 303)


def table_link(row: TableRow) -> str:
    """The address to pass on; in the owner's own row it carries the code."""
    return url_for("tables.table", table_id=row.id, code=row.code, _external=True)


@blueprint.post("/<table_id>/join")
@login_required
def join(table_id: str) -> Page:
    """Sit down: the match begins."""
    looking = access.viewer(table_id)
    return _begin(partial(tables.join, code=looking.code, address=looking.address), table_id)


@blueprint.post("/<table_id>/accept")
@login_required
def accept(table_id: str) -> Page:
    """Take up a challenge: the match begins."""
    return _begin(tables.accept, table_id)


@blueprint.post("/<table_id>/close")
@login_required
def close(table_id: str) -> Page:
    """Close one's own table."""
    return _end(tables.close, table_id)


@blueprint.post("/<table_id>/decline")
@login_required
def decline(table_id: str) -> Page:
    """Turn a challenge down."""
    return _end(tables.decline, table_id)


@blueprint.post("/<table_id>/withdraw")
@login_required
def withdraw(table_id: str) -> Page:
    """Take a challenge of one's own back."""
    return _end(tables.withdraw, table_id)


def _begin(act: Callable[[House, Caller, str], MatchRecord], table_id: str) -> Response:
    """To the match that `act` begins; refused, to the lobby, where it is said why."""
    try:
        return _to_match(act(house(), current_user.caller, table_id).id)
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("lobby.index"), 303)


def _end(act: Callable[[House, Caller, str], None], table_id: str) -> Response:
    """To the lobby, once `act` has taken a table or a challenge away."""
    try:
        act(house(), current_user.caller, table_id)
    except ServiceError as error:
        flash(refusal(error), "error")
    return redirect(url_for("lobby.index"), 303)


def _to_match(match_id: str) -> Response:
    return redirect(url_for("play.match", match_id=match_id), 303)


def _to_table(row: TableRow) -> Response:
    return redirect(url_for("tables.table", table_id=row.id), 303)
