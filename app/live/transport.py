"""Engine.IO's connections: plain requests as the library has them, WebSockets as the house does.

The library reads a WebSocket's frames byte by byte, and hands every packet to be sent to a thread
of the connection's own. Here an upgrade gets the same loop as the raw protocols (the front door
leaves it under SERVE_KEY in the environ): what is to be sent is written at once, what is not read
is bounded, floods and silence end it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol

import socketio
import structlog
from engineio.exceptions import EngineIOError, SocketIsClosedError, UnknownPacketError
from engineio.packet import CLOSE, MESSAGE, NOOP, PING, PONG, UPGRADE
from engineio.packet import Packet as Frame
from engineio.socket import Socket

from app.live.flood import TokenBucket
from app.live.packets import frame_of
from app.services.errors import ServiceError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = structlog.get_logger(__name__)

# `environ[SERVE_KEY](environ, start_response, open)` makes the request a WebSocket and returns once
# that is over; `open(line)` gives it its handler.
SERVE_KEY: Final = "parlour.serve"
BACK_TO_BACK: Final = 0.001  # seconds between an answer and a packet that did not wait for it
_PROBE: Final = "probe"


class Line(Protocol):
    """A WebSocket, as the front door gives it."""

    def send(self, frame: bytes) -> None:
        """Write a frame, now or as soon as the client reads. Never waits."""

    def signed_in(self) -> None:
        """Nothing more is expected of the client: it may be silent."""

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Start the closing handshake."""


class Reception(Protocol):
    """What becomes of an Engine.IO connection's messages."""

    def take(self, eio_sid: str, message: str | bytes) -> None:
        """Handle a message."""

    def refuse(self, eio_sid: str, refusal: ServiceError) -> None:
        """Say that a message was not taken."""

    def flood(self, eio_sid: str) -> None:
        """Show a client out that says too much."""


