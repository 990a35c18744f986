"""Which sites' pages may open a connection here: Socket.IO our own only, raw ones as is set."""

from __future__ import annotations

import pytest
import requests

from tests.support.rawclient import RawClient, Refused
from tests.support.server import Server

EVIL = "https://evil.example"
WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"
RAW = ("/", "/ws/uttt", "/ws/scopa", "/ws/bridge", "/api/ws")


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost:1", "http://127.0.0.1"])
def test_socketio_is_for_our_own_pages(server: Server, origin: str) -> None:
    answer = requests.get(server.url + POLLING, headers={"Origin": origin}, timeout=30)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers
    with pytest.raises(Refused):
        RawClient(server.host, server.port, WEBSOCKET, headers=[("Origin", origin)])


def test_our_own_pages_may(server: Server) -> None:
    own = {"Origin": server.url}
    assert requests.get(server.url + POLLING, headers=own, timeout=30).ok
    RawClient(server.host, server.port, WEBSOCKET, headers=list(own.items())).drop()
    assert requests.get(server.url + POLLING, timeout=30).ok  # no browser


@pytest.mark.parametrize("path", RAW)
def test_raw_connections_are_for_the_origins_that_are_named(make_server, path: str) -> None:  # type: ignore[no-untyped-def]
    server = make_server(LEGACY_ORIGINS="https://old.example")
    with pytest.raises(Refused) as refused:
        RawClient(server.host, server.port, path, headers=[("Origin", EVIL)])
    assert refused.value.status == 403
    for origin in ("https://old.example", server.url):
        RawClient(server.host, server.port, path, headers=[("Origin", origin)]).drop()


def test_no_page_of_the_site_may_be_read_from_elsewhere(server: Server) -> None:
    for path in ("/", "/lobby", "/sign-in", "/rankings/uttt"):
        answer = requests.get(server.url + path, headers={"Origin": EVIL}, timeout=30)
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_a_cookie_is_nothing_to_the_command_api(server: Server) -> None:
    """So no page can act for the visitor it is shown to, whoever may read the answers."""
    for origin in (EVIL, server.url):
        headers = {"Origin": origin, "Cookie": "parlour=whatever"}
        answer = requests.post(f"{server.url}/api/lobby", headers=headers, timeout=30)
        assert answer.status_code == 401
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
