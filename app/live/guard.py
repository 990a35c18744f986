"""What comes before any request: Engine.IO's packets, counted and read before they count.

python-socketio takes whatever it is sent: binary attachments without end, events that bear the
names of its own callbacks, a traceback for every packet that is none. Here only whole text
packets of the one namespace get in, and each of them is paid for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import socketio
import structlog
from socketio.packet import BINARY_ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from app.live import packets
from app.live.commands import error_reply
from app.live.flood import TokenBucket
from app.live.names import NAMESPACE
from app.live.partings import show_out
from app.live.transport import SERVE_KEY, MeteredSocket
from app.services.errors import ServiceError

log = structlog.get_logger(__name__)

_BINARY: Final = (str(BINARY_EVENT), str(BINARY_ACK))
_NAMELESS: Final = "An event is a list that begins with its name."
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
        self._server.eio.on("message", self.take)

    def flood(self, eio_sid: str) -> None:
        """Show out a client that says too much."""
        log.warning("browser floods, cut", connection=eio_sid)
        self._tell(eio_sid, _FLOOD)
        show_out(self._server, eio_sid)

    def _arrive(self, eio_sid: str, environ: dict[str, Any]) -> str | None:
        """Let a client in; what is returned is why not."""
        transports = self._server.eio.sockets
        if len(transports) > self._most and self._is_full():
            log.warning("the house is full: a browser refused", most=self._most)
            return "The house is full."
        bucket = TokenBucket(self._rate, self._burst)
        MeteredSocket.adopt(transports[eio_sid], self, bucket, direct=SERVE_KEY in environ)
        self._server._handle_eio_connect(eio_sid, environ)
        return None

    def _is_full(self) -> bool:
        # Those that are closed stay listed for a while.
        transports = list(self._server.eio.sockets.values())
        return sum(not transport.closed for transport in transports) > self._most

    def take(self, eio_sid: str, message: Any) -> None:
        """Handle what Engine.IO has as a message."""
        try:
            event = self._read_event(message)
            if event is not None:
                self._event(eio_sid, *event)
            else:
                self._packet(eio_sid, self._read(message))
        except ServiceError as refusal:
            self.refuse(eio_sid, refusal)

    def refuse(self, eio_sid: str, refusal: ServiceError) -> None:
        """Tell a client what was wrong; one that has not said hello yet is shown out."""
        log.info("browser's packet refused", connection=eio_sid, code=refusal.code)
        self._tell(eio_sid, refusal)

    def _packet(self, eio_sid: str, packet: Packet) -> None:
        """Handle what is not as plain as nearly all is."""
        if packet.packet_type == EVENT:
            self._event(eio_sid, packet.id, packet.data)
        elif packet.packet_type == CONNECT:
            self._server._handle_connect(eio_sid, packet.namespace, packet.data)
        else:
            # There is one namespace: who leaves it has left. Coming back costs a new transport.
            self._server._handle_disconnect(eio_sid, packet.namespace)
            show_out(self._server, eio_sid)

    def _read_event(self, data: Any) -> tuple[int | None, list[Any]] | None:
        """What a plain event holds: see `packets.read_event`. Raises `bad_json`, `malformed`."""
        if not isinstance(data, str):
            return None
        try:
            event = packets.read_event(data)
        except ValueError:
            raise ServiceError("bad_json", "That is not a Socket.IO packet.") from None
        if event is not None and not _names_itself(event[1]):
            raise ServiceError("malformed", _NAMELESS)
        return event

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
        if kind == EVENT and not _names_itself(body):
            raise ServiceError("malformed", _NAMELESS)
        return packet

    def _event(self, eio_sid: str, number: int | None, body: list[Any]) -> None:
        manager = self._server.manager
        sid = manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if not manager.is_connected(sid, NAMESPACE):
            return
        event, *args = body
        ack = self._request(event, sid, *args)
        if number is not None:
            self._server._send_eio_packet(eio_sid, packets.acknowledgement(number, ack))

    def _tell(self, eio_sid: str, refusal: ServiceError) -> None:
        sid = self._server.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
        if sid is None:
            show_out(self._server, eio_sid)
            return
        type, data = error_reply(refusal, None)
        answer = packets.event(type, {"type": type, "data": data})
        self._server._send_eio_packet(eio_sid, answer)


def _names_itself(event: Any) -> bool:
    return isinstance(event, list) and bool(event) and isinstance(event[0], str)
