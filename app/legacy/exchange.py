"""All raw connections of this process: the settings they share, and the pings that keep them."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from app.live.frames import PING

if TYPE_CHECKING:
    from app.legacy.connection import Connection
    from app.live.gate import Gate
    from config import Config

CLOSE_TIMEOUT: Final = 5.0  # seconds a peer has to answer a close frame
SWEEPS_A_PERIOD: Final = 4  # how finely the sweeper resolves the shortest period
SLOWEST_SWEEP: Final = 5.0  # seconds


class Exchange:
    """The open connections, and one sweeper for all of them instead of a timer each.

    `spawn(function, *args)` starts a background task and `sleep(seconds)` waits inside one, both
    of the async engine in use. The sweeper runs only while there are connections. `client` is what
    those at the other end are called in the log; silent ones are sent the frame `ping`, and where
    their protocol wants it (`always_pings`) the others are, too.
    """

    def __init__(
        self,
        config: Config,
        gate: Gate,
        *,
        spawn: Callable[..., Any],
        sleep: Callable[[float], Any],
        client: str = "raw client",
        ping: bytes = PING,
        always_pings: bool = False,
    ) -> None:
        self.gate = gate
        self.client = client
        self.ping = ping
        self.always_pings = always_pings
        self.max_frame_bytes = config.MAX_FRAME_BYTES
        self.messages_per_second = config.MESSAGES_PER_SECOND
        self.message_burst = config.MESSAGE_BURST
        self.outbox_bytes = config.OUTBOX_BYTES
        self.ping_interval = config.PING_INTERVAL
        self.ping_timeout = config.PING_TIMEOUT
        self.sign_in_timeout = config.SIGN_IN_TIMEOUT or inf
        self.spawn = spawn
        self.sleep = sleep
        periods = (p for p in (self.ping_interval, self.ping_timeout, self.sign_in_timeout) if p)
        self._pause = min(min(periods, default=SLOWEST_SWEEP) / SWEEPS_A_PERIOD, SLOWEST_SWEEP)
        self._open: set[Connection] = set()
        self._sweeping = False
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: Connection) -> None:
        """Keep an eye on this connection."""
        with self._lock:
            self._open.add(connection)
            start, self._sweeping = not self._sweeping, True
        if start:
            self.spawn(self._sweep_on)

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is over."""
        with self._lock:
            self._open.discard(connection)

    def close_all(self, code: int = 1001, reason: str = "going away") -> None:
        """Say goodbye on every connection, as when the server stops."""
        self.close_from(lambda _: True, code, reason)

    def close_from(self, is_banned: Callable[[str], bool], code: int, reason: str) -> None:
        """Say goodbye on the connections from such addresses."""
        with self._lock:
            everyone = list(self._open)
        for connection in everyone:
            if is_banned(connection.address):
                connection.close(code, reason)

    def sweep(self, now: float) -> None:
        """Ping who has been silent for long, end what has waited in vain. `now`: monotonic s."""
        with self._lock:
            everyone = list(self._open)
        for connection in everyone:
            connection.check(now)

    def _sweep_on(self) -> None:
        while True:
            self.sleep(self._pause)
            with self._lock:
                if not self._open:
                    self._sweeping = False
                    return
            self.sweep(monotonic())
