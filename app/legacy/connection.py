"""The raw-WebSocket connection loop, whatever protocol is spoken on it.

wsproto does the framing (RFC 6455), but for what is plainest (`app.legacy.framing`); here are the
limits and the end. One (green) thread a connection reads and handles; any thread may write
(`app.legacy.writing`). The website's connections are on this loop, too (`app.live.transport`).
"""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Callable
from math import inf
from time import monotonic
from typing import Any, Final, Protocol

from wsproto.connection import Connection as Framing
from wsproto.connection import ConnectionState
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason

from app.legacy.exchange import CLOSE_TIMEOUT, Exchange
from app.legacy.framing import Frames
from app.legacy.reading import receiving
from app.legacy.writing import Phase, Writer
from app.live.flood import TokenBucket
from app.live.frames import close_frame, pong_frame
from app.live.rooms import Wire
from app.services import trouble
from app.services.errors import ServiceError

log = logging.getLogger(__name__)

READ_BYTES: Final = 16 * 1024
MAX_UTF8_BYTES: Final = 4  # of one character
# What a peer may still send after our close frame, before it is cut without waiting longer.
FAREWELL_BYTES: Final = 256 * 1024


class Handler(Protocol):
    """One client's side of a protocol. Its methods are called one after another."""

    def message(self, text: str) -> None:
        """A whole text message has come. An exception is logged, and refused as `internal`."""

    def refuse(self, code: str, msg: str) -> None:
        """Tell the client, in the protocol's form, that what it sent was not taken."""

    def closed(self) -> None:
        """The connection is over, for whatever reason."""


