"""What admins have announced: on every page for a while, or until one has closed it here."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from flask import Blueprint, Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from app.services.house import House
from app.services.standing import Notice
from app.web.context import house
from app.web.forms import next_path

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

COOKIE: Final = "heard"  # the numbers of those closed in this browser, between dots
KEPT: Final = 20  # as many of them
_NUMBER: Final = re.compile("[0-9]{1,18}")
KEPT_FOR: Final = timedelta(days=30)


def current(house: House) -> list[Notice]:
    """What is announced now, the oldest first."""
    now = house.clock()
    return [notice for notice in house.standing.notices if notice.until > now]


def heard() -> list[int]:
    """The numbers of those that have been closed in this browser."""
    numbers = request.cookies.get(COOKIE, "").split(".")[-KEPT:]
    return [int(number) for number in numbers if _NUMBER.fullmatch(number)]


def notices() -> list[Notice]:
    """What this page has to announce."""
    known = set(heard())
    return [notice for notice in current(house()) if notice.id not in known]


@blueprint.post("/<int:number>/close")
def close(number: int) -> Response:
    """Show one no more in this browser."""
    response = redirect(next_path(url_for("start.index")), 303)
    kept = [*(each for each in heard() if each != number), number][-KEPT:]
    response.set_cookie(
        COOKIE,
        ".".join(map(str, kept)),
        max_age=KEPT_FOR,
        secure=request.is_secure,
        samesite="Lax",
    )
    return response


def init_app(app: Flask) -> None:
    """Let every page ask."""
    app.add_template_global(notices)
