"""The front door, before everything else that speaks WSGI.

WebSocket upgrades get what green servers leave undone (`TCP_NODELAY`: their small writes would
wait 40 ms for the peer's delayed acknowledgement; no compression: it costs 100 KiB a
connection), and those of old clients go to the raw connection loop without ever seeing Flask.
Whoever is banned gets no further than here, whatever they ask for; nor does anybody once the
worker is about to stop.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from werkzeug.wsgi import ClosingIterator

from app.legacy import PROTOCOLS, Protocol
from app.legacy.commands.websocket import Mute
from app.legacy.connection import Connection, Handler
from app.legacy.exchange import Exchange
from app.legacy.handshake import (
    DETACH_KEY,
    BadHandshake,
    ender,
    forget_request,
    offered_subprotocols,
    open_websocket,
    refuse,
    socket_of,
    wants_websocket,
)
from app.legacy.registry import Means, choose
from app.live.frames import text_frame
from app.live.gate import Gate
from app.live.partings import SOCKET_KEY
from app.live.transport import SERVE_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from config import Config

log = logging.getLogger(__name__)

LAST_KEY: Final = "parlour.last"  # in the environ: the connection ends with this answer
_API: Final = "/api/"
_CLOSING: Final = (
    "503 Service Unavailable",
    "The house is closing just now. Try again in a moment.",
    (("Retry-After", "5"),),
)
_DEFAULT_PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}


class Edge:
    """A WSGI application around another one, `wsgi_app`, that lets WebSockets in.

    `spawn(function, *args)` and `sleep(seconds)` are the async engine's, for the raw connections'
    background tasks. `bar(address)` is what whoever must stay out is told, None for all others.
    `gate` counts the plain requests in hand and the messages of raw clients. Put it outermost but
    for what corrects the client's address.
    """

    def __init__(
        self,
        wsgi_app: WSGIApplication,
        means: Means,
        config: Config,
        *,
        spawn: Callable[..., Any],
        sleep: Callable[[float], Any],
        protocols: Sequence[Protocol] = PROTOCOLS,
        bar: Callable[[str], str | None] = lambda _: None,
        gate: Gate | None = None,
    ) -> None:
        self.gate = gate or Gate()
        self.exchange = Exchange(config, self.gate, spawn=spawn, sleep=sleep)
        # Browsers' requests enter the gate where they are answered, with an acknowledgement: what
        # else Engine.IO's connections carry enters one that is never shut.
        self._browsers = Exchange(
            config,
            Gate(),
            spawn=spawn,
            sleep=sleep,
            client="browser",
            ping=text_frame(b"2"),
            always_pings=True,
        )
        self._bar = bar
        self._app = wsgi_app
        self._means = means
        self._protocols = protocols
        self._raw_only = {path for p in protocols for path in p.paths} - {"/"}
        self._origins = config.legacy_origins
        self._most = config.MAX_CONNECTIONS
        self._open = 0
        self.plain = 0  # requests that were let in and are no WebSocket's
        self._lock = Lock()

    @property
    def websockets(self) -> int:
        """How many WebSockets are open."""
        return self._open

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = _path(environ)
        barred = self._bar(environ.get("REMOTE_ADDR", ""))
        if barred is not None:
            return _turn_away(environ, start_response, "403 Forbidden", barred)
        if not wants_websocket(environ):
            if path in self._raw_only:
                return refuse(
                    start_response,
                    "426 Upgrade Required",
                    "This is a WebSocket.",
                    (("Upgrade", "websocket"),),
                )
            return self._plain(environ, start_response)
        if self.gate.closed:
            return _turn_away(environ, start_response, *_CLOSING)
        environ[LAST_KEY] = True
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        sock = socket_of(environ)
        _prepare(sock)
        environ[SOCKET_KEY] = sock
        chosen = choose(self._protocols, path, offered_subprotocols(environ))
        if not self._enter():
            log.warning("%d WebSockets are open: one more refused", self._most)
            return refuse(start_response, "503 Service Unavailable", "The house is full.")
        try:
            if chosen is None:
                environ[SERVE_KEY] = self._browser
                return self._app(environ, start_response)
            return self._raw(environ, start_response, *chosen)
        finally:
            self._leave()

    def _plain(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A request that is answered, and in hand until the whole answer has been sent."""
        if not self.gate.enter():
            return _turn_away(environ, start_response, *_CLOSING)
        self.plain += 1
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self.gate.leave()
            raise
        if isinstance(answer, list):
            return _InHand(answer, self.gate)
        return ClosingIterator(answer, self.gate.leave)

    def _raw(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        protocol: Protocol,
        subprotocol: str | None,
    ) -> Iterable[bytes]:
        address = environ.get("REMOTE_ADDR", "")
        origin = environ.get("HTTP_ORIGIN")
        if not may_come_from(origin, environ, self._origins):
            log.info("raw client %s refused: opened by %s", address, origin)
            return refuse(start_response, "403 Forbidden", "Not from this origin.")
        try:
            opened = open_websocket(environ, subprotocol)
        except BadHandshake as bad:
            return refuse(start_response, bad.status, bad.text, bad.headers)
        except OSError:  # the client has gone before it was answered
            return ender(environ)(socket_of(environ))
        end = ender(environ)
        forget_request(environ)
        connection = Connection(opened.sock, opened.framing, self.exchange, protocol.wire, address)
        connection.run(protocol.open(connection, self._means), opened.early)
        return end(opened.sock)

    def _browser(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        open: Callable[[Connection], Handler],
    ) -> Iterable[bytes]:
        """A WebSocket of Engine.IO's, for as long as it lasts: see `app.live.transport`."""
        try:
            opened = open_websocket(environ, None)
        except BadHandshake as bad:
            # Engine.IO would take a list for packets of its own.
            return tuple(refuse(start_response, bad.status, bad.text, bad.headers))
        except OSError:
            return ender(environ)(socket_of(environ))
        end, address = ender(environ), environ.get("REMOTE_ADDR", "")
        connection = Connection(opened.sock, opened.framing, self._browsers, Mute(), address)
        connection.run(open(connection), opened.early)
        return end(opened.sock)

    def _enter(self) -> bool:
        with self._lock:
            if self._open >= self._most:
                return False
            self._open += 1
            return True

    def _leave(self) -> None:
        with self._lock:
            self._open -= 1


