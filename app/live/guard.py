"""What comes before any request: Engine.IO's packets, counted and read before they count.

python-socketio takes whatever it is sent: binary attachments without end, events that bear the
names of its own callbacks, a traceback for every packet that is none. Here only whole text
packets of the one namespace get in, and each of them is paid for.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, Final

import socketio
import structlog
from engineio.exceptions import EngineIOError, SocketIsClosedError
from engineio.packet import CLOSE
from engineio.packet import Packet as Frame
from engineio.socket import Socket
from socketio.packet import ACK, BINARY_ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from app.live.commands import error_reply
from app.live.flood import TokenBucket
from app.live.names import NAMESPACE
from app.live.partings import show_out
from app.services.errors import ServiceError

log = structlog.get_logger(__name__)

BACK_TO_BACK: Final = 0.001  # seconds between an answer and a packet that did not wait for it
_BINARY: Final = (str(BINARY_EVENT), str(BINARY_ACK))
_FLOOD: Final = ServiceError("flood", "Too many messages.")

Request = Callable[..., dict[str, Any]]


class Guard:
    """The way in for the clients of one Socket.IO server, once `stand` has been called.

    `request(event, sid, *args)` answers an event; what it returns is the acknowledgement.
    """

    def __init__(
        self, server: socketio.Server, request: Request, *, rate: int, burst: int, most: int
    ) -> None:
        """`rate` packets a second and `burst` at once from a client; `most` clients."""
        self._server = server
        self._request = request
        self._rate = rate
        self._burst = burst
        self._most = most

    def stand(self) -> None:
        """Take Engine.IO's events before the Socket.IO server does."""
        self._server.eio.on("connect", self._arrive)
        self._server.eio.on("message", self._message)

    def flood(self, eio_sid: str) -> None:
        """Show out a client that says too much."""
        log.warning("browser floods, cut", connection=eio_sid)
        self._refuse(eio_sid, _FLOOD)
        show_out(self._server, eio_sid)

    def _arrive(self, eio_sid: str, environ: dict[str, Any]) -> str | None:
        """Let a client in; what is returned is why not."""
        transports = self._server.eio.sockets
        if len(transports) > self._most and self._is_full():
            log.warning("the house is full: a browser refused", most=self._most)
            return "The house is full."
        MeteredSocket.adopt(transports[eio_sid], self, TokenBucket(self._rate, self._burst))
        self._server._handle_eio_connect(eio_sid, environ)
        return None

    def _is_full(self) -> bool:
        # Those that are closed stay listed for a while.
        transports = list(self._server.eio.sockets.values())
        return sum(not transport.closed for transport in transports) > self._most

    def _message(self, eio_sid: str, data: Any) -> None:
        try:
            packet = self._read(data)
        except ServiceError as refusal:
            log.info("browser's packet refused", connection=eio_sid, code=refusal.code)
            self._refuse(eio_sid, refusal)
            return
        if packet.packet_type == EVENT:
            self._event(eio_sid, packet)
        elif packet.packet_type == CONNECT:
            self._server._handle_connect(eio_sid, packet.namespace, packet.data)
        else:
            # There is one namespace: who leaves it has left. Coming back costs a new transport.
            self._server._handle_disconnect(eio_sid, packet.namespace)
            show_out(self._server, eio_sid)

    def _read(self, data: Any) -> Packet:
        """The packet in a message. Raises `binary`, `bad_json` and `malformed`."""
        if isinstance(data, bytes) or (isinstance(data, str) and data.startswith(_BINARY)):
            raise ServiceError("binary", "Send text, not binary data.")
        if not isinstance(data, str) or not data:
            raise ServiceError("bad_json", "That is not a Socket.IO packet.")
        try:
            packet = self._server.packet_class(encoded_packet=data)
        except ValueError:
            raise ServiceError("bad_json", "That is not a Socket.IO packet.") from None
        kind, body = packet.packet_type, packet.data
        if kind not in (EVENT, CONNECT, DISCONNECT):
            raise ServiceError("malformed", "Events are taken here, and nothing else.")
        if kind != CONNECT and (packet.namespace or NAMESPACE) != NAMESPACE:
            raise ServiceError("malformed", f"The only namespace here is {NAMESPACE}.")
        if kind == EVENT and not (isinstance(body, list) and body and isinstance(body[0], str)):
            raise ServiceError("malformed", "An event is a list that begins with its name.")
        return packet

    def _event(self, eio_sid: str, packet: Packet) -> None:
        manager = self._server.manager
        sid = manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if not manager.is_connected(sid, NAMESPACE):
            return
        event, *args = packet.data
        ack = self._request(event, sid, *args)
        if packet.id is not None:
            answer = self._server.packet_class(ACK, [ack], NAMESPACE, packet.id, binary=False)
            self._server._send_packet(eio_sid, answer)

    def _refuse(self, eio_sid: str, refusal: ServiceError) -> None:
        """Tell a client what was wrong; one that has not said hello yet is shown out."""
        sid = self._server.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if sid is None:
            show_out(self._server, eio_sid)
            return
        type, data = error_reply(refusal, None)
        envelope = {"type": type, "data": data}
        self._server.emit(type, envelope, room=sid, namespace=NAMESPACE, ignore_queue=True)


