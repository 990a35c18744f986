"""What thousands of signed-in people cost who do nothing, and what one costs who comes or goes.

A fresh house with so many accounts; each of them holds one connection and is silent. Then a few
others come and go again and again: first while nobody has the lobby before their eyes, then while
all do, who must each be told. The processor time is the server's, by coming or going; where all are
told, also by message.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

from flask import Flask

from app import create_app
from bench import seed
from bench.harness import Result, arguments, cpu_seconds, pinned, report, resident_bytes
from bench.idle import gather
from bench.play import Tally
from bench.raw_load import RawBot
from bench.socketio_load import SocketBot
from config import Config
from tests.support.server import Server

COMINGS: Final = 50  # comings and as many goings that are measured
WARMUP: Final = 20
QUIET: Final = 0.05  # of a core: a server with less to do is done with what it was asked
WATCHED_SECONDS: Final = 10.0
SETTLE_SECONDS: Final = 60.0  # at most, until it is quiet
ASKED_AT_ONCE: Final = 50  # of a crowd that looks at the lobby

AnyBot = RawBot | SocketBot
Connect = Callable[[Server, int], Awaitable[AnyBot]]


def raw(_app: Flask) -> Connect:
    """Connects the n-th account over the raw protocol."""

    async def connect(server: Server, number: int) -> AnyBot:
        bot = RawBot(f"player{number}", Tally(), random.Random(number))
        await bot.sign_in(server, "reconnect", {"id": seed.TOKEN.format(number)})
        return bot

    return connect


def socketio(app: Flask) -> Connect:
    """Connects the n-th account as the website does, with a cookie signed by the house's key."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]

    async def connect(server: Server, number: int) -> AnyBot:
        bot = SocketBot(f"player{number}", Tally(), random.Random(number))
        cookie = signer.dumps({"_user_id": seed.TOKEN.format(number), "_fresh": True})
        await bot.connect(server, f"{app.config['SESSION_COOKIE_NAME']}={cookie}")
        return bot

    return connect


def both(app: Flask) -> Connect:
    """Connects every other account over one, the rest over the other."""
    ways = raw(app), socketio(app)

    async def connect(server: Server, number: int) -> AnyBot:
        return await ways[number % 2](server, number)

    return connect


TRANSPORTS: Final = {"raw WebSocket": raw, "Socket.IO": socketio, "half of each": both}


async def quiet(server: Server) -> None:
    """Wait until the server is done with what it was asked. Raises OSError if it never is."""
    began, busy = monotonic(), 1.0
    while busy > QUIET:
        if monotonic() - began > SETTLE_SECONDS:
            raise OSError(f"the server is still busy after {SETTLE_SECONDS:.0f} s")
        before = cpu_seconds(server.pid)
        await asyncio.sleep(1)
        busy = cpu_seconds(server.pid) - before


async def comings(server: Server, connect: Connect, numbers: Sequence[int]) -> float:
    """The server's seconds for one coming or going, of so many by people who were not here."""
    before = cpu_seconds(server.pid)
    for number in numbers:
        bot = await connect(server, number)
        bot.close()
        await asyncio.sleep(0.02)
    await quiet(server)
    return (cpu_seconds(server.pid) - before) / (2 * len(numbers))


async def measure(server: Server, connect: Connect, count: int) -> Result:
    """Everybody comes and stays; what that takes."""
    started = cpu_seconds(server.pid)
    bots = await gather(connect(server, number) for number in range(1, WARMUP + 1))
    base = resident_bytes(server.pid)
    everyone = range(WARMUP + 1, WARMUP + count + 1)
    bots += await gather(connect(server, number) for number in everyone)
    came = cpu_seconds(server.pid) - started
    grown = resident_bytes(server.pid) - base
    each = f"{1e3 * came / len(bots):.1f} ms, {grown / count / 1024:.1f} KiB each"
    progress(f"{len(bots):,} are here: {each}")
    await quiet(server)
    before = cpu_seconds(server.pid)
    await asyncio.sleep(WATCHED_SECONDS)
    idle = (cpu_seconds(server.pid) - before) / WATCHED_SECONDS
    progress(f"idle, of a core: {idle:.1%}")
    others = range(everyone[-1] + 1, everyone[-1] + COMINGS + 1)
    unseen = await comings(server, connect, others)
    before = cpu_seconds(server.pid)
    for number, bot in enumerate(bots, start=1):
        bot.request("lobby", {})
        if number % ASKED_AT_ONCE == 0:
            await asyncio.sleep(0.5)
    await quiet(server)
    looked = cpu_seconds(server.pid) - before
    progress(f"all look at the lobby: {1e3 * looked / len(bots):.1f} ms each")
    seen = await comings(server, connect, others)
    lost = sum((bot.tally.errors for bot in bots), start=Tally().errors)
    if lost:
        raise OSError(f"connections were lost: {dict(lost)}")
    return {
        "connections": len(bots),
        "bytes_each": grown / count,
        "connect_ms": 1e3 * came / len(bots),
        "idle_cpu": idle,
        "lobby_ms": 1e3 * looked / len(bots),
        "coming_ms": 1e3 * unseen,
        "coming_seen_ms": 1e3 * seen,
        "message_us": 1e6 * max(seen - unseen, 0) / len(bots),
    }


def filled(folder: Path, count: int) -> Flask:
    """A house with accounts for all, each signed in somewhere."""
    app = create_app(Config(INSTANCE_PATH=str(folder), ASYNC_MODE="threading"))
    people = WARMUP + count + COMINGS
    seed.seed(app, accounts=people, matches=100, running=0, sessions=people, lines=10, friends=10)
    return app


def progress(text: str) -> None:
    """Say how far a run of minutes has come."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--connections", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=300.0, help="at most, a transport")
    parser.add_argument("--only", default="", help="transports whose name has this in it")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    results: list[Result] = []
    for name, transport in TRANSPORTS.items():
        if options.only not in name:
            continue
        with tempfile.TemporaryDirectory(prefix="parlour-crowd-") as folder:
            instance = Path(folder) / "instance"
            app = filled(instance, options.connections)
            with pinned(instance, options.set) as server:
                work = measure(server, transport(app), options.connections)
                results.append(
                    {"transport": name} | asyncio.run(asyncio.wait_for(work, options.seconds))
                )
    columns = {
        "transport": lambda r: r["transport"],
        "connections": lambda r: f"{r['connections']:,}",
        "KiB each": lambda r: f"{r['bytes_each'] / 1024:.1f}",
        "ms to connect": lambda r: f"{r['connect_ms']:.1f}",
        "idle, of a core": lambda r: f"{r['idle_cpu']:.1%}",
        "ms to look": lambda r: f"{r['lobby_ms']:.1f}",
        "ms a coming": lambda r: f"{r['coming_ms']:.1f}",
        "all told: ms": lambda r: f"{r['coming_seen_ms']:.1f}",
        "µs a message": lambda r: f"{r['message_us']:.1f}",
    }
    report("A crowd", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
