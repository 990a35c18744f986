"""Load over the raw protocol: pairs of old JSON clients, each in a closed loop.

Every bot is an account with one WebSocket. A move counts when its mover has got the update that
holds it, which the server sends only after the commit.
"""

from __future__ import annotations

import asyncio
import random

import msgspec

from bench.harness import run_load
from bench.play import Bot, Message, Tally, decode_message
from bench.wire import Wire
from tests.support.server import Server

PATH = "/ws/uttt"


class RawBot(Bot):
    """A bot on a raw WebSocket."""

    def __init__(self, name: str, tally: Tally, chance: random.Random) -> None:
        super().__init__(name, tally, chance)
        self.signed_in: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._wire: Wire | None = None

    async def sign_in(self, server: Server, request: str, data: dict[str, object]) -> str:
        """Connect and say who it is; the session id. Raises OSError when that is refused."""
        self._wire = await Wire.connect(
            server.host, server.port, PATH, self._on_text, self._on_close
        )
        self.request(request, data)
        answer = await self.signed_in
        if not answer.data.success or answer.data.id is None:
            raise OSError(f"{self.name} was not signed in")
        return answer.data.id

    def close(self) -> None:
        """End the connection."""
        if self._wire is not None:
            self._wire.close()

    def request(self, kind: str, data: dict[str, object]) -> None:
        if self._wire is not None:
            self._wire.send(msgspec.json.encode({"type": kind, "data": data}))

    def _on_text(self, payload: bytes) -> None:
        message = decode_message(payload)
        if self.signed_in.done():
            self.receive(message)
        else:
            self.signed_in.set_result(message)

    def _on_close(self, reason: str) -> None:
        self.tally.errors[reason] += 1
        if not self.signed_in.done():
            self.signed_in.set_exception(OSError(f"{self.name}: {reason}"))


async def connect(server: Server, name: str, tally: Tally, chance: random.Random) -> RawBot:
    """A bot with an account of that name."""
    bot = RawBot(name, tally, chance)
    await bot.sign_in(server, "login", {"name": name, "pw": f"password of {name}"})
    return bot


if __name__ == "__main__":
    run_load("raw WebSocket", __doc__ or "", connect)
