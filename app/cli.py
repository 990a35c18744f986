"""Commands for the host: `flask --app app housekeeping` and its like."""

from __future__ import annotations

import click
from flask import Flask
from flask_migrate import upgrade

from app.services import housekeeping


def init_app(app: Flask) -> None:
    """Add the house's commands to `flask`."""

    @app.cli.command("housekeeping")
    def run_housekeeping() -> None:
        """Do what is due: expire matches and sessions, release guests. Safe beside the server.

        Brings the database up to date first, as every start of the server does.
        """
        upgrade()
        for what, count in housekeeping.run(app.extensions["house"]).items():
            click.echo(f"{what}: {count}")
