"""What the stack takes without a house on it: messages said back, raw and over Socket.IO.

This is the ceiling of `raw_load` and `socketio_load`: a message in and a message out, no rules, no
database. Each way is a server of its own (`bench.echoes`): the libraries as they come, and the
house's own loop.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench.harness import Result, arguments, cpu_seconds, report
from bench.play import percentile
from bench.wire import Wire
from tests.support.server import free_port

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
START_SECONDS = 120.0  # on a machine that is busy with other things, too
# As long as a move is.
DATA = {"id": "0" * 32, "sub_x": 1, "sub_y": 1, "x": 1, "y": 1}
ENVELOPE = {"type": "echo", "data": DATA}
RAW = msgspec.json.encode(ENVELOPE)
EVENT = b"42" + msgspec.json.encode(["echo", ENVELOPE])
ENGINE = "/socket.io/?EIO=4&transport=websocket"
WAYS = (
    "raw, eventlet's own WebSocket",
    "raw, the house's loop, all frames by wsproto",
    "raw, the house's loop",
    "Socket.IO, as it comes (@socketio.on, emit)",
    "Socket.IO, handlers on python-socketio's server",
    "Socket.IO, … and msgspec for JSON",
    "Socket.IO, the house's loop",
)


class Caller:
    """A client that sends its message anew as soon as it has come back."""

    def __init__(self, message: bytes) -> None:
        self.waits: list[float] = []
        self.ready = asyncio.get_running_loop().create_future()
        self._message = message
        self._wire: Wire | None = None
        self._sent_at = 0.0

    async def connect(self, port: int) -> None:
        engine = self._message is EVENT
        self._wire = await Wire.connect(HOST, port, ENGINE if engine else "/", self._hear, _lost)
        if engine:
            self._wire.send(b"40")
            await self.ready

    def call(self) -> None:
        assert self._wire is not None
        self._sent_at = time.perf_counter()
        self._wire.send(self._message)

    def _hear(self, text: bytes) -> None:
        if text == self._message:
            self.waits.append(time.perf_counter() - self._sent_at)
            self.call()
        elif text.startswith(b"40"):
            self.ready.set_result(None)
        elif text == b"2" and self._wire is not None:
            self._wire.send(b"3")


def _lost(reason: str) -> None:
    if reason != "connection lost":  # as at the end
        raise OSError(reason)


@contextmanager
def server(way: str, core: int) -> Iterator[tuple[int, int]]:
    """A server that says back in this way, on one core: its process id and its port."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "bench.echoes", way, str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, preexec_fn=lambda: os.sched_setaffinity(0, {core})
    )
    try:
        yield process.pid, port
    finally:
        process.kill()
        process.wait()


async def measure(way: str, pid: int, port: int, clients: int, seconds: float) -> Result:
    """How often `clients` get their message back in so many seconds, and what it costs."""
    callers = [Caller(RAW if way.startswith("raw") else EVENT) for _ in range(clients)]
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            await callers[0].connect(port)
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)
    for caller in callers[1:]:
        await caller.connect(port)
    for caller in callers:
        caller.call()
    await asyncio.sleep(min(1.0, seconds))
    for caller in callers:
        caller.waits.clear()
    began, spent = time.perf_counter(), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    took, spent = time.perf_counter() - began, cpu_seconds(pid) - spent
    waits = [wait for caller in callers for wait in caller.waits]
    return {
        "way": way,
        "clients": clients,
        "per_second": len(waits) / took,
        "p50_ms": 1000 * percentile(waits, 50),
        "p99_ms": 1000 * percentile(waits, 99),
        "server_us": 1e6 * spent / max(len(waits), 1),
    }


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--clients", type=int, default=50, help="each in a closed loop")
    parser.add_argument("--seconds", type=float, default=5.0, help="of measuring, a way")
    parser.add_argument("--ways", default="", help="only those whose name has this in it")
    options = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)
    results = []
    for way in (way for way in WAYS if options.ways in way):
        with server(way, cores[0]) as (pid, port):
            results.append(asyncio.run(measure(way, pid, port, options.clients, options.seconds)))
    columns = {
        "way": lambda r: r["way"],
        "round trips/s": lambda r: f"{r['per_second']:,.0f}",
        "p50/p99 ms": lambda r: f"{r['p50_ms']:.1f} / {r['p99_ms']:.1f}",
        "server µs each": lambda r: f"{r['server_us']:.0f}",
    }
    report("Echo", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
