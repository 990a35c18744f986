"""Where to compute what would hold up the server's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.services.house import call_here


def offloader(async_mode: str) -> Callable[..., Any]:
    """A caller for functions that take long and release the interpreter lock (argon2 does).

    Under green threads they go to eventlet's pool of real ones; where threads are real already,
    there is nothing to hold up.
    """
    if async_mode != "eventlet":
        return call_here
    from eventlet import tpool

    execute: Callable[..., Any] = tpool.execute
    return execute
