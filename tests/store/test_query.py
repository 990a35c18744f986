"""Small questions straight to the driver: they find what SQLAlchemy itself would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, bindparam, select
from sqlalchemy import create_engine as engine_of
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.store.query import Query

THING = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("kind", String),
    Column("count", Integer),
)
SOME = Query(
    select(THING.c.id, THING.c.count)
    .where(THING.c.kind.in_(bindparam("kinds", expanding=True)))
    .where(THING.c.count > bindparam("more"), THING.c.id < 100, THING.c.count < bindparam("less"))
    .where(THING.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(THING.c.id)
    .limit(3)
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with engine_of("sqlite://").connect() as connection:
        THING.metadata.create_all(connection)
        rows = [{"id": n, "kind": "ab"[n % 2], "count": 10 * n} for n in range(1, 10)]
        connection.execute(THING.insert(), [*rows, {"id": 100, "kind": "a", "count": 50}])
        yield connection


def _ids(connection: Connection, **asked: object) -> list[int]:
    return [row.id for row in SOME.rows(connection, **asked)]


def test_each_value_is_where_it_belongs_whatever_the_order(connection: Connection) -> None:
    everything = list(range(1, 101))
    assert _ids(connection, kinds=["a"], more=20, less=90, ids=everything) == [4, 6, 8]
    assert _ids(connection, ids=everything, less=90, more=20, kinds=["a"]) == [4, 6, 8]
    assert _ids(connection, kinds=["a"], more=90, less=20, ids=everything) == []


def test_lists_may_be_of_any_length(connection: Connection) -> None:
    for kinds, found in ((["a"], [2, 4]), (("a", "b"), [1, 2, 3]), (["c", "b", "d"], [1, 3])):
        assert _ids(connection, kinds=kinds, more=0, less=99, ids=[1, 2, 3, 4]) == found
    assert _ids(connection, kinds=[], more=0, less=99, ids=[1, 2]) == []
    assert _ids(connection, kinds=["b"], more=0, less=99, ids=[]) == []


def test_it_is_compiled_once_a_length() -> None:
    query = Query(select(THING.c.id).where(THING.c.id.in_(bindparam("ids", expanding=True))))
    dialect = sqlite.dialect()
    one, two = ((("ids", 1),), (("ids", 2),))
    assert query._for(dialect, one) is query._for(dialect, one)
    assert query._for(dialect, one) != query._for(dialect, two)


def test_postgresql_gets_its_values_by_name() -> None:
    shape = (("more", None), ("kinds", 2), ("less", None), ("ids", 1))
    text, arranged = SOME._compiled(postgresql.psycopg.dialect(), shape)
    given = arranged([20, "a", "b", 90, 7])
    own = {name: value for name, value in given.items() if name not in ("more", "less")}
    assert given["more"] == 20
    assert given["less"] == 90
    assert sorted(own.values(), key=str) == [100, 3, 7, "a", "b"], "what is the query's own, too"
    assert all(f"%({name})s" in text for name in given)


class _Base(DeclarativeBase):
    pass


class _Note(_Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)


def test_in_a_session_it_sees_what_has_been_added() -> None:
    query = Query(select(_Note.id).where(_Note.text == bindparam("words")))
    engine = engine_of("sqlite://")
    _Base.metadata.create_all(engine)
    with Session(engine) as unit:
        unit.add(_Note(id=7, text="hello"))
        assert [row[0] for row in query.rows(unit, words="hello")] == [7]
        unit.add(_Note(id=8, text="hello"))
        with pytest.raises(IntegrityError):
            query.rows(unit, words="hello")
