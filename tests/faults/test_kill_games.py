"""kill -9 under people of every game: what any of them was told is there afterwards.

`python -m bench.faults` does the same for as long as one likes, on PostgreSQL too.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.faults.audit import check
from tests.faults.bots import playing
from tests.faults.crowd import BridgePlayer, Ear, Gamer, Scopist, TicTacToer
from tests.faults.ledger import open_house
from tests.support.server import Server

KILLS = 3
MOST = 40  # moves between two kills
PATIENCE = 60.0
SEED = 7


def test_nothing_that_anybody_was_told_is_lost(make_server: Callable[..., Server]) -> None:
    server = make_server(BRIDGE_NEXT="1", HOUSEKEEPING_INTERVAL="1")
    ear, chance = Ear(), random.Random(SEED)
    people: list[Gamer] = [
        TicTacToer(server, ear, "red-a", "red-b", SEED),
        TicTacToer(server, ear, "red-b", None, SEED),
        TicTacToer(server, ear, "green-a", "green-b", SEED),
        TicTacToer(server, ear, "green-b", None, SEED),
        Scopist(server, ear, "oro-a", "oro-b", SEED),
        Scopist(server, ear, "oro-b", None, SEED),
        BridgePlayer(server, ear, "pik", None, SEED),
    ]
    with playing(people):  # type: ignore[arg-type]
        for _ in range(KILLS):
            ear.wait(chance.randint(1, MOST), PATIENCE)
            server.restart()
        ear.wait(MOST, PATIENCE)
        ear.wait_for_end(PATIENCE)
    assert not any(person.is_alive() for person in people)
    server.kill()
    assert "Traceback" not in server.log(), server.log()
    found = check(open_house(server.instance), ear)
    assert min(person.reconnects for person in people) > KILLS / 2
    assert found.matches >= 4  # each has had one
    assert {len(key[2] or "") > 0 for key in ear.shown} == {True, False}
    assert ear.moves > MOST
    assert found.lines > 0
    assert found.ratings > 0
    assert found.results > 0