class MeteredSocket(Socket):
    """An Engine.IO connection whose every packet is paid for, and that ends when it is broken."""

    _guard: Guard
    _bucket: TokenBucket
    _answered_at: float
    _ws: Any

    @classmethod
    def adopt(cls, transport: Socket, guard: Guard, bucket: TokenBucket) -> None:
        """Make this of a connection: Engine.IO cannot be told which class of them to use."""
        transport.__class__ = cls
        transport._guard = guard
        transport._bucket = bucket
        transport._answered_at = 0.0
        transport._ws = None

    def receive(self, pkt: Any) -> None:
        """Handle a packet. One that does not come in time for its bucket is the last."""
        if self.closing or self.closed:
            return
        if not self._bucket.take():
            self._guard.flood(self.sid)
            return
        if monotonic() - self._answered_at < BACK_TO_BACK:
            # A client with its next packet always ready would never let anyone else in.
            self.server.sleep(0)
        try:
            super().receive(pkt)
        finally:
            self._answered_at = monotonic()

    def handle_post_request(self, environ: dict[str, Any]) -> None:
        """Handle packets that come by plain HTTP. Raises EngineIOError for what is none."""
        try:
            super().handle_post_request(environ)
        except (EngineIOError, ValueError, KeyError) as error:
            self._break_off(error)
            raise EngineIOError from None

    def go_away(self, code: int) -> None:
        """Close with this code, as one that stops: the client comes back by itself."""
        if self._ws is not None:
            self._ws.close = partial(_close, self._ws, code)  # what Engine.IO will call at the end
        with contextlib.suppress(SocketIsClosedError):
            self.send(Frame(CLOSE))
            self.queue.put(None)

    def _websocket_handler(self, ws: Any) -> list[bytes]:
        self._ws = ws
        try:
            return super()._websocket_handler(ws)
        except ValueError as error:
            self._break_off(error)
            return []

    def _break_off(self, error: Exception) -> None:
        log.info("browser broke the framing", connection=self.sid, error=str(error))
        self.close(wait=False, abort=True)


def go_away(server: socketio.Server, code: int, *, polls: bool = False) -> None:
    """Say goodbye to every client of a server that stops; or to those only that `polls` answer."""
    for transport in list(server.eio.sockets.values()):
        if isinstance(transport, MeteredSocket) and not (polls and transport.upgraded):
            transport.go_away(code)


def _close(ws: Any, code: int) -> None:
    """Close a WebSocket with a code: eventlet's own, or simple-websocket's under its wrapper."""
    inner = getattr(ws, "ws", None)
    if inner is None:
        type(ws).close(ws, (code, b""))
    elif inner.connected:
        inner.close(code)
