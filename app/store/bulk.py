"""Statements for many rows at once, straight to the driver: SQLAlchemy's own work on each row
costs more than the database's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Row = Sequence[Any]


class Bulk:
    """A Core statement with a `bindparam` for each of `names`, executed for many rows.

    A row holds the values in the order of `names`, as the driver takes them: times by way of
    `times(dialect)`. It is compiled once a dialect.
    """

    def __init__(self, statement: Executable, names: Sequence[str]) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._names = tuple(names)
        self._for = cache(self._compiled)

    def run(self, connection: Connection, rows: Iterable[Row]) -> int:
        """Execute it for each of at least one row; how many rows of the table they met."""
        text, arranged = self._for(connection.dialect)
        return connection.exec_driver_sql(text, [arranged(row) for row in rows]).rowcount

    def _compiled(self, dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
        compiled = self._statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        if not compiled.positional:
            names = self._names
            return str(compiled), lambda row: dict(zip(names, row, strict=True))
        order = compiled.positiontup
        assert order is not None
        return str(compiled), itemgetter(*(self._names.index(name) for name in order))


def times(dialect: Dialect) -> Callable[[datetime], Any]:
    """How a time is given to this dialect's driver, as `UtcDateTime` would."""
    return _text if dialect.name == "sqlite" else _same


def _same(moment: datetime) -> datetime:
    return moment


def _text(moment: datetime) -> str:
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a naive time has no place in the database")
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:26]
