"""Ultimate tic-tac-toe's old clients: the first frame, its answers, and what follows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

import pytest

from tests.legacy.players import PASSWORD, Player, begin, new_name
from tests.legacy.shapes import CheckedClient
from tests.support.rawclient import BINARY, Closed, build_frame
from tests.support.server import Server


def stranger(server: Server, path: str = "/") -> CheckedClient:
    return CheckedClient(server.host, server.port, path)


def everything(client: CheckedClient) -> tuple[list[tuple[str, Any]], int | None]:
    """All messages up to the end of the connection, and its close code."""
    messages = []
    while True:
        try:
            messages.append(client.receive())
        except Closed as closed:
            return messages, closed.code


def test_an_unknown_name_becomes_an_account(server: Server) -> None:
    name = new_name()
    with stranger(server) as client:
        answer = client.login(name.upper(), PASSWORD)
        assert answer["registered"] is True
        assert answer["msg"] == f"successful registered and logged in user {name}"
        assert client.quiet()


@pytest.mark.parametrize("path", ["/", "/ws/uttt", "/ws/uttt/?x=1"])
def test_every_path_leads_in(server: Server, path: str) -> None:
    with stranger(server, path) as client:
        client.login(new_name())


def test_an_account_signs_in_again_and_the_first_session_stays(server: Server) -> None:
    with Player.arrive(server) as first, stranger(server) as second:
        answer = second.login(first.name, PASSWORD)
        assert answer["registered"] is True
        assert answer["msg"] == f"successful logged in as user {first.name}"
        assert answer["id"] != first.id
        with Player.come_back(server, first.id) as back:
            assert back.name == first.name


def test_ratings_and_friends_come_right_after_the_answer(server: Server) -> None:
    with stranger(server) as client:
        client.send("login", {"name": new_name(), "pw": PASSWORD})
        assert [client.receive()[0] for _ in range(3)] == [
            "login_response",
            "elo_update",
            "friends_update",
        ]


def test_an_account_starts_with_a_rating(server: Server) -> None:
    with stranger(server) as client:
        client.send("login", {"name": new_name(), "pw": PASSWORD})
        client.expect("login_response")
        elo = client.expect("elo_update")
        assert elo["elo"] == 1000
        assert elo["rank"] >= 1
        assert client.expect("friends_update") == {"friends": [], "elos": [], "online": []}


def test_a_wrong_password(server: Server) -> None:
    with Player.arrive(server) as player, stranger(server) as client:
        client.send("login", {"name": player.name, "pw": "nope"})
        assert everything(client) == (
            [
                (
                    "login_response",
                    {
                        "success": False,
                        "id": None,
                        "registered": True,
                        "msg": f"invalid password for user {player.name}",
                    },
                )
            ],
            1000,
        )


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 17, "with space", "ümlaut", "", "a.b.c", "abc\n", " abc", "Ⅷabc", "<b>bold"],
)
@pytest.mark.parametrize("type", ["login", "temp_session"])
def test_a_name_nobody_may_have(server: Server, type: str, name: str) -> None:
    with stranger(server) as client:
        client.send(type, {"name": name, "pw": PASSWORD})
        ((answer_type, answer),), code = everything(client)
        assert (answer_type, answer["success"], code) == ("login_response", False, 1000)


def test_how_long_a_password_may_be(server: Server) -> None:
    with stranger(server) as client:
        client.send("login", {"name": new_name(), "pw": "é" * 129})
        assert not client.expect("login_response")["success"]
        assert client.closed() == 1000
    with stranger(server) as client:
        client.login(new_name(), "é" * 128)


GUESTS = [("login", {"pw": ""}), ("login", {"pw": None}), ("temp_session", {})]


@pytest.mark.parametrize(("type", "data"), GUESTS)
def test_a_guest(server: Server, type: str, data: dict[str, Any]) -> None:
    name = new_name()
    with stranger(server) as client:
        client.send(type, {"name": name.upper()} | data)
        answer = client.expect("login_response")
        assert answer["success"]
        assert answer["registered"] is False
        assert answer["msg"] == f"created a temporary session for user {name}"
        elo = client.expect("elo_update")
        assert (elo["elo"], elo["rank"]) == (None, None)
        assert name not in elo["top_names"]
        assert client.expect("friends_update") == {"friends": [], "elos": [], "online": []}


@pytest.mark.parametrize("pw", [PASSWORD, None], ids=["an account's", "a guest's"])
@pytest.mark.parametrize(("type", "data"), GUESTS)
def test_a_name_that_is_taken(
    server: Server, type: str, data: dict[str, Any], pw: str | None
) -> None:
    with Player.arrive(server, pw=pw) as player, stranger(server) as client:
        client.send(type, {"name": player.name} | data)
        ((answer_type, answer),), code = everything(client)
        assert (answer_type, answer["success"], code) == ("login_response", False, 1000)
        assert answer["registered"] is False


def test_a_guests_name_is_no_new_account(server: Server) -> None:
    with Player.arrive(server, pw=None) as guest, stranger(server) as client:
        client.send("login", {"name": guest.name, "pw": PASSWORD})
        assert not client.expect("login_response")["success"]


@pytest.mark.parametrize("pw", [PASSWORD, None], ids=["account", "guest"])
def test_reconnect(server: Server, pw: str | None) -> None:
    with Player.arrive(server, pw=pw) as player:
        player.close()
        with stranger(server) as client:
            assert client.reconnect(player.id) == {
                "success": True,
                "id": player.id,
                "user": player.name,
                "registered": pw is not None,
                "msg": "",
            }


@pytest.mark.parametrize("session_id", ["deadbeef", "0" * 32, "", None, "x" * 10_000])
def test_reconnect_with_an_id_that_is_no_good(server: Server, session_id: str | None) -> None:
    with stranger(server) as client:
        client.send("reconnect", {"id": session_id})
        assert everything(client) == (
            [
                (
                    "reconnect_response",
                    {
                        "success": False,
                        "id": None,
                        "user": None,
                        "registered": False,
                        "msg": "session not available",
                    },
                )
            ],
            1000,
        )


def test_sessions_and_matches_outlive_the_server(make_server: Callable[..., Server]) -> None:
    server = make_server()
    one, other = Player.arrive(server), Player.arrive(server, pw=None)
    match_id = begin(one, other)
    server.restart()
    for player in (one, other):
        with Player.come_back(server, player.id) as back:
            assert back.name == player.name
            assert back.expect("match_update")["id"] == match_id


@pytest.mark.parametrize(
    ("text", "code", "request_"),
    [
        ("", "bad_json", None),
        ("{", "bad_json", None),
        ("login", "bad_json", None),
        ("[" * 20_000, "bad_json", None),
        ("{'type': 'login'}", "bad_json", None),
        ("[]", "malformed", None),
        ("null", "malformed", None),
        ("17", "malformed", None),
        ("{}", "malformed", None),
        ('{"type": 5, "data": {}}', "malformed", None),
        ('{"type": null}', "malformed", None),
        ('{"type": "login", "data": []}', "malformed", "login"),
        ('{"type": "login", "data": "x"}', "malformed", "login"),
        ('{"type": "hello", "data": {}}', "not_signed_in", "hello"),
        ('{"type": "logout", "data": {}}', "not_signed_in", "logout"),
        ('{"type": "match_states_request", "data": {}}', "not_signed_in", "match_states_request"),
        ('{"type": "login_response", "data": {}}', "not_signed_in", "login_response"),
    ],
)
def test_another_first_frame_is_the_last(
    server: Server, text: str, code: str, request_: str | None
) -> None:
    with stranger(server) as client:
        client.send_text(text)
        ((type, error),), close_code = everything(client)
        assert type == "error"
        assert (error["code"], error["request"], close_code) == (code, request_, 1008)


def test_a_binary_or_oversized_first_frame_is_the_last(server: Server) -> None:
    with stranger(server) as client:
        client.send_frame(b'{"type": "login"}', BINARY)
        ((_, error),), close_code = everything(client)
        assert (error["code"], close_code) == ("binary", 1008)
    with stranger(server) as client:
        client.send("login", {"name": new_name(), "pw": "x" * 70_000})
        ((_, error),), close_code = everything(client)
        assert (error["code"], close_code) == ("too_big", 1008)


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("login", {}),
        ("login", {"name": "someone"}),
        ("login", {"pw": "secret"}),
        ("login", {"name": 12345, "pw": "secret"}),
        ("login", {"name": None, "pw": "secret"}),
        ("login", {"name": "someone", "pw": 12345}),
        ("login", {"name": "someone", "pw": False}),
        ("login", {"name": "someone", "pw": ["secret"]}),
        ("temp_session", {}),
        ("temp_session", {"name": True}),
        ("reconnect", {}),
        ("reconnect", {"id": 5}),
        ("reconnect", {"id": {}}),
    ],
)
def test_a_sign_in_with_a_wrong_field(server: Server, type: str, data: dict[str, Any]) -> None:
    with stranger(server) as client:
        client.send(type, data)
        messages, code = everything(client)
        answer_type = "reconnect_response" if type == "reconnect" else "login_response"
        assert [kind for kind, _ in messages] == ["error", answer_type]
        assert (messages[0][1]["code"], messages[0][1]["request"]) == ("malformed", type)
        assert messages[1][1]["success"] is False
        assert code == 1000


def test_no_account_comes_of_a_failed_sign_in(server: Server) -> None:
    name = new_name()
    with stranger(server) as client:
        client.send("login", {"name": name, "pw": 5})
        client.closed()
    with stranger(server) as client:
        assert "registered" in client.login(name, PASSWORD)["msg"]


@pytest.mark.parametrize("type", ["login", "temp_session", "reconnect"])
def test_signing_in_twice_is_refused_and_the_connection_lives(server: Server, type: str) -> None:
    with Player.arrive(server) as player:
        player.send(type, {"name": new_name(), "pw": PASSWORD, "id": player.id})
        player.refused("already_signed_in", type)
        player.settle()


def test_logout_ends_this_session_and_no_other(server: Server) -> None:
    with Player.arrive(server) as one, Player.arrive(server, one.name) as other:
        one.send("logout")
        assert everything(one) == ([], 1000)
        other.settle()
        with stranger(server) as client:
            client.send("reconnect", {"id": one.id})
            assert not client.expect("reconnect_response")["success"]
        with Player.come_back(server, other.id):
            pass


def test_logout_ends_every_connection_of_its_session(server: Server) -> None:
    with Player.arrive(server) as one, Player.come_back(server, one.id) as other:
        one.send("logout")
        assert one.closed() == 1000
        assert other.closed() == 1008


def test_frames_sent_in_one_go_are_answered_in_order(server: Server) -> None:
    with stranger(server) as client:
        name = new_name()
        for type in ("login", "match_states_request", "nonsense"):
            client.send(type, {"name": name, "pw": PASSWORD} if type == "login" else {})
        types = [client.receive()[0] for _ in range(4)]
        assert types == ["login_response", "elo_update", "friends_update", "error"]


def test_the_first_frame_may_come_with_the_handshake(server: Server) -> None:
    login = {"type": "login", "data": {"name": new_name(), "pw": PASSWORD}}
    early = build_frame(json.dumps(login).encode())
    with CheckedClient(server.host, server.port, early=early) as client:
        assert client.expect("login_response")["success"]


def test_a_get_of_the_root_is_the_website(server: Server) -> None:
    with urlopen(server.url) as page:
        assert page.status == 200
        assert "html" in page.headers["Content-Type"]


@pytest.mark.parametrize("origin", ["null", "https://somewhere.example", "file://"])
def test_old_pages_are_opened_from_anywhere(server: Server, origin: str) -> None:
    headers = [("Origin", origin)]
    with CheckedClient(server.host, server.port, headers=headers) as client:
        client.login(new_name())
