"""Very many rows into an empty database, as fast as it takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from app.store import Base

# A database that is lost if the power goes while it is filled can be filled again.
_HASTE: Final = (
    "journal_mode=MEMORY",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "cache_size=-1000000",
)


class Bulk:
    """Rows straight to the driver: tuples, in the order of their column names. `counts` by table.

    Whatever has a default in the models must be given, since nothing of them is asked but names.
    """

    def __init__(self, engine: Engine, connection: Any) -> None:
        self.counts: Counter[str] = Counter()
        self._engine = engine
        self._connection = connection

    def add(self, model: type[Base], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to a model's table, and commit."""
        table = model.__tablename__
        quote = self._engine.dialect.identifier_preparer.quote
        columns = ", ".join(quote(name) for name in names)
        cursor = self._connection.cursor()
        if self._engine.dialect.name == "sqlite":
            marks = ", ".join("?" * len(names))
            statement = f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})"
            cursor.execute("BEGIN")
            cursor.executemany(statement, (_for_sqlite(row) for row in self._counted(table, rows)))
        else:
            with cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
                for row in self._counted(table, rows):
                    copy.write_row(row)
        self._connection.commit()

    def _counted(self, table: str, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for row in rows:
            self.counts[table] += 1
            yield row

    def set_counters(self) -> None:
        """Have PostgreSQL number on after the rows that were given a number; SQLite does so."""
        if self._engine.dialect.name != "postgresql":
            return
        cursor = self._connection.cursor()
        for table in self.counts:
            quoted = self._engine.dialect.identifier_preparer.quote(table)
            cursor.execute(
                "SELECT 1 FROM information_schema.columns WHERE table_name = %s"
                " AND column_name = 'id' AND column_default LIKE 'nextval%%'",
                (table,),
            )
            if cursor.fetchone():
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{quoted}', 'id'),"
                    f" greatest(1, (SELECT max(id) FROM {quoted})))"
                )
        self._connection.commit()


def _for_sqlite(row: Sequence[Any]) -> list[Any]:
    """The row as SQLAlchemy would store it: times as text, in UTC."""
    return [
        value.isoformat(" ", "microseconds")[:26] if isinstance(value, datetime) else value
        for value in row
    ]


@contextmanager
def open_bulk(engine: Engine) -> Iterator[Bulk]:
    """A `Bulk` on a connection of its own; foreign keys are not checked while it is open."""
    connection: Any = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "sqlite":
            for pragma in _HASTE:
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET session_replication_role = replica")
            connection.commit()
        bulk = Bulk(engine, connection)
        yield bulk
        bulk.set_counters()
        if engine.dialect.name == "sqlite":
            cursor.execute("PRAGMA journal_mode=WAL")
        else:
            cursor.execute("RESET session_replication_role")
            connection.commit()
    finally:
        connection.invalidate()  # nobody else is to get one that is in such haste
        connection.close()
