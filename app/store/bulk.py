"""Statements for many rows at once, straight to the driver: SQLAlchemy's own work on each row
costs more than the database's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, bindparam, insert
from sqlalchemy.orm import DeclarativeBase
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

    @classmethod
    def inserting(cls, model: type[DeclarativeBase], names: Sequence[str] = ()) -> Bulk:
        """New rows for a model's table, with values for these of its columns, or for all."""
        names = names or model.__table__.columns.keys()
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        return cls(insert(model).values(values).inline(), names)

    def run_named(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
        """As `run`, with rows that give each value by its name."""
        return self.run(connection, [tuple([row[name] for name in self._names]) for row in rows])

    def run(self, connection: Connection, rows: Iterable[Row]) -> int:
        """Execute it for each of at least one row; how many rows of the table they met."""
        text, arranged = self._for(connection.dialect)
        return connection.exec_driver_sql(text, arranged(rows)).rowcount

    def _compiled(self, dialect: Dialect) -> tuple[str, Callable[[Iterable[Row]], list[Any]]]:
        compiled = self._statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        if not compiled.positional:
            names = self._names
            return str(compiled), lambda rows: [dict(zip(names, row, strict=True)) for row in rows]
        order = compiled.positiontup
        assert order is not None
        if tuple(order) == self._names:
            return str(compiled), list
        arranged = itemgetter(*(self._names.index(name) for name in order))
        return str(compiled), lambda rows: list(map(arranged, rows))


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
    second = moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second
    return f"{_second(*second)}.{moment.microsecond:06}"


@lru_cache(100)  # by the thousand, moves are made in the same second, and due in another
def _second(*numbers: int) -> str:
    return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*numbers)
