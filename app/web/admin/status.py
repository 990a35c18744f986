"""How this worker has been doing: in numbers, and with a script as plots."""

from __future__ import annotations

from typing import Any, Final, cast

from flask import current_app, render_template
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from app.services import oversight, workers
from app.services.pulse import Pulse
from app.web.admin.base import blueprint
from app.web.context import house

# What each series of `app.services.pulse` is called, in the order of the table.
NAMES: Final = {
    "moves": _l("Moves a second"),
    "move_ms": _l("Time for a move, median (ms)"),
    "move_ms_99": _l("Time for a move, 99th percentile (ms)"),
    "together": _l("Moves that share a commit"),
    "site": _l("Connections of the website"),
    "raw": _l("Connections of other clients"),
    "requests": _l("Requests a second"),
    "messages": _l("Messages a second"),
    "request_ms": _l("Time for a request (ms)"),
    "cpu": _l("Processor (per cent)"),
    "memory": _l("Memory (MiB)"),
    "lag_ms": _l("Longest wait for the loop (ms)"),
    "errors": _l("Errors logged"),
}
PLOTS: Final = (
    (("moves",), _l("Moves")),
    (("move_ms", "move_ms_99"), _l("Time for a move")),
    (("together",), _l("Commits")),
    (("site", "raw"), _l("Connections")),
    (("requests", "messages"), _l("Requests")),
    (("request_ms", "lag_ms"), _l("Waiting")),
    (("cpu",), _l("Processor")),
    (("memory",), _l("Memory")),
    (("errors",), _l("Errors")),
)


@blueprint.get("/status")
def status() -> str:
    """The last hours of the worker that answers, and which workers there are."""
    pulse = cast(Pulse, current_app.extensions["pulse"])
    return render_template(
        "admin/status.html",
        address=workers.address(house()),
        since=pulse.since,
        interval=house().config.STATUS_INTERVAL,
        points=pulse.table(),
        rows=pulse.summaries(),
        names=NAMES,
        plots=PLOTS,
        workers=oversight.workers(house()),
        figure=figure,
    )


def figure(value: float | None) -> str:
    """A number as people of the page's language write it; a dash for none."""
    written: Any = "–" if value is None else format_decimal(value)
    return str(written)
