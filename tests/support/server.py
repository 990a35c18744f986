"""The real server process, started, killed and restarted by tests and benches."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Self

from config import ROOT, Config

START_SECONDS = 120.0  # all the machine may be busy
STOP_SECONDS = 40.0
PORTS = range(12_000, 32_000)  # none that the system gives to whoever connects

# A test's server has its own data and no limits in the way, unless the test asks for them.
DEFAULTS = {
    "HOST": "127.0.0.1",
    "LOG_LEVEL": "WARNING",
    "RATELIMIT_ENABLED": "0",
    "MESSAGES_PER_SECOND": "100000",
    "MESSAGE_BURST": "100000",
    "BRIDGE_NEXT": "600",  # no board begins by itself while a test looks at the last
}
# What of the caller's own settings a server under test takes over; the rest (a database of
# real people, for one) is none of a test's business.
PASSED_ON = {"ASYNC_MODE"}


class ServerError(Exception):
    """The server did not come up; the message holds the end of what it wrote."""


class Server:
    """`python wsgi.py` on a port of its own, with its data in `instance`.

    `settings` are settings by name, as `config.py` has them. `cpu` pins the process to one
    core. `command` replaces the program, for a run under a profiler. Restarted, it comes back
    on the same port with the same data.
    """

    def __init__(
        self,
        instance: Path,
        settings: Mapping[str, str] | None = None,
        *,
        port: int | None = None,
        cpu: int | None = None,
        command: tuple[str, ...] = ("wsgi.py",),
    ) -> None:
        self.instance = instance
        self.host = "127.0.0.1"
        self.port = port or free_port()
        self.cpu = cpu
        self._settings = dict(settings or {})
        self._command = command
        self._log = instance.with_name(f"{instance.name}-{self.port}.stderr")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def urls(self) -> list[str]:
        """A URL for each of its workers."""
        return [self.url]

    @property
    def ws_url(self) -> str:
        return f"ws://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id. Raises ServerError when none was started."""
        if self._process is None:
            raise ServerError("the server was not started")
        return self._process.pid

    def environment(self) -> dict[str, str]:
        """The environment the process gets."""
        own = {f.name for f in fields(Config)} - PASSED_ON
        rest = {name: value for name, value in os.environ.items() if name not in own}
        fixed = {"PORT": str(self.port), "INSTANCE_PATH": str(self.instance)}
        return rest | DEFAULTS | self._settings | fixed

    def launch(self) -> Self:
        """Start the process without waiting for it to listen."""
        self.instance.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if self.cpu is not None:
            os.sched_setaffinity(self._process.pid, {self.cpu})
        return self

    def wait_ready(self, seconds: float = START_SECONDS) -> Self:
        """Return once it accepts connections. Raises ServerError when it does not in `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise ServerError(f"the server ended while starting:\n{self.log()[-4000:]}")
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        raise ServerError(f"no answer within {seconds} s:\n{self.log()[-4000:]}")

    def start(self) -> Self:
        try:
            return self.launch().wait_ready()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End the process without a warning, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the process to end, and make it when it does not."""
        self._end(signal.SIGTERM)

    def close(self) -> None:
        """End it for good, with whatever else belongs to it."""
        self.kill()

    def send(self, sign: signal.Signals) -> None:
        """Send the process a signal, and do not wait for what it does."""
        os.kill(self.pid, sign)

    def ended(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for the process to end by itself; its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def restart(self) -> Self:
        """Kill it and start it again, on the same port and data."""
        self.kill()
        return self.start()

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """All it wrote to its standard error and output since the first start."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def _end(self, sign: signal.Signals) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self if self.running() else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        self.close()


def free_port() -> int:
    """A port of the loopback interface that nobody listens on.

    A server comes back to its port: meanwhile nobody else must have been given it.
    """
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerError("no port is free")
