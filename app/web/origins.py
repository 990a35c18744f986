"""Changes are asked for from the site's own pages: a second lock beside the forms' tokens."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
OWN = frozenset({"same-origin", "none"})
_PORTS = {"http": 80, "https": 443}


def keep_out_strangers() -> None:
    """400 for a change that another site's page asks for.

    Browsers say which page that is: those of today in `Sec-Fetch-Site` where the site is served
    over HTTPS, and all of them in `Origin`. A program that says neither has no visitor's cookie.
    """
    if request.method in SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        ours = site.strip().lower() in OWN
    else:
        ours = origin is None or is_own(origin, request.host)
    if not ours:
        abort(400)


def is_own(origin: str, host: str) -> bool:
    """Whether `origin` is the one that `host` serves, over HTTP or HTTPS.

    >>> is_own("https://house.example", "house.example:443"), is_own("null", "house.example")
    (True, False)
    """
    try:
        page = urlsplit(origin.lower())
        here = urlsplit(f"//{host.lower()}")
        usual = _PORTS.get(page.scheme)
        if usual is None or not page.hostname:
            return False
        return (page.hostname, page.port or usual) == (here.hostname, here.port or usual)
    except ValueError:  # not an origin at all
        return False


def init_app(app: Flask) -> None:
    """Ask this of every request."""
    app.before_request(keep_out_strangers)
