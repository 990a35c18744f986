"""psycopg's connection, with an end to its waiting."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus

ANSWER_SECONDS: Final = 25.0  # more than the server gives itself: see `app.store.patience`


class Bounded(psycopg.Connection[Any]):
    """A connection that is closed when the server owes an answer for too long.

    It has stopped, or its disk has: all the worker would wait with us, for as long as that takes.
    Once closed, the others in the pool are given up, too, and who comes next is let wait for a new
    one, and the worker goes on.
    """

    answer_seconds: float | None = ANSWER_SECONDS

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, timeout or self.answer_seconds)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
                raise psycopg.OperationalError("the server does not answer") from None
            raise
