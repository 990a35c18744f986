"""One worker after another is replaced, under load: no move is lost, and no page fails to come."""

from __future__ import annotations

import threading
from collections.abc import Callable

import requests

from tests.cluster.people import audit, crowd, go_on
from tests.faults.bots import playing
from tests.faults.crowd import Ear
from tests.support.cluster import Cluster

ROUNDS = 2


class Reader(threading.Thread):
    """Somebody who opens one page after another; `wrong` has every answer but the usual one."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.read = 0
        self.wrong: list[str] = []
        self._url = url
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            for path in ("/", "/rankings", "/healthz"):
                try:
                    answer = requests.get(self._url + path, timeout=60)
                except requests.RequestException as error:
                    self.wrong.append(repr(error))
                    continue
                self.read += 1
                if answer.status_code != 200:
                    self.wrong.append(f"{path}: {answer.status_code}")


def replace(house: Cluster, number: int) -> None:
    """A worker is told to end, and another takes its place."""
    worker = house.workers[number]
    worker.stop()
    assert worker.ended() == 0, "it had to be made to end"
    worker.start()


def test_workers_are_replaced_one_by_one(make_cluster: Callable[..., Cluster]) -> None:
    house = make_cluster()
    ear = Ear()
    players = crowd(house, ear)
    readers = [Reader(url) for url in house.urls]
    with playing([*players, *readers]):
        go_on(ear)
        for number in [*range(len(house.workers))] * ROUNDS:
            replace(house, number)
            go_on(ear)
    assert [reader.wrong for reader in readers] == [[], []]
    assert all(reader.read > 0 for reader in readers)
    found = audit(house, ear, players)
    assert found.positions > 100
    assert min(player.reconnects for player in players) > 1


def test_a_worker_is_killed_and_another_serves_its_players(
    make_cluster: Callable[..., Cluster],
) -> None:
    house = make_cluster(HOUSEKEEPING_INTERVAL="1")
    ear = Ear()
    players = crowd(house, ear)
    with playing(players):
        go_on(ear)
        house.workers[0].kill()
        go_on(ear, 60)
        house.workers[0].start()
        go_on(ear)
    found = audit(house, ear, players)
    assert found.positions > 100
