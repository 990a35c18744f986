"""Browsers that misbehave: they get their answer, and nobody else is worse off.

What raw connections do to each other is in `tests/legacy/test_keeping.py`.
"""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress

import pytest

from tests.support.rawclient import Closed, RawClient, build_frame, handshake
from tests.support.site import Visitor

SOCKET_IO = "/socket.io/?EIO=4&transport=websocket"
CONNECT, PONG = "40", "3"
LONG, LINES = "x" * 8000, 30  # many answers of little work: what is asked are these lines
PATIENCE = 10.0  # seconds; generous, since all the machine may be busy


def event(type, answer="", **data):
    """A Socket.IO event, as text. `answer`: the number of its acknowledgement, if it has one."""
    return f"42{answer}" + json.dumps([type, {"type": type, "data": data}])


def bare_socket(server, visitor):
    """A visitor's Socket.IO connection of which every frame is ours to send or not to send.

    The kernel keeps little for it, so that what it does not read soon piles up at the server.
    """
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect((server.host, server.port))
    client = RawClient.over(sock, handshake(SOCKET_IO, [("Cookie", visitor.cookie)]))
    client.send_text(CONNECT)
    while not client.frame().payload.startswith(b'42["friends_update"'):
        pass
    return client


def round_trip(client):
    """Seconds until a raw client's request has been answered."""
    started = time.monotonic()
    client.send("match_states_request", {"id": "0" * 32})
    assert client.expect("error")["code"] == "no_such_match"
    return time.monotonic() - started


@pytest.mark.one_worker("nginx takes what a slow client does not")
def test_a_browser_that_never_reads_is_cut(make_server):
    """It even says that it is alive; what piles up for it has a limit all the same."""
    server = make_server(OUTBOX_BYTES="100000", PING_INTERVAL="1", CHAT_LENGTH=str(len(LONG)))
    mute, other = Visitor(server.url).guest("mute"), Visitor(server.url).guest("other")
    with (
        RawClient(server.host, server.port) as bystander,
        bare_socket(server, mute) as client,
        other.socket() as writer,
    ):
        bystander.login("bystander")
        for _ in range(LINES):
            assert writer.ask("chat", room="lobby", text=LONG)["ok"]
        question = event("chat_history", answer="1", room="lobby").encode()
        frames = build_frame(question) * 4 + build_frame(PONG.encode())
        deadline = time.monotonic() + 120
        while not is_cut(client, frames):
            assert time.monotonic() < deadline, "it is still being served"
            assert round_trip(bystander) < PATIENCE
            time.sleep(0.1)


def is_cut(client, frames):
    """Whether the server has closed a connection, as a client that says more finds out."""
    try:
        client.sock.sendall(frames)
    except ConnectionError:
        return True
    return False


def test_a_browser_that_is_gone_leaves_the_lobby(make_server):
    """Who does not answer a ping has gone, whatever TCP believes."""
    server = make_server(PING_INTERVAL="1", PING_TIMEOUT="1")
    host, gone = Visitor(server.url).guest("host"), Visitor(server.url).guest("gone")
    with host.socket() as lobby, bare_socket(server, gone) as client:
        assert lobby.ask("lobby")["ok"]
        people = lobby.hear_until("lobby_state")["online"]
        assert {person["name"] for person in people} == {"host", "gone"}
        assert lobby.hear_of("gone", online=False)
        client.closed(1)


def test_a_flooding_browser_is_told_and_shown_out(make_server):
    server = make_server(MESSAGES_PER_SECOND="20", MESSAGE_BURST="40")
    wild = Visitor(server.url).guest("wild")
    with RawClient(server.host, server.port) as calm, bare_socket(server, wild) as client:
        calm.login("calm")
        client.sock.sendall(build_frame(event("nothing-like-it").encode()) * 200)
        codes = []
        with suppress(Closed):
            while True:
                kind, _, body = client.frame().payload.decode().partition("[")
                if kind == "42":
                    codes.append(json.loads("[" + body)[1]["data"]["code"])
        assert codes[:40] == ["unknown_type"] * 40
        assert codes[-1] == "flood"
        assert codes.count("flood") == 1
        for _ in range(10):
            assert round_trip(calm) < PATIENCE
