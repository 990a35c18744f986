"""One turn, two moves: whoever comes through whatever door, one is made and one refused."""

from __future__ import annotations

import random
from contextlib import ExitStack

import requests

from app.services import matches
from tests.faults.bots import (
    TOO_LATE,
    Witness,
    heard,
    legal_moves,
    move_frame,
    refusals,
    start_match,
    state_of,
)
from tests.faults.ledger import check_matches, check_ratings, open_house
from tests.support.rawclient import RawClient

PLIES = 12


def connect(server):
    return RawClient(server.host, server.port)


def test_double_click(server):
    """The same move twice in one packet: made once, refused once."""
    with connect(server) as ann, connect(server) as ben:
        ann.login("click-ann")
        ben.login("click-ben")
        update = start_match(ann, ben, "click-ben")
        match = update["id"]
        for version in range(1, PLIES):
            state = update["match_state"]
            if state["game_over"]:
                break
            mover, other = (ann, ben) if state["current_player"] == "click-ann" else (ben, ann)
            frame = move_frame(match, random.Random(version).choice(legal_moves(state)))
            mover.sock.sendall(frame + frame)
            update = mover.until("match_update")
            assert update["version"] == version
            assert mover.expect("error")["code"] in TOO_LATE
            assert mover.expect("match_update") == update, "an old client's board stays locked"
            assert other.until("match_update") == update


def test_two_tabs(server):
    """Two connections of one user race for each turn; both, and the opponent, see every move."""
    with connect(server) as tab, connect(server) as twin, connect(server) as ben:
        for client, name in ((tab, "tab-ann"), (twin, "tab-ann"), (ben, "tab-ben")):
            client.login(name)
        update = start_match(tab, ben, "tab-ben")
        match = update["id"]
        for version in range(1, PLIES):
            state = update["match_state"]
            if state["game_over"]:
                break
            choice = random.Random(version).choice(legal_moves(state))
            if state["current_player"] == "tab-ben":
                ben.send("move", {"id": match, **choice})
            else:
                frame = move_frame(match, choice)
                tab.sock.sendall(frame)
                twin.sock.sendall(frame)
            said = [heard(client) for client in (tab, twin, ben)]
            if state["current_player"] == "tab-ann":
                codes = refusals(said[0]) + refusals(said[1])
                assert len(codes) == 1
                assert set(codes) <= TOO_LATE
            # A move through the room may be on its way still when a marker overtakes it.
            update = state_of(ben, match)
            assert update["version"] == version


def test_two_workers_on_one_database(make_server):
    """Every turn is claimed through both at once, with the same move or with another; and in the
    end all who look for an opponent through either are paired.
    """
    workers = [make_server(), make_server()]
    with ExitStack() as stack:
        clients = {
            name: [stack.enter_context(connect(worker)) for worker in workers]
            for name in ("ann", "ben")
        }
        for name, pair in clients.items():
            for client in pair:
                client.login(name)
        update = start_match(clients["ann"][0], clients["ben"][0], "ben")
        match, version = update["id"], 0
        while not update["match_state"]["game_over"]:
            version += 1
            state = update["match_state"]
            movers = clients[state["current_player"]]
            moves = legal_moves(state)
            one = random.Random(version).choice(moves)
            other = one if version % 2 else random.Random(-version).choice(moves)
            first = version // 2 % 2
            movers[first].sock.sendall(move_frame(match, one))
            movers[1 - first].sock.sendall(move_frame(match, other))
            said = [heard(client) for client in movers]
            codes = [code for messages in said for code in refusals(messages)]
            assert len(codes) == 1
            assert set(codes) <= TOO_LATE
            for messages in said:
                updates = [data for kind, data in messages if kind == "match_update"]
                assert updates[-1]["version"] == version
            views = [state_of(client, match) for pair in clients.values() for client in pair]
            update = views[0]
            assert update["version"] == version
            assert all(view == update for view in views)
    all_are_paired(workers)
    house = open_house(workers[0].instance)
    check_matches(house, Witness())
    check_ratings(house)
    assert matches.get(house, match).version == version


def all_are_paired(workers):
    """Everybody looks for an opponent at once; nobody sits in two matches."""
    with ExitStack() as stack:
        clients = []
        for number in range(12):
            client = stack.enter_context(connect(workers[number % 2]))
            client.login(f"seeker{number}", None)
            clients.append(client)
        for client in clients:
            client.send("match_request", {"player": None})
        for client in clients:
            assert client.until("match_request_response")["success"]
        found = []
        for client in clients:
            client.send("match_states_request")
            found.append({d["id"] for kind, d in heard(client) if kind == "match_update"})
    assert [len(ids) for ids in found] == [1] * len(clients)
    assert len(set().union(*found)) == len(clients) / 2


def test_workers_start_together(make_server):
    """On an empty instance: one makes the tables and the secret, and all serve the same house."""
    workers = [make_server(start=False).launch() for _ in range(3)]
    for worker in workers:
        worker.wait_ready()
    with connect(workers[0]) as client:
        session = client.login("ann")["id"]
    for worker in workers:
        with connect(worker) as client:
            assert client.reconnect(session)["user"] == "ann"
        assert requests.get(worker.url, timeout=10).status_code == 200
        assert "Traceback" not in worker.log()
