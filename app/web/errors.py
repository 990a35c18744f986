"""The pages for when something is not right; each says what to do next."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.services import trouble
from app.web.languages import language

# For each status: what it is called, and what to do next.
WORDS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("That did not make sense to us"),
        _l("Something in the request was not as it should be. Go back and try once more."),
    ),
    403: (
        _l("That room is not yours to enter"),
        _l("You may need to sign in, or to sign in as somebody else."),
    ),
    404: (
        _l("There is no such page"),
        _l("The address may have a slip in it, or what was here has gone."),
    ),
    405: (
        _l("That address takes a form, not a visit"),
        _l("Nothing was changed. Go back to the page you came from and use its button."),
    ),
    429: (
        _l("A little slower, please"),
        _l("There were too many tries in a short time. Wait a minute, then try again."),
    ),
    500: (
        _l("Something broke on our side"),
        _l("It was not your doing, and it has been noted. Your matches are safe: try again."),
    ),
    503: (
        _l("We cannot get at our books just now"),
        _l("Nothing was changed, and your matches are safe. Try again in a few minutes."),
    ),
}
RETRY_AFTER = "60"  # seconds
STALE = (
    _l("This page had grown old"),
    _l("For your safety a form is good only for a while. Go back, reload the page, and try again."),
)


def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    """Any refusal by Flask or by ourselves, in the site's own look."""
    code = error.code or 500
    if code >= 500:
        return server_error(error)
    if code < 400:
        return error
    title, text = STALE if isinstance(error, CSRFError) else WORDS.get(code, WORDS[400])
    return render_template("errors/error.html", code=code, heading=title, text=text), code


def server_error(error: Exception) -> tuple[str, int]:
    """Our own fault."""
    return _impersonal(500)


def database_error(error: Exception) -> tuple[str, int, dict[str, str]]:
    """The database cannot be asked just now. A mistake of our own in asking goes on upwards."""
    if trouble.refusal(error) is None:
        raise error
    return *_impersonal(503), {"Retry-After": RETRY_AFTER}


def _impersonal(code: int) -> tuple[str, int]:
    """A page rendered without context processors: they may ask the database."""
    config = current_app.extensions["house"].config
    g.impersonal = True
    title, text = WORDS[code]
    template = current_app.jinja_env.get_template("errors/error.html")
    page = template.render(
        bare=True,
        code=code,
        heading=title,
        text=text,
        site_name=config.SITE_NAME,
        language=language(),
    )
    return page, code


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(500, server_error)
    for kind in trouble.ERRORS:
        app.register_error_handler(kind, database_error)
