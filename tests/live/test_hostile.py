"""Socket.IO clients that keep to no rules: every packet is paid for, and none does harm."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import requests

from app.live import partings
from tests.support.rawclient import BINARY, Closed, RawClient, Refused, build_frame, handshake
from tests.support.server import Server
from tests.support.site import Visitor

WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"
HELLO, GOODBYE, REFUSAL = "40", "41", "44"

_numbers = count()


class BareSocket(RawClient):
    """A Socket.IO connection of which every frame is the test's to send."""

    @classmethod
    def open(cls, server: Server, visitor: Visitor | None = None) -> BareSocket:
        """One that has not said hello yet."""
        headers = [("Cookie", visitor.cookie)] if visitor else []
        sock = socket.create_connection((server.host, server.port))
        client = cls.over(sock, handshake(WEBSOCKET, headers))
        assert client.text().startswith("0{")
        return client

    @classmethod
    def enter(cls, server: Server, visitor: Visitor) -> BareSocket:
        """A signed-in one, greeted."""
        client = cls.open(server, visitor)
        client.send_text(HELLO)
        while not client.text().startswith('42["friends_update"'):
            pass
        return client

    def text(self) -> str:
        return self.frame().payload.decode()

    def error(self) -> str:
        """The next packet must be an `error`; its code."""
        event, envelope = json.loads(self.text().removeprefix("42"))
        assert event == "error", event
        code: str = envelope["data"]["code"]
        return code

    def ask(self, event: str, argument: Any) -> Any:
        """Send an event; its acknowledgement, whatever comes before."""
        self.send_text(f"427{json.dumps([event, argument])}")
        while not (text := self.text()).startswith("437"):
            pass
        (ack,) = json.loads(text.removeprefix("437"))
        return ack

    def lives(self) -> bool:
        data: dict[str, Any] = {"type": "match_states_request", "data": {}}
        return self.ask("match_states_request", data) == {"ok": True}


@pytest.fixture
def newcomer(server: Server) -> Callable[[], Visitor]:
    return lambda: Visitor(server.url).guest(f"hostile-{next(_numbers)}")


Newcomer = Callable[[], Visitor]


@pytest.mark.parametrize(
    ("event", "argument", "code"),
    [
        ("connect", {"REMOTE_ADDR": "192.0.2.1"}, "malformed"),
        ("connect", {"type": "connect", "data": {}}, "unknown_type"),
        ("disconnect", "client namespace disconnect", "malformed"),
        ("disconnect", {"type": "disconnect", "data": {}}, "unknown_type"),
        ("x" * 20_000, {"type": "x" * 20_000, "data": {}}, "unknown_type"),
    ],
)
def test_an_event_is_only_ever_a_request(
    server: Server, newcomer: Newcomer, event: str, argument: object, code: str
) -> None:
    """python-socketio's own callbacks bear such names; a client cannot call them."""
    visitor = newcomer()
    with BareSocket.enter(server, visitor) as client, newcomer().socket() as lobby:
        assert lobby.ask("lobby") == {"ok": True}
        assert client.ask(event, argument)["error"]["code"] == code
        assert client.lives()
        people = [person["name"] for person in lobby.hear_until("lobby_state")["online"]]
        (name,) = (name for name in people if name == _name(visitor))
        client.close()
        assert lobby.hear_of(name, online=False)


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        ("42{", "bad_json"),
        ("4x", "bad_json"),
        ("4", "bad_json"),
        ("4{}", "bad_json"),
        ("4[]", "bad_json"),
        ("4null", "bad_json"),
        ("4" + "[" * 50_000, "bad_json"),
        ("42" + "[" * 50_000, "bad_json"),
        ("42" + "1" * 200 + "[]", "bad_json"),
        ("42", "malformed"),
        ("42{}", "malformed"),
        ("42[]", "malformed"),
        ("42[5]", "malformed"),
        ('42[["watch"]]', "malformed"),
        ('42/other,["watch"]', "malformed"),
        ("41/other,", "malformed"),
        ("43[]", "malformed"),
        ("431[]", "malformed"),
        ('44{"message":"no"}', "malformed"),
        ("47", "malformed"),
        ('45999999-["watch",{"_placeholder":true,"num":0}]', "binary"),
        ("461-1[]", "binary"),
        ("bAAAA", "binary"),
    ],
)
def test_a_packet_that_is_none_is_named_and_the_connection_lives(
    server: Server, newcomer: Newcomer, packet: str, code: str
) -> None:
    with BareSocket.enter(server, newcomer()) as client:
        client.send_text(packet)
        assert client.error() == code
        assert client.lives()
    assert "Traceback" not in server.log()


