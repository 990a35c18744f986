"""Backup, restore and upgrades of a house on PostgreSQL."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade

from app import create_app
from app.backup import BackupError, archive, lock, make_backup, restore_backup
from app.extensions import db
from app.services import accounts
from app.services.sessions import Client
from config import Config
from tests.conftest import settings_for_tests
from tests.support import cluster
from tests.support.old_houses import OLD, check_upgraded, put_into


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Config]:
    """Settings of a house whose PostgreSQL database is still to be filled."""
    service, name = cluster.postgres(), f"hosting-{secrets.token_hex(4)}"
    url = service.create(name)
    (tmp_path / "instance").mkdir()
    yield replace(settings_for_tests(tmp_path / "instance"), DATABASE_URL=url)
    service.drop(name)


@pytest.fixture
def config(empty: Config) -> Config:
    """A house on PostgreSQL, with ann."""
    (Path(empty.INSTANCE_PATH) / "secret_key").write_text("k" * 64)
    with create_app(empty).app_context():
        upgrade()
        db.engine.dispose()
    register(empty, "ann")
    return empty


def register(config: Config, name: str) -> None:
    app = create_app(config)
    with app.app_context():
        accounts.register(app.extensions["house"], name, "pw", client=Client("", ""))
        db.engine.dispose()


def ask(config: Config, query: str) -> list[str]:
    with psycopg.connect(config.DATABASE_URL, autocommit=True) as connection:
        return [row[0] for row in connection.execute(query.encode())]


NAMES = 'SELECT name FROM "user" ORDER BY id'
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before%' OR nspname = 'public'"


def test_a_restore_brings_back_all_and_keeps_what_was_there(config: Config) -> None:
    made = make_backup(config)
    register(config, "ben")
    done = restore_backup(config, made)
    assert ask(config, NAMES) == ["ann"]
    assert done.former is not None
    former = done.former.split()[1]
    assert sorted(ask(config, SCHEMAS)) == [former, "public"]
    assert ask(config, f'SELECT name FROM {former}."user" ORDER BY id') == ["ann", "ben"]
    register(config, "carl")  # it can be worked with: numbers go on after those in use
    again = make_backup(config)  # of the house alone, not of what was set aside
    restore_backup(config, again)
    assert ask(config, NAMES) == ["ann", "carl"]
    with create_app(config).app_context():
        upgrade()
        db.engine.dispose()


def test_what_it_says_of_itself_is_so(config: Config, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    manifest = archive.unpack(make_backup(config), tmp_path / "out")
    assert (manifest.database, manifest.accounts, manifest.matches) == ("postgresql", 1, 0)
    assert [manifest.revision] == ask(config, "SELECT version_num FROM alembic_version")


def test_a_restore_on_a_bare_machine(config: Config, tmp_path: Path) -> None:
    made = make_backup(config)
    service, name = cluster.postgres(), f"bare-{secrets.token_hex(4)}"
    elsewhere = replace(
        config, DATABASE_URL=service.create(name), INSTANCE_PATH=str(tmp_path / "new")
    )
    (tmp_path / "new").mkdir()
    try:
        assert restore_backup(elsewhere, made).former is None
        assert ask(elsewhere, NAMES) == ["ann"]
        assert ask(elsewhere, SCHEMAS) == ["public"]
    finally:
        service.drop(name)


def test_no_restore_while_somebody_uses_the_database(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker on another machine has no part in this one's lock."""
    monkeypatch.setattr("app.backup.postgres.LEAVING_SECONDS", 0.1)
    made = make_backup(config)
    with (
        psycopg.connect(config.DATABASE_URL),
        pytest.raises(BackupError, match="other connections"),
    ):
        restore_backup(config, made)
    assert ask(config, NAMES) == ["ann"]
    assert ask(config, SCHEMAS) == ["public"]
    lock.hold_for_serving(Path(config.INSTANCE_PATH)).close()


def test_a_restore_that_fails_leaves_everything_where_it_was(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_backup(config)
    register(config, "ben")

    def fail(*_: object) -> None:
        raise BackupError("pg_restore failed")

    monkeypatch.setattr("app.backup.postgres.PostgresData._fill", fail)
    with pytest.raises(BackupError, match="pg_restore failed"):
        restore_backup(config, made)
    assert ask(config, NAMES) == ["ann", "ben"]
    assert ask(config, SCHEMAS) == ["public"]


def test_no_backup_where_nobody_answers(empty: Config, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        make_backup(empty)
    nowhere = replace(empty, DATABASE_URL="postgresql://me:secret@127.0.0.1:1/none")
    with pytest.raises(BackupError, match="PostgreSQL says") as refused:
        make_backup(nowhere)
    assert "secret" not in str(refused.value)
    assert list(empty.backup_path.iterdir()) == []


@pytest.mark.parametrize("revision", OLD)
def test_what_was_there_is_there_after_the_upgrade(
    empty: Config, revision: str, tmp_path: Path
) -> None:
    put_into(revision, empty, tmp_path / "old.sqlite3")
    check_upgraded(empty, revision)
