"""PostgreSQL that hangs, or lets one wait: a worker stands still for so long, and not for ever."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import create_app
from app.extensions import db
from app.services.house import House
from app.store.faults import Fault, fault_of
from app.store.locks import MIGRATION
from app.store.postgres import Bounded
from config import Config


@contextmanager
def hanging(pid: int) -> Iterator[None]:
    """The server's side of a connection stands still."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_hangs_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Bounded, "answer_seconds", 1.0)
    with house.store.look() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
    with hanging(pid), house.store.look() as connection:  # found out before it is used
        assert connection.scalar(text("SELECT pg_backend_pid()")) != pid


def test_in_mid_transaction_that_is_the_end_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bounded, "answer_seconds", 1.0)
    with pytest.raises(OperationalError, match="does not answer") as failed:
        _ask_who_hangs(house)
    assert fault_of(failed.value) is Fault.AWAY


def _ask_who_hangs(house: House) -> None:
    with house.store.transaction() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        assert isinstance(pid, int)
        with hanging(pid):
            connection.scalar(text("SELECT 1"))


def test_what_others_hold_is_not_waited_for_for_ever(config: Config) -> None:
    wanted = "UPDATE alembic_version SET version_num = version_num"
    options = "?options=-c%20lock_timeout%3D200"
    with create_app(config).app_context(), db.engine.begin() as holder:
        assert holder.scalar(text("SHOW lock_timeout")) == "10s"
        holder.execute(text(wanted))
        with (
            psycopg.connect(config.DATABASE_URL + options) as other,
            pytest.raises(psycopg.errors.LockNotAvailable) as failed,
        ):
            other.execute(wanted)
    assert fault_of(OperationalError("", {}, failed.value)) is Fault.BUSY


def test_an_upgrade_takes_as_long_as_it_takes(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes while another upgrades waits until that is through."""
    monkeypatch.setattr(Bounded, "answer_seconds", 0.2)
    monkeypatch.setattr("app.store.patience.SESSION", {"lock_timeout": 100})
    app = create_app(config)
    with app.app_context(), psycopg.connect(config.DATABASE_URL) as other:
        other.execute(f"SELECT pg_advisory_lock({MIGRATION})")
        began = time.monotonic()

        def let_go() -> None:
            time.sleep(1)
            other.execute(f"SELECT pg_advisory_unlock({MIGRATION})")

        waiting = threading.Thread(target=let_go)
        waiting.start()
        upgrade()
        waiting.join()
        assert time.monotonic() - began >= 1
