"""What the pages about bridge share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.games.api import RuleError
from app.services.errors import ServiceError
from app.web.refusals import refusal

blueprint = Blueprint("bridge", __name__, url_prefix="/bridge")

Page = Response | str | tuple[str, int]


def to_hall() -> Response:
    return redirect(url_for("bridge.hall"), 303)


def to_table(tid: str) -> Response:
    return redirect(url_for("bridge.table", tid=tid), 303)


def attempt(tid: str, action: Callable[[], Any]) -> Response:
    """Do something at a table, say what the house had against it, and go back there."""
    try:
        action()
    except (RuleError, ServiceError) as error:
        flash(refusal(error), "error")
        if error.code == "no_such_table":
            return to_hall()
    return to_table(tid)
