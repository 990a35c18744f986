"""What the benches share: a server on one core, themselves on another, figures in and out."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.play import Bot, Tally, summary
from tests.support.server import Server

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
SIGN_IN_AT_ONCE = 4
SIGN_IN_SECONDS = 120.0  # at most, for all bots together
STAGGER_SECONDS = 2.0  # until the last pair has started
PROFILE = "profile.txt"

Result = dict[str, Any]
# Makes a signed-in bot: connect(server, name, tally, chance)
Connect = Callable[[Server, str, Tally, random.Random], Awaitable[Bot]]


def arguments(description: str) -> argparse.ArgumentParser:
    """A parser with the options every bench has."""
    parser = argparse.ArgumentParser(description=description.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the server under test, as in config.py; may be repeated",
    )
    return parser


def load_arguments(description: str) -> argparse.ArgumentParser:
    """The same for those that let pairs play."""
    parser = arguments(description)
    parser.add_argument("--pairs", type=int, nargs="+", default=[50], help="pairs of bots")
    parser.add_argument("--warmup", type=float, default=3.0, help="seconds before measuring")
    parser.add_argument("--seconds", type=float, default=10.0, help="seconds of measuring")
    parser.add_argument("--seed", type=int, default=1, help="of the bots' choices")
    return parser


def settings(given: Sequence[str]) -> dict[str, str]:
    """`["PORT=1"]` as `{"PORT": "1"}`."""
    return {name: value for name, _, value in (item.partition("=") for item in given)}


@contextmanager
def pinned_server(given: Sequence[str], *, profile: bool = False) -> Iterator[Server]:
    """A fresh server alone on one core; this process keeps to the other ones, if there are any."""
    with tempfile.TemporaryDirectory(prefix="parlour-bench-") as folder:
        instance = Path(folder) / "instance"
        command = ("-m", "bench.sampler", str(instance / PROFILE)) if profile else ("wsgi.py",)
        with pinned(instance, given, command) as server:
            yield server


@contextmanager
def pinned(
    instance: Path, given: Sequence[str], command: tuple[str, ...] = ("wsgi.py",)
) -> Iterator[Server]:
    """As `pinned_server`, with the data that is in `instance`."""
    cores = sorted(os.sched_getaffinity(0))
    server = Server(instance, settings(given), cpu=cores[0], command=command)
    os.sched_setaffinity(0, cores[1:] or cores)
    try:
        with server:
            yield server
    finally:
        os.sched_setaffinity(0, cores)


def cpu_seconds(pid: int) -> float:
    """Processor time the process has used so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def resident_bytes(pid: int) -> int:
    """The memory of the process that is in RAM now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def measure(servers: Sequence[Server], tally: Tally, seconds: float) -> Result:
    """What `tally` and the processor clocks say of the next `seconds`."""
    loop = asyncio.get_running_loop()

    def spent_by_servers() -> float:
        return sum(cpu_seconds(server.pid) for server in servers)

    tally.reset()
    started = loop.time()
    before = spent_by_servers(), cpu_seconds(os.getpid())
    await asyncio.sleep(seconds)
    spent = loop.time() - started
    server_cpu = spent_by_servers() - before[0]
    client_cpu = cpu_seconds(os.getpid()) - before[1]
    return {
        "seconds": spent,
        "moves_per_second": tally.moves / spent,
        "matches_per_second": tally.matches / spent,
        "own": summary(tally.own),
        "opponent": summary(tally.opponent),
        "errors": dict(tally.errors),
        "server_cpu": server_cpu / spent,
        "server_us_per_move": 1e6 * server_cpu / max(tally.moves, 1),
        "client_cpu": client_cpu / spent,
    }


async def play(
    servers: Sequence[Server],
    connect: Connect,
    pairs: int,
    options: argparse.Namespace,
    *,
    apart: bool = False,
) -> Result:
    """Connect `pairs` pairs, a few at a time, and measure them playing.

    They are spread over the servers; the two of a pair are at the same one, or `apart`.
    """
    tally = Tally()
    places = asyncio.Semaphore(SIGN_IN_AT_ONCE)

    async def pair(number: int) -> Bot:
        async with places:
            leader, other = [
                await connect(
                    servers[(number + apart * place) % len(servers)],
                    f"p{number}-{side}",
                    tally,
                    random.Random(f"{options.seed}/{number}{side}"),
                )
                for place, side in enumerate("ab")
            ]
        leader.opponent, other.opponent, leader.leads = other, leader, True
        return leader

    leaders = await asyncio.gather(*map(pair, range(pairs)))
    # Spread out, or all matches would end at the same time, again and again.
    for leader in leaders:
        leader.begin()
        await asyncio.sleep(STAGGER_SECONDS / pairs)
    await asyncio.sleep(options.warmup)
    if options.profile:
        servers[0].send(signal.SIGUSR1)
    result = await measure(servers, tally, options.seconds)
    if options.profile:
        servers[0].send(signal.SIGUSR2)
        while not (servers[0].instance / PROFILE).exists():
            await asyncio.sleep(0.05)
    return {"pairs": pairs} | result


def run_load(title: str, description: str, connect: Connect) -> None:
    """The program of a load generator: a fresh server for every number of pairs."""
    parser = load_arguments(description)
    parser.add_argument(
        "--profile", action="store_true", help="say where the server's time goes (slows it down)"
    )
    options = parser.parse_args()
    results = []
    for pairs in options.pairs:
        with pinned_server(options.set, profile=options.profile) as server:
            limit = options.warmup + options.seconds + SIGN_IN_SECONDS
            results.append(
                asyncio.run(asyncio.wait_for(play([server], connect, pairs, options), limit))
            )
            if options.profile:
                print((server.instance / PROFILE).read_text(), file=sys.stderr)
    report(title, LOAD_COLUMNS, results, as_json=options.json)


LOAD_COLUMNS: dict[str, Callable[[Result], str]] = {
    "pairs": lambda r: f"{r['pairs']}",
    "moves/s": lambda r: f"{r['moves_per_second']:,.0f}",
    "own p50/p99 ms": lambda r: f"{r['own']['p50_ms']:.1f} / {r['own']['p99_ms']:.1f}",
    "opponent p50/p99 ms": lambda r: (
        f"{r['opponent']['p50_ms']:.1f} / {r['opponent']['p99_ms']:.1f}"
    ),
    "matches/s": lambda r: f"{r['matches_per_second']:.1f}",
    "server µs/move": lambda r: f"{r['server_us_per_move']:.0f}",
    "server cpu": lambda r: f"{r['server_cpu']:.0%}",
    "client cpu": lambda r: f"{r['client_cpu']:.0%}",
    "errors": lambda r: ", ".join(f"{n}× {what}" for what, n in r["errors"].items()) or "none",
}


def report(
    title: str, columns: dict[str, Callable[[Result], str]], results: list[Result], *, as_json: bool
) -> None:
    """Print the results: a table for people, or JSON for a program."""
    if as_json:
        print(json.dumps({"bench": title, "results": results}, indent=2))
        return
    rows = [list(columns), *([show(result) for show in columns.values()] for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for row in rows:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
