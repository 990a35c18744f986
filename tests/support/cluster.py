"""Several workers instead of one: on PostgreSQL, joined by Redis, behind nginx.

With CLUSTER=1 the tests that ask for a server get a `Cluster`, which behaves like one, and every
house of theirs has its data in PostgreSQL.
"""

from __future__ import annotations

import atexit
import hashlib
import itertools
import os
import signal
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

from flask_migrate import upgrade

from app import create_app
from app.extensions import db
from config import Config
from tests.support.server import START_SECONDS, STOP_SECONDS, Server, free_port
from tests.support.services import HOST, Nginx, Postgres, Redis

ENABLED = os.environ.get("CLUSTER", "0") not in ("", "0")
WORKERS = 2
TEMPLATE = "migrated"


def serve(instance: Path, settings: Mapping[str, str] | None = None) -> Server:
    """What the tests call a server, not started yet: one process, or a cluster."""
    return Cluster(instance, settings) if ENABLED else Server(instance, settings)


def database_url(instance: Path) -> str:
    """The `DATABASE_URL` of the data that belongs to a folder; empty where that is SQLite in it.

    At first it is an empty database with all migrations.
    """
    if not ENABLED:
        return ""
    name = _database(instance)
    if name not in _made:
        migrate()
        postgres().create(name, TEMPLATE)
        _made.add(name)
    return postgres().url(name)


def forget_database(instance: Path) -> None:
    """Remove a folder's database, if it has one."""
    name = _database(instance)
    if name in _made:
        _made.remove(name)
        postgres().drop(name)


def _database(instance: Path) -> str:
    return hashlib.sha256(str(instance.absolute()).encode()).hexdigest()[:16]


_made: set[str] = set()


@cache
def postgres() -> Postgres:
    """The PostgreSQL of all tests of this run."""
    service = Postgres().start()
    atexit.register(service.close)
    return service


@cache
def migrate() -> None:
    """Make the database that others are copies of."""
    config = Config(
        INSTANCE_PATH=str(postgres().folder / "instance"),
        DATABASE_URL=postgres().create(TEMPLATE),
        TESTING=True,
        ASYNC_MODE="threading",
        SECRET_KEY="only for tests, which keep no secrets",
    )
    with create_app(config).app_context():
        upgrade()
        db.engine.dispose()


class Cluster(Server):
    """Workers that can be reached through one port each or through one for all.

    `urls`: one a worker; nginx takes it to another only when that one is away. `url` is each of
    them in turn, so that of people who arrive one after another each has another worker. `port`
    leads to the workers in turn, connection by connection.
    """

    def __init__(
        self, instance: Path, settings: Mapping[str, str] | None = None, *, workers: int = WORKERS
    ) -> None:
        super().__init__(instance, settings)
        self.redis = Redis()
        shared = {
            "DATABASE_URL": database_url(instance),
            "REDIS_URL": self.redis.url,
            "TRUSTED_PROXIES": HOST,
        }
        self.workers = [Server(instance, shared | self._settings) for _ in range(workers)]
        ports = [free_port() for _ in self.workers]
        self._urls = [f"http://{self.host}:{port}" for port in ports]
        self._turns = itertools.cycle(self._urls)
        addresses = [f"{worker.host}:{worker.port}" for worker in self.workers]
        self.nginx = Nginx(_doors(addresses, ports, self.port), port=self.port)

    @property
    def url(self) -> str:
        return next(self._turns)

    @property
    def urls(self) -> list[str]:
        return self._urls

    @property
    def pid(self) -> int:
        raise NotImplementedError("a cluster is not one process")

    def launch(self) -> Self:
        for service in (self.redis, self.nginx):
            if not service.running():
                service.start()
        for worker in self.workers:
            worker.launch()
        return self

    def wait_ready(self, seconds: float = START_SECONDS) -> Self:
        for worker in self.workers:
            worker.wait_ready(seconds)
        return self

    def send(self, sign: signal.Signals) -> None:
        for worker in self.workers:
            worker.send(sign)

    def ended(self, seconds: float = STOP_SECONDS) -> int:
        return max(worker.ended(seconds) for worker in self.workers)

    def kill(self) -> None:
        for worker in self.workers:
            worker.kill()

    def stop(self) -> None:
        for worker in self.workers:
            if worker.running():
                worker.send(signal.SIGTERM)
        for worker in self.workers:
            worker.stop()

    def running(self) -> bool:
        return all(worker.running() for worker in self.workers)

    def log(self) -> str:
        """What all workers wrote, one after another."""
        return "".join(worker.log() for worker in self.workers)

    def close(self) -> None:
        self.kill()
        self.nginx.close()
        self.redis.close()


def _doors(workers: list[str], ports: list[int], port: int) -> str:
    """nginx's part: a port for each worker, the others as its stand-ins, and one for all."""
    parts = [_upstream("all", workers), _server("all", port)]
    for number, (worker, own_port) in enumerate(zip(workers, ports, strict=True)):
        others = [f"{other} backup" for other in workers if other != worker]
        parts += [_upstream(f"one{number}", [worker, *others]), _server(f"one{number}", own_port)]
    return "\n".join(parts)


def _upstream(name: str, servers: list[str]) -> str:
    # A worker that was away for a moment is asked again at once.
    lines = "\n".join(f"        server {server} max_fails=0;" for server in servers)
    return f"    upstream {name} {{\n{lines}\n    }}"


def _server(upstream: str, port: int) -> str:
    return f"""\
    server {{
        listen {HOST}:{port};
        location / {{
            proxy_pass http://{upstream};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $http_connection;
            proxy_next_upstream error timeout http_503;
            proxy_read_timeout 600s;
            proxy_connect_timeout 2s;
            client_body_buffer_size 256k;
        }}
    }}"""
