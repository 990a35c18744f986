"""Tables and challenges: opening one, sitting down at one, and what becomes of it.

A table's page has the address that is passed on. Once its match has begun, under the same id,
it leads there. Everything works as plain forms and links.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user, login_required
from werkzeug.wrappers import Response

from app.games import DEFAULT, OFFERED
from app.services import accounts, friends, tables
from app.services.computer import strengths
from app.services.errors import ServiceError
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import TableRow
from app.web import access
from app.web.context import house
from app.web.forms import GuestForm, refuse
from app.web.offering import CHOICES, chosen, kinds
from app.web.party_form import FORMS, made
from app.web.plans import plan_of, plans
from app.web.refusals import refusal
from app.web.table_form import CodeForm, TableForm
from app.web.words import say

blueprint = Blueprint("tables", __name__, url_prefix="/table")

Page = Response | str | tuple[str, int]

NAMED = {"yourself", "no_such_table", "already_playing", "opponent_busy", "blocked"}


@blueprint.app_template_global()
def open_offers() -> tuple[list[str], list[str]]:
    """On every page: the ids of what waits for the user's answer, and of what waits for others:
    what they have offered themselves, and the tables where they sit.
    """
    user_id = current_user.caller.user_id
    incoming, outgoing = tables.challenges(house(), user_id)
    own = tables.own(house(), user_id)
    waiting = [*outgoing, *([own] if own else []), *tables.seated(house(), user_id)]
    return [row.id for row in incoming], [row.id for row in waiting]


@blueprint.route("/new", methods=["GET", "POST"])
@login_required
def new() -> Page:
    """Open a table; with a `player` in the request, challenge them; with `computer`, how strong,
    prepared for a match against it.
    """
    game, bot = request.values.get("game", DEFAULT), request.args.get("computer")
    if game not in OFFERED or (bot is not None and bot not in strengths(game)):
        abort(404)
    form, status = made(game, player=request.values.get("player"), bot=bot), 200
    if form.validate_on_submit():
        try:
            return _onward(_offer(form))
        except ServiceError as error:
            status = form.refuse(error)
    elif form.is_submitted():
        status = 422
    return _new_page(form, bot), status


def _offer(form: TableForm) -> TableRow | MatchRecord:
    return tables.open(house(), current_user.caller, form.setup, form.others, private=form.private)


def _new_page(form: TableForm, bot: str | None) -> str:
    offered = kinds(form.game)
    choices = CHOICES.get(form.game, {})
    return render_template(
        "tables/new.html",
        form=form,
        bot=bot,
        games=list(OFFERED),
        hints={key: say(f"variant_hint_{key}") for key in offered},
        kinds={
            key: {
                "data-rated": "1" if kind.rated else "0",
                "data-players": " ".join(map(str, kind.players)),
                "data-choices": " ".join(kind.choices),
            }
            for key, kind in offered.items()
        },
        choices=list(choices),
        choice_hints={
            name: {value: say(f"{name}_hint_{value}") for value in values}
            for name, values in choices.items()
        },
        friends=[row.name for row in friends.list_of(house(), current_user.caller.user_id)],
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
            return _onward(
                tables.join_named(house(), caller, owner, code, request.remote_addr or "")
            )
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
        my_seat=row.seat_of(looking.user_id),
        party=row.game in FORMS,
        plans=[plan for plan in plans(row.game) if plan.value != "free"],
        choices=chosen(row.game, row.variant, row.options),
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
    """Sit down, in the `seat` that is named or the first that is free; once all sit, it begins."""
    looking, seat = access.viewer(table_id), request.form.get("seat", type=int)
    return _sit(
        lambda: tables.join(
            house(), current_user.caller, table_id, looking.code, looking.address, seat
        )
    )


@blueprint.post("/<table_id>/accept")
@login_required
def accept(table_id: str) -> Page:
    """Take up a challenge, or the seat that is kept for one."""
    return _sit(lambda: tables.accept(house(), current_user.caller, table_id))


@blueprint.post("/<table_id>/leave")
@login_required
def leave(table_id: str) -> Page:
    """Give one's seat up."""
    return _end(tables.stand, table_id)


@blueprint.post("/<table_id>/seat")
@login_required
def give(table_id: str) -> Page:
    """Fill a seat of one's own table, or free it again."""
    seat, kind = request.form.get("seat", -1, type=int), request.form.get("kind", "free")
    plan = plan_of(kind, request.form.get("name"))
    try:
        return _onward(tables.ask(house(), current_user.caller, table_id, seat, plan))
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("tables.table", table_id=table_id), 303)


@blueprint.post("/<table_id>/close")
@login_required
def close(table_id: str) -> Page:
    """Close one's own table."""
    return _end(tables.close, table_id)


@blueprint.post("/<table_id>/decline")
@login_required
def decline(table_id: str) -> Page:
    """Turn a challenge down, or the seat that is kept for one."""
    return _end(tables.decline, table_id)


@blueprint.post("/<table_id>/withdraw")
@login_required
def withdraw(table_id: str) -> Page:
    """Take a challenge of one's own back."""
    return _end(tables.withdraw, table_id)


def _sit(act: Callable[[], TableRow | MatchRecord]) -> Response:
    """To what `act` leads to; refused, to the lobby, where it is said why."""
    try:
        return _onward(act())
    except ServiceError as error:
        flash(refusal(error), "error")
        return redirect(url_for("lobby.index"), 303)


def _end(act: Callable[..., object], table_id: str) -> Response:
    """To the lobby, once `act` has taken a table or a challenge away, or one's seat there."""
    try:
        act(house(), current_user.caller, table_id)
    except ServiceError as error:
        flash(refusal(error), "error")
    return redirect(url_for("lobby.index"), 303)


def _onward(outcome: TableRow | MatchRecord) -> Response:
    """To the match if it has begun, else to the table that waits for it."""
    if isinstance(outcome, MatchRecord):
        return redirect(url_for("play.match", match_id=outcome.id), 303)
    return redirect(url_for("tables.table", table_id=outcome.id), 303)
