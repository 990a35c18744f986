"""Redis goes away and comes back: every worker serves its own, and nobody misses anything."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

from app.rejoining import COME_BACK
from tests.browser.players import SHORTEST_WIN, play_on
from tests.browser.players import Player as Person
from tests.cluster.people import audit, crowd, go_on, wait_for
from tests.faults.bots import legal_moves, playing, start_match
from tests.faults.crowd import Ear
from tests.support.cluster import Cluster
from tests.support.rawclient import RawClient
from tests.support.site import Visitor

Make = Callable[..., Cluster]

NAMES = ("anna", "ben")


def apart(house: Cluster, *names: str) -> list[tuple[RawClient, str]]:
    """People at one worker each, and their sessions."""
    clients = []
    for name, worker in zip(names, house.workers, strict=True):
        client = RawClient(worker.host, worker.port)
        clients.append((client, client.login(name)["id"]))
    return clients


def back(house: Cluster, number: int, session: str) -> RawClient:
    client = RawClient(house.workers[number].host, house.workers[number].port)
    client.reconnect(session)
    return client


def is_back(house: Cluster) -> bool:
    """Whether every worker has sent its clients away, so that they come back."""
    return all("clients are sent for" in worker.log() for worker in house.workers)


def move(client: RawClient, update: dict, number: int = 0) -> dict:
    """Make a legal move; the update that acknowledges it."""
    client.send("move", {"id": update["id"], **legal_moves(update["match_state"])[number]})
    answer: dict = client.until("match_update")
    assert answer["version"] == update["version"] + 1
    return answer


def test_a_move_goes_from_worker_to_worker(make_cluster: Make) -> None:
    house = make_cluster()
    (ann, _), (ben, _) = apart(house, "ann", "ben")
    with ann, ben:
        update = start_match(ann, ben, "ben")
        update = move(ann, update)
        assert ben.until("match_update") == update
        update = move(ben, update)
        assert ann.until("match_update") == update


def test_a_match_goes_on_without_redis_and_is_caught_up_with(make_cluster: Make) -> None:
    house = make_cluster(LOG_LEVEL="INFO")
    (ann, ann_session), (ben, ben_session) = apart(house, "ann", "ben")
    with ann, ben:
        update = start_match(ann, ben, "ben")
        house.redis.stop()
        update = move(ann, update)  # acknowledged at once, and ben is not told
        ben.send("match_states_request", {"id": update["id"]})
        assert ben.until("match_update") == update
        update = move(ben, update)
        latest = move(ann, update)
        house.redis.start()
        assert ann.closed() == COME_BACK
        assert ben.closed() == COME_BACK
    with back(house, 0, ann_session) as ann, back(house, 1, ben_session) as ben:
        assert ben.until("match_update") == latest
        assert ann.until("match_update") == latest
        update = move(ben, latest)
        assert ann.until("match_update") == update


def test_the_end_of_a_match_is_told_to_whoever_missed_it(make_cluster: Make) -> None:
    house = make_cluster(LOG_LEVEL="INFO")
    (ann, _), (ben, session) = apart(house, "ann", "ben")
    with ann, ben:
        update = start_match(ann, ben, "ben")
        house.redis.stop()
        wait_for(lambda: all("redis is away" in worker.log() for worker in house.workers))
        ann.send("end_match", {"id": update["id"]})
        assert ann.until("match_update")["match_state"]["game_over"]
        house.redis.start()
        assert ben.closed() == COME_BACK
    with back(house, 1, session) as ben:
        told = ben.until("match_update")
        assert told["id"] == update["id"]
        assert told["match_state"]["game_over"]


def test_nobody_waits_for_redis(make_cluster: Make) -> None:
    """Limits are counted by each worker meanwhile, and pages are as fast as ever."""
    house = make_cluster(RATELIMIT_ENABLED="1")
    visitors = [Visitor(url).register(name) for url, name in zip(house.urls, NAMES, strict=True)]
    house.redis.stop()
    started = time.monotonic()
    for visitor, name in zip(visitors, NAMES, strict=True):
        visitor.http.cookies.clear()
        visitor.sign_in(name)
        assert visitor.http.get(f"{visitor.url}/lobby").status_code == 200
    assert time.monotonic() - started < 20
    house.redis.start()


def test_people_play_while_redis_restarts(make_cluster: Make) -> None:
    house = make_cluster(LOG_LEVEL="INFO")
    ear = Ear()
    players = crowd(house, ear)
    with playing(players):
        go_on(ear)
        for _ in range(2):
            house.redis.stop()
            time.sleep(0.5)
            house.redis.start()
            go_on(ear, 60)
        wait_for(lambda: is_back(house))
        go_on(ear)
    found = audit(house, ear, players)
    assert found.positions > 100
    assert found.lines > 0


def test_two_pages_are_in_step_again(make_cluster: Make, new_page: Callable[..., Page]) -> None:
    house = make_cluster(LOG_LEVEL="INFO")
    one, other = (Person.arrive(new_page(base_url=url), house) for url in house.urls)
    other.open(one.invite(other.name))
    house.redis.stop()
    wait_for(lambda: all("redis is away" in worker.log() for worker in house.workers))
    one.play(SHORTEST_WIN[0])
    one.sees_last(SHORTEST_WIN[0], "a")
    house.redis.start()
    other.sees_last(SHORTEST_WIN[0], "a")
    play_on(one, other, SHORTEST_WIN[1:4], ply=1)
