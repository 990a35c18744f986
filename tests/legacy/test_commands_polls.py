"""Commands that wait, against the real server: over HTTP and over the WebSocket."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from tests.legacy.cage import eventually
from tests.legacy.commanders import TRANSPORTS, Background, ByForm, ByWebSocket, Commander, line
from tests.legacy.players import PASSWORD, Player, begin, new_name
from tests.support.rawclient import PING
from tests.support.server import Server
from tests.support.site import Visitor

SOON = 0.3  # seconds until a request sent in the background waits
PROMPT = 20.0  # seconds; an answer that was waited for to the end would take longer


@pytest.fixture(params=TRANSPORTS, ids=lambda kind: kind.__name__)
def client(request: pytest.FixtureRequest, server: Server) -> Iterator[Commander]:
    """Whoever waits."""
    client = request.param(server)
    yield client
    client.close()


@pytest.fixture
def other(server: Server) -> Commander:
    """Whoever makes something happen."""
    return ByForm(server)


@pytest.fixture
def game(other: Commander) -> tuple[str, str, str]:
    """A private game of two, so that nobody else speaks there: its opener's nick, both tokens."""
    (one, two) = (new_name(), new_name())
    tokens = other.register(one), other.register(two)
    other.ok("join", token=tokens[0], nick=one, code="a quiet place")
    other.ok("join", token=tokens[1], nick=one, code="a quiet place")
    return one, *tokens


def waiting(call: Background) -> Background:
    time.sleep(SOON)
    assert call.running
    return call


def test_chat_comes_when_somebody_speaks(
    client: Commander, other: Commander, game: tuple[str, str, str]
) -> None:
    nick, token, opponents = game
    call = waiting(Background(client.ok, "chat", token=opponents, timeout=30))
    other.ok("chat", token=token, msg="your turn")
    assert call.result(PROMPT) == [{nick: "your turn"}]


def test_chat_comes_when_the_time_is_up(client: Commander, game: tuple[str, str, str]) -> None:
    started = time.monotonic()
    assert client.ok("chat", token=game[1], timeout=0.5) == []
    assert 0.5 <= time.monotonic() - started < PROMPT


def test_with_a_message_there_is_no_waiting(client: Commander, game: tuple[str, str, str]) -> None:
    started = time.monotonic()
    assert client.ok("chat", token=game[1], msg="hello", timeout=30) == [{game[0]: "hello"}]
    assert time.monotonic() - started < PROMPT


def test_what_is_said_between_two_polls_is_not_missed(
    client: Commander, other: Commander, game: tuple[str, str, str]
) -> None:
    nick, token, opponents = game
    assert client.ok("chat", token=opponents) == []
    other.ok("chat", token=token, msg="one")
    assert client.ok("chat", token=opponents) == [{nick: "one"}]
    other.ok("chat", token=token, msg="two")
    started = time.monotonic()
    assert client.ok("chat", token=opponents, timeout=30) == [{nick: "one"}, {nick: "two"}]
    assert time.monotonic() - started < PROMPT
    call = waiting(Background(client.ok, "chat", token=opponents, timeout=30))
    other.ok("chat", token=token, msg="three")
    assert call.result(PROMPT)[-1] == {nick: "three"}


def test_the_lobby_and_spectators_have_their_own(
    client: Commander, other: Commander, game: tuple[str, str, str]
) -> None:
    nick, token, _ = game
    watcher, watching = new_name(), other.register(new_name())
    talker = other.register(watcher)
    for each in (watching, talker):
        other.ok("join", token=each, nick=nick, spectate=True, code="a quiet place")
    call = waiting(Background(client.ok, "chat", token=watching, timeout=30))
    other.ok("chat", token=token, msg="for players only")
    other.ok("chat", token=other.register(new_name()), msg="for the lobby")
    time.sleep(SOON)
    assert call.running
    other.ok("chat", token=talker, msg="for those who watch")
    assert call.result(PROMPT) == [{watcher: "for those who watch"}]


