"""A WebSocket client that costs little: enough protocol for the load generators, no more.

It asks for no extension, sends every frame whole, and masks with a key of zeros (which is a key
like any other to the server, and saves the client the work).
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
from collections.abc import Callable

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
CONNECT_SECONDS = 30.0


class Wire(asyncio.Protocol):
    """One WebSocket: `on_text` gets every text frame, `on_close` the reason of the end."""

    def __init__(self, on_text: Callable[[bytes], None], on_close: Callable[[str], None]) -> None:
        self._on_text = on_text
        self._on_close = on_close
        self._transport: asyncio.Transport | None = None
        self._open = asyncio.get_running_loop().create_future()
        self._buffer = bytearray()
        self._upgraded = False
        self._reason = "connection lost"

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        path: str,
        on_text: Callable[[bytes], None],
        on_close: Callable[[str], None],
        cookie: str = "",
    ) -> Wire:
        """A wire whose upgrade the server has accepted. Raises OSError when it does not."""
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: cls(on_text, on_close), host, port)
        headers = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
        ]
        if cookie:
            headers.append(f"Cookie: {cookie}")
        wire.write("\r\n".join([*headers, "", ""]).encode())
        await asyncio.wait_for(wire._open, CONNECT_SECONDS)
        return wire

    def write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Send one frame."""
        size = len(payload)
        if size < 126:
            head = bytes((0x80 | opcode, 0x80 | size))
        elif size < 65_536:
            head = bytes((0x80 | opcode, 0x80 | 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x80 | opcode, 0x80 | 127)) + size.to_bytes(8, "big")
        self.write(head + b"\0\0\0\0" + payload)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if not self._open.done():
            self._open.set_exception(OSError("the connection ended during the upgrade"))
        self._on_close(self._reason)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded and not self._upgrade():
            return
        at = 0
        while (end := self._frame(at)) > at:
            at = end
        del self._buffer[:at]

    def _upgrade(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = bytes(self._buffer[: self._buffer.find(b"\r\n")])
        del self._buffer[: end + 4]
        if b" 101 " not in status:
            self._open.set_exception(OSError(f"no upgrade: {status.decode(errors='replace')}"))
            self.close()
            return False
        self._upgraded = True
        self._open.set_result(None)
        return True

    def _frame(self, at: int) -> int:
        """Deal with the frame that starts at `at`; where it ends, or `at` if it is not all here."""
        buffer = self._buffer
        have = len(buffer) - at
        if have < 2:
            return at
        size, start = buffer[at + 1] & 0x7F, at + 2
        if size == 126:
            if have < 4:
                return at
            size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
        elif size == 127:
            if have < 10:
                return at
            size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
        end = start + size
        if len(buffer) < end:
            return at
        payload = bytes(buffer[start:end])
        match buffer[at] & 0x0F:
            case 0x1:
                self._on_text(payload)
            case 0x9:
                self.send(payload, PONG)
            case 0x8:
                code = int.from_bytes(payload[:2], "big") if len(payload) > 1 else 1005
                self._reason = f"closed with {code}"
                self.close()
        return end
