"""The raw connection loop in this process: real sockets, real threads, a protocol of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from app.edge import Edge
from app.legacy.connection import Connection
from app.legacy.registry import Means, Protocol
from app.live.frames import text_frame
from config import Config
from tests.support.rawclient import RawClient, handshake

Client = TypeVar("Client", bound=RawClient)


def spawn(function: Callable[..., Any], *args: Any) -> threading.Thread:
    thread = threading.Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread


class PlainWire:
    def encode(self, type: str, data: Any) -> bytes:
        return text_frame(f"{type}:{data}".encode())


class Parrot:
    """Repeats what it hears; `boom` makes it fail, `bye` end the connection."""

    def __init__(self, connection: Connection, cage: Cage) -> None:
        self.connection = connection
        self.cage = cage
        cage.parrots.append(self)

    def message(self, text: str) -> None:
        self.cage.heard.append(text)
        if text == "boom":
            raise RuntimeError("boom")
        if text == "bye":
            self.connection.close(1000, "bye")
            return
        self.connection.send(text_frame(f"echo:{text}".encode()))

    def refuse(self, code: str, msg: str) -> None:
        self.connection.send(text_frame(f"error:{code}".encode()))

    def closed(self) -> None:
        self.cage.gone.append(self)
        if self.cage.fail_at_the_end:
            raise RuntimeError("while closing")


class Cage:
    """An Edge with parrots on it, and clients to speak to them.

    Pages answer 200 `page`.
    """

    def __init__(self, **settings: Any) -> None:
        self.parrots: list[Parrot] = []
        self.gone: list[Parrot] = []
        self.heard: list[str] = []
        self.fail_at_the_end = False
        self.page_environ: dict[str, Any] = {}
        self.threads: list[threading.Thread] = []
        protocols = (
            Protocol("parrot", ("/", "/ws/parrot"), PlainWire(), self._hatch),
            Protocol("cockatoo", ("/ws/cockatoo",), PlainWire(), self._hatch, "cockatoo"),
        )
        self.edge = Edge(
            self._page,
            Means(None, None),  # type: ignore[arg-type]
            replace(Config(PING_INTERVAL=0), **settings),
            spawn=spawn,
            sleep=time.sleep,
            protocols=protocols,
        )

    def _hatch(self, connection: Connection, means: Means) -> Parrot:
        return Parrot(connection, self)

    def _page(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.page_environ = dict(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"page"]

    def client(self, request: bytes | None = None, early: bytes = b"") -> RawClient:
        """A client whose request has been through the edge. Raises Refused."""
        client, thread = connect(self.edge, RawClient, request, early)
        self.threads.append(thread)
        return client


def connect(
    wsgi_app: Any, kind: type[Client], request: bytes | None = None, early: bytes = b""
) -> tuple[Client, threading.Thread]:
    """A client on a socket whose other end `wsgi_app` serves in a thread. Raises Refused."""
    ours, theirs = socket.socketpair()
    thread = spawn(serve, wsgi_app, theirs)
    return kind.over(ours, (request or handshake()) + early), thread


def serve(wsgi_app: Any, sock: socket.socket) -> None:
    """Read one request from `sock` and have it answered, as Werkzeug's server does it."""
    rfile = sock.makefile("rb")
    method, path, _ = rfile.readline().decode().split()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.input": rfile,
        "werkzeug.socket": sock,
    }
    for line in iter(rfile.readline, b"\r\n"):
        name, value = line.decode("latin-1").rstrip("\r\n").split(": ", 1)
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    answer: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        lines = [f"{name}: {value}" for name, value in headers]
        answer.append("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]))

    try:
        body = b"".join(wsgi_app(environ, start_response))
    except ConnectionError:
        return  # what Werkzeug takes as: dealt with
    with sock, rfile:
        sock.sendall(answer[0].encode() + body)


def eventually(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait until `condition` holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


def said(client: RawClient, seconds: float = 30.0) -> str:
    return client.frame(seconds).payload.decode()


def ended(cage: Cage) -> None:
    """Everything a connection used is given back."""
    for thread in cage.threads:
        thread.join(30)
        assert not thread.is_alive()
    assert len(cage.edge.exchange) == 0
    assert len(cage.gone) == len(cage.parrots)
