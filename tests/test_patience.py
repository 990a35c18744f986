"""How long is waited for PostgreSQL: `tests/cluster/test_patience.py` has it wait."""

from __future__ import annotations

from app.store.patience import connect_args


def test_a_file_is_not_connected_to() -> None:
    assert connect_args("sqlite:////srv/parlour.sqlite3") == {}


def test_no_wait_is_without_an_end() -> None:
    told = connect_args("postgresql+psycopg://me@there/parlour")
    assert told["connect_timeout"] == 5
    assert "-c statement_timeout=20000 -c lock_timeout=10000" in told["options"]


def test_what_the_host_has_said_stands() -> None:
    told = connect_args("postgresql+psycopg://me@there/parlour?connect_timeout=60&options=-c%20x=1")
    assert not {"connect_timeout", "options"} & told.keys()
    assert told["tcp_user_timeout"] == 15_000