def test_attachments_are_refused_one_by_one(server: Server, newcomer: Newcomer) -> None:
    with BareSocket.enter(server, newcomer()) as client:
        client.send_text('452-["watch",{"_placeholder":true,"num":0}]')
        for _ in range(3):
            assert client.error() == "binary"
            client.send_frame(b"x" * 1000, BINARY)
        assert client.error() == "binary"
        assert client.lives()


@pytest.mark.parametrize("frame", ["", "x", "bA", "²"])
def test_a_frame_that_engineio_cannot_read_ends_the_connection_at_once(
    server: Server, newcomer: Newcomer, frame: str
) -> None:
    visitor = newcomer()
    with newcomer().socket() as lobby, BareSocket.enter(server, visitor) as client:
        lobby.ask("lobby")
        client.send_text(frame)
        client.closed()
        assert lobby.hear_of(_name(visitor), online=False)
    assert "Traceback" not in server.log()


@pytest.mark.one_worker("what one connection may say, its worker counts")
@pytest.mark.parametrize("packet", ["42{", "45-", '42["watch"]', "2", "3", "5", HELLO])
def test_whatever_comes_in_floods_is_cut(make_server: Callable[..., Server], packet: str) -> None:
    server = make_server(MESSAGES_PER_SECOND="2", MESSAGE_BURST="40")
    visitor = Visitor(server.url).guest("wild")
    with BareSocket.enter(server, visitor) as client:
        heard = []
        with suppress(ConnectionError, Closed):
            client.sock.sendall(build_frame(packet.encode()) * 300)
            while True:
                heard.append(client.text())
        floods = [text for text in heard if '"flood"' in text]
        assert len(floods) == 1
        assert len(heard) < 50
    assert server.log().count("browser floods") == 1
    assert "Traceback" not in server.log()


def test_who_says_hello_twice_is_greeted_once(server: Server, newcomer: Newcomer) -> None:
    with BareSocket.enter(server, newcomer()) as client:
        client.send_text(HELLO)
        assert client.text().startswith(REFUSAL)
        assert client.lives()


def test_who_says_goodbye_has_left(server: Server, newcomer: Newcomer) -> None:
    with BareSocket.enter(server, newcomer()) as client:
        client.send_text(GOODBYE)
        client.send_text(HELLO)
        heard = []
        with suppress(Closed, ConnectionError):
            while True:
                heard.append(client.text())
        assert not any(text.startswith("4") for text in heard)


@pytest.mark.parametrize("packet", ["42{", "4bytes", "45-"])
def test_who_never_says_hello_is_not_argued_with(server: Server, packet: str) -> None:
    with BareSocket.open(server) as client:
        client.send_text(packet)
        client.closed()


def test_other_namespaces_are_not_entered(server: Server, newcomer: Newcomer) -> None:
    with BareSocket.enter(server, newcomer()) as client:
        client.send_text("40/admin,")
        assert client.text().startswith(f"{REFUSAL}/admin,")
        assert client.lives()


# By plain HTTP


def poll(server: Server) -> str:
    """Begin a session by plain requests; its address."""
    url = server.url + POLLING
    answer = requests.get(url, timeout=30)
    answer.raise_for_status()
    found = re.search(r'"sid":"([^"]+)"', answer.text)
    assert found
    return f"{url}&sid={found[1]}"


@pytest.mark.parametrize("body", ["x", "bA", "d=", "9", "4\x1e", "1\x1e" * 20, b"\xff"])
def test_a_post_that_engineio_cannot_read_ends_the_session(
    server: Server, body: str | bytes
) -> None:
    url = poll(server)
    assert requests.post(url, data=body, timeout=30).status_code == 400
    assert requests.post(url, data=HELLO, timeout=30).status_code == 400
    assert "Traceback" not in server.log()


