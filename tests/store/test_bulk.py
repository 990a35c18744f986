"""Statements for many rows at once: what they store is what SQLAlchemy itself would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    bindparam,
    create_engine,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.store.base import UtcDateTime
from app.store.bulk import Bulk, times

TABLE = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("count", Integer),
    Column("at", UtcDateTime),
)
ADD = Bulk(insert(TABLE).values(id=bindparam("id"), at=bindparam("at")), ["at", "id"])
COUNT = Bulk(
    update(TABLE).where(TABLE.c.id == bindparam("which")).values(count=bindparam("number")),
    ["which", "number"],
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MOMENTS = [
    NOON,
    NOON.replace(microsecond=1),
    NOON.astimezone(timezone(timedelta(hours=-3))),
    datetime(1, 1, 1, tzinfo=UTC),
]


@pytest.fixture
def connection() -> Connection:
    engine = create_engine("sqlite://")
    TABLE.metadata.create_all(engine)
    return engine.connect()


def test_rows_are_in_the_order_of_the_names(connection: Connection) -> None:
    time = times(connection.dialect)
    assert ADD.run(connection, [(time(NOON), 1), (time(NOON), 2)]) == 2
    assert COUNT.run(connection, [(1, 10), (2, 20), (3, 30)]) == 2, "there is no third"
    assert connection.execute(select(TABLE.c.id, TABLE.c.count)).all() == [(1, 10), (2, 20)]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_time_is_stored_as_its_column_would(connection: Connection, moment: datetime) -> None:
    connection.execute(insert(TABLE), {"id": 1, "at": moment})
    ADD.run(connection, [(times(connection.dialect)(moment), 2)])
    stored = connection.exec_driver_sql("SELECT at FROM thing ORDER BY id").scalars().all()
    assert stored[0] == stored[1]
    assert connection.scalars(select(TABLE.c.at)).all() == [moment, moment]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        times(sqlite.dialect())(datetime(2026, 1, 1))


def test_postgresql_takes_times_as_they_are() -> None:
    assert times(postgresql.dialect())(NOON) is NOON


class _Base(DeclarativeBase):
    pass


class _Guest(_Base):
    __tablename__ = "guest"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    left: Mapped[bool] = mapped_column(default=True)


def test_new_rows_may_give_their_values_by_name(connection: Connection) -> None:
    _Base.metadata.create_all(connection)
    whole, some = Bulk.inserting(_Guest), Bulk.inserting(_Guest, ["name", "id", "left"])
    assert whole.run_named(connection, [{"left": False, "name": "ada", "id": 1}]) == 1
    assert some.run(connection, [("bob", 2, True), ("cleo", 3, False)]) == 2
    rows = connection.execute(select(_Guest.id, _Guest.name, _Guest.left)).all()
    assert rows == [(1, "ada", False), (2, "bob", True), (3, "cleo", False)]


def test_postgresql_is_not_asked_for_numbers_that_nobody_reads() -> None:
    text, arranged = Bulk.inserting(_Guest, ["name", "left"])._for(postgresql.psycopg.dialect())
    assert "RETURNING" not in text
    assert arranged([("ada", True)]) == [{"name": "ada", "left": True}]
