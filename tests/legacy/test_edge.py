"""The front door: what goes where, and who is let in."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from app.edge import may_come_from
from tests.legacy.cage import Cage, serve, spawn
from tests.support.rawclient import RawClient, Refused, handshake


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def refusal(cage: Cage, request: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        cage.client(request)
    return refused.value


def test_a_get_without_an_upgrade_is_the_website() -> None:
    answer = refusal(Cage(), get("/"))
    assert (answer.status, answer.body) == (200, "page")


@pytest.mark.parametrize("path", ["/", "/ws/parrot", "/ws/parrot/"])
def test_an_upgrade_on_a_raw_path_is_a_raw_connection(path: str) -> None:
    cage = Cage()
    with cage.client(handshake(path)) as client:
        client.send_text("hello")
        assert client.frame().payload == b"echo:hello"
        assert cage.parrots[0].connection.address == "192.0.2.7"
    assert cage.page_environ == {}


def test_other_upgrades_go_on_without_extensions() -> None:
    cage = Cage()
    extensions = [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")]
    answer = refusal(cage, handshake("/socket.io/", extensions))
    assert answer.status == 200
    assert "HTTP_SEC_WEBSOCKET_EXTENSIONS" not in cage.page_environ
    assert cage.page_environ["HTTP_UPGRADE"] == "websocket"


def test_compression_is_never_accepted() -> None:
    extensions = [("Sec-WebSocket-Extensions", "permessage-deflate")]
    with Cage().client(handshake("/", extensions)) as client:
        assert "extensions" not in client.head.lower()


@pytest.mark.parametrize("path", ["/", "/ws/parrot", "/ws/cockatoo"])
def test_an_offered_subprotocol_that_is_known_is_echoed(path: str) -> None:
    headers = [("Sec-WebSocket-Protocol", "chat, cockatoo")]
    with Cage().client(handshake(path, headers)) as client:
        assert "Sec-WebSocket-Protocol: cockatoo" in client.head


def test_an_unknown_subprotocol_is_not_echoed() -> None:
    headers = [("Sec-WebSocket-Protocol", "chat")]
    with Cage().client(handshake("/", headers)) as client:
        assert "sec-websocket-protocol" not in client.head.lower()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("/ws/parrot"), 426),
        (handshake(sec_websocket_version="8"), 426),
        (handshake(sec_websocket_version=""), 400),
        (handshake(sec_websocket_key=""), 400),
        (handshake().replace(b"GET", b"POST"), 400),
        (handshake(headers=[("Sec-WebSocket-Protocol", "sch\xf6n")]), 400),
    ],
)
def test_a_bad_handshake_is_told_in_plain_text(request_: bytes, status: int) -> None:
    answer = refusal(Cage(), request_)
    assert answer.status == status
    assert "Content-Type: text/plain" in answer.head
    assert answer.body.strip()
    if "version" in request_.decode("latin-1") and status == 426:
        assert "Sec-WebSocket-Version: 13" in answer.head


@pytest.mark.parametrize(
    ("origin", "allowed", "welcome"),
    [
        (None, "", True),
        ("https://old.example", "*", True),
        ("null", "*", True),
        ("null", "", False),
        ("null", "null", True),
        ("https://old.example", "https://old.example", True),
        ("HTTPS://Old.Example", "https://old.example", True),
        ("http://old.example", "https://old.example", False),
        ("https://old.example.evil", "https://old.example", False),
        ("http://house.example:5000", "", True),
        ("http://house.example", "", False),
        ("https://house.example:5000", "", True),
        ("http://house.example:99999999", "", False),
        ("file://", "", False),
        ("", "", False),
    ],
)
def test_origins(origin: str | None, allowed: str, welcome: bool) -> None:
    environ: dict[str, Any] = {"HTTP_HOST": "house.example:5000"}
    assert may_come_from(origin, environ, frozenset({allowed} - {""})) is welcome


def test_default_ports_are_not_spelled_out() -> None:
    assert may_come_from("https://house.example", {"HTTP_HOST": "house.example"}, frozenset())
    assert may_come_from("http://house.example:80", {"HTTP_HOST": "house.example"}, frozenset())


def test_a_stranger_is_refused() -> None:
    cage = Cage(LEGACY_ORIGINS="https://old.example")
    answer = refusal(cage, handshake("/", [("Origin", "https://evil.example")]))
    assert answer.status == 403
    assert cage.parrots == []
    with cage.client(handshake("/", [("Origin", "https://old.example")])) as client:
        client.close()


def test_a_full_house_serves_pages_still() -> None:
    cage = Cage(MAX_CONNECTIONS=1)
    with cage.client() as client:
        assert refusal(cage, handshake()).status == 503
        assert refusal(cage, get("/")).status == 200
        client.close()
    for thread in cage.threads:
        thread.join(30)  # the place is free when the request is over, not when the parrot has gone
    cage.client().drop()


def test_without_delay() -> None:
    cage = Cage()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    spawn(serve, cage.edge, theirs)
    with RawClient.over(ours) as client:
        assert theirs.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        client.close()
