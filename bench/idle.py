"""What an idle connection costs in memory: the server's growth over many of them, each.

Every connection is a guest of its own, signed in and in the rooms. The figure is resident memory,
so it holds everything: sockets' buffers in the process, the green thread, the library's and the
house's own objects. The kernel's share is not in it.
"""

from __future__ import annotations

import asyncio
import random
import resource
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple, TypeVar

from bench import website
from bench.harness import Result, arguments, pinned_server, report, resident_bytes
from bench.play import Bot, Tally
from bench.raw_load import RawBot
from bench.socketio_load import SocketBot
from tests.support.server import Server

AT_ONCE = 8
WARMUP = 50  # connections before counting, for what is allocated once
SETTLE_SECONDS = 2.0

T = TypeVar("T")


class Transport(NamedTuple):
    """How to sign a guest in, and how to connect with what that gave."""

    name: str
    sign_in: Callable[[Server, str], Awaitable[str]]
    connect: Callable[[Server, str, Tally], Awaitable[Bot]]


async def raw_sign_in(server: Server, name: str) -> str:
    """A session id, got over a connection that is closed again."""
    bot = RawBot(name, Tally(), random.Random(name))
    session = await bot.sign_in(server, "temp_session", {"name": name})
    bot.close()
    return session


async def raw_connect(server: Server, session: str, tally: Tally) -> Bot:
    bot = RawBot(session, tally, random.Random(session))
    await bot.sign_in(server, "reconnect", {"id": session})
    return bot


async def website_sign_in(server: Server, name: str) -> str:
    """A cookie."""
    return await asyncio.to_thread(website.guest, server, name)


async def socketio_connect(server: Server, cookie: str, tally: Tally) -> Bot:
    bot = SocketBot("idle", tally, random.Random(cookie))
    await bot.connect(server, cookie)
    return bot


TRANSPORTS = (
    Transport("raw WebSocket", raw_sign_in, raw_connect),
    Transport("Socket.IO", website_sign_in, socketio_connect),
)


async def gather(tasks: Iterable[Awaitable[T]]) -> list[T]:
    """The results of all, a few at a time, after a pause in which the server settles."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(task: Awaitable[T]) -> T:
        async with places:
            return await task

    results = await asyncio.gather(*map(one, tasks))
    await asyncio.sleep(SETTLE_SECONDS)
    return results


async def measure(server: Server, transport: Transport, count: int) -> tuple[int, int]:
    """Resident bytes of the server before and after `count` connections, on top of a few.

    Everybody has signed in before: what that costs once is not what a connection costs.
    """
    tally = Tally()
    tickets = await gather(
        transport.sign_in(server, f"guest{number}") for number in range(WARMUP + count)
    )
    bots = await gather(transport.connect(server, t, tally) for t in tickets[:WARMUP])
    before = resident_bytes(server.pid)
    bots += await gather(transport.connect(server, t, tally) for t in tickets[WARMUP:])
    after = resident_bytes(server.pid)
    if tally.errors:
        raise OSError(f"connections were lost: {dict(tally.errors)}")
    return before, after


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=180.0, help="at most, a transport")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    results: list[Result] = []
    for transport in TRANSPORTS:
        with pinned_server(options.set) as server:
            before, after = asyncio.run(
                asyncio.wait_for(measure(server, transport, options.connections), options.seconds)
            )
        results.append(
            {
                "transport": transport.name,
                "connections": options.connections,
                "base_bytes": before,
                "bytes_each": (after - before) / options.connections,
            }
        )
    columns = {
        "transport": lambda r: r["transport"],
        "connections": lambda r: f"{r['connections']:,}",
        "server before MiB": lambda r: f"{r['base_bytes'] / 2**20:.1f}",
        "KiB each": lambda r: f"{r['bytes_each'] / 1024:.1f}",
    }
    report("Idle connections", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
