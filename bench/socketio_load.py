"""Load over Socket.IO: the same pairs as in `raw_load`, connected as the website is.

Every bot registers with the website's form and opens a Socket.IO connection with its cookie,
straight on WebSocket. Packets are put together by hand; requests ask for an acknowledgement, as
the website's do.
"""

from __future__ import annotations

import asyncio
import random

import msgspec

from bench import website
from bench.harness import run_load
from bench.play import Bot, Message, Tally
from bench.wire import Wire
from tests.support.server import Server

PATH = "/socket.io/?EIO=4&transport=websocket"
# Engine.IO packet types, and Socket.IO's after a 4 (engine.io and socket.io protocol, version 4/5).
PING, PONG = b"2", b"3"
CONNECT, EVENT, ACK, REFUSED = b"40", b"42", b"43", b"44"


class Refusal(msgspec.Struct):
    code: str


class Ack(msgspec.Struct):
    ok: bool
    error: Refusal | None = None


decode_event = msgspec.json.Decoder(tuple[str, Message]).decode
decode_ack = msgspec.json.Decoder(tuple[Ack]).decode


class SocketBot(Bot):
    """A bot on a Socket.IO connection."""

    def __init__(self, name: str, tally: Tally, chance: random.Random) -> None:
        super().__init__(name, tally, chance)
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wire: Wire | None = None
        self._asked = 0

    async def connect(self, server: Server, cookie: str) -> None:
        """Connect as the user the cookie stands for. Raises OSError when that is refused."""
        self._wire = await Wire.connect(
            server.host, server.port, PATH, self._on_text, self._on_close, cookie
        )
        self._send(CONNECT)
        await self.connected

    def close(self) -> None:
        """End the connection."""
        if self._wire is not None:
            self._wire.close()

    def request(self, kind: str, data: dict[str, object]) -> None:
        self._asked += 1
        event = msgspec.json.encode((kind, {"type": kind, "data": data}))
        self._send(b"42%d%b" % (self._asked, event))

    def _send(self, packet: bytes) -> None:
        if self._wire is not None:
            self._wire.send(packet)

    def _on_text(self, packet: bytes) -> None:
        if packet.startswith(EVENT):
            self.receive(decode_event(packet[2:])[1])
        elif packet.startswith(ACK):
            self._acknowledged(packet)
        elif packet == PING:
            self._send(PONG)
        elif packet.startswith(CONNECT):
            self.connected.set_result(None)
        elif packet.startswith(REFUSED):
            self.connected.set_exception(OSError(f"{self.name}: {packet.decode()}"))

    def _acknowledged(self, packet: bytes) -> None:
        (ack,) = decode_ack(packet[packet.index(b"[") :])
        if ack.error is not None:
            self.tally.errors[f"refused {ack.error.code}"] += 1

    def _on_close(self, reason: str) -> None:
        self.tally.errors[reason] += 1
        if not self.connected.done():
            self.connected.set_exception(OSError(f"{self.name}: {reason}"))

    def receive(self, message: Message) -> None:
        # Refusals come as an acknowledgement, too, and are counted there.
        if message.type != "error":
            super().receive(message)


async def connect(server: Server, name: str, tally: Tally, chance: random.Random) -> SocketBot:
    """A bot with an account of that name."""
    cookie = await asyncio.to_thread(website.register, server, name)
    bot = SocketBot(name, tally, chance)
    await bot.connect(server, cookie)
    return bot


if __name__ == "__main__":
    run_load("Socket.IO", __doc__ or "", connect)