@pytest.mark.one_worker("each worker is full for itself")
def test_plain_requests_count_towards_a_full_house(make_server: Callable[..., Server]) -> None:
    server = make_server(MAX_CONNECTIONS="2")
    sessions = [poll(server), poll(server)]
    answer = requests.get(server.url + POLLING, timeout=30)
    assert answer.status_code == 401
    assert "full" in answer.text
    with pytest.raises(Refused):
        BareSocket.open(server)
    assert requests.post(sessions[0], data="1", timeout=30).ok  # gone: there is room again
    poll(server)


# What the log and the background tasks make of it


def test_an_error_of_the_library_is_logged_once(make_server: Callable[..., Server]) -> None:
    server = make_server()
    assert requests.get(f"{server.url}/socket.io/?EIO=3", timeout=30).status_code == 400
    assert server.log().count("unsupported version") == 1


def test_small_packets_weigh_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Queue:
        queue = [type("Packet", (), {"data": None})()] * 100 + [None]

    transport = type("Transport", (), {"queue": Queue()})()
    assert partings._waiting(transport) == 100 * partings.PACKET_BYTES


def test_a_bad_round_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = iter([RuntimeError("bad round"), None])

    def cut_slow(*_: Any) -> None:
        outcome = next(rounds)
        if outcome is not None:
            raise outcome

    class Over(BaseException):
        pass

    naps = iter([None, None, Over()])

    def sleep(_: float) -> None:
        over = next(naps)
        if over is not None:
            raise over

    monkeypatch.setattr(partings, "cut_slow", cut_slow)
    with pytest.raises(Over):
        partings.watch_slow(None, 0, sleep)
    assert next(rounds, "both done") == "both done"


# Those that never become anyone


@pytest.fixture
def impatient(make_server: Callable[..., Server]) -> Server:
    return make_server(SIGN_IN_TIMEOUT="1")


@pytest.mark.one_worker("nginx itself waits for whoever is slow")
@pytest.mark.parametrize("start", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_request_that_never_comes_is_not_waited_for(impatient: Server, start: bytes) -> None:
    with socket.create_connection((impatient.host, impatient.port), timeout=30) as sock:
        sock.sendall(start)
        began = time.monotonic()
        assert sock.recv(1) == b""
        assert 0.5 < time.monotonic() - began < 20


@pytest.mark.one_worker("nginx itself waits for whoever is slow")
def test_a_kept_alive_connection_is_not_kept_for_ever(impatient: Server) -> None:
    with socket.create_connection((impatient.host, impatient.port), timeout=30) as sock:
        sock.sendall(b"GET /rules/uttt HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while sock.recv(65536):
            pass


@pytest.mark.one_worker("nginx itself waits for whoever is slow")
def test_a_body_that_never_comes_is_not_waited_for(impatient: Server) -> None:
    with socket.create_connection((impatient.host, impatient.port), timeout=30) as sock:
        sock.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nname")
        with suppress(ConnectionError):
            while sock.recv(65536):
                pass


def test_who_has_become_someone_may_be_silent(impatient: Server) -> None:
    """A stranger who may watch is somebody too."""
    guest = Visitor(impatient.url).guest("quiet")
    with (
        guest.socket() as browser,
        Visitor(impatient.url).socket() as stranger,
        RawClient(impatient.host, impatient.port) as raw,
    ):
        raw.login("quiet-raw")
        time.sleep(2.5)
        assert browser.ask("match_states_request") == {"ok": True}
        assert stranger.ask("unwatch", id="0" * 32) == {"ok": True}
        raw.send("match_states_request", {"id": "0" * 32})
        assert raw.expect("error")["code"] == "no_such_match"


def test_who_does_not_sign_in_is_shown_out(impatient: Server) -> None:
    with RawClient(impatient.host, impatient.port) as raw:
        assert raw.closed(8) == 1008


def _name(visitor: Visitor) -> str:
    answer = visitor.http.get(f"{visitor.url}/settings")
    found = re.search(r"hostile-\d+", answer.text)
    assert found, answer.text
    return found[0]
