"""The site as an app: its manifest, its service worker, and the page for when nobody answers.

None of these knows who asks, and no page is ever kept in a browser: the worker keeps the files of
this version of the site (their addresses name it) and the one page for when there is no way to
the house. Each is the same for everybody who reads the same language, so the address names it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    jsonify,
    request,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _

from app.web.context import house
from app.web.languages import DEFAULT, LANGUAGES

blueprint = Blueprint("app", __name__)

# The page's own ground in the light theme, and in the dark one: static/css/site.css.
GROUND: Final = "#f6f1e7"

ICONS: Final = (
    {"src": "icon-192.png", "sizes": "192x192", "purpose": "any"},
    {"src": "icon-512.png", "sizes": "512x512", "purpose": "any"},
    {"src": "icon-maskable-512.png", "sizes": "512x512", "purpose": "maskable"},
)
"""Drawn from our own symbol by scripts/icons.py."""

OFFLINE_FILES: Final = (
    "css/site.css",
    "js/offline.js",
    "js/theme.js",
    "img/favicon.svg",
    "img/marks.svg",
)
"""What the page for when nobody answers needs; a test compares this with the page."""


@blueprint.before_request
def know_nobody() -> None:
    """Nothing here is about whoever asks, nor does it need the database."""
    g.impersonal = True


def _asked() -> str:
    """The language that the address names. 404 for one that there is not."""
    asked = request.args.get("language", DEFAULT)
    if asked not in LANGUAGES:
        abort(404)
    return asked


def version() -> str:
    """What this version of the site is called: it changes with every static file."""
    return (current_app.static_url_path or "").rpartition("/")[2]


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a browser must know to install the site as an app."""
    language = _asked()
    name = house().config.SITE_NAME
    with force_locale(language):
        said: dict[str, Any] = {
            "name": name,
            "short_name": name,
            "description": _(
                "Ultimate tic-tac-toe, scopa and bridge with friends, strangers and the computer."
            ),
            "lang": language,
            "shortcuts": [
                {"name": _("Lobby"), "url": url_for("lobby.index")},
                {"name": _("Watch"), "url": url_for("watch.index")},
            ],
        }
    said |= {
        "id": "/",
        "start_url": url_for("start.index"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "categories": ["games"],
        "icons": [
            icon | {"src": url_for("static", filename=f"img/{icon['src']}"), "type": "image/png"}
            for icon in ICONS
        ],
    }
    return Response(json.dumps(said), mimetype="application/manifest+json")


@blueprint.get("/sw.js")
def worker() -> Response:
    """The service worker: what differs from one version to the next, then static/js/worker.js.

    It is this address that browsers ask again for news, so it never is an old one they are given.
    """
    language = _asked()
    facts = {
        "version": version(),
        "language": language,
        "files": url_for("static", filename=""),
        "offline": url_for("app.offline", language=language),
        "needed": [url_for("static", filename=name) for name in OFFLINE_FILES],
    }
    script = url_for("static", filename="js/worker.js")
    text = f"self.house = {json.dumps(facts)};\nimportScripts({json.dumps(script)});\n"
    return Response(text, mimetype="text/javascript")


@blueprint.get("/offline")
def offline() -> str:
    """The page for when there is no way to the house; it goes on by itself once there is."""
    language = _asked()
    # Without the context processors: they ask who is here.
    template = current_app.jinja_env.get_template("app/offline.html")
    with force_locale(language):
        return template.render(bare=True, site_name=house().config.SITE_NAME, language=language)


@blueprint.get("/version")
def current_version() -> Response:
    """Which version of the site this is, for pages that have been open for long."""
    return jsonify(version=version())
