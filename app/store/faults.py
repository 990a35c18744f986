"""What can be wrong with the database itself, told apart by what its host can do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import exc

ERRORS: Final = (exc.DBAPIError, exc.TimeoutError, sqlite3.Error)
"""What a statement, or its transaction, may fail with: `fault_of` says whether it is one of these.

sqlite3's own come where BEGIN is said straight to the driver.
"""


class Fault(Enum):
    """What is wrong. Nothing of the transaction that met it was kept."""

    FULL = "full"  # no room on the disk
    READ_ONLY = "read-only"
    DAMAGED = "damaged"  # the file is not what the database wrote
    DISK = "disk"  # the disk fails to read or to write
    BUSY = "busy"  # others hold what is needed, for too long
    AWAY = "away"  # the server cannot be reached, or has hung up


# The primary codes of https://sqlite.org/rescode.html.
_SQLITE: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: Fault.FULL,
        sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
        sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
        sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
        sqlite3.SQLITE_IOERR: Fault.DISK,
        sqlite3.SQLITE_CANTOPEN: Fault.DISK,
        sqlite3.SQLITE_BUSY: Fault.BUSY,
        sqlite3.SQLITE_LOCKED: Fault.BUSY,
    }
)

# SQLSTATEs of PostgreSQL, whole or by their class:
# https://www.postgresql.org/docs/current/errcodes-appendix.html.
_STATES: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "53100": Fault.FULL,
        "25006": Fault.READ_ONLY,
        "XX001": Fault.DAMAGED,
        "XX002": Fault.DAMAGED,
        "58": Fault.DISK,
        "40": Fault.BUSY,
        "53": Fault.BUSY,
        "55": Fault.BUSY,
        "57": Fault.AWAY,
        "08": Fault.AWAY,
    }
)


def fault_of(error: BaseException) -> Fault | None:
    """The fault that this error tells of; None for every other error, a broken rule for one."""
    if isinstance(error, exc.TimeoutError):
        return Fault.BUSY
    cause: Any = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)  # none where Python itself complains
        return None if code is None else _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        return _STATES.get(state) or _STATES.get(state[:2])
    # Whoever could not reach the server has no state from it.
    if isinstance(error, exc.OperationalError):
        return Fault.AWAY
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return Fault.AWAY
    return None
