"""What commands that wait cost: a thousand long-polling chats beside a thousand idle connections.

Memory is the server's growth over many of them, each; its processor is what it uses while nothing
happens. Then somebody says something: until when has everybody heard it, and how long does the
website take for a page before, while they wait, and while they are told?
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
from collections.abc import Awaitable, Callable, Sequence
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bench import idle
from bench.harness import Result, arguments, cpu_seconds, pinned_server, report, resident_bytes
from bench.play import Tally, percentile
from tests.support.server import Server

PAGE = "/rankings/uttt"  # asks the database, as most pages do
PAGES = 200
QUIET_SECONDS = 10.0
POLL_SECONDS = 60
ROUNDS = 5
AT_ONCE = 8


class Poll(NamedTuple):
    """A request that waits."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def command(server: Server, name: str, **given: Any) -> Any:
    """The answer to a command, over a connection of its own."""
    return await answer(await ask(server, name, **given))


async def ask(server: Server, name: str, **given: Any) -> Poll:
    reader, writer = await asyncio.open_connection(server.host, server.port)
    body = urlencode(given).encode()
    head = (
        f"POST /api/{name} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    return Poll(reader, writer)


async def answer(poll: Poll) -> Any:
    data = await poll.reader.read()
    poll.writer.close()
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise OSError(f"a command was answered {data[:200]!r}")
    return json.loads(body)


def pages(server: Server, count: int = PAGES) -> list[float]:
    """Milliseconds that each of so many pages took, one after another on one connection."""
    connection = HTTPConnection(server.host, server.port, timeout=30)
    loop = asyncio.new_event_loop()
    times = []
    for _ in range(count):
        started = loop.time()
        connection.request("GET", PAGE)
        response = connection.getresponse()
        response.read()
        times.append(1000 * (loop.time() - started))
        if response.status != 200:
            raise OSError(f"{PAGE} answered {response.status}")
    connection.close()
    loop.close()
    return times


async def quiet_cpu(server: Server) -> float:
    """The share of a processor that the server uses while nothing happens."""
    before = cpu_seconds(server.pid)
    await asyncio.sleep(QUIET_SECONDS)
    return (cpu_seconds(server.pid) - before) / QUIET_SECONDS


async def tokens_for(server: Server, count: int) -> list[str]:
    given = await idle.gather(
        command(server, "register", nick=f"poll{number}") for number in range(count)
    )
    return [answer["token"] for answer in given]


async def wait_all(server: Server, tokens: Sequence[str]) -> list[Poll]:
    """A poll for each of these tokens, all of them waiting."""
    polls = await idle.gather(
        ask(server, "chat", token=token, timeout=POLL_SECONDS) for token in tokens
    )
    return list(polls)


async def polls(server: Server, count: int) -> Result:
    """Figures of `count` clients who wait for what is said in the lobby."""
    speaker, *tokens = await tokens_for(server, 1 + idle.WARMUP + count)
    alone = await asyncio.to_thread(pages, server)
    few = await wait_all(server, tokens[: idle.WARMUP])
    before = resident_bytes(server.pid)
    many = await wait_all(server, tokens[idle.WARMUP :])
    result = {
        "base_bytes": before,
        "bytes_each": (resident_bytes(server.pid) - before) / count,
        "quiet_cpu": await quiet_cpu(server),
        "pages_alone": alone,
        "pages_waiting": await asyncio.to_thread(pages, server),
    }
    waiting, told, told_cpu, busy = few + many, [], [], []
    for number in range(ROUNDS):
        loop, spent = asyncio.get_running_loop(), cpu_seconds(server.pid)
        visitor = asyncio.create_task(asyncio.to_thread(pages, server, 20))
        await asyncio.sleep(0.05)
        started, text = loop.time(), f"round {number}"
        answers = [asyncio.create_task(answer(poll)) for poll in waiting]
        await command(server, "chat", token=speaker, msg=text)
        for lines in await asyncio.gather(*answers):
            if list(lines[-1].values()) != [text]:
                raise OSError(f"somebody heard {lines[-1]} instead of {text}")
        told.append(1000 * (loop.time() - started))
        busy += await visitor
        told_cpu.append(1000 * (cpu_seconds(server.pid) - spent))
        waiting = await wait_all(server, tokens)
    for poll in waiting:
        poll.writer.close()
    return result | {"told_ms": told, "told_cpu_ms": told_cpu, "pages_told": busy}


async def connections(server: Server, count: int, transport: idle.Transport) -> Result:
    """Figures of `count` idle connections."""
    tally = Tally()
    tickets = await idle.gather(
        transport.sign_in(server, f"guest{number}") for number in range(idle.WARMUP + count)
    )
    bots = await idle.gather(
        transport.connect(server, ticket, tally) for ticket in tickets[: idle.WARMUP]
    )
    before = resident_bytes(server.pid)
    bots += await idle.gather(
        transport.connect(server, ticket, tally) for ticket in tickets[idle.WARMUP :]
    )
    each = (resident_bytes(server.pid) - before) / count
    result = {"base_bytes": before, "bytes_each": each, "quiet_cpu": await quiet_cpu(server)}
    if tally.errors or len(bots) < count:
        raise OSError(f"connections were lost: {dict(tally.errors)}")
    return result


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300.0, help="at most, a kind of client")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count: int = options.clients
    kinds: dict[str, Callable[[Server], Awaitable[Result]]] = {
        "waiting chat": lambda server: polls(server, count),
        **{t.name: lambda server, t=t: connections(server, count, t) for t in idle.TRANSPORTS},  # type: ignore[misc]
    }
    results = []
    for name, measure in kinds.items():
        with pinned_server(options.set) as server:
            figures = asyncio.run(asyncio.wait_for(_run(measure(server)), options.seconds))
        results.append({"kind": name, "clients": count} | figures)
    costs: dict[str, Callable[[Result], str]] = {
        "kind": lambda r: r["kind"],
        "clients": lambda r: f"{r['clients']:,}",
        "server before MiB": lambda r: f"{r['base_bytes'] / 2**20:.1f}",
        "KiB each": lambda r: f"{r['bytes_each'] / 1024:.1f}",
        "cpu while quiet": lambda r: f"{r['quiet_cpu']:.1%}",
    }
    report("What waiting costs", costs, results, as_json=options.json)
    if not options.json:
        report("Telling them all", _TELLING, results[:1], as_json=False)


async def _run(measuring: Awaitable[Result]) -> Result:
    return await measuring


def _times(name: str) -> Callable[[Result], str]:
    return lambda r: f"{percentile(r[name], 50):.1f} / {percentile(r[name], 99):.1f}"


_TELLING: dict[str, Callable[[Result], str]] = {
    "until all have heard, ms": lambda r: f"{statistics.median(r['told_ms']):.0f}",
    "server cpu ms": lambda r: f"{statistics.median(r['told_cpu_ms']):.0f}",
    "a page before p50/p99 ms": _times("pages_alone"),
    "while they wait": _times("pages_waiting"),
    "while they are told": _times("pages_told"),
}


if __name__ == "__main__":
    main()
