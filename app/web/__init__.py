"""PAGES. One blueprint an area; here they are hung up, with what all of them share."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Flask

from app.web import admin, auth, context, counting, errors, headers, notices, origins
from app.web.analysis import blueprint as analyses
from app.web.api import blueprint as api
from app.web.app import blueprint as installed
from app.web.auth import blueprint as auth_pages
from app.web.bridge import blueprint as bridge_pages
from app.web.coach import blueprint as coach
from app.web.computer import blueprint as computer
from app.web.context import house
from app.web.friends import blueprint as friends
from app.web.lobby import blueprint as lobby
from app.web.messages import blueprint as messages
from app.web.mydata import blueprint as mydata_pages
from app.web.play import blueprint as play
from app.web.privacy import blueprint as privacy_pages
from app.web.profile import blueprint as profile
from app.web.programs import blueprint as programs
from app.web.rankings import blueprint as rankings
from app.web.rules import blueprint as rules
from app.web.settings import blueprint as settings
from app.web.start import blueprint as start
from app.web.tables import blueprint as tables
from app.web.tokens import blueprint as tokens
from app.web.watch import blueprint as watch

__all__ = ["BLUEPRINTS", "house", "init_app"]

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    start,
    auth_pages,
    lobby,
    computer,
    coach,
    tables,
    watch,
    play,
    analyses,
    bridge_pages,
    friends,
    messages,
    rankings,
    profile,
    settings,
    mydata_pages,
    privacy_pages,
    tokens,
    programs,
    api,
    rules,
    notices.blueprint,
    installed,
    admin.blueprint,
)


def init_app(app: Flask) -> None:
    """Hang up the pages; `app.extensions["house"]` must be there."""
    context.init_app(app)
    counting.init_app(app)
    auth.init_app(app)
    headers.init_app(app)
    origins.init_app(app)
    errors.init_app(app)
    notices.init_app(app)
    admin.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