def test_a_blocked_speaker_wakes_nobody(
    client: Commander, other: Commander, server: Server, game: tuple[str, str, str]
) -> None:
    nick, token, opponents = game
    site = Visitor(server.url)
    assert site.post("/sign-in/token", page="/sign-in/token", token=opponents).status_code == 302
    site.post("/friends/block", page="/friends", player=nick)
    started = time.monotonic()
    call = waiting(Background(client.ok, "chat", token=opponents, timeout=1.5))
    other.ok("chat", token=token, msg="you cannot hear me")
    assert call.result(PROMPT) == []
    assert time.monotonic() - started >= 1.5


def test_state_comes_with_the_next_turn(
    client: Commander, other: Commander, game: tuple[str, str, str]
) -> None:
    _, token, opponents = game
    version = other.ok("state", token=opponents)["version"]
    call = waiting(Background(client.ok, "state", token=opponents, version=version))
    other.ok("play", token=token, type="place", coordinates="5,5")
    state = call.result(PROMPT)
    assert (state["version"], state["turn"], state["you"]) == (version + 1, "O", "O")
    # It is past that version already: no waiting.
    assert client.ok("state", token=opponents, version=version, timeout=30) == state


def test_state_comes_when_the_time_is_up(client: Commander, game: tuple[str, str, str]) -> None:
    state = client.ok("state", token=game[1], version=10, timeout=0.3)
    assert state["version"] == 1


def test_state_comes_when_the_opponent_does(client: Commander, other: Commander) -> None:
    one, two = new_name(), new_name()
    token, opponents = other.register(one), other.register(two)
    other.ok("join", token=token, nick=one)
    call = waiting(Background(client.ok, "state", token=token, version=0))
    other.ok("join", token=opponents, nick=one)
    state = call.result(PROMPT)
    assert (state["version"], state["started"], state["players"]["O"]) == (1, True, two)


def test_state_comes_when_the_game_is_closed(client: Commander, other: Commander) -> None:
    nick = new_name()
    token = other.register(nick)
    for code in (None, "a secret"):
        other.ok("join", token=token, nick=nick, code=code)
        call = waiting(Background(client.do, "state", token=token, version=0))
        other.ok("leave", token=token)
        assert call.result(PROMPT).value == {"error": "You have not joined a game"}


def test_a_spectator_follows(
    client: Commander, other: Commander, game: tuple[str, str, str]
) -> None:
    nick, token, _ = game
    watching = other.register(new_name())
    other.ok("join", token=watching, nick=nick, spectate=True, code="a quiet place")
    call = waiting(Background(client.ok, "state", token=watching, version=1))
    other.ok("play", token=token, type="place", coordinates="1,1")
    assert call.result(PROMPT)["last"]["coordinates"] == "1,1"
    call = waiting(Background(client.ok, "state", token=watching, version=2))
    other.ok("leave", token=token)
    assert call.result(PROMPT)["over"]


def test_a_match_begun_elsewhere_is_followed(
    client: Commander, other: Commander, server: Server
) -> None:
    """Its player has never joined anything here; old clients move in it."""
    one, two = Player.arrive(server, new_name()), Player.arrive(server, new_name())
    token = own_token(server, two)
    match_id = begin(one, two)
    state = client.ok("state", token=token)
    assert (state["id"], state["variant"], state["you"]) == (match_id, "standard", "O")
    call = waiting(Background(client.ok, "state", token=token, version=state["version"]))
    one.move(match_id, {"sub_x": 1, "sub_y": 1, "x": 0, "y": 0})
    assert call.result(PROMPT)["last"] == {"type": "place", "coordinates": "5,1", "char": "X"}
    answer = client.ok("play", token=token, type="place", coordinates="1,9")
    assert answer["state"]["allowed"] == [9]
    assert one.until("match_update")["version"] == 1
    assert one.until("match_update")["version"] == 2
    client.ok("leave", token=token)
    assert client.do("state", token=token).value == {"error": "You have not joined a game"}
    for player in (one, two):
        player.drop()