class Connection(Writer):
    """A raw WebSocket, and a member of rooms. `address` is the client's, for limits and logs."""

    __slots__ = (
        "_bucket",
        "_farewell",
        "_frames",
        "_framing",
        "_handler",
        "_more",
        "_partial",
        "_pinged",
        "_recv",
        "_refusal",
        "_sign_in_by",
        "_size",
        "wire",
    )

    def __init__(
        self, sock: Any, framing: Framing, exchange: Exchange, wire: Wire, address: str = ""
    ) -> None:
        super().__init__(sock, exchange, address)
        self.wire = wire
        self._framing = framing
        self._frames = Frames(framing)
        self._recv: Callable[[int], bytes] = sock.recv
        self._farewell = FAREWELL_BYTES
        self._pinged = self._heard
        self._sign_in_by = self._heard + exchange.sign_in_timeout
        self._more = False
        self._bucket = TokenBucket(exchange.messages_per_second, exchange.message_burst)
        self._partial = ""
        self._size = 0
        self._refusal: tuple[str, str] | None = None
        self._handler: Handler | None = None

    # Keeping: from the sweeper

    def check(self, now: float) -> None:
        """Ping a silent peer, close on one that does not sign in, and cut one that is gone."""
        exchange = self._exchange
        if self._phase is Phase.OPEN:
            if now > self._sign_in_by:
                log.info("%s %s does not sign in: closed", self._exchange.client, self.address)
                self.close(CloseReason.POLICY_VIOLATION, "sign in")
            elif not exchange.ping_interval:
                return
            elif self._pinged > self._heard:
                if now - self._pinged > exchange.ping_timeout:
                    log.info("%s %s is silent: cut", self._exchange.client, self.address)
                    self.cut()
            elif now - self._quiet_since() >= exchange.ping_interval:
                self._pinged = now
                self.send(exchange.ping)
        elif self._phase is not Phase.OVER and now - self._closing_since > CLOSE_TIMEOUT:
            self.cut()

    def _quiet_since(self) -> float:
        return self._pinged if self._exchange.always_pings else self._heard

    # Reading: from the connection's own thread

    def signed_in(self) -> None:
        """The handler knows its client: from now on there is all the time in the world."""
        self._sign_in_by = inf

    def run(self, handler: Handler, early: bytes = b"") -> None:
        """Read until the connection is over. `early`: bytes that came with the handshake."""
        self._handler = handler
        self._exchange.add(self)
        self._recv, stop_watching = receiving(self._sock)
        try:
            data = early or self._read()
            while data and self._take(data):
                data = self._read()
        finally:
            stop_watching()
            with self._lock:
                self._phase = Phase.OVER
            self._exchange.remove(self)
            self._dismiss()
            self._stop_draining()

    def _read(self) -> bytes:
        try:
            return self._recv(READ_BYTES)
        except (OSError, EOFError):  # EOFError: eventlet's word for a socket closed under it
            return b""

    def _take(self, data: bytes) -> bool:
        """Handle what has come; False when nothing more is to be read."""
        self._heard = monotonic()
        if self._phase is not Phase.OPEN:
            self._farewell -= len(data)
            if self._farewell < 0:
                return False
            if self._phase is not Phase.CLOSING:
                return self._phase is Phase.FAILED
        self._more = False
        text = self._frames.message(data, self._exchange.max_frame_bytes)
        if text is None:
            return all(_EVENTS[type(event)](self, event) for event in self._frames.events(data))
        if self._phase is Phase.OPEN and self._afford() and self._phase is Phase.OPEN:
            self._hand_over(text, None)
        return True

    def _on_message(self, event: TextMessage | BytesMessage) -> bool:
        if self._phase is not Phase.OPEN or (event.frame_finished and not self._afford()):
            return True
        if self._refusal is None:
            self._gather(event)
        if event.message_finished:
            text, refusal = self._partial, self._refusal
            self._partial, self._size, self._refusal = "", 0, None
            if self._more:
                self._exchange.sleep(0)  # who sends many at once lets the others in between
            self._more = True
            if self._phase is Phase.OPEN:
                self._hand_over(text, refusal)
        return True

    def _hand_over(self, text: str, refusal: tuple[str, str] | None) -> None:
        assert self._handler is not None
        gate = self._exchange.gate
        if refusal is not None:
            who = self._exchange.client, self.address
            log.info("%s %s: message refused, %s", *who, refusal[0])
            self._guard(self._handler.refuse, *refusal)
        elif not gate.enter():
            self._guard(self._handler.refuse, "closing", "The house is closing just now.")
        else:
            try:
                failed = self._guard(self._handler.message, text)
            finally:
                gate.leave()
            if failed is not None:
                self._guard(self._handler.refuse, failed.code, failed.msg)

    def _gather(self, event: TextMessage | BytesMessage) -> None:
        """Add a piece to the message that is coming; a message refused keeps no pieces."""
        if isinstance(event, BytesMessage):
            self._refusal = ("binary", "Send text frames, not binary ones.")
            return
        piece, limit = event.data, self._exchange.max_frame_bytes
        whole = event.message_finished and not self._size
        if not whole or len(piece) * MAX_UTF8_BYTES > limit:
            self._size += len(piece.encode())
            if self._size > limit:
                self._partial = ""
                self._refusal = ("too_big", f"A message has at most {limit} bytes.")
                return
        self._partial += piece

    def _on_ping(self, event: Ping) -> bool:
        if self._afford():
            self.send(pong_frame(bytes(event.payload)))
        return True

    def _on_pong(self, event: Pong) -> bool:
        self._afford()
        return True

    def _on_close(self, event: CloseConnection) -> bool:
        if self._framing.state is ConnectionState.REMOTE_CLOSING:
            # The peer's close frame: ours goes back, unless theirs answers ours. By then the
            # house has forgotten the client, who may count on what happens next being kept.
            self._dismiss()
            code = CloseReason.NORMAL_CLOSURE if event.code == 1005 else event.code
            self._say_goodbye(close_frame(code), Phase.OVER)
            return False
        # wsproto reports a broken frame the same way, and reads no further.
        log.info("%s %s broke the framing: %s", self._exchange.client, self.address, event.reason)
        self._say_goodbye(close_frame(event.code, event.reason or ""), Phase.FAILED)
        with contextlib.suppress(OSError):
            # The peer sees the end of the stream and closes its side, which ends the reading.
            self._plain.shutdown(socket.SHUT_WR)
        return True

    def _dismiss(self) -> None:
        """Tell the handler, once, that its client is gone."""
        handler, self._handler = self._handler, None
        if handler is not None:
            self._guard(handler.closed)

    def _afford(self) -> bool:
        """Pay for a frame; whoever cannot is told once, and shown out."""
        if self._bucket.take():
            return True
        if self._phase is Phase.OPEN:
            log.warning("%s %s floods: closed", self._exchange.client, self.address)
            assert self._handler is not None
            self._guard(self._handler.refuse, "flood", "Too many messages at once.")
            self.close(CloseReason.POLICY_VIOLATION, "flood")
        return False

    def _guard(self, call: Callable[..., None], *args: str) -> ServiceError | None:
        """What to tell the client if a handler's method failed, which must not end the connection;
        None: it ran through.
        """
        try:
            call(*args)
        except Exception as failed:
            refusal = trouble.refusal(failed)
            if refusal is None:
                log.exception("%s %s: a request failed", self._exchange.client, self.address)
            return refusal or ServiceError("internal", "Something went wrong here.")
        return None


_EVENTS: Final[dict[type[Event], Callable[[Connection, Any], bool]]] = {
    TextMessage: Connection._on_message,
    BytesMessage: Connection._on_message,
    Ping: Connection._on_ping,
    Pong: Connection._on_pong,
    CloseConnection: Connection._on_close,
}
