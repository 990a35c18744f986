"""Clients that take their time over HTTP: they are let go, and nobody waits for them.

What slow and silent WebSockets come to is in `test_clients.py` and `tests/legacy/test_keeping.py`.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.support.server import Server

PATIENCE = 60.0  # seconds; two cores may be busy with other tests
MANY = 20
ASKED = 200  # requests in a row: more than the kernel keeps of their answers


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process, of which the sockets can be counted."""
    instance = tmp_path_factory.mktemp("slow") / "instance"
    with Server(instance, {"SIGN_IN_TIMEOUT": "1"}) as server:
        yield server


def sockets(server: Server) -> int:
    """How many sockets the process holds."""
    folder = Path(f"/proc/{server.pid}/fd")
    held = 0
    for each in folder.iterdir():
        try:
            held += os.readlink(each).startswith("socket:")
        except FileNotFoundError:  # closed meanwhile
            continue
    return held


def lets_go(server: Server, before: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while sockets(server) > before:
        if time.monotonic() > deadline:
            return False
        assert requests.get(f"{server.url}/rules/uttt", timeout=PATIENCE).ok
        time.sleep(0.1)
    return True


def small_socket(server: Server) -> socket.socket:
    """A connection for which the kernel keeps little."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect((server.host, server.port))
    return sock


def test_who_asks_and_never_reads_is_let_go(server: Server) -> None:
    page = f"GET /rules/uttt HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode()
    before = sockets(server)
    with ExitStack() as stack:
        for _ in range(MANY // 4):
            sock = stack.enter_context(small_socket(server))
            sock.sendall(page * ASKED)
        assert lets_go(server, before)
    assert "Traceback" not in server.log(), server.log()


def test_who_asks_a_letter_at_a_time_is_let_go(server: Server) -> None:
    before = sockets(server)
    with ExitStack() as stack:
        slow = [stack.enter_context(small_socket(server)) for _ in range(MANY)]
        for letter in b"GET / HTTP/1.1\r\nX-Slow: ":
            for sock in slow:
                try:
                    sock.sendall(bytes([letter]))
                except ConnectionError:
                    continue
            time.sleep(0.1)
        assert lets_go(server, before)
    assert "Traceback" not in server.log(), server.log()


def test_who_sends_half_a_form_is_let_go(server: Server) -> None:
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: {server.host}\r\nContent-Length: 100\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nname="
    )
    before = sockets(server)
    with ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(small_socket(server)).sendall(head.encode())
        assert lets_go(server, before)
    assert "Traceback" not in server.log(), server.log()
