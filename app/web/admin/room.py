"""The house itself: its figures, its log, the record of what admins did, and its end."""

from __future__ import annotations

import json
from typing import Final

from flask import abort, render_template, request
from flask_babel import gettext as _

from app.services import audit, logtail, moderation, oversight
from app.services.errors import ServiceError
from app.web.admin.base import Page, acting, blueprint, page_number, why
from app.web.context import house

BACK_SECONDS: Final = 10  # after a restart a page without a script looks for the house
ENDS: Final = {"restart": True, "shutdown": False}

# What a log line begins with, in this order; the rest follows as key=value.
_HEAD: Final = ("timestamp", "level", "logger", "event")


@blueprint.get("")
def index() -> str:
    """The house in numbers."""
    return render_template("admin/index.html", figures=oversight.figures(house()))


@blueprint.get("/log")
def log() -> Page:
    """The end of the server's log; `?lines=N&text=…`."""
    lines = request.args.get("lines", logtail.LINES, type=int)
    text = request.args.get("text", "").strip()
    found, wrong, status = [], None, 200
    try:
        found = moderation.read_log(house(), acting(), lines, text)
    except ServiceError as error:
        wrong, status = why(error), 422
    shown = [readable(line) for line in found]
    page = render_template("admin/log.html", lines=lines, text=text, log=shown, wrong=wrong)
    return page, status


def readable(line: str) -> str:
    """A log line as people read it; one that is no JSON object as it is.

    >>> readable('{"level": "info", "event": "serving", "timestamp": "12:00", "port": 5000}')
    '12:00 info serving port=5000'
    """
    try:
        entry = json.loads(line)
    except ValueError:
        return line
    if not isinstance(entry, dict):
        return line
    head = [str(entry.pop(key)) for key in _HEAD if key in entry]
    trace = entry.pop("exception", None)
    rest = [f"{key}={value}" for key, value in entry.items()]
    return " ".join([*head, *rest]) + (f"\n{trace}" if trace else "")


@blueprint.get("/audit")
def record() -> str:
    """What admins did."""
    return render_template("admin/audit.html", listing=audit.entries(house(), page_number()))


@blueprint.get("/stop/<how>")
def confirm_stop(how: str) -> str:
    """Really?"""
    if how not in ENDS:
        abort(404)
    return render_template("admin/stop.html", how=how)


@blueprint.post("/stop/<how>")
def stop(how: str) -> str:
    """Have the house finish what is in hand, and end or begin anew."""
    if how not in ENDS:
        abort(404)
    moderation.stop(house(), acting(), restart=ENDS[how])
    return render_template("admin/stopping.html", how=how, seconds=BACK_SECONDS)


def stop_words(how: str) -> str:
    """What a way to end is called."""
    return _("Restart") if ENDS[how] else _("Shut down")


blueprint.add_app_template_global(stop_words)
