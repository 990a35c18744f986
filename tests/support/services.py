"""PostgreSQL, Redis and nginx of the tests' own: own data, own ports, and ended with them."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.support.server import ServerError, free_port

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 20.0
# Nothing of a test's is worth waiting for a disk; what is killed is a process, never the machine.
HASTE = {"fsync": "off", "full_page_writes": "off", "max_connections": "300"}
OWNER = "parlour"
PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def _end_with_us() -> None:
    """Have a child end when the tests do, however they do; Linux alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Service:
    """A program that listens on a port of its own and comes back to it when started again."""

    def __init__(self, name: str, *, user: str | None = None) -> None:
        """`user`: whose the process is, where it must not be one's own."""
        self.name = name
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"parlour-{name}-"))
        self._user = user
        if user is not None:
            shutil.chown(self.folder, user)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def start(self) -> Self:
        """Start it, and wait until it answers. Raises ServerError when it does not."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_end_with_us,
                **self._as_user(),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not start:\n{self.log()[-4000:]}")
            time.sleep(0.02)
        return self

    def answers(self) -> bool:
        """Whether it can be used."""
        with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
            return True
        return False

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Have it end, and wait for that."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)

    def close(self) -> None:
        """End it for good, with all it has kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}


class Redis(Service):
    """Redis that keeps nothing: after a restart it is empty."""

    def __init__(self) -> None:
        super().__init__("redis")

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def command(self) -> Sequence[str | Path]:
        settings = {
            "port": str(self.port), "bind": HOST, "dir": str(self.folder),
            "save": "", "appendonly": "no",
        }  # fmt: skip
        return [program("redis-server"), *(x for k, v in settings.items() for x in (f"--{k}", v))]


class Postgres(Service):
    """PostgreSQL with databases that are copies of one with all migrations."""

    def __init__(self) -> None:
        # It refuses to be root's.
        super().__init__("postgres", user="postgres" if os.geteuid() == 0 else None)
        self._data = self.folder / "data"
        subprocess.run(
            [
                *(program("initdb"), "-D", self._data, "-U", OWNER, "-A", "trust"),
                *("-E", "UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
            **self._as_user(),
        )

    def command(self) -> Sequence[str | Path]:
        options = HASTE | {"listen_addresses": HOST, "unix_socket_directories": str(self.folder)}
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return [program("postgres"), "-D", self._data, "-p", str(self.port), *settings]

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """Have it end; SIGINT cuts its connections first, SIGQUIT is no better than a crash."""
        super().stop(sign)

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=HOST, port=self.port, user=OWNER, dbname=database, autocommit=True
        )

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@{HOST}:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """A new database, a copy of another; its URL."""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


class Nginx(Service):
    """nginx with these `http` directives; `answers` once it listens on `port`."""

    def __init__(self, http: str, *, port: int) -> None:
        super().__init__("nginx")
        self.port = port
        (self.folder / "nginx.conf").write_text(CONFIGURATION.format(folder=self.folder, http=http))

    def command(self) -> Sequence[str | Path]:
        return [
            *(program("nginx"), "-p", self.folder, "-c", self.folder / "nginx.conf"),
            *("-e", self.folder / "log"),
        ]


CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    error_log {folder}/log warn;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 8m;
{http}
}}
"""


def program(name: str) -> str:
    """Where a program is: on PATH, or where distributions keep it. Raises ServerError."""
    kept = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_newest, reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, kept)])
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerError(f"no {name} here: make test-cluster installs it where it may")
    return found


def _newest(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0
