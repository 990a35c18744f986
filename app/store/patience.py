"""How long is waited for PostgreSQL: a worker stands still while a statement runs.

The driver waits for an answer without letting other green threads go on, and that is wanted:
nothing yields between BEGIN and COMMIT. So no wait may be without an end. It does let them go on
while it connects, which is before a transaction begins.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Engine, event, make_url, text

from app.store.base import BUSY_TIMEOUT_MS

# Kept by the server, milliseconds: how long a statement may take, and wait for what another
# transaction holds; and for how long a worker that has vanished in mid-transaction (its machine is
# gone, its network cut) may hold what the others want.
SESSION: Final[Mapping[str, int]] = MappingProxyType(
    {
        "statement_timeout": 20_000,
        "lock_timeout": BUSY_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": 30_000,
    }
)
# Kept here, and by the kernel: a server that does not let us in, or whose machine does not answer.
CONNECTION: Final[Mapping[str, int]] = MappingProxyType(
    {
        "connect_timeout": 5,
        "tcp_user_timeout": 15_000,  # milliseconds
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
    }
)


def connect_args(url: str) -> dict[str, Any]:
    """What the driver is told at each connection; whatever `DATABASE_URL` says itself stands."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return {}
    options = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    ours = {**CONNECTION, "options": options}
    return {name: value for name, value in ours.items() if name not in parsed.query}


def bound(engine: Engine) -> None:
    """Have an engine's connections to PostgreSQL give a server up that hangs."""
    if engine.dialect.name != "postgresql":
        return
    from app.store.postgres import Bounded  # the driver: of no use to a house on SQLite

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, named: Any) -> Bounded:
        return Bounded.connect(*args, **named)


def wait_long(connection: Connection) -> None:
    """Wait in the present transaction, and on this connection, however long it takes."""
    if connection.dialect.name == "postgresql":
        for limit in SESSION:
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        connection.connection.driver_connection.answer_seconds = None  # type: ignore[union-attr]
