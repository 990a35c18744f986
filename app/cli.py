"""Commands for the host: `flask --app wsgi housekeeping` and its like."""

from __future__ import annotations

import click
from flask import Flask

from app.services import housekeeping


def init_app(app: Flask) -> None:
    """Add the house's commands to `flask`."""

    @app.cli.command("housekeeping")
    def run_housekeeping() -> None:
        """Do what is due: expire matches and sessions, release guests. Safe beside the server."""
        for what, count in housekeeping.run(app.extensions["house"]).items():
            click.echo(f"{what}: {count}")
