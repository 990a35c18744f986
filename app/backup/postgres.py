"""A house's PostgreSQL database, by PostgreSQL's own programs `pg_dump` and `pg_restore`.

The house is the schema `public`. A restore renames that, so that what was there stays, and fills a
new one.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.engine import make_url

from app.backup.errors import BackupError

LEAVING_SECONDS: Final = 5.0  # that PostgreSQL has to notice who has gone
_SCHEMA: Final = "public"
_COUNTS: Final = {
    "accounts": 'SELECT count(*) FROM "user" WHERE registered AND active',
    "matches": "SELECT count(*) FROM match",
}
# All of one snapshot, which `pg_dump` is given as well: the manifest tells what the dump holds.
_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class PostgresData:
    """The database that the SQLAlchemy URL `url` names; everything raises BackupError."""

    kind: Final = "postgresql"

    def __init__(self, url: str) -> None:
        _, options = dialect.dialect().create_connect_args(make_url(url))
        password = options.pop("password", None)
        self._conninfo = make_conninfo(**options)
        # Arguments of a program can be read by everybody on the machine, its environment cannot.
        self._password = {} if password is None else {"PGPASSWORD": str(password)}
        self._facts: tuple[str, dict[str, int]] | None = None

    def copy(self, target: Path) -> None:
        """Write all of it, as it stands at one moment, into the new file `target`."""
        target.touch(mode=0o600)
        with self._connected() as connection:
            connection.execute(_SNAPSHOT)
            self._facts = _facts(connection)
            (snapshot,) = _row(connection, "SELECT pg_export_snapshot()")
            self._run(
                "pg_dump",
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--schema={_SCHEMA}",
                f"--snapshot={snapshot}",
                f"--file={target}",
            )
        self.check(target)

    def facts(self, dump: Path) -> tuple[str, dict[str, int]]:
        """The migration that the copy just made stands at; how many accounts and matches it has."""
        assert self._facts is not None
        return self._facts

    def check(self, dump: Path) -> None:
        """Look whether a copy is whole: all of it is read."""
        self._run("pg_restore", "--file=/dev/null", str(dump), connects=False)

    def replace(self, dump: Path, aside: Path) -> str | None:
        """Put a copy in the place of what is there, which is renamed after the folder `aside`.

        Where the former went, in words; None when there was none.
        """
        former = aside.name.replace("-", "_")
        with self._connected() as connection:
            if others := _others(connection):
                raise BackupError(
                    f"The database has {others} other connections: stop every server (and psql) "
                    "that uses it first. Nothing was done."
                )
            (tables,) = _row(
                connection, f"SELECT count(*) FROM pg_tables WHERE schemaname = '{_SCHEMA}'"
            )
            with connection.transaction():
                connection.execute(f"ALTER SCHEMA {_SCHEMA} RENAME TO {former}")
                connection.execute(f"CREATE SCHEMA {_SCHEMA}")
            try:
                self._fill(dump)
            except BackupError:
                with connection.transaction():
                    # Without CASCADE: this takes nothing that is anything.
                    connection.execute(f"DROP SCHEMA {_SCHEMA}")
                    connection.execute(f"ALTER SCHEMA {former} RENAME TO {_SCHEMA}")
                raise
            if tables:
                return f"schema {former} of the database"
            connection.execute(f"DROP SCHEMA {former}")
        return None

    def _fill(self, dump: Path) -> None:
        self._run(
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            f"--schema={_SCHEMA}",
            f"--dbname={self._conninfo}",
            str(dump),
            connects=False,
        )

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        password = self._password.get("PGPASSWORD")
        try:
            with psycopg.connect(self._conninfo, password=password, autocommit=True) as connection:
                yield connection
        except psycopg.Error as error:
            raise BackupError(f"PostgreSQL says: {str(error).strip()}") from None

    def _run(self, program: str, *arguments: str, connects: bool = True) -> None:
        target = [f"--dbname={self._conninfo}"] if connects else []
        try:
            done = subprocess.run(
                [program, *target, *arguments],
                env=os.environ | self._password,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise BackupError(
                f"There is no {program} here: install PostgreSQL's client programs "
                "(`apt install postgresql-client`)."
            ) from None
        if done.returncode:
            raise BackupError(f"{program} failed: {done.stderr.strip() or done.returncode}")


def _others(connection: psycopg.Connection[Any]) -> int:
    """How many others are connected; those who are just leaving have a moment for it."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while True:
        (others,) = _row(connection, _OTHERS)
        if not others or time.monotonic() > deadline:
            return int(others)
        time.sleep(0.05)


def _facts(connection: psycopg.Connection[Any]) -> tuple[str, dict[str, int]]:
    if _row(connection, f"SELECT to_regclass('{_SCHEMA}.alembic_version')") == (None,):
        raise BackupError("The database has no tables yet: nothing to back up.")
    (revision,) = _row(connection, "SELECT version_num FROM alembic_version")
    return revision, {name: _row(connection, sql)[0] for name, sql in _COUNTS.items()}


def _row(connection: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return tuple(row)