def own_token(server: Server, player: Player) -> str:
    """The token that the owner of an account makes on the settings page."""
    site = Visitor(server.url).sign_in(player.name, PASSWORD)
    page = site.post("/settings/token", page="/settings").text
    found = re.search(r'id="shown-token">(\w{12})<', page)
    assert found
    return found[1]


# Over the WebSocket


def test_answers_keep_their_order(
    server: Server, other: Commander, game: tuple[str, str, str]
) -> None:
    nick, token, opponents = game
    client = ByWebSocket(server)
    client.raw.send_text(line("chat", token=opponents, timeout=30))
    client.raw.send_text(line("chat", token=opponents, msg="me, too"))
    client.raw.send_text("nothing-like-it")
    client.raw.send_text(line("chat", token=opponents, timeout=0.2))
    client.raw.send_text(line("lobby", token="x"))
    assert client.raw.quiet(SOON)
    other.ok("chat", token=token, msg="now")
    assert client.hear() == [{nick: "now"}]
    assert len(client.hear()) == 2
    assert client.hear() == {"error": "There is no command nothing-like-it"}
    assert len(client.hear()) == 2
    assert client.hear() == {"error": "Invalid or non-existence token!"}
    client.close()


def test_what_is_no_command_waits_its_turn(server: Server, game: tuple[str, str, str]) -> None:
    client = ByWebSocket(server)
    client.raw.send_text(line("chat", token=game[1], timeout=0.5))
    client.raw.send_frame(b"\x00", 2)
    assert client.hear() == []
    assert client.hear() == {"error": "Send text frames, not binary ones."}
    client.close()


def test_the_queue_is_not_endless(server: Server, game: tuple[str, str, str]) -> None:
    client = ByWebSocket(server)
    client.raw.send_text(line("chat", token=game[1], timeout=30))
    for _ in range(40):
        client.raw.send_text("lobby x")
    assert client.raw.closed() == 1008


def test_pings_are_answered_while_a_command_waits(
    server: Server, game: tuple[str, str, str]
) -> None:
    client = ByWebSocket(server)
    client.raw.send_text(line("chat", token=game[1], timeout=1))
    client.raw.send_frame(b"there?", PING)
    assert client.hear() == []
    assert client.raw.pongs == [b"there?"]
    client.close()


# Over HTTP


@pytest.mark.one_worker("nginx keeps its own connections")
def test_the_connection_is_closed_after_an_answer_that_was_waited_for(
    server: Server, game: tuple[str, str, str]
) -> None:
    with raw_poll(server, game[1], 0.3) as sock:
        data = b""
        while more := sock.recv(4096):
            data += more
    head, _, body = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Connection: close" in head
    assert b"Access-Control-Allow-Origin: *" in head
    assert body == b"[]"


@pytest.mark.one_worker("each worker counts who waits for itself")
def test_who_has_gone_is_noticed(make_server: Callable[..., Server]) -> None:
    """Two may wait here: while the first two do a third may not, and once they have gone it may."""
    server = make_server(MAX_POLLS="2", ASYNC_MODE="eventlet")
    client = ByForm(server)
    token = client.register(new_name())
    polls = [raw_poll(server, token, 60) for _ in range(2)]
    client.ok("lobby", token=token)  # which came after them
    time.sleep(SOON)
    client.refused(429, "Too many are waiting. Try again later.", "chat", token=token, timeout=1)
    for poll in polls:
        poll.close()
    eventually(lambda: client.do("chat", token=token, timeout=0.1).status == 200)


def test_a_kept_alive_connection_goes_on(server: Server, game: tuple[str, str, str]) -> None:
    """Commands that need not wait are answered like any request."""
    with requests.Session() as session:
        for _ in range(3):
            data = {"token": game[1], "version": 0, "timeout": 30}
            assert session.post(f"{server.url}/api/state", data=data, timeout=30).ok


def raw_poll(server: Server, token: str, seconds: float) -> socket.socket:
    """A request that waits for chat, sent and not yet answered."""
    sock = socket.create_connection((server.host, server.port), timeout=30)
    query = f"token={token}&timeout={seconds}"
    sock.sendall(f"GET /api/chat?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    return sock
