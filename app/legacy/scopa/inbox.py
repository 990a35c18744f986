"""One client's affairs, one after another: what it asks, and what rooms bring for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

import structlog

from app.services import trouble

log = structlog.get_logger(__name__)

Piece = tuple[str, Any]  # a message's type, and its data


class Inbox:
    """Keeps a client's state in one hand at a time.

    Whoever brings something while somebody else is at work leaves it there, and never waits: a
    publisher may be at work for another client itself. What a client asks waits its turn, and is
    answered before anything that came of it is told.
    """

    def __init__(self, take: Callable[[str, Any], None]) -> None:
        """`take(type, data)` deals with one piece; what it raises is logged."""
        self._take: Final = take
        self._pieces: deque[Piece] = deque()
        self._at_work = Lock()

    def put(self, type: str, data: Any) -> None:
        """Deal with a piece as soon as it is its turn."""
        self._pieces.append((type, data))
        self._work()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Be the one at work, and then deal with what has come meanwhile."""
        try:
            with self._at_work:
                yield
        finally:
            self._work()

    def _work(self) -> None:
        # Somebody may leave a piece just before the lock is free: look again after it is.
        while self._pieces:
            if not self._at_work.acquire(blocking=False):
                return
            try:
                while self._pieces:
                    self._one(*self._pieces.popleft())
            finally:
                self._at_work.release()

    def _one(self, type: str, data: Any) -> None:
        try:
            self._take(type, data)
        except Exception as failed:
            # An outermost loop: what fails for one client must not reach whoever published it.
            if trouble.refusal(failed) is None:
                log.exception("a message could not be told", type=type)