def may_come_from(origin: str | None, environ: WSGIEnvironment, allowed: frozenset[str]) -> bool:
    """Whether a page of `origin` may open a raw WebSocket here.

    Everything with "*" among the `allowed`; else those listed and the own host. Browsers always
    name an origin (`null` for a file): who names none is not a page.
    """
    if origin is None or "*" in allowed or origin.lower() in allowed:
        return True
    try:
        page = urlsplit(origin.lower())
        host = urlsplit(f"//{environ.get('HTTP_HOST', '').lower()}")
        default = _DEFAULT_PORTS.get(page.scheme)
        there, here = (page.port or default), (host.port or default)
    except ValueError:  # not an origin at all
        return False
    return bool(page.hostname) and (page.hostname, there) == (host.hostname, here)


def lean_protocol(patience: float) -> type:
    """eventlet's HTTP connection, kept for `patience` seconds (0: for ever) without a request.

    A request's head must be whole by then, however it comes in. Once the connection has become
    a WebSocket it gives back 24 KiB of buffers: for
    `eventlet.wsgi.server(…, protocol=lean_protocol(30))`, where it serves raw connections and
    Socket.IO alike, which both say through `eventlet.set_idle` that they took over the socket.
    What is under DETACH_KEY in its environ takes the socket away for good: the thread ends, and
    whoever has the socket answers and closes it.
    """
    from eventlet.wsgi import HttpProtocol

    class LeanProtocol(HttpProtocol):
        environ: WSGIEnvironment
        connection: Any

        def setup(self) -> None:
            super().setup()
            _do_not_dawdle(self.connection)

        def _read_request_line(self) -> bytes:
            return _in_time(super()._read_request_line, patience) or b""

        def parse_request(self) -> bool:
            if _in_time(super().parse_request, patience):
                return True
            self.close_connection = True
            return False

        def handle_one_response(self) -> None:
            # eventlet passes `Connection: close` on to the client, and leaves it at that.
            super().handle_one_response()
            if self.environ.get(LAST_KEY):
                self.close_connection = True

        def get_environ(self) -> WSGIEnvironment:
            environ: WSGIEnvironment = super().get_environ()
            set_idle = environ["eventlet.set_idle"]

            def taken_over() -> None:
                set_idle()
                _free_buffers(self)

            environ["eventlet.set_idle"] = taken_over
            environ[DETACH_KEY] = partial(_detach, self)
            return environ

    return LeanProtocol


