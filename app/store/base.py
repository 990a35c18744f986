"""What every table shares: the declarative base, column types, and units of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    event,
    func,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, registry, sessionmaker
from sqlalchemy.types import TypeDecorator

from app.store.group import GroupCommit

# Names for every constraint, so that a migration can drop what it did not create.
_NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_TIMEOUT_MS = 10_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite, which knows no time zones, keeps it naive in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only in a column that is INTEGER to the letter.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """The base of every model; Flask-SQLAlchemy shares its registry (`app.extensions.db`)."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMING),
        type_annotation_map={datetime: UtcDateTime},
    )


class Store:
    """Units of work on one database. Nothing inside one may yield to another green thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(parlour_writes=True)
        self._reads = sessionmaker(engine, expire_on_commit=False)
        self._writes = sessionmaker(self._writer, expire_on_commit=False)
        # As `write`, without the ORM and shared: for the few statements of a move.
        self.group = GroupCommit(self.transaction)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to look things up with; what it changes is not kept."""
        with self._reads() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As `look`, and all its statements see one moment; on SQLite they always do."""
        with self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """As `read`, without the ORM: for the few statements of what happens often."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back on an exception."""
        with self._writes() as session, session.begin():
            yield session

    def transaction(self) -> AbstractContextManager[Connection]:
        """As `write`, without the ORM."""
        return self._writer.begin()

    def one_at_a_time(self, unit: Session | Connection, lock: int) -> None:
        """Let nobody else into a part of the transaction that takes the same of `app.store.locks`.

        SQLite has one writer at any time; PostgreSQL is told so by an advisory lock.
        """
        if self.engine.dialect.name == "postgresql":
            unit.execute(select(func.pg_advisory_xact_lock(lock)))


def affected(unit: Session, statement: Executable) -> int:
    """Execute an UPDATE or DELETE; how many rows it met."""
    result = unit.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount


def tune_sqlite(engine: Engine) -> None:
    """Set SQLite up as a server's database; other databases are left as they are.

    A commit is on the disk when it returns (`synchronous=FULL`), readers do not wait for
    the writer (WAL), foreign keys hold, and a writer takes its lock at BEGIN, so that two
    of them queue instead of failing half-way.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: DBAPIConnection, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, not the driver's
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("parlour_writes")
        # Straight to the driver: this is on the path of every move.
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
