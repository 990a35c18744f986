"""Commands that wait when things go wrong: bans, endings, clients that vanish or never read."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.legacy.cage import eventually
from tests.legacy.commanders import Background, ByForm, ByWebSocket, line
from tests.legacy.players import new_name
from tests.support.server import Server

ADMIN = "the admin's own token, which nobody guesses"
SOON = 0.3
PATIENCE = 20.0  # seconds; nobody waits for the whole time of somebody else, a minute


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("polls") / "instance", {"ADMIN_TOKEN": ADMIN}) as server:
        yield server


def poll(
    server: Server, token: str, seconds: float = 60, *, source: str = "", window: int = 0
) -> socket.socket:
    """A request that waits for chat. `source`: the address it comes from."""
    sock = socket.socket()
    sock.settimeout(PATIENCE)
    if window:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    if source:
        sock.bind((source, 0))
    sock.connect((server.host, server.port))
    query = f"token={token}&timeout={seconds}"
    sock.sendall(f"GET /api/chat?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return sock


def answer(sock: socket.socket) -> tuple[int, object]:
    """The whole response, which must end with the connection."""
    data = b""
    while more := sock.recv(65536):
        data += more
    sock.close()
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(row for row in head.split(b"\r\n") if row.startswith(b"Content-Length: "))
    assert len(body) == int(length.split()[1])
    return int(head.split()[1]), json.loads(body)


def all_wait(client: ByForm, token: str) -> None:
    """Give the polls sent so far the time to be waiting, however busy the machine is."""
    for _ in range(3):
        client.ok("lobby", token=token)  # which come after them
    time.sleep(SOON)


def test_a_ban_ends_the_waiting(house: Server) -> None:
    client = ByForm(house)
    token = client.register(new_name())
    banned, others = poll(house, token, source="127.0.0.2"), poll(house, token)
    time.sleep(SOON)
    started = time.monotonic()
    client.ok("ban", token=ADMIN, IPs="127.0.0.2")
    status, value = answer(banned)
    assert time.monotonic() - started < PATIENCE
    assert status == 403
    assert "banned" in value["error"]  # type: ignore[index]
    client.ok("chat", token=token, msg="still here")
    assert answer(others)[0] == 200
    client.ok("unban", token=ADMIN, IPs="127.0.0.2")


def test_a_deleted_nick_waits_no_longer(house: Server) -> None:
    client = ByForm(house)
    nick = new_name()
    waiting = poll(house, client.register(nick))
    time.sleep(SOON)
    client.ok("delete", token=ADMIN, nick=nick)
    assert answer(waiting) == (401, {"error": "Invalid or non-existence token!"})


@pytest.mark.parametrize("command", ["shutdown", "restart", None])
def test_an_end_answers_all_who_wait(
    make_server: Callable[..., Server], command: str | None
) -> None:
    """An order or a signal: everybody gets a whole answer first."""
    house = make_server(ADMIN_TOKEN=ADMIN)
    client = ByForm(house)
    nick = new_name()
    token = client.register(nick)
    client.ok("chat", token=token, msg="before")
    polls = [poll(house, token) for _ in range(50)]
    words = ByWebSocket(house)
    words.raw.send_text(line("chat", token=token, timeout=60))
    all_wait(client, token)
    if command is None:
        os.kill(house.pid, signal.SIGTERM)
    else:
        client.ok(command, token=ADMIN)
    assert [answer(sock) for sock in polls] == [(200, [{nick: "before"}])] * 50
    assert words.hear() == [{nick: "before"}]


def test_clients_that_vanish(house: Server) -> None:
    """A crowd of them, some in the middle of their request; those who stay hear of nothing."""
    client = ByForm(house)
    nick = new_name()
    token = client.register(nick)
    crowd = [poll(house, token) for _ in range(100)]
    stays = poll(house, token)
    all_wait(client, token)
    for number, sock in enumerate(crowd):
        if number % 2:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset
        sock.close()
    started = time.monotonic()
    client.ok("chat", token=token, msg="who is left?")
    status, lines = answer(stays)
    assert (status, lines[-1]) == (200, {nick: "who is left?"})  # type: ignore[index]
    assert time.monotonic() - started < PATIENCE


def test_a_client_that_does_not_read_holds_up_nobody(house: Server) -> None:
    """And gets the whole answer, however late it reads."""
    client = ByForm(house)
    nick = new_name()
    token = client.register(nick)
    for number in range(16):
        client.ok("chat", token=token, msg=f"{number} " + "\N{GRINNING FACE}" * 290)
    slow = [poll(house, token, window=1024) for _ in range(20)]
    quick = poll(house, token)
    all_wait(client, token)
    started = time.monotonic()
    client.ok("chat", token=token, msg="short")
    assert answer(quick)[0] == 200
    assert time.monotonic() - started < PATIENCE
    time.sleep(SOON)
    for sock in slow:
        status, lines = answer(sock)
        assert status == 200
        assert lines[-1] == {nick: "short"}  # type: ignore[index]


def test_a_storm_of_short_polls(house: Server) -> None:
    """Waiting and being woken at the same moments, nobody is left behind."""
    client = ByForm(house)
    speaker = client.register(new_name())
    tokens = [client.register(new_name()) for _ in range(5)]

    def listen(token: str) -> list[dict[str, str]]:
        heard: list[dict[str, str]] = []
        own = ByForm(house)
        while not heard or list(heard[-1].values()) != ["the end"]:
            heard = own.ok("chat", token=token, timeout=0.15)
        return heard

    listeners = [Background(listen, token) for token in tokens]
    for number in range(30):
        client.ok("chat", token=speaker, msg=f"line {number}")
    client.ok("chat", token=speaker, msg="the end")
    expected = client.ok("chat", token=speaker)
    assert [listener.result(PATIENCE) for listener in listeners] == [expected] * 5


def test_a_killed_server_comes_back_to_the_same_games(house: Server) -> None:
    client = ByForm(house)
    one, two = new_name(), new_name()
    token, opponents = client.register(one), client.register(two)
    client.ok("join", token=token, nick=one)
    client.ok("join", token=opponents, nick=one)
    waiting = poll(house, token)
    state = client.ok("play", token=token, type="place", coordinates="5,5")["state"]
    house.restart()
    waiting.close()
    assert client.ok("state", token=token) == state
    call = Background(client.ok, "state", token=token, version=state["version"])
    time.sleep(SOON)
    client.ok("play", token=opponents, type="place", coordinates="1,1")
    assert call.result(PATIENCE)["version"] == state["version"] + 1


def test_who_hangs_up_on_the_websocket_is_forgotten(make_server: Callable[..., Server]) -> None:
    server = make_server(MAX_POLLS="1")
    client = ByForm(server)
    token = client.register(new_name())
    words = ByWebSocket(server)
    words.raw.send_text(line("chat", token=token, timeout=60))
    all_wait(client, token)
    client.refused(429, "Too many are waiting. Try again later.", "chat", token=token, timeout=1)
    words.raw.drop()
    eventually(lambda: client.do("chat", token=token, timeout=0.1).status == 200)
