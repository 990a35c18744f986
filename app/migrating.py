"""The database's schema: whether it is this version's, and how it becomes that.

Alembic takes 10 MiB and a quarter of a second to be imported, and a worker that finds nothing to
bring up to date, as nearly every one does, has no use for it.
"""

from __future__ import annotations

import re
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from config import ROOT

FOLDER: Final = ROOT / "migrations"
_NAMES: Final = re.compile(r'^(revision|down_revision)\s*=\s*"(\w+)"', re.MULTILINE)


def init_app(app: Flask) -> None:
    """Make Flask-Migrate known to the app, and `flask db` to the host's commands."""
    settings = Settings(app)
    app.extensions["migrate"] = settings
    if click.get_current_context(silent=True) is not None:
        settings.load()


class Settings:
    """Stands for Flask-Migrate's own until somebody asks for them, and is replaced by them then."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def load(self) -> Any:
        """Flask-Migrate's settings of the app, from now on in its extensions."""
        from flask_migrate import Migrate

        Migrate(self._app, db, directory=str(FOLDER), compare_type=True)
        return self._app.extensions["migrate"]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.load(), name)


def revisions() -> dict[str, str | None]:
    """All revisions there are, each with the one before."""
    found: dict[str, str | None] = {}
    for file in (FOLDER / "versions").glob("*.py"):
        named = dict(_NAMES.findall(file.read_text(encoding="utf-8")))
        found[named["revision"]] = named.get("down_revision")
    return found


def heads() -> set[str]:
    """The revisions that a database brought up to date stands at."""
    known = revisions()
    return known.keys() - set(known.values())


def upgrade() -> None:
    """Bring the current app's database up to date. What is wrong with it, Alembic says."""
    if not _is_current():
        from flask_migrate import upgrade as migrate

        migrate()


def _is_current() -> bool:
    try:
        with db.engine.connect() as connection:
            stands_at = connection.scalars(text("SELECT version_num FROM alembic_version"))
            return set(stands_at) == heads()
    except SQLAlchemyError:  # no such table, or worse: the upgrade finds out
        return False
