"""No address takes more of a worker than its share; and what is counted is a whole IPv6 network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app import create_app, shares
from app.services.limits import Limits, TooMany
from app.shares import Requests, Shares
from config import Config
from tests.support.rawclient import RawClient, Refused
from tests.support.server import Server

HERE, THERE = "192.0.2.7", "192.0.2.8"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_requests_are_let_through_at_a_rate_after_a_burst() -> None:
    clock = Clock()
    requests = Requests(2, 5, clock)
    assert [requests.take(HERE) for _ in range(6)] == [True] * 5 + [False]
    assert requests.take(THERE)
    clock.now += 1
    assert [requests.take(HERE) for _ in range(3)] == [True, True, False]
    clock.now += 1000
    assert [requests.take(HERE) for _ in range(6)] == [True] * 5 + [False]


def test_who_has_been_quiet_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_KNOWN", 10)
    clock = Clock()
    requests = Requests(1, 5, clock)
    for number in range(10):
        requests.take(f"192.0.2.{number}")
    clock.now += 60
    requests.take("198.51.100.1")
    assert len(requests) == 1


def test_a_flood_from_everywhere_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "MOST_KNOWN", 10)
    requests = Requests(1, 5, Clock())
    for number in range(1000):
        requests.take(f"192.0.2.{number}")
        assert len(requests) <= 11


@pytest.fixture
def client(config: Config, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A house with limits: three requests, and none for as long as its clock stands."""
    monkeypatch.setattr("app.Shares", lambda inner, settings: Shares(inner, settings, Clock()))
    limited = replace(
        config, RATELIMIT_ENABLED=True, ADDRESS_REQUESTS_PER_SECOND=1, ADDRESS_REQUEST_BURST=3
    )
    return create_app(limited).test_client()


def statuses(client: FlaskClient, path: str, times: int, address: str = HERE) -> list[int]:
    at = {"REMOTE_ADDR": address}
    return [client.get(path, environ_base=at).status_code for _ in range(times)]


def test_who_asks_without_end_is_turned_away(client: FlaskClient) -> None:
    assert statuses(client, "/privacy", 4) == [200, 200, 200, 429]
    answer = client.get("/privacy", environ_base={"REMOTE_ADDR": HERE})
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Connection"] == "close"
    assert "X-Content-Type-Options" in answer.headers
    assert statuses(client, "/privacy", 1, THERE) == [200]


def test_plain_requests_of_socketio_count_too(client: FlaskClient) -> None:
    assert statuses(client, "/socket.io/?EIO=4&transport=polling", 4)[-1] == 429


def test_static_files_weigh_little(client: FlaskClient) -> None:
    assert 429 not in statuses(client, "/static/x/none.css", 20)


def test_a_load_balancer_may_always_ask(client: FlaskClient) -> None:
    assert 429 not in statuses(client, "/healthz", 10)


def test_one_network_of_ipv6_is_one_neighbour(client: FlaskClient) -> None:
    seen = [statuses(client, "/privacy", 1, f"2001:db8:1:2::{n}")[0] for n in range(4)]
    assert seen == [200, 200, 200, 429]
    assert statuses(client, "/privacy", 1, "2001:db8:1:3::1") == [200]


def test_every_limit_counts_networks_of_ipv6() -> None:
    limits = Limits(FixedWindowRateLimiter(MemoryStorage()), {"guest": parse("2 per hour")})
    limits.hit("guest", "2001:db8:1:2::1")
    limits.hit("guest", "2001:db8:1:2::2")
    with pytest.raises(TooMany):
        limits.hit("guest", "2001:db8:1:2:ffff::3")
    with pytest.raises(TooMany):
        limits.check("guest", "2001:db8:1:2::4")
    limits.hit("guest", "2001:db8:1:3::1")
    limits.forget("guest", "2001:db8:1:2::9")
    limits.check("guest", "2001:db8:1:2::4")


def test_turned_off_nothing_is_counted(config: Config) -> None:
    free = create_app(replace(config, ADDRESS_REQUEST_BURST=1, ADDRESS_REQUESTS_PER_SECOND=1))
    assert 429 not in statuses(free.test_client(), "/privacy", 5)


def test_who_has_no_address_is_not_counted(config: Config) -> None:
    asked: list[Any] = []
    limited = replace(config, RATELIMIT_ENABLED=True, ADDRESS_REQUEST_BURST=1)

    def app(environ: Any, _start: Any) -> list[bytes]:
        asked.append(environ)
        return []

    gate = Shares(app, limited)
    for _ in range(5):
        gate({"REMOTE_ADDR": "", "PATH_INFO": "/"}, lambda *_: None)  # type: ignore[arg-type]
    assert len(asked) == 5


def test_one_address_opens_so_many_websockets(make_server: Callable[..., Server]) -> None:
    server = make_server(RATELIMIT_ENABLED="1", ADDRESS_CONNECTIONS="2")
    with RawClient(server.host, server.port) as one, RawClient(server.host, server.port):
        with pytest.raises(Refused) as refused:
            RawClient(server.host, server.port)
        assert refused.value.status == 429
        one.close()
        while True:  # the server has noticed that one is gone
            try:
                RawClient(server.host, server.port).close()
            except Refused:
                continue
            break
    assert server.log().count("too many connections from one address") == 1
