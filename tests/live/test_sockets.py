"""Socket.IO against the real server: envelope, acknowledgements, rooms, and who hears what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from tests.services.conftest import SHORT_WIN, move
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

_numbers = count()


@pytest.fixture
def visitor(server: Server) -> Callable[[str], Visitor]:
    """Registers somebody whose name begins as given."""
    return lambda name: Visitor(server.url).register(f"{name}-s{next(_numbers)}")


@pytest.fixture
def pair(visitor: Callable[[str], Visitor]) -> Iterator[tuple[SocketClient, SocketClient, str]]:
    """Two players' sockets in a fresh match: A's, B's, the match's id."""
    names = [f"a-s{next(_numbers)}", f"b-s{next(_numbers)}"]
    url = visitor("x").url
    one, other = (Visitor(url).register(name) for name in names)
    with one.socket() as a, other.socket() as b:
        greeting(a)
        greeting(b)
        ack = a.ask("match_request", player=names[1])
        assert ack["ok"]
        a.hear_until("match_request_response")
        b.hear_until("match_request")
        yield a, b, ack["match"]


def greeting(client: SocketClient) -> list[str]:
    """The types of what follows a connection of somebody without matches."""
    return [client.hear()[0], client.hear()[0]]


def test_a_player_is_greeted_in_order(visitor: Callable[[str], Visitor]) -> None:
    with visitor("greta").socket() as greta:
        assert greeting(greta) == ["elo_update", "friends_update"]


def test_a_match_from_invitation_to_result(pair: tuple[SocketClient, SocketClient, str]) -> None:
    a, b, match_id = pair
    for number, cell in enumerate(SHORT_WIN):
        mover = (a, b)[number % 2]
        ack = mover.ask("move", id=match_id, version=number, **move(*cell))
        assert ack == {"ok": True, "version": number + 1}
        for client in (a, b):
            data = client.hear_until("match_update")
            assert (data["id"], data["version"]) == (match_id, number + 1)
    state = data["match_state"]
    assert state["game_over"]
    assert state["player_won"] == state["player_a"]
    assert a.hear_until("elo_update")["elo"] == 1010
    assert b.hear_until("elo_update")["elo"] == 990
    rematch = b.ask("rematch", id=match_id)
    assert rematch["ok"]
    assert a.hear_until("rematch")["match"] == rematch["match"]
    assert a.ask("rematch", id=match_id) == rematch
    assert len(a.ask("match_log", id=match_id)["moves"]) == 17


def test_a_refused_move_says_why_and_shows_the_board(
    pair: tuple[SocketClient, SocketClient, str],
) -> None:
    a, b, match_id = pair
    ack = b.ask("move", id=match_id, **move(0, 0))
    assert ack["ok"] is False
    assert ack["error"]["code"] == "not_your_turn"
    assert b.hear_until("error")["request"] == "move"
    assert b.hear_until("match_update")["version"] == 0
    assert a.ask("move", id=match_id, version=0, **move(4, 4))["ok"]
    again = a.ask("move", id=match_id, version=0, **move(4, 4))
    assert again["error"]["code"] == "stale"


@pytest.mark.parametrize(
    ("event", "argument", "code"),
    [
        ("move", None, "malformed"),
        ("move", [], "malformed"),
        ("move", {"type": "other", "data": {}}, "malformed"),
        ("move", {"type": "move", "data": {}}, "malformed"),
        ("move", {"type": "move", "data": {"id": 7}}, "malformed"),
        ("move", {"type": "move", "data": {"id": "x", "version": "1"}}, "malformed"),
        ("fly", {"type": "fly", "data": {}}, "unknown_type"),
        ("watch", {"type": "watch", "data": {"id": "nowhere"}}, "no_such_match"),
        ("watch", {"type": "watch", "data": {}}, "malformed"),
        ("rematch", {"type": "rematch", "data": {"id": "nowhere"}}, "no_such_match"),
        ("end_match", {"type": "end_match", "data": {"id": "nowhere"}}, "no_such_match"),
        ("match_request", {"type": "match_request", "data": {"player": 5}}, "malformed"),
    ],
)
def test_bad_input_is_named_and_the_connection_lives(
    visitor: Callable[[str], Visitor], event: str, argument: object, code: str
) -> None:
    with visitor("mal").socket() as client:
        assert client.ask_raw(event, argument)["error"]["code"] == code
        assert client.hear_until("error")["code"] == code
        assert client.ask("match_states_request") == {"ok": True}


def test_a_stranger_may_watch_and_nothing_else(
    server: Server, pair: tuple[SocketClient, SocketClient, str]
) -> None:
    a, b, match_id = pair
    with Visitor(server.url).socket() as stranger:
        assert stranger.ask("watch", id=match_id) == {"ok": True}
        assert stranger.hear_until("match_update")["version"] == 0
        a.ask("move", id=match_id, **move(4, 4))
        assert stranger.hear_until("match_update")["version"] == 1
        for type in ("move", "end_match", "match_request", "friend_request", "match_log"):
            ack = stranger.ask(type, id=match_id)
            assert type == "match_log" or ack["error"]["code"] == "sign_in"
        assert stranger.ask("lobby")["error"]["code"] == "sign_in"
        assert stranger.ask("unwatch", id=match_id) == {"ok": True}
        b.ask("move", id=match_id, **move(4, 0))
        assert stranger.ask("watch", id=match_id) == {"ok": True}
        assert stranger.hear_until("match_update")["version"] == 2  # none of version 2 before


def test_the_lobby_hears_who_comes_and_goes(server: Server) -> None:
    name = f"coming-s{next(_numbers)}"
    host = Visitor(server.url).register(f"host-s{next(_numbers)}")
    coming = Visitor(server.url).register(name)
    with host.socket() as client:
        client.ask("lobby")
        state = client.hear_until("lobby_state")
        assert state["seeking"] is False
        with coming.socket():
            # Of the host themselves it may be told late, by way of another worker.
            data = client.hear_of(name, online=True)
            assert (data["registered"], data["elo"]) == (True, 1000)
        assert client.hear_of(name, online=False)["registered"] is True


def test_a_revoked_session_is_cut_at_once(visitor: Callable[[str], Visitor]) -> None:
    person = visitor("rev")
    with person.socket() as client:
        greeting(client)
        person.post("/sign-out", page="/settings")
        assert client.hear() == ("session_ended", {})
        assert client.hear()[0] == "disconnect"


def test_a_foreign_page_cannot_open_a_socket(server: Server) -> None:
    answer = Visitor(server.url).http.get(
        f"{server.url}/socket.io/?EIO=4&transport=polling",
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 400


def test_nothing_is_compressed(server: Server) -> None:
    """permessage-deflate would cost 100 KiB a connection; an offer of it is passed over."""
    import websocket

    ws = websocket.create_connection(
        f"{server.ws_url}/socket.io/?EIO=4&transport=websocket",
        header=["Sec-WebSocket-Extensions: permessage-deflate"],
    )
    assert "sec-websocket-extensions" not in ws.headers
    ws.close()


def test_wire_times_are_what_old_clients_parse(
    pair: tuple[SocketClient, SocketClient, str],
) -> None:
    a, _, match_id = pair
    a.ask("match_states_request", id=match_id)
    told = a.hear_until("match_update")["revoke_time"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", told)