def _in_time(read: Callable[[], Any], patience: float) -> Any:
    """What `read` gives, or None when it takes too long."""
    from eventlet import Timeout

    try:
        with Timeout(patience or None):
            return read()
    except Timeout:
        return None


def _free_buffers(protocol: Any) -> None:
    """Close the buffered files of a connection that goes on without them."""
    # A file without a buffer holds the socket open until the request is over: closed under the
    # thread that reads from it, a socket would never wake that thread.
    held = protocol.connection.makefile("rb", 0)
    protocol.rfile.close()
    protocol.wfile.close()
    protocol.rfile = held


def _detach(protocol: Any) -> Any:
    """The connection's socket, the caller's from now on: its thread ends without it."""
    sock = protocol.connection
    protocol.rfile.close()
    protocol.wfile.close()
    protocol.rfile = protocol.wfile = io.BytesIO()
    protocol.connection = protocol.request = protocol.conn_state[1] = _TakenAway()
    protocol.close_connection = True
    return sock


class _TakenAway:
    """What is left to the server of a socket that is somebody else's: nothing to end."""

    def shutdown(self, how: int) -> None:
        """Leave the connection as it is."""

    def close(self) -> None:
        """Leave the connection open."""


def patient_handler(patience: float) -> type:
    """Werkzeug's HTTP connection, ended after `patience` seconds (0: never) of silence."""
    from werkzeug.serving import WSGIRequestHandler

    return type("PatientHandler", (WSGIRequestHandler,), {"timeout": patience or None})


class _InHand(list[bytes]):
    """An answer that is whole already; the server asks such a list for its length."""

    def __init__(self, answer: list[bytes], gate: Gate) -> None:
        super().__init__(answer)
        self._gate = gate

    def close(self) -> None:
        """The server has sent it."""
        self._gate.leave()


def _turn_away(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: str,
    text: str,
    headers: tuple[tuple[str, str], ...] = (),
) -> list[bytes]:
    """Refuse whatever was asked for: as JSON where clients of the API are, else in plain text."""
    environ[LAST_KEY] = True
    if not _path(environ).startswith(_API):
        return refuse(start_response, status, text, headers)
    body = json.dumps({"error": text}).encode()
    length = ("Content-Length", str(len(body)))
    closed = ("Connection", "close")
    start_response(status, [("Content-Type", "application/json"), length, closed, *headers])
    return [body]


def _path(environ: WSGIEnvironment) -> str:
    """The request's path without a trailing slash, but for the root's own."""
    path: str = environ.get("PATH_INFO", "")
    return path.rstrip("/") or "/"


def _prepare(sock: Any) -> None:
    """Make an HTTP connection's socket a WebSocket's: it may be silent, and must not dawdle."""
    if sock is not None:
        sock.settimeout(None)
        _do_not_dawdle(sock)


def _do_not_dawdle(sock: Any) -> None:
    """Have what is written go out at once: a page comes in several pieces, too."""
    with contextlib.suppress(OSError):  # a UNIX socket has no such option, and no such delay
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
