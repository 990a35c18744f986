"""A bridge table: its page, and everything around the deal that is played at it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_login import current_user, login_required

from app.services.bridge import tables
from app.services.errors import ServiceError
from app.web import access
from app.web.bridge import model
from app.web.bridge.base import Page, attempt, blueprint, to_hall
from app.web.chat import bridge_panels
from app.web.context import house


@blueprint.get("/table/<tid>")
def table(tid: str) -> Page:
    """The table as whoever asks may see it."""
    try:
        row = tables.row(house(), tid)
    except ServiceError:
        return render_template("bridge/gone.html", tid=tid), 404
    values = model.table_page(row, access.caller())
    return render_template("bridge/table.html", **values, chats=bridge_panels(row.id))


def _position() -> str:
    return request.form.get("position", "")


@blueprint.post("/table/<tid>/sit")
@login_required
def sit(tid: str) -> Page:
    """Take a seat, resume one's own, or move to another."""
    return attempt(tid, lambda: tables.sit(house(), current_user.caller, tid, _position()))


@blueprint.post("/table/<tid>/leave")
@login_required
def leave(tid: str) -> Page:
    """Stand up; in mid-deal the seat is kept for a while."""
    attempt(tid, lambda: tables.leave(house(), current_user.caller, tid))
    return to_hall()


@blueprint.post("/table/<tid>/swap")
@login_required
def swap(tid: str) -> Page:
    """Ask somebody to change places, or agree to it."""
    return attempt(tid, lambda: tables.swap(house(), current_user.caller, tid, _position()))


@blueprint.post("/table/<tid>/ready")
@login_required
def ready(tid: str) -> Page:
    """Ask for the next board."""
    return attempt(tid, lambda: tables.ready(house(), current_user.caller, tid))


@blueprint.post("/table/<tid>/robot-in")
@login_required
def robot_in(tid: str) -> Page:
    """Put a robot on a free seat."""
    caller = current_user.caller
    return attempt(tid, lambda: tables.robot(house(), caller, tid, _position(), seated=True))


@blueprint.post("/table/<tid>/robot-out")
@login_required
def robot_out(tid: str) -> Page:
    """Send a robot away."""
    caller = current_user.caller
    return attempt(tid, lambda: tables.robot(house(), caller, tid, _position(), seated=False))


@blueprint.post("/table/<tid>/fill")
@login_required
def fill(tid: str) -> Page:
    """Put robots on all free seats."""

    def sit_robots() -> None:
        for side in tables.row(house(), tid).free:
            tables.robot(house(), current_user.caller, tid, side, seated=True)

    return attempt(tid, sit_robots)


@blueprint.post("/table/<tid>/settings")
@login_required
def settings(tid: str) -> Page:
    """Whether robots take seats that are left, and whether others may look over shoulders."""
    robots, kibitz = "robots" in request.form, "kibitz" in request.form
    caller = current_user.caller
    return attempt(tid, lambda: tables.settings(house(), caller, tid, robots=robots, kibitz=kibitz))


@blueprint.post("/table/<tid>/watch")
@login_required
def watch(tid: str) -> Page:
    """Look on: over a player's shoulder if the table allows it, else at what lies on the table."""
    over = request.form.get("over") or None
    return attempt(tid, lambda: tables.watch(house(), current_user.caller, tid, over))


@blueprint.post("/table/<tid>/unwatch")
@login_required
def unwatch(tid: str) -> Page:
    """Look on no longer."""
    attempt(tid, lambda: tables.unwatch(house(), current_user.caller, tid))
    return redirect(url_for("bridge.hall"), 303)


@blueprint.get("/table/<tid>/leave")
@login_required
def leaving(tid: str) -> Page:
    """What leaving in mid-deal means, and the button that does it."""
    try:
        row = tables.row(house(), tid)
    except ServiceError:
        return to_hall()
    return render_template("bridge/leave.html", row=row, minutes=house().config.BRIDGE_KEEP // 60)
