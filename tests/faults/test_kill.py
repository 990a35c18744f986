"""kill -9 at any moment: nothing that was acknowledged is lost, and nothing happens twice."""

from __future__ import annotations

import random
import time

from tests.faults.bots import Player, Witness, legal_moves, playing, start_match
from tests.faults.ledger import check_matches, check_ratings, open_house
from tests.support.rawclient import RawClient

KILLS = 5
SEED = 20


def test_killed_again_and_again_the_house_keeps_its_word(make_server):
    server = make_server()
    witness = Witness()
    chance = random.Random(SEED)
    players = []
    for pair in ("red", "green", "blue"):
        players += [
            Player(server, witness, f"{pair}-a", f"{pair}-b", SEED),
            Player(server, witness, f"{pair}-b", None, SEED),
        ]
    with playing(players):
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 0.7))
            server.restart()
        time.sleep(0.5)
    assert not any(player.is_alive() for player in players)
    server.kill()

    assert "Traceback" not in server.log(), server.log()
    assert witness.problems == []
    assert min(player.reconnects for player in players) > KILLS / 2
    house = open_house(server.instance)
    assert check_matches(house, witness) >= 3  # each pair has had one
    assert check_ratings(house) > 0


def test_the_move_that_was_acknowledged_last_survives(make_server):
    """Killed the instant the mover has read the update, the match stands where it stood."""
    server = make_server()
    with RawClient(server.host, server.port) as ann, RawClient(server.host, server.port) as ben:
        session = ann.login("ann")["id"], ben.login("ben")["id"]
        update = start_match(ann, ben, "ben")
        ann.send("move", {"id": update["id"], **legal_moves(update["match_state"])[0]})
        acknowledged = ann.until("match_update")
        server.kill()
    server.start()
    with RawClient(server.host, server.port) as ann, RawClient(server.host, server.port) as ben:
        for client, session_id in zip((ann, ben), session, strict=True):
            client.reconnect(session_id)
            assert client.expect("match_update") == acknowledged
