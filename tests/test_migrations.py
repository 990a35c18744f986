"""The migrations lead to the tables that the models declare, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from config import Config


def comparable(name: str | None, kind: str, _parents: object) -> bool:
    """Alembic cannot compare an index that runs downwards."""
    return (kind, name) != ("index", "ix_rating_order")


@pytest.mark.filterwarnings("ignore:autogenerate skipping")
def test_the_migrated_database_is_the_declared_one(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": comparable})
        assert (
            compare_metadata(
                context,
                db.metadata,
            )
            == []
        )
        indexes = {index["name"] for index in inspect(connection).get_indexes("rating")}
    assert "ix_rating_order" in indexes


def test_every_migration_can_be_taken_back(tmp_path: Path) -> None:
    config = Config(INSTANCE_PATH=str(tmp_path), TESTING=True, ASYNC_MODE="threading")
    with create_app(config).app_context():
        upgrade()
        assert "match" in inspect(db.engine).get_table_names()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade()


def test_sqlite_is_set_up_as_a_servers_database(app: Flask) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with app.app_context(), db.engine.connect() as connection:
        for name, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_housekeeping_is_a_command(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["housekeeping"])
    assert result.exit_code == 0
    assert "matches_expired: 0" in result.output