class MeteredSocket(Socket):
    """An Engine.IO connection whose every packet is paid for, and that ends when it is broken."""

    _reception: Reception
    _bucket: TokenBucket
    _answered_at: float
    _line: Line | None
    _direct: bool

    @classmethod
    def adopt(
        cls, transport: Socket, reception: Reception, bucket: TokenBucket, *, direct: bool
    ) -> None:
        """Make this of a connection: Engine.IO cannot be told which class of them to use.

        `direct`: it begins as a WebSocket.
        """
        transport.__class__ = cls
        transport._reception = reception
        transport._bucket = bucket
        transport._answered_at = 0.0
        transport._line = None
        transport._direct = direct

    def send(self, pkt: Frame) -> None:
        """Send a packet: at once, or with the next plain request. Raises SocketIsClosedError."""
        if self._line is None:
            super().send(pkt)
        elif self.closed:
            raise SocketIsClosedError
        else:
            self._line.send(frame_of(pkt))

    def receive(self, pkt: Frame) -> None:
        """Handle a packet that came by plain HTTP. One that its bucket has no more room for is
        the last.
        """
        if self.closing or self.closed:
            return
        if not self._bucket.take():
            self._reception.flood(self.sid)
            return
        if monotonic() - self._answered_at < BACK_TO_BACK:
            # A client with its next packet always ready would never let anyone else in.
            self.server.sleep(0)
        try:
            super().receive(pkt)
        finally:
            self._answered_at = monotonic()

    def handle_post_request(self, environ: WSGIEnvironment) -> None:
        """Handle packets that come by plain HTTP. Raises EngineIOError for what is none."""
        try:
            super().handle_post_request(environ)
        except (EngineIOError, ValueError, KeyError) as error:
            self._break_off(error)
            raise EngineIOError from None

    def schedule_ping(self) -> None:
        """Ping by and by, where the front door does not do so."""
        if self._direct or self._line is not None:
            self.last_ping = None
        else:
            super().schedule_ping()

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:
        """End the connection; `abort`: without Engine.IO's own goodbye."""
        line = self._line
        super().close(wait and line is None, abort, reason)
        if line is not None:
            line.close()
        else:
            # Engine.IO fails on a request for a session that is closed and listed still.
            self.server.sockets.pop(self.sid, None)

    def go_away(self, code: int) -> None:
        """Close with this code, as one that stops: the client comes back by itself."""
        with contextlib.suppress(SocketIsClosedError):
            self.send(Frame(CLOSE))
            if self._line is None:
                self.queue.put(None)
            else:
                self._line.close(code)

    # On a WebSocket

    def _upgrade_websocket(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        if self.upgraded or self.upgrading:
            raise EngineIOError("there is a WebSocket already")
        try:
            return environ[SERVE_KEY](environ, start_response, partial(Conversation, self))
        finally:
            if self._direct and self._line is None:  # it never came to be
                self.close(wait=False, abort=True)

    def begin(self, line: Line) -> None:
        """From now on all goes over a WebSocket, first what has been waiting."""
        self.connected = self.upgraded = True
        self.upgrading = False
        self.last_ping = None
        self._line = line
        while not self.queue.empty():
            packet = self.queue.get(block=False)
            if packet is not None and packet.packet_type != NOOP:
                line.send(frame_of(packet))

    def hear(self, text: str) -> None:
        """Handle a packet that came over the WebSocket."""
        if self.closing or self.closed:
            return
        if text[:1] == str(MESSAGE):
            self._reception.take(self.sid, text[1:])
            return
        try:
            packet = Frame(encoded_packet=text)
        except ValueError as error:
            self._break_off(error)
            return
        if packet.packet_type == MESSAGE:
            self._reception.take(self.sid, packet.data)
            return
        with contextlib.suppress(UnknownPacketError):
            super().receive(packet)

    def refuse(self, code: str, msg: str) -> None:
        """Something that came over the WebSocket was not taken."""
        if code == "flood":
            self._reception.flood(self.sid)
        elif code == "internal":  # in coming or going: it must begin anew
            self.close(wait=False, abort=True)
        else:
            self._reception.refuse(self.sid, ServiceError(code, msg))

    def hung_up(self, line: Line) -> None:
        """The WebSocket is over, and with it the connection, if it was one by then."""
        if line is not self._line:
            self.upgrading = False
            return
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        self.server.sockets.pop(self.sid, None)

    def _break_off(self, error: Exception) -> None:
        log.info("browser broke the framing", connection=self.sid, error=str(error))
        self.close(wait=False, abort=True)


class Conversation:
    """Handles a WebSocket of Engine.IO, from the start or from the probe on that goes before."""

    __slots__ = ("_line", "_socket", "message")

    def __init__(self, socket: MeteredSocket, line: Line) -> None:
        self._socket = socket
        self._line = line
        line.signed_in()  # strangers look on for as long as they like
        self.message: Callable[[str], None]
        if socket.connected:
            socket.upgrading = True
            self.message = self._probed
        else:
            self.message = socket.hear
            socket.begin(line)

    def refuse(self, code: str, msg: str) -> None:
        """A message was not taken."""
        self._socket.refuse(code, msg)

    def closed(self) -> None:
        """The WebSocket is over."""
        self._socket.hung_up(self._line)

    def _probed(self, text: str) -> None:
        if text != f"{PING}{_PROBE}":
            self._line.close(1002, "probe first")
            return
        self._line.send(frame_of(Frame(PONG, _PROBE)))
        self._socket.queue.put(Frame(NOOP))  # ends the request that is waiting
        self.message = self._upgraded

    def _upgraded(self, text: str) -> None:
        if text != str(UPGRADE) or self._socket.closed:
            self._line.close(1002, "upgrade first")
            return
        self.message = self._socket.hear
        self._socket.begin(self._line)


def go_away(server: socketio.Server, code: int, *, polls: bool = False) -> None:
    """Say goodbye to every client of a server that stops; or to those only that `polls` answer."""
    for transport in list(server.eio.sockets.values()):
        if isinstance(transport, MeteredSocket) and not (polls and transport.upgraded):
            transport.go_away(code)
