"""Group commit: what is to be saved at the same moment is saved in one transaction.

A commit that is on the disk when it returns costs more than all the statements of a move, and
as much for fifty moves as for one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event, Lock
from typing import Any, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")


class _Batch:
    __slots__ = ("done", "entries", "error", "results")

    def __init__(self) -> None:
        self.entries: list[tuple[str, int, Callable[[Connection], Any]]] = []
        self.results: dict[int, Any] = {}
        self.done = Event()
        self.error: BaseException | None = None


class GroupCommit:
    """Shares transactions among those who come together; `begin()` opens one.

    The first to come leads: it lets everyone else who is ready come along, runs all their work
    in one transaction and wakes them after the commit. Work is done in the order of its keys,
    so that transactions on different servers cannot wait for each other in a circle.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._open: _Batch | None = None
        self._lock = Lock()  # guards which batch is open
        self._turn = Lock()  # one batch commits while the next one gathers

    def run(self, key: str, work: Callable[[Connection], T]) -> T:
        """Do `work` in a transaction; its result, once that is committed.

        An exception of anyone's work rolls everyone's back and is raised to each of them, so
        work must say no with a result, not with an exception.
        """
        with self._lock:
            leads = self._open is None
            batch = self._open = self._open or _Batch()
            number = len(batch.entries)
            batch.entries.append((key, number, work))
        if leads:
            self._lead(batch)
        else:
            batch.done.wait()
            if batch.error is not None:
                raise batch.error
        result: T = batch.results[number]
        return result

    def _lead(self, batch: _Batch) -> None:
        try:
            with self._turn:
                time.sleep(0)  # whoever is ready now gets to add to the batch
                self._close(batch)
                with self._begin() as connection:
                    for _, number, work in sorted(batch.entries, key=lambda entry: entry[:2]):
                        batch.results[number] = work(connection)
        except BaseException as error:
            batch.error = error
            raise
        finally:
            self._close(batch)
            batch.done.set()

    def _close(self, batch: _Batch) -> None:
        with self._lock:
            if self._open is batch:
                self._open = None
