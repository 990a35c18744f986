"""Kill -9, again and again, under load; then an auditor looks for what was told and is lost.

People play all three games, talk and are rated; a worker is killed at random moments and started
again, and in the end everything anybody was told is held against the database
(`tests/faults/audit.py`). Run `python -m bench.faults --kills 100`. With `--postgres URL`, which
names a server and somebody who may create databases there, it is played on a fresh one of its own,
which is dropped afterwards; `--redis URL --workers 2` has people on two workers, either of which
may be killed.
"""

from __future__ import annotations

import argparse
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app import create_app
from config import Config
from tests.faults.audit import check
from tests.faults.bots import playing
from tests.faults.crowd import BridgePlayer, Ear, Gamer, Scopist, TicTacToer
from tests.support.server import Server

SETTINGS = {"BRIDGE_NEXT": "1", "HOUSEKEEPING_INTERVAL": "1", "PRESENCE_TTL": "20"}
PATIENCE = 20.0  # seconds until a worker is killed even if little has happened
MOST_ON_SCREEN = 3_000  # characters of a server's log


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3600.0, help="no kill later than that")
    parser.add_argument("--pairs", type=int, default=4, help="of each two-player game (4)")
    parser.add_argument("--bridge", type=int, default=2, help="tables of bridge (2)")
    parser.add_argument("--most", type=int, default=200, help="moves between two kills (200)")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--postgres", metavar="URL", help="else it is SQLite")
    parser.add_argument("--redis", metavar="URL", default="")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


@contextmanager
def database(server_url: str | None) -> Iterator[str]:
    """The URL of an empty database, for as long as the block runs; empty for SQLite."""
    if server_url is None:
        yield ""
        return
    name = f"parlour_faults_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    try:
        yield url
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            admin.execute(drop.format(sql.Identifier(name)))


def crowd(servers: list[Server], ear: Ear, options: argparse.Namespace) -> list[Gamer]:
    """Everybody, each on another worker than whoever they play with."""
    people: list[Gamer] = []
    for number in range(options.pairs):
        for kind, prefix in ((TicTacToer, "u"), (Scopist, "s")):
            names = f"{prefix}{number:02}a", f"{prefix}{number:02}b"
            for place, name in enumerate(names):
                server = servers[(number + place) % len(servers)]
                invites = names[1] if place == 0 else None
                people.append(kind(server, ear, name, invites, options.seed))
    for number in range(options.bridge):
        server = servers[number % len(servers)]
        people.append(BridgePlayer(server, ear, f"b{number:02}", None, options.seed))
    return people


def run(options: argparse.Namespace, folder: Path, database_url: str) -> dict[str, Any]:
    """Play and kill; what was found. Raises AssertionError for a promise that was not kept."""
    settings = SETTINGS | {"DATABASE_URL": database_url, "REDIS_URL": options.redis}
    servers = [Server(folder / "instance", settings) for _ in range(options.workers)]
    chance, ear = random.Random(options.seed), Ear()
    started, kills = time.monotonic(), 0
    try:
        for server in servers:
            server.start()
        with playing(crowd(servers, ear, options)) as people:  # type: ignore[arg-type]
            while kills < options.kills and time.monotonic() < started + options.seconds:
                ear.wait(chance.randint(1, options.most), PATIENCE)
                chance.choice(servers).restart()
                kills += 1
            ear.wait(options.most, PATIENCE)
        stuck = [person.name for person in people if person.is_alive()]
    finally:
        for server in servers:
            server.kill()
    for server in servers:
        assert "Traceback" not in server.log(), server.log()[-MOST_ON_SCREEN:]
    assert not stuck, f"{stuck} did not end"
    instance = str(folder / "instance")
    data = Config(INSTANCE_PATH=instance, DATABASE_URL=database_url, RATELIMIT_ENABLED=False)
    findings = check(create_app(data).extensions["house"], ear)
    return {
        "database": "PostgreSQL" if database_url else "SQLite",
        "workers": options.workers,
        "kills": kills,
        "seconds": round(time.monotonic() - started),
        "moves_acknowledged": ear.moves,
        "lost": 0,  # else `check` has raised
        "reconnects": sum(person.reconnects for person in people),
        "seed": options.seed,
        "compared": asdict(findings),
        "refused": dict(ear.refused),
    }


def main() -> None:
    """Print what was done and found; the exit code is 1 if anything was lost."""
    options = arguments()
    with (
        tempfile.TemporaryDirectory(prefix="parlour-faults-") as folder,
        database(options.postgres) as database_url,
    ):
        try:
            found = run(options, Path(folder), database_url)
        except AssertionError as error:
            sys.exit(f"seed {options.seed}: {error}")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
