"""From an HTTP request to a WebSocket, and back to a server that has nothing left to answer.

WSGI knows no WebSockets: each server hands its socket over in its own way, and is told in its
own way that the request has been dealt with. eventlet's and Werkzeug's are known here.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import h11
from wsproto.connection import Connection as Framing
from wsproto.connection import ConnectionType
from wsproto.events import AcceptConnection, RejectConnection
from wsproto.handshake import H11Handshake
from wsproto.utilities import ProtocolError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HEADERS: Final = {
    b"connection": "HTTP_CONNECTION",
    b"upgrade": "HTTP_UPGRADE",
    b"sec-websocket-key": "HTTP_SEC_WEBSOCKET_KEY",
    b"sec-websocket-version": "HTTP_SEC_WEBSOCKET_VERSION",
    b"sec-websocket-protocol": "HTTP_SEC_WEBSOCKET_PROTOCOL",
}
_VERSION: Final = "13"
# Where the server leaves a way to take an HTTP connection away from it: see `app.edge`.
DETACH_KEY: Final = "parlour.detach"
# The server goes on using these keys of its environ after the application has returned.
_SERVERS_OWN: Final = ("eventlet.posthooks",)


class BadHandshake(Exception):
    """A request that does not become a WebSocket: `status` says why in HTTP, `text` in English."""

    def __init__(self, status: str, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = headers


class Opened(NamedTuple):
    """A WebSocket just opened: its socket, its framing, and what the client has sent already."""

    sock: Any
    framing: Framing
    early: bytes


def wants_websocket(environ: WSGIEnvironment) -> bool:
    """Whether this request asks to become a WebSocket."""
    tokens = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return (
        environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in map(str.strip, tokens)
    )  # fmt: skip


def offered_subprotocols(environ: WSGIEnvironment) -> list[str]:
    """The subprotocols the client offers, in its order of preference."""
    offer = environ.get("HTTP_SEC_WEBSOCKET_PROTOCOL", "")
    return [name.strip() for name in offer.split(",") if name.strip()]


def socket_of(environ: WSGIEnvironment) -> Any:
    """The socket a request came on, or None under a server that does not hand it over."""
    if "eventlet.input" in environ:
        return environ["eventlet.input"].get_socket()
    return environ.get("werkzeug.socket")


def open_websocket(environ: WSGIEnvironment, subprotocol: str | None) -> Opened:
    """Answer 101 and take the socket over; `subprotocol` is the one selected, and echoed.

    Raises BadHandshake for a request that RFC 6455, section 4.2.1 does not allow, and OSError
    when the client has gone.
    """
    sock = socket_of(environ)
    if sock is None:
        raise BadHandshake("501 Not Implemented", "This server cannot open WebSockets.")
    if environ.get("REQUEST_METHOD") != "GET":
        raise BadHandshake("400 Bad Request", "A WebSocket is opened with GET.")
    answer, framing = _accept(environ, subprotocol)
    green = environ.get("eventlet.input")
    # The server may have read beyond the request's head; the socket must not block just now.
    sock.settimeout(0)
    early = (green.rfile if green else environ["wsgi.input"]).read1() or b""
    sock.settimeout(None)
    sock.sendall(answer)
    if green:
        environ["eventlet.set_idle"]()
    return Opened(sock, framing, early)


def forget_request(environ: WSGIEnvironment) -> None:
    """Let go of the request, which the server would keep for as long as the connection lives."""
    kept = {key: environ[key] for key in _SERVERS_OWN if key in environ}
    environ.clear()
    environ.update(kept)


def ender(environ: WSGIEnvironment) -> Callable[[Any], list[bytes]]:
    """How to end a WebSocket request under its server, given the socket: see `forget_request`."""
    return _end_eventlet if "eventlet.input" in environ else _end_werkzeug


def refuse(
    start_response: StartResponse,
    status: str,
    text: str,
    headers: tuple[tuple[str, str], ...] = (),
) -> list[bytes]:
    """A plain-text answer to a request that does not become a WebSocket."""
    body = f"{text}\n".encode()
    start_response(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            *headers,
        ],
    )
    return [body]


def _accept(environ: WSGIEnvironment, subprotocol: str | None) -> tuple[bytes, Framing]:
    # wsproto checks the headers by itself; the host has been dealt with at the door.
    headers = [
        (name, environ[key].encode("latin-1")) for name, key in _HEADERS.items() if key in environ
    ]
    handshake = H11Handshake(ConnectionType.SERVER)
    try:
        handshake.initiate_upgrade_connection([(b"host", b"parlour"), *headers], "/")
        answer = handshake.send(AcceptConnection(subprotocol=subprotocol))
    except (ProtocolError, h11.ProtocolError, UnicodeError) as error:
        hint = getattr(error, "event_hint", None)
        if isinstance(hint, RejectConnection) and hint.status_code == 426:
            raise BadHandshake(
                "426 Upgrade Required",
                "WebSocket version 13 is spoken here.",
                (("Sec-WebSocket-Version", _VERSION),),
            ) from None
        raise BadHandshake("400 Bad Request", f"Not a WebSocket handshake: {error}.") from None
    assert handshake.connection is not None
    return answer, handshake.connection


def _end_eventlet(sock: Any) -> list[bytes]:
    from eventlet.wsgi import WSGI_LOCAL

    WSGI_LOCAL.already_handled = True  # no response follows: the server closes the socket
    return []


def _end_werkzeug(sock: Any) -> list[bytes]:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
    raise ConnectionError("the WebSocket is closed")  # which the server takes without a word
