"""An HTTP request that waits without a thread: nothing is left of it but its socket."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final

from app.legacy.commands.answers import Answer

WRITE_SECONDS: Final = 30.0  # that a client has to read what does not fit into its window
_READ: Final = 4096
_NOW: Final = socket.MSG_DONTWAIT

Headers = Sequence[tuple[str, str]]


class Parked:
    """The connection of one request, to be answered once and closed.

    `headers` go with every answer. `spawn` starts the background task of a client that is slow to
    read.
    """

    __slots__ = ("_headers", "_plain", "_sock", "_spawn")

    def __init__(self, sock: Any, headers: Headers, spawn: Callable[..., Any]) -> None:
        self._sock = sock
        # eventlet's GreenSocket keeps the real one in `fd`: a send on that never switches threads.
        self._plain: socket.socket = getattr(sock, "fd", sock)
        self._headers = headers
        self._spawn = spawn

    def answer(self, answer: Answer) -> None:
        """Write the whole response and close, now or as the client reads. Never waits."""
        data = response(answer, self._headers)
        try:
            sent = self._plain.send(data, _NOW)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            sent = len(data)
        if sent < len(data):
            self._spawn(self._write, data[sent:])
        else:
            self.close()

    def gone(self) -> bool:
        """Whether the client has closed its side; what it still sends is thrown away."""
        try:
            return not self._plain.recv(_READ, _NOW)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    def close(self) -> None:
        """End the connection. What was written still arrives."""
        # Whatever has come and was not read would turn the end into a reset.
        with contextlib.suppress(OSError):
            self._plain.recv(_READ, _NOW)
        with contextlib.suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self._sock.settimeout(WRITE_SECONDS)
            self._sock.sendall(data)
        self.close()


def response(answer: Answer, headers: Headers) -> bytes:
    """The whole HTTP response with this answer, after which the connection is closed."""
    status = HTTPStatus(answer.status)
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {answer.media}",
        f"Content-Length: {len(answer.body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body
