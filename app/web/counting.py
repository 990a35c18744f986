"""Counts the pages' requests, by route and status."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Final

from flask import Flask, Response, g, request
from flask.signals import request_started

from app.web.context import house

NOWHERE: Final = "none"  # the route of what no page answers


def _begin(_app: Flask, **_: Any) -> None:
    g.began = perf_counter()


def _count(response: Response) -> Response:
    route = request.endpoint or NOWHERE
    house().tally.answered(route, str(response.status_code), perf_counter() - g.began)
    return response


def init_app(app: Flask) -> None:
    """Count every request from here on."""
    request_started.connect(_begin, app)  # before anything that may turn the visitor away
    app.after_request(_count)
