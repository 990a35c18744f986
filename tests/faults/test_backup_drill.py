"""The drill: a house is backed up while it is played in, destroyed, and put back; twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import create_app
from app.services.house import House
from config import ROOT
from tests.conftest import settings_for_tests
from tests.faults.bots import Player, Witness, heard, playing
from tests.faults.ledger import check_matches, check_ratings
from tests.support.rawclient import RawClient
from tests.support.server import Server

SEED = 31
THINKS = 0.2  # seconds: a command takes its time, and they play on meanwhile
UPDATE = "match_update"
ENOUGH = 24  # positions shown, all players together


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One worker on SQLite; the backup of PostgreSQL is tried in tests/cluster."""
    server = Server(tmp_path / "instance")
    yield server.start()
    server.kill()


def command(server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    """One of the host's commands, with the server's own settings."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=server.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def play_on(witness: Witness) -> None:
    """Wait until the players have been shown some positions more."""
    goal = len(witness.positions) + ENOUGH
    deadline = time.monotonic() + 120
    while len(witness.positions) < goal:
        assert time.monotonic() < deadline, "nobody plays"
        assert witness.problems == []
        time.sleep(0.02)


def open_house(server: Server) -> House:
    config = replace(settings_for_tests(server.instance), DATABASE_URL="")
    house: House = create_app(config).extensions["house"]
    return house


def test_backed_up_in_play_destroyed_and_restored(server: Server, tmp_path: Path) -> None:
    witness, before = Witness(), Witness()
    couples = [("red-a", "red-b"), ("green-a", "green-b")]
    players = [
        Player(server, witness, name, other, SEED, thinks=THINKS)
        for one, two in couples
        for name, other in ((one, two), (two, None))
    ]
    with RawClient(server.host, server.port) as client:
        session = client.login("red-a")["id"]
    with playing(players):
        play_on(witness)
        before.positions = dict(witness.positions)  # acknowledged before the backup begins
        made = command(server, "backup", "--to", str(tmp_path / "elsewhere"))
        assert made.returncode == 0, made.stderr
        refused = command(server, "restore", made.stdout.strip(), "--yes")
        assert "A server is running" in refused.stderr
        play_on(witness)  # and nobody has noticed anything
    server.stop()

    shutil.rmtree(server.instance)
    done = command(server, "restore", made.stdout.strip(), "--yes")
    assert done.returncode == 0, done.stderr
    assert "4 accounts" in done.stdout

    server.start()
    with RawClient(server.host, server.port) as client:
        client.reconnect(session)  # the key came back as well
        latest = before.latest()
        for match in latest:
            client.send("match_states_request", {"id": match})
        found = {data["id"]: data["version"] for kind, data in heard(client) if kind == UPDATE}
        assert found  # her own; the others' are none of her business
        assert all(version >= latest.get(match, 0) for match, version in found.items())
    after = Witness()
    with playing(
        [Player(server, after, *couple, SEED, thinks=THINKS) for couple in couples]
        + [Player(server, after, two, None, SEED, thinks=THINKS) for _, two in couples]
    ):
        play_on(after)
    server.stop()
    assert after.problems == []
    assert "Traceback" not in server.log(), server.log()
    house = open_house(server)
    check_matches(house, before)
    check_matches(house, after)
    check_ratings(house)
    house.store.engine.dispose()

    # The file is overwritten while nobody looks.
    database = server.instance / "parlour.sqlite3"
    database.write_bytes(b"\0" * database.stat().st_size)
    done = command(server, "restore", made.stdout.strip(), "--yes")
    assert done.returncode == 0, done.stderr
    house = open_house(server)
    assert check_matches(house, before) >= len(couples)
    check_ratings(house)
    house.store.engine.dispose()
