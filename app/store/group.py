"""Group commit: what is to be saved at the same moment is saved in one transaction.

A commit that is on the disk when it returns costs more than all the statements of a move, and
as much for fifty moves as for one. So do statements: what is of one kind is done in bulk.
"""

from __future__ import annotations

import time
from _thread import RLock  # of which green threads make nothing slower
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from operator import attrgetter
from threading import Lock
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import InterfaceError, OperationalError

T = TypeVar("T")
I_contra = TypeVar("I_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)

Work = Callable[[Connection], Any]

ROLLED_BACK: Final = frozenset({"40P01", "40001"})
"""PostgreSQL's words for a transaction that stood in another's way: it may be tried again."""


class Bulk(Protocol[I_contra, R_co]):
    """Work of one kind that many bring at a time, and how it is done for all of them at once."""

    def together(self, connection: Connection, items: Sequence[I_contra]) -> Sequence[R_co] | None:
        """Do it for all, in this order, and say what came of each; None: it did not go smoothly.

        Then nothing of it stays, and each is done `alone`, to see with whom.
        """

    def alone(self, connection: Connection, item: I_contra) -> R_co:
        """Do it for one of them."""


class _Entry:
    """What one of them wants done: `work`, or `item` by way of `bulk`."""

    __slots__ = ("bulk", "done", "error", "item", "key", "result", "work")

    def __init__(self, key: str, work: Work | None, bulk: Any, item: Any) -> None:
        self.key, self.work, self.bulk, self.item = key, work, bulk, item
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = Lock()  # held until it is known what came of it: less than an Event costs
        self.done.acquire()

    def do(self, connection: Connection) -> None:
        if self.work is not None:
            self.result = self.work(connection)
        else:
            self.result = self.bulk.alone(connection, self.item)


_KEY: Final = attrgetter("key")


class _Batch:
    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[_Entry] = []


class _NotTogether(Exception):
    """Rolls a transaction back in which the bulk did not go through."""


class GroupCommit:
    """Shares transactions among those who come together; `begin()` opens one.

    The first to come leads: it lets everyone else who is ready come along, runs all their work
    in one transaction and wakes them after the commit. Work is done in the order of its keys,
    and what is done in bulk where the first of it would be, so that transactions on different
    servers cannot wait for each other in a circle: of one kind of key there is only bulk, or none.

    Work may be done twice, after what the first time did has been rolled back: it changes nothing
    but the database. It says no with a result. If somebody's fails, nobody's is kept, and each
    is tried in a transaction of its own; unless it is the database that failed (the disk is full,
    the server is gone): then everybody is told so at once.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        # Told of each commit: how many shared it, and the seconds the transaction took.
        self.observe: Callable[[int, float], object] = lambda _size, _seconds: None
        self._open: _Batch | None = None
        self._lock = RLock()  # guards which batch is open
        self._turn = Lock()  # one batch commits while the next one gathers

    def run(self, key: str, work: Callable[[Connection], T]) -> T:
        """Do `work` in a transaction; its result, once that is committed."""
        result: T = self._wait(key, work, None, None)
        return result

    def run_bulk(self, key: str, bulk: Bulk[Any, T], item: Any) -> T:
        """Have `bulk` do an item, with those of others, in a transaction; as `run`."""
        result: T = self._wait(key, None, bulk, item)
        return result

    def _wait(self, key: str, work: Work | None, bulk: Any, item: Any) -> Any:
        entry = _Entry(key, work, bulk, item)
        with self._lock:
            batch = self._open
            leads = batch is None
            if batch is None:
                batch = self._open = _Batch()
            batch.entries.append(entry)
        if leads:
            self._lead(batch)
        else:
            entry.done.acquire()
        if entry.error is not None:
            raise entry.error
        return entry.result

    def _lead(self, batch: _Batch) -> None:
        try:
            with self._turn:
                time.sleep(0)  # whoever is ready now gets to add to the batch
                self._close(batch)
                began = time.perf_counter()
                self._commit(sorted(batch.entries, key=_KEY))  # of one key: as they came
            self.observe(len(batch.entries), time.perf_counter() - began)
        except BaseException as error:
            for entry in batch.entries:
                entry.error = error
            raise
        finally:
            self._close(batch)
            for entry in batch.entries:
                entry.done.release()

    def _commit(self, entries: Sequence[_Entry]) -> None:
        try:
            try:
                with self._begin() as connection:
                    _do(connection, entries)
            except _NotTogether:
                with self._begin() as connection:
                    for entry in entries:
                        entry.do(connection)
        except Exception as error:
            if not _worth_another_try(error, len(entries)):
                raise
            for entry in entries:
                self._commit_alone(entry)

    def _commit_alone(self, entry: _Entry) -> None:
        try:
            with self._begin() as connection:
                entry.do(connection)
        except Exception as error:
            entry.error = error

    def _close(self, batch: _Batch) -> None:
        with self._lock:
            if self._open is batch:
                self._open = None


def _worth_another_try(error: Exception, size: int) -> bool:
    """Whether what failed together, in a transaction of so many, may go through one by one."""
    if isinstance(error, OperationalError | InterfaceError):
        return getattr(error.orig, "sqlstate", None) in ROLLED_BACK
    return size > 1


def _do(connection: Connection, entries: Sequence[_Entry]) -> None:
    """Do everybody's work, in this order, and what goes in bulk with the first of its kind."""
    done: set[int] = set()
    for entry in entries:
        if entry.work is not None:
            entry.result = entry.work(connection)
        elif id(entry.bulk) not in done:
            done.add(id(entry.bulk))
            alike = [other for other in entries if other.bulk is entry.bulk]
            results = entry.bulk.together(connection, [other.item for other in alike])
            if results is None:
                raise _NotTogether
            for other, result in zip(alike, results, strict=True):
                other.result = result
