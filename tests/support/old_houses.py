"""Houses as they were: the database of every schema, filled by the program of its time.

`tests/data/house-0003.sql` is what was in SQLite when migration 0003 was the latest: the accounts
anna (an admin since 0002), bert, carl and dora with the password "pw", a guest gina, finished
matches and some that go on, friends, and what each version added: chat, bans, tables, scopa,
bridge, bots.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import DateTime, Engine, MetaData, create_engine, insert, select, text

from app import create_app
from app.extensions import db
from app.services import accounts, matches
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Client
from config import ROOT, Config

DATA = ROOT / "tests" / "data"
OLD = {path.stem.removeprefix("house-"): path for path in sorted(DATA.glob("house-*.sql"))}
GAMES_SINCE = {"uttt": "0001", "scopa": "0003", "bridge": "0004"}
TODAY = datetime(2026, 1, 2, tzinfo=UTC)  # the day after


def put_into_file(revision: str, file: Path) -> None:
    """Make the SQLite database of an old house."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD[revision].read_text())


def put_into(revision: str, config: Config, scratch: Path) -> None:
    """Fill the empty database of `config`, whatever kind it is, with an old house.

    `scratch`: a file that is not there yet.
    """
    put_into_file(revision, scratch)
    old = create_engine(f"sqlite:///{scratch}")
    with create_app(config).app_context():
        upgrade(revision=revision)
        _copy(old, db.engine)
        db.engine.dispose()
    old.dispose()


def _copy(source: Engine, target: Engine) -> None:
    tables = MetaData()
    tables.reflect(target)
    with source.connect() as read, target.begin() as write:
        for table in tables.sorted_tables:
            if table.name == "alembic_version":
                continue
            plain = select(table)
            if rows := [dict(row._mapping) for row in read.execute(plain)]:
                write.execute(insert(table), [_aware(table, row) for row in rows])
            if "id" in table.c and table.c.id.autoincrement is True:
                _number_on(write, table.name)


def _aware(table: Any, row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps times without a zone, all in UTC."""
    times = [c.name for c in table.c if isinstance(c.type, DateTime) and row[c.name] is not None]
    return row | {name: row[name].replace(tzinfo=UTC) for name in times}


def _number_on(connection: Any, table: str) -> None:
    """PostgreSQL counts rows by itself only where it numbered them."""
    name = f"pg_get_serial_sequence('\"{table}\"', 'id')"
    connection.execute(
        text(f'SELECT setval({name}, coalesce(max(id), 0) + 1, false) FROM "{table}"')
    )


def check_upgraded(config: Config, revision: str) -> None:
    """Bring the database of `config` up to date; all must be there, and people can go on."""
    app = create_app(config)
    with app.app_context():
        upgrade()
        house: House = replace(app.extensions["house"], clock=lambda: TODAY)
        _check_people(house)
        _check_matches(house, revision)
        client = app.test_client()
        for page in _pages(revision):
            assert client.get(page).status_code == 200, page
        db.engine.dispose()


def _check_people(house: House) -> None:
    for name in ("anna", "bert", "carl", "dora"):
        accounts.sign_in(house, name, "pw", client=Client("192.0.2.1", ""))
    with pytest.raises(ServiceError):
        accounts.sign_in(house, "anna", "wrong", client=Client("192.0.2.1", ""))


def _check_matches(house: House, revision: str) -> None:
    """Each is its log, by today's rules; the one that goes on can be played on."""
    with house.store.read() as unit:
        ids = list(unit.scalars(text("SELECT id FROM match")))
    games = set()
    going = []
    for id in ids:
        record = matches.get(house, id)
        games.add(record.game)
        last = matches.steps(house, id)[-1]
        assert record.engine.dump(last.state) == record.engine.dump(record.state)
        assert (record.outcome is not None) == record.over
        if not record.over:
            going.append(record)
    assert games == {
        "uttt",
        *(["scopa"] * (revision >= "0003")),
        *(["bridge"] * (revision >= "0004")),
    }
    assert {record.game for record in going} >= games - {"bridge"}
    for record in going:
        if record.game == "bridge":
            continue
        seat = min(record.engine.actors(record.state))
        chosen = record.engine.legal_moves(record.state, seat)[0]
        info = record.seats[seat]
        caller = accounts.sign_in(house, info.name, "pw", client=Client("192.0.2.1", "")).caller
        done = matches.submit(house, caller, record.id, record.engine.move_json(chosen))
        assert done.version == record.version + 1


def _pages(revision: str) -> Iterator[str]:
    yield from ("/", "/player/anna", "/player/bert")
    yield from (f"/rankings/{game}" for game, since in GAMES_SINCE.items() if since <= revision)
