"""Small questions that are asked often, straight to the driver: SQLAlchemy's own work on each,
above all where it takes a list, costs several times what the database's does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

KEPT: Final = 100  # lengths of its lists for which a query is remembered as text

_Shape = tuple[tuple[str, int | None], ...]  # by value its name, and how many it is if it is a list
_Arranged = Callable[[Sequence[Any]], Any]


class _Place(int):
    """Where a value is among all that are given; other numbers are the statement's own."""


class Query:
    """A Core statement that selects by a `bindparam` for each value, `expanding` for each list.

    Rows come as the driver gives them: on SQLite a time is text, and true is 1. It is compiled
    once a dialect and length of its lists.
    """

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._for = lru_cache(KEPT)(self._compiled)

    def rows(self, unit: Session | Connection, **asked: Any) -> Sequence[Any]:
        """All rows for these values; a list of them may be empty."""
        if isinstance(unit, Session):
            unit.flush()
            unit = unit.connection()
        values: list[Any] = []
        shape: list[tuple[str, int | None]] = []
        for name, value in asked.items():
            if isinstance(value, list | tuple):
                values += value
                shape.append((name, len(value)))
            else:
                values.append(value)
                shape.append((name, None))
        text, arranged = self._for(unit.dialect, tuple(shape))
        return unit.exec_driver_sql(text, arranged(values)).all()

    def _compiled(self, dialect: Dialect, shape: _Shape) -> tuple[str, _Arranged]:
        places: dict[str, _Place | list[_Place]] = {}
        end = 0
        for name, length in shape:
            following = [_Place(place) for place in range(end, end + (length or 0))]
            places[name] = _Place(end) if length is None else following
            end += 1 if length is None else length
        compiled = self._statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        found = compiled.construct_expanded_state(places)
        return found.statement, _arranged(found.parameters, found.positiontup)


def _arranged(parameters: Mapping[str, Any], order: Sequence[str] | None) -> _Arranged:
    """How values are given to the driver: in an order, or (None) by name."""

    def value(parameter: Any, values: Sequence[Any]) -> Any:
        return values[parameter] if type(parameter) is _Place else parameter

    if order is None:
        return lambda values: {name: value(each, values) for name, each in parameters.items()}
    ordered = [parameters[name] for name in order]
    return lambda values: tuple([value(each, values) for each in ordered])
