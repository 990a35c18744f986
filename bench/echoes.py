"""The servers of `bench.echo`, each a way to say a message back: `python -m bench.echoes WAY PORT`.

Those named as in WAYS are the same stack as the house's, with and without what the house does.
"""

# eventlet wants to be first; the house's modules come after, as in wsgi.py.
# ruff: noqa: E402
from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import sys
from collections.abc import Callable
from typing import Any, Final

import flask
import flask_socketio
import socketio
from eventlet import wsgi
from eventlet.websocket import WebSocketWSGI

from app.edge import Edge, lean_protocol
from app.legacy.connection import Connection
from app.legacy.framing import Frames
from app.legacy.registry import Means, Protocol
from app.live import packets
from app.live.frames import text_frame
from app.live.guard import Guard
from app.live.names import NAMESPACE
from app.live.orders import Orders
from app.live.rooms import LocalManager, Rooms
from app.live.sockets import FastJson
from config import Config

MANY: Final = 1_000_000
Application = Callable[..., Any]

CONFIG: Final = Config(MESSAGES_PER_SECOND=MANY, MESSAGE_BURST=MANY)
NOBODY: Final = Means(None, None)  # type: ignore[arg-type]


class Echo:
    """A handler of the house's raw connections."""

    def __init__(self, connection: Connection, _: Means) -> None:
        self._connection = connection
        connection.signed_in()

    def message(self, text: str) -> None:
        self._connection.send(text_frame(text.encode()))

    def refuse(self, code: str, msg: str) -> None:
        raise OSError(f"{code}: {msg}")

    def closed(self) -> None:
        """Nothing is kept."""


class Silence:
    """A wire that nothing is sent by."""

    def encode(self, type: str, data: Any) -> None:
        return None


def edge(app: Application) -> Edge:
    protocols = (Protocol("echo", ("/",), Silence(), Echo),)
    spawn, sleep = eventlet.spawn, eventlet.sleep
    return Edge(app, NOBODY, CONFIG, spawn=spawn, sleep=sleep, protocols=protocols)


def raw_eventlet() -> Application:
    def echo(ws: Any) -> None:
        while (text := ws.wait()) is not None:
            ws.send(text)

    served: Application = WebSocketWSGI(echo)
    return served


def raw_wsproto() -> Application:
    """The house's loop, every frame read by wsproto."""
    Frames.message = lambda self, data, limit: None  # type: ignore[method-assign]
    return edge(no_page)


def raw_house() -> Application:
    return edge(no_page)


def socketio_flask(**settings: Any) -> Application:
    app = flask.Flask("echo")
    served = flask_socketio.SocketIO(app, async_mode="eventlet", **settings)
    served.on("echo")(lambda envelope: flask_socketio.emit("echo", envelope))
    return app


def socketio_plain(json: Any = None) -> Application:
    """Handlers on python-socketio's own server: no request context an event."""
    settings = {} if json is None else {"json": json}
    server = socketio.Server(async_mode="eventlet", **settings)
    server.on("echo", lambda sid, envelope: server.emit("echo", envelope, room=sid))
    return socketio.WSGIApp(server)


def socketio_msgspec() -> Application:
    return socketio_plain(FastJson)


def socketio_house() -> Application:
    manager = LocalManager(Rooms(), Orders())
    server = socketio.Server(
        async_mode="eventlet",
        client_manager=manager,
        json=FastJson,
        async_handlers=False,
        always_connect=True,
    )
    server.on("connect", lambda *_: None)

    def request(event: str, sid: str, envelope: Any) -> dict[str, Any]:
        eio_sid = manager.eio_sid_from_sid(sid, NAMESPACE)
        server._send_eio_packet(eio_sid, packets.event(event, envelope))
        return {}

    Guard(server, request, rate=MANY, burst=MANY, most=MANY).stand()
    return edge(socketio.WSGIApp(server))


def no_page(environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


WAYS: Final[dict[str, Callable[[], Application]]] = {
    "raw, eventlet's own WebSocket": raw_eventlet,
    "raw, the house's loop, all frames by wsproto": raw_wsproto,
    "raw, the house's loop": raw_house,
    "Socket.IO, as it comes (@socketio.on, emit)": socketio_flask,
    "Socket.IO, handlers on python-socketio's server": socketio_plain,
    "Socket.IO, … and msgspec for JSON": socketio_msgspec,
    "Socket.IO, the house's loop": socketio_house,
}


def main() -> None:
    way, port = sys.argv[1], int(sys.argv[2])
    listener = eventlet.listen(("127.0.0.1", port))
    wsgi.server(listener, WAYS[way](), log_output=False, protocol=lean_protocol(0))


if __name__ == "__main__":
    main()
