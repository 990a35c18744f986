"""Waiting for what a client sends, at the least cost.

eventlet's own `recv` first reads in vain, then has the poller watch the socket for this one time:
four system calls and a good deal of Python a message. Here the poller goes on watching from one
message to the next, for as long as each is read before another comes.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

Recv = Callable[[int], bytes]
Stop = Callable[[], None]


def receiving(sock: Any) -> tuple[Recv, Stop]:
    """How this thread is to read a socket, and what to call before anybody closes it."""
    if not hasattr(sock, "fd"):  # where eventlet's sockets keep the real one
        return sock.recv, lambda: None
    watched = _Watched(sock.fd)
    return watched.recv, watched.stop


class _Watched:
    """A socket that doesn't block, read by this green thread alone."""

    __slots__ = ("_hub", "_listener", "_reader", "_sock", "_waits")

    def __init__(self, sock: socket.socket) -> None:
        from eventlet.hubs import get_hub
        from eventlet.support.greenlets import getcurrent

        self._hub = get_hub()
        self._sock = sock
        self._listener: Any = None
        self._reader: Any = getcurrent()
        self._waits = False

    def recv(self, size: int) -> bytes:
        while True:
            self._wait()
            try:
                return self._sock.recv(size)
            except BlockingIOError:
                continue

    def stop(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            self._hub.remove(listener)

    def _wait(self) -> None:
        hub = self._hub
        if self._listener is None:
            self._listener = hub.add(
                hub.READ, self._sock.fileno(), self._ready, self._fail, self._forget
            )
        self._waits = True
        try:
            hub.switch()
        finally:
            self._waits = False

    def _ready(self, _fileno: int) -> None:
        if self._waits:
            self._reader.switch()
        else:  # it is busy yet, and the poller would say so over and over
            self.stop()

    def _fail(self, error: Exception) -> None:
        if self._waits:
            self._reader.throw(error)

    def _forget(self) -> None:
        """The hub watches it no longer: its number is another socket's by now."""
        self._listener = None
