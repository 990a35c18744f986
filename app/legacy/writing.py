"""What is written to a raw WebSocket, from any thread.

Every server frame is written whole: straight to the socket while that takes it, and else into a
bounded backlog that a temporary task drains, so that a slow client neither holds up the others nor
costs memory without end.
"""

from __future__ import annotations

import contextlib
import logging
import socket
from _thread import RLock  # as in app.live.gate
from collections.abc import Callable
from enum import Enum, auto
from time import monotonic
from typing import Any, Final

from app.legacy.exchange import Exchange
from app.live.frames import close_frame
from app.live.rooms import Version

log = logging.getLogger(__name__)

DRAIN_BYTES: Final = 64 * 1024
DRAIN_CHECKS: Final = 100
NOTHING: Final[Version] = ("", -1)  # of no match


class Phase(Enum):
    """How far a connection has come."""

    OPEN = auto()
    CLOSING = auto()  # our close frame is out, the peer's is awaited
    FAILED = auto()  # the peer broke the framing: nothing it sends can be read any more
    OVER = auto()


class Writer:
    """The writing half of a connection. `address` is the client's, for logs."""

    __slots__ = (
        "_backlog",
        "_closing_since",
        "_exchange",
        "_heard",
        "_held",
        "_knows",
        "_lock",
        "_phase",
        "_plain",
        "_sock",
        "address",
    )

    def __init__(self, sock: Any, exchange: Exchange, address: str) -> None:
        self.address = address
        self._exchange = exchange
        self._sock = sock
        # eventlet's GreenSocket keeps the real one in `fd`: a send on that never switches threads.
        self._plain: socket.socket = getattr(sock, "fd", sock)
        self._lock = RLock()  # nothing waits under it
        self._phase = Phase.OPEN
        self._closing_since = 0.0
        self._heard = monotonic()  # when the client last gave a sign of life
        self._held: list[tuple[bytes, Version | None]] | None = None
        self._knows = NOTHING
        self._backlog: bytearray | None = None

    def send(self, frame: bytes) -> None:
        """Write a frame now, or as soon as the client reads. Never waits, never raises."""
        with self._lock:
            then = self._write(frame)
        if then is not None:
            then()

    def deliver(self, frame: bytes, of: Version | None = None) -> None:
        """Write a frame that came through a room: after what `hold` keeps back, if anything.

        Nothing is written of a version that the client knows, see `knows`.
        """
        with self._lock:
            if self._held is not None:
                self._held.append((frame, of))
                return
            then = None if of is not None and self._is_old(of) else self._write(frame)
        if then is not None:
            then()

    def knows(self, of: Version) -> None:
        """The client is told how a match stands in a version: what led there is no news to it."""
        with self._lock:
            self._knows = of

    def hold(self) -> None:
        """Keep back what comes through rooms until `release`; what is sent directly goes out."""
        with self._lock:
            self._held = []

    def release(self) -> None:
        """Write what was kept back, in its order, and from now on everything at once."""
        with self._lock:
            held, self._held = self._held or (), None
            news = b"".join(frame for frame, of in held if of is None or not self._is_old(of))
            then = self._write(news) if news else None
        if then is not None:
            then()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake; what has been sent before still arrives."""
        self._say_goodbye(close_frame(code, reason), Phase.CLOSING)

    def cut(self) -> None:
        """End the connection without ceremony. The reading thread wakes and finds it over."""
        with self._lock:
            self._phase = Phase.OVER
        with contextlib.suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)

    def _is_old(self, of: Version) -> bool:
        return of[0] == self._knows[0] and of[1] <= self._knows[1]

    def _write(self, data: bytes) -> Callable[[], Any] | None:
        """Under the lock: write or queue `data`. What is left to do once the lock is free."""
        if self._phase is not Phase.OPEN:
            return None
        rest: bytes | memoryview = data
        if self._backlog is None:
            try:
                sent = self._plain.send(data, socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                sent = 0
            except OSError:
                return self.cut
            if sent == len(data):
                return None
            rest = memoryview(data)[sent:]
        if len(self._backlog or b"") + len(rest) > self._exchange.outbox_bytes:
            return self._overflow
        if self._backlog is None:
            self._backlog = bytearray(rest)
            return self._start_draining
        self._backlog += rest
        return None

    def _overflow(self) -> None:
        log.warning("%s %s is too slow: cut", self._exchange.client, self.address)
        self.cut()

    def _start_draining(self) -> None:
        self._exchange.spawn(self._drain)

    def _drain(self) -> None:
        """Write the backlog at the client's own speed, then end: the task of a slow client."""
        while True:
            with self._lock:
                if not self._backlog or self._phase is Phase.OVER:
                    self._backlog = None
                    return
                chunk = bytes(self._backlog[:DRAIN_BYTES])
            try:
                sent = self._sock.send(chunk)
            except (OSError, EOFError):
                self.cut()
                continue
            with self._lock:
                del self._backlog[:sent]
                self._heard = monotonic()  # it reads: a ping would only wait behind the rest

    def _stop_draining(self) -> None:
        """Let the task of a slow client end before its socket is closed under it."""
        if self._backlog is not None:
            self.cut()
        for _ in range(DRAIN_CHECKS):
            if self._backlog is None:
                return
            self._exchange.sleep(0.01)

    def _say_goodbye(self, frame: bytes, phase: Phase) -> None:
        with self._lock:
            if self._phase is not Phase.OPEN:
                return
            then = self._write(frame)
            self._phase = phase
            self._closing_since = monotonic()
        if then is not None:
            then()
