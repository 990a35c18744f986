"""A client of the raw protocols for tests: says what it is told to, broken frames included."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import socket
import struct
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, NamedTuple, Self

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PATIENCE = 30.0  # seconds until a test gives up on an answer; all the machine may be busy


class Closed(Exception):
    """The connection is over. `code`: the server's close code, or None for a bare end."""

    def __init__(self, code: int | None, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class Refused(Exception):
    """The handshake got another answer than 101. `status` in HTTP, `head` and `body` as sent."""

    def __init__(self, status: int, head: str, body: str) -> None:
        super().__init__(status, body)
        self.status = status
        self.head = head
        self.body = body


class Frame(NamedTuple):
    opcode: int
    payload: bytes


def build_frame(
    payload: bytes, opcode: int = TEXT, *, fin: bool = True, mask: bool = True, rsv: int = 0
) -> bytes:
    """A client's frame; `mask` False and a set `rsv` bit (0x40 …) break the rules."""
    size, masked = len(payload), 0x80 if mask else 0
    head = bytes([(0x80 if fin else 0) | rsv | opcode])
    if size <= 125:
        head += bytes([masked | size])
    elif size <= 0xFFFF:
        head += struct.pack("!BH", masked | 126, size)
    else:
        head += struct.pack("!BQ", masked | 127, size)
    if not mask:
        return head + payload
    key = os.urandom(4)
    pad = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return head + key + mixed.to_bytes(size, "big")


def handshake(path: str = "/", headers: Iterable[tuple[str, str]] = (), **instead: str) -> bytes:
    """An opening request. `instead` replaces a usual header: `sec_websocket_version="8"`."""
    usual = {
        "host": "localhost",
        "upgrade": "websocket",
        "connection": "keep-alive, Upgrade",
        "sec_websocket_key": base64.b64encode(os.urandom(16)).decode(),
        "sec_websocket_version": "13",
    } | instead
    lines = [f"GET {path} HTTP/1.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in usual.items() if value]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class RawClient:
    """One raw WebSocket. Pings are answered unless `answer_pings` is off; both are recorded."""

    def __init__(
        self,
        host: str,
        port: int,
        path: str = "/",
        *,
        headers: Iterable[tuple[str, str]] = (),
        early: bytes = b"",
    ) -> None:
        """Open one. `early`: bytes sent in one go with the handshake. Raises Refused."""
        self.sock = socket.create_connection((host, port), timeout=PATIENCE)
        self._start(handshake(path, headers, host=f"{host}:{port}") + early)

    @classmethod
    def over(cls, sock: socket.socket, request: bytes | None = None) -> Self:
        """A client on a socket that is connected already."""
        client = cls.__new__(cls)
        client.sock = sock
        sock.settimeout(PATIENCE)
        client._start(request or handshake())
        return client

    def _start(self, request: bytes) -> None:
        self.answer_pings = True
        self.pings = 0
        self.pongs: list[bytes] = []
        self.close_code: int | None = None
        self._buffer = b""
        self.sock.sendall(request)
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        self.head = head.decode("latin-1")
        status = int(self.head.split()[1])
        if status != 101:
            raise Refused(status, self.head, self._rest().decode())

    # Saying

    def send(self, type: str, data: Any = None) -> None:
        """A message in the usual envelope."""
        self.send_text(json.dumps({"type": type, "data": {} if data is None else data}))

    def send_text(self, text: str) -> None:
        self.send_frame(text.encode())

    def send_frame(self, payload: bytes, opcode: int = TEXT, **broken: Any) -> None:
        self.sock.sendall(build_frame(payload, opcode, **broken))

    # Hearing

    def frame(self, seconds: float = PATIENCE) -> Frame:
        """The next text or binary frame. Raises Closed, and TimeoutError after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self._next(deadline)
            if frame.opcode == PING:
                self.pings += 1
                if self.answer_pings:
                    self.send_frame(frame.payload, PONG)
            elif frame.opcode == PONG:
                self.pongs.append(frame.payload)
            elif frame.opcode == CLOSE:
                self._goodbye(frame.payload)
            else:
                return frame

    def receive(self, seconds: float = PATIENCE) -> tuple[str, Any]:
        """The next message: type and data."""
        message = json.loads(self.frame(seconds).payload)
        assert message.keys() == {"type", "data"}, message
        return message["type"], message["data"]

    def expect(self, type: str, seconds: float = PATIENCE) -> Any:
        """The data of the next message, which must be of this type."""
        got, data = self.receive(seconds)
        assert got == type, f"expected {type}, got {got}: {data}"
        return data

    def until(self, type: str, seconds: float = PATIENCE) -> Any:
        """The data of the next message of this type; others before it are dropped."""
        deadline = time.monotonic() + seconds
        while True:
            got, data = self.receive(max(0.0, deadline - time.monotonic()))
            if got == type:
                return data

    def quiet(self, seconds: float = 0.3) -> bool:
        """Whether nothing comes for so long."""
        try:
            self.frame(seconds)
        except TimeoutError:
            return True
        return False

    def closed(self, seconds: float = PATIENCE) -> int | None:
        """The close code with which the server ends the connection, whatever comes before."""
        try:
            while True:
                self.frame(seconds)
        except Closed as closed:
            return closed.code

    # Signing in

    def login(self, name: str, pw: str | None = "secret") -> dict[str, Any]:
        """Sign in, and read the answer and the two updates that always follow."""
        return self._signed_in("login", {"name": name, "pw": pw}, "login_response")

    def reconnect(self, session_id: str) -> dict[str, Any]:
        return self._signed_in("reconnect", {"id": session_id}, "reconnect_response")

    def _signed_in(self, type: str, data: dict[str, Any], answer_type: str) -> dict[str, Any]:
        self.send(type, data)
        answer: dict[str, Any] = self.expect(answer_type)
        assert answer["success"], answer
        self.expect("elo_update")
        self.expect("friends_update")
        return answer

    # Ending

    def close(self, code: int = 1000) -> None:
        """Say goodbye and wait for the answer."""
        with contextlib.suppress(OSError):
            self.send_frame(struct.pack("!H", code), CLOSE)
            self.closed()
        self.drop()

    def drop(self) -> None:
        """Be gone without a word."""
        self.sock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.drop()

    # The wire

    def _next(self, deadline: float) -> Frame:
        first, second = self._take(2, deadline)
        assert not second & 0x80, "a server's frame must not be masked"
        assert first & 0x80, "this server does not fragment"
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2, deadline))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8, deadline))
        return Frame(first & 0x0F, self._take(size, deadline))

    def _take(self, size: int, deadline: float) -> bytes:
        # Nothing is consumed before the whole frame's part is there, so a timeout loses no byte
        # of a frame's start; a test that gives up in mid-frame has failed anyway.
        while len(self._buffer) < size:
            self.sock.settimeout(max(0.001, deadline - time.monotonic()))
            self._fill()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    def _fill(self) -> None:
        try:
            more = self.sock.recv(65536)
        except ConnectionResetError:
            more = b""
        if not more:
            raise Closed(self.close_code)
        self._buffer += more

    def _goodbye(self, payload: bytes) -> None:
        code = struct.unpack("!H", payload[:2])[0] if payload else 1005
        self.close_code = code
        with contextlib.suppress(OSError):
            self.send_frame(payload[:2], CLOSE)
        raise Closed(code, payload[2:].decode())

    def _rest(self) -> bytes:
        length = re.search(r"(?im)^content-length: *(\d+)", self.head)
        try:
            while length is None or len(self._buffer) < int(length[1]):
                self._fill()
            return self._buffer
        except (Closed, TimeoutError):
            return self._buffer
