"""PostgreSQL goes away in mid-match and comes back: nothing is lost, and nobody need do a thing."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import ExitStack

import pytest
import requests

from tests.cluster.people import audit, crowd, go_on, wait_for
from tests.faults.bots import legal_moves, playing, start_match
from tests.faults.crowd import Ear
from tests.support.cluster import Cluster, postgres
from tests.support.rawclient import RawClient
from tests.support.site import Visitor

Make = Callable[..., Cluster]


@pytest.fixture(autouse=True)
def _there_for_the_next() -> object:
    yield
    if not postgres().running():
        postgres().start()


def test_who_moves_meanwhile_is_told_and_moves_again(make_cluster: Make) -> None:
    house = make_cluster()
    with ExitStack() as stack:
        ann, ben = (
            stack.enter_context(RawClient(worker.host, worker.port)) for worker in house.workers
        )
        ann.login("ann")
        ben.login("ben")
        update = start_match(ann, ben, "ben")
        move = {"id": update["id"], **legal_moves(update["match_state"])[0]}
        visitors = [Visitor(url) for url in house.urls]
        postgres().stop()
        ann.send("move", move)
        assert ann.until("error")["code"] == "unavailable"
        for visitor in visitors:
            assert visitor.http.get(f"{visitor.url}/rankings").status_code == 503
        postgres().start()
        ann.send("move", move)
        assert ann.until("match_update")["version"] == 1
        assert ben.until("match_update")["version"] == 1
        # Of what each worker had at hand nothing is left, and nobody is told so.
        for visitor in visitors:
            for path in ("/", "/rankings", "/watch", "/lobby"):
                assert visitor.http.get(f"{visitor.url}{path}").status_code == 200


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_people_play_while_it_restarts(make_cluster: Make, sign: signal.Signals) -> None:
    house = make_cluster(HOUSEKEEPING_INTERVAL="2")
    ear = Ear()
    players = crowd(house, ear)
    with playing(players):
        go_on(ear)
        for _ in range(2):
            postgres().stop(sign)
            postgres().start()
            go_on(ear, 60)
        before = [player.reconnects for player in players]
        assert before == [1] * len(players)  # all have kept their connections
        wait_for(lambda: all(_ready(url) for url in house.urls))
    found = audit(house, ear, players)
    assert found.positions > 100


def _ready(url: str) -> bool:
    return requests.get(f"{url}/readyz", timeout=30).status_code == 200
