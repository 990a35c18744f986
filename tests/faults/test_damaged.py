"""A database file that is not what was written, or a disk that will not be written to: at the start
and while running the host is told what to do, in a line, and the data is left as it is.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import exc

from app.fitness import Unfit, examine, in_words
from app.live.commands import handle
from app.services import accounts, presence, trouble
from app.services.house import House
from app.services.sessions import Client
from app.store.faults import Fault, fault_of
from config import ROOT, Config, ConfigError
from tests.conftest import database_file
from tests.live.test_links import Connection
from tests.support.server import Server, ServerError
from tests.support.site import Visitor

PAGE = 4096
RESTORE = "flask --app app restore FILE"


def digests(folder: Path) -> dict[str, str]:
    """What is in every file of the database; a reader may leave an empty log behind."""
    files = sorted(folder.glob("parlour.sqlite3*"))
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if not file.name.endswith("-shm") and file.stat().st_size
    }


def spoil(file: Path, start: int, size: int = PAGE) -> None:
    """Write over a piece of a file, as a failing disk might."""
    with file.open("r+b") as raw:
        raw.seek(start)
        raw.write(b"\xa5" * size)


def pages(file: Path) -> int:
    return file.stat().st_size // PAGE


@pytest.fixture
def file(config: Config) -> Path:
    """A database that holds something, without a server."""
    return database_file(config)


def serve(config: Config) -> subprocess.CompletedProcess[str]:
    """Try to serve; it must end by itself."""
    environ = os.environ | {"INSTANCE_PATH": config.INSTANCE_PATH, "PORT": "1", "DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "start"), [("its head", 0), ("its schema", 100), ("a page", 12 * PAGE)]
)
def test_a_damaged_file_is_named_and_left_as_it_is(
    config: Config, file: Path, name: str, start: int
) -> None:
    spoil(file, start)
    before = digests(file.parent)
    with pytest.raises(Unfit) as unfit:
        examine(config)
    said = str(unfit.value)
    assert str(file) in said
    assert "is damaged" in said
    assert RESTORE in said
    assert digests(file.parent) == before


def test_a_server_does_not_begin_on_a_damaged_file(config: Config, file: Path) -> None:
    spoil(file, 3 * PAGE, (pages(file) - 3) * PAGE)
    before = digests(file.parent)
    done = serve(config)
    assert done.returncode == 1
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("parlour: ")]
    assert f"{file} is damaged" in said
    assert RESTORE in said
    assert "Traceback" not in done.stderr
    assert digests(file.parent) == before


def test_what_lies_in_the_log_of_a_damaged_file_stays_there(config: Config, file: Path) -> None:
    """The last connection to close would write it into the file."""
    writer = sqlite3.connect(file)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE last_words (a)")
    writer.commit()
    saved = {each: each.read_bytes() for each in file.parent.glob("parlour.sqlite3*")}
    writer.close()
    for each, content in saved.items():
        each.write_bytes(content)
    spoil(file, 12 * PAGE)
    before = digests(file.parent)
    assert file.with_name("parlour.sqlite3-wal").stat().st_size > 0
    with pytest.raises(Unfit, match="is damaged"):
        examine(config)
    assert digests(file.parent) == before


def test_a_sound_file_and_none_at_all_are_fit(config: Config, file: Path) -> None:
    before = digests(file.parent)
    examine(config)
    assert digests(file.parent) == before
    file.unlink()
    examine(config)
    assert not file.exists()


def test_commands_say_it_in_a_line(app: Flask, file: Path) -> None:
    app.extensions["house"].store.engine.dispose()
    spoil(file, 0)
    said: Result = app.test_cli_runner().invoke(args=["housekeeping"])
    assert said.exit_code == 1
    assert said.output.startswith("Error: the database is damaged")
    assert RESTORE in said.output
    assert "Traceback" not in said.output


def test_while_it_runs_whoever_asks_is_told_and_so_is_the_host(
    make_server: Callable[..., Server],
) -> None:
    server = make_server(HOUSEKEEPING_INTERVAL="1")
    visitor = Visitor(server.url).register("ann")
    server.kill()
    file = server.instance / "parlour.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        wanted = "SELECT rootpage FROM sqlite_master WHERE name IN ('session', 'user', 'rating')"
        roots = [row[0] for row in connection.execute(wanted)]
    server.start()
    for root in roots:
        spoil(file, (root - 1) * PAGE)
    answer = visitor.http.get(f"{server.url}/rankings")
    assert answer.status_code == 503
    assert "our books" in answer.text
    assert server.running()
    assert visitor.http.get(f"{server.url}/rules/uttt").status_code in (200, 503)
    log = server.log()
    assert "Traceback" not in log, log
    assert "the database is damaged" in log
    assert RESTORE in log
    assert log.count("the database is damaged") < 10
    server.kill()
    with pytest.raises(ServerError, match=RESTORE):
        server.launch().wait_ready()


def test_a_request_of_a_damaged_database_is_refused(house: House, file: Path) -> None:
    presence.arrive(house)
    ann = accounts.register(house, "ann", "pw", client=Client("", "")).caller
    house.store.engine.dispose()
    spoil(file, 0, 100)
    result = handle(house, Connection(ann), "match_request", {"player": "ben"})
    assert result.error is not None
    assert result.error.code == "unavailable"
    assert result.replies[0].type == "match_request_response"


# A disk that will not be written to


def test_an_instance_that_cannot_be_written_to_is_named(config: Config, monkeypatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(Unfit, match="is not writable"):
        examine(config)


def test_a_read_only_database_refuses_to_write_and_lets_read(house: House) -> None:
    presence.arrive(house)
    ann = accounts.register(house, "ann", "pw", client=Client("", "")).caller

    with house.store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA query_only=ON")
    link = Connection(ann)
    refused = handle(house, link, "chat", {"room": "lobby", "text": "hello"})
    assert refused.ack["error"]["code"] == "unavailable"
    assert handle(house, link, "chat_history", {"room": "lobby"}).more == {"lines": []}


def test_a_secret_key_that_cannot_be_kept_is_said_so(tmp_path: Path, monkeypatch) -> None:
    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match=r"secret key cannot be kept .* No space left"):
        Config(INSTANCE_PATH=str(tmp_path)).with_secret()
    assert list(tmp_path.iterdir()) == []  # nor is half of one left
    monkeypatch.undo()
    secret = Config(INSTANCE_PATH=str(tmp_path)).with_secret().SECRET_KEY
    assert len(secret) == 64


def test_a_kept_secret_is_read_on_a_full_disk(tmp_path: Path, monkeypatch) -> None:
    config = Config(INSTANCE_PATH=str(tmp_path))
    secret = config.with_secret().SECRET_KEY
    monkeypatch.setattr(os, "link", lambda *_: pytest.fail("it is there already"))
    again = config.with_secret().SECRET_KEY
    assert again == secret


def test_an_empty_secret_key_signs_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ConfigError, match="holds no secret key"):
        Config(INSTANCE_PATH=str(tmp_path)).with_secret()


# Which error is which


class Failed(Exception):
    """A driver's error, as PostgreSQL's come."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("no")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("53100", Fault.FULL),
        ("53300", Fault.BUSY),
        ("25006", Fault.READ_ONLY),
        ("XX001", Fault.DAMAGED),
        ("58030", Fault.DISK),
        ("40P01", Fault.BUSY),
        ("57P01", Fault.AWAY),
        ("08006", Fault.AWAY),
        (None, Fault.AWAY),
        ("42P01", None),  # a table that is not there: our mistake
    ],
)
def test_faults_of_postgresql(state: str | None, fault: Fault | None) -> None:
    assert fault_of(exc.OperationalError("SELECT 1", {}, Failed(state))) is fault


def test_a_broken_rule_is_no_fault() -> None:
    broken = sqlite3.IntegrityError("UNIQUE constraint failed")
    error = exc.IntegrityError("INSERT", {}, broken)
    assert fault_of(error) is None
    with pytest.raises(exc.IntegrityError):
        trouble.said(error)
    with pytest.raises(exc.IntegrityError), in_words():
        raise error
    assert fault_of(exc.IntegrityError("INSERT", {}, Failed("23505"))) is None


def test_a_locked_database_is_busy(file: Path) -> None:
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(file, timeout=0)) as other:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            other.execute("BEGIN IMMEDIATE")
    assert fault_of(locked.value) is Fault.BUSY
    assert fault_of(exc.TimeoutError("no connection was free")) is Fault.BUSY
