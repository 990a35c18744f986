"""The migrations lead to the tables that the models declare, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, text

from app import create_app
from app.extensions import db
from app.store.base import tune_sqlite
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


MATCH = (
    "INSERT INTO match (id, game, variant, rules_version, options, seed, rated, version, revision,"
    " state, created_at, moved_at, deadline, over) VALUES (:id, :game, 'standard', 1, '{}', 'seed',"
    " 1, 1, 0, '{}', :now, :now, :now, 0)"
)


def _fill_the_house_as_it_was(connection: Connection) -> None:
    """Two players, one of them gone, a match between them, a table and a challenge."""

    def put(statement: str, **values: object) -> None:
        connection.execute(text(statement), {"now": "2026-01-01 00:00:00", **values})

    for id, name in enumerate(("anna", "bert"), 1):
        put(
            "INSERT INTO user (id, name, registered, active, created_at, seen_at)"
            " VALUES (:id, :name, 1, :active, :now, :now)",
            id=id,
            name=name,
            active=name == "anna",
        )
    put("INSERT INTO rating (user_id, game, value, won, drawn, lost) VALUES (1,'uttt',1234,5,6,7)")
    put(MATCH, id="1" * 32, game="uttt")
    for seat in (0, 1):
        put(
            "INSERT INTO seat (match_id, seat, user_id, open, told)"
            " VALUES (:id, :seat, :user, 1, 0)",
            id="1" * 32,
            seat=seat,
            user=seat + 1,
        )
    put("INSERT INTO move (match_id, number, seat, move, at) VALUES (:id, 1, 0, '{}', :now)",
        id="1" * 32)  # fmt: skip
    for id, invitee in (("2" * 32, None), ("3" * 32, 2)):
        put(
            "INSERT INTO open_table (id, owner_id, invitee_id, game, variant, rated, created_at)"
            " VALUES (:id, 1, :invitee, 'uttt', 'standard', 1, :now)",
            id=id,
            invitee=invitee,
        )


def test_what_was_there_before_scopa_stays(tmp_path: Path) -> None:
    """Upwards with a house that is in use, and down again with matches of scopa in it."""
    config = Config(
        INSTANCE_PATH=str(tmp_path), TESTING=True, ASYNC_MODE="threading", RATING_START=1500
    )

    def all_of(query: str) -> list[tuple[object, ...]]:
        with db.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    with create_app(config).app_context():
        upgrade(revision="0002")
        with db.engine.begin() as connection:
            _fill_the_house_as_it_was(connection)
        upgrade(revision="0003")
        seats = [("1" * 32, 0, 1), ("1" * 32, 1, 2)]
        assert all_of("SELECT match_id, seat, user_id FROM seat ORDER BY seat") == seats
        assert all_of("SELECT number, seat FROM move") == [(1, 0)]
        ratings = [("scopa", 1500, 0), ("uttt", 1234, 5)]
        assert all_of("SELECT game, value, won FROM rating ORDER BY game") == ratings
        tables = [("2" * 32, 2, "{}", 0, 1, None)]
        tables += [("3" * 32, 2, "{}", 0, 1, None), ("3" * 32, 2, "{}", 1, None, 2)]
        seated = (
            "SELECT id, players, options, seat, table_seat.user_id, table_seat.invitee_id"
            " FROM open_table JOIN table_seat ON table_id = id ORDER BY id, seat"
        )
        assert all_of(seated) == tables
        with db.engine.begin() as connection:
            connection.execute(text(MATCH), {"id": "4" * 32, "game": "scopa", "now": "2026-01-01"})
            bot = "INSERT INTO seat (match_id, seat, bot, bot_name, open, told) VALUES"
            connection.execute(text(f"{bot} ('{'4' * 32}', 0, 'easy', 'cpu1', 1, 0)"))
        downgrade(revision="0002")
        assert all_of("SELECT id FROM match") == [("1" * 32,)]
        assert all_of("SELECT match_id, seat, user_id FROM seat ORDER BY seat") == seats
        assert all_of("SELECT number, seat FROM move") == [(1, 0)]
        assert all_of("SELECT game, value, won FROM rating") == ratings[1:]
        assert all_of("SELECT id FROM open_table ORDER BY id") == [("2" * 32,), ("3" * 32,)]


def test_who_was_deleted_before_names_were_taken_is_named_no_more(tmp_path: Path) -> None:
    config = Config(INSTANCE_PATH=str(tmp_path), TESTING=True, ASYNC_MODE="threading")
    people = (("anna", 1, 1), ("bert", 1, 0), ("guest", 0, 0), ("carl", 1, 1))
    with create_app(config).app_context():
        upgrade(revision="0004")
        with db.engine.begin() as connection:
            for id, (name, registered, active) in enumerate(people, 1):
                connection.execute(
                    text(
                        "INSERT INTO user (id, name, registered, active, created_at, seen_at)"
                        " VALUES (:id, :name, :registered, :active, '2026-01-01', '2026-02-02')"
                    ),
                    {"id": id, "name": name, "registered": registered, "active": active},
                )
            line = "INSERT INTO message (room, user_id, name, text, at, hidden) VALUES"
            for room in ("dm:1:2", "dm:1:4", "lobby"):
                for id, name in ((1, "anna"), (2, "bert")):
                    connection.execute(text(f"{line} (:room, :id, :name, 'hello', '2026', 0)"),
                        {"room": room, "id": id, "name": name})  # fmt: skip
                mark = "INSERT INTO read_mark (user_id, room, message_id) VALUES (1, :room, 1)"
                connection.execute(text(mark), {"room": room})
            connection.execute(
                text("INSERT INTO friend (user_id, friend_id, since) VALUES (2, 1, '2026')")
            )
        upgrade()
        with db.engine.connect() as connection:
            names = list(connection.scalars(text("SELECT name FROM user ORDER BY id")))
            shown = connection.execute(
                text("SELECT room, name FROM message WHERE NOT hidden ORDER BY id")
            )
            lines = [tuple(row) for row in shown]
            said_by = set(connection.scalars(text("SELECT name FROM message")))
            marks = set(connection.scalars(text("SELECT room FROM read_mark")))
            friends = connection.scalar(text("SELECT count(*) FROM friend"))
    assert names == ["anna", "deleted player", "guest", "carl"]
    assert lines == [("dm:1:4", "anna"), ("lobby", "anna")]
    assert said_by == {"anna", "deleted player"}
    assert marks == {"dm:1:4", "lobby"}
    assert friends == 0


def test_sqlite_is_set_up_as_a_servers_database(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.tune_sqlite", tune_sqlite)  # as it is where no test runs
    app = create_app(config)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
    with app.app_context(), db.engine.connect() as connection:
        for name, value in wanted.items():
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value


def test_housekeeping_is_a_command(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["housekeeping"])
    assert result.exit_code == 0
    assert "matches_expired: 0" in result.output
