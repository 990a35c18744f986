"""Where to compute what would hold up the server's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.services.house import call_here

THREADS = 2


def offloader(async_mode: str) -> Callable[..., Any]:
    """A caller for functions that take long and release the interpreter lock (argon2 does).

    Under green threads they go to eventlet's pool of real ones; where threads are real already,
    there is nothing to hold up.
    """
    if async_mode != "eventlet":
        return call_here
    from eventlet import tpool

    # Each thread keeps what argon2 once took (19 MiB); twenty of them would fill a small server.
    tpool.set_num_threads(THREADS)
    execute: Callable[..., Any] = tpool.execute
    return execute
