"""Ultimate tic-tac-toe's old clients: friends, several connections, and what is not understood."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.legacy.conftest import Arrive
from tests.legacy.players import Player, begin, new_name
from tests.support.rawclient import BINARY
from tests.support.server import Server

CORNER = {"sub_x": 0, "sub_y": 0, "x": 0, "y": 0}
CENTRE = {"sub_x": 0, "sub_y": 0, "x": 1, "y": 1}


# friends


def test_friends(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    twin = arrive(one.name)
    one.send("friend_request", {"user": other.name.upper()})
    assert one.expect("friend_request_response") == {
        "success": True,
        "msg": f"added '{other.name}' as a friend",
    }
    friends = {"friends": [other.name], "elos": [1000], "online": [True]}
    assert one.expect("friends_update") == friends
    assert twin.expect("friends_update") == friends
    assert other.quiet(0.1)  # one-way
    one.send("friend_request", {"user": other.name})
    assert one.expect("friend_request_response")["success"] is False

    back = Player(one.sock.getpeername()[0], one.sock.getpeername()[1])
    back.send("reconnect", {"id": one.id})
    assert [back.receive()[0] for _ in range(2)] == ["reconnect_response", "elo_update"]
    assert back.expect("friends_update") == friends
    back.drop()

    one.send("unfriend_request", {"user": other.name})
    assert one.expect("unfriend_request_response") == {
        "success": True,
        "msg": f"removed '{other.name}' from your friend list",
    }
    assert one.expect("friends_update") == {"friends": [], "elos": [], "online": []}
    assert twin.expect("friends_update") == {"friends": [], "elos": [], "online": []}
    one.send("unfriend_request", {"user": other.name})
    assert one.expect("unfriend_request_response")["success"] is False
    assert one.quiet(0.1)
    assert twin.quiet(0.1)


@pytest.mark.parametrize("request_", ["friend_request", "unfriend_request"])
def test_friends_that_cannot_be(arrive: Arrive, request_: str) -> None:
    one, guest = arrive(), arrive(pw=None)
    wrong = new_name("missing"), one.name, "a\0b", "", "x" * 1000
    for asking, name in (*((one, name) for name in wrong), (guest, one.name)):
        asking.send(request_, {"user": name})
        assert asking.expect(f"{request_}_response")["success"] is False
    for data in ({}, {"user": None}, {"user": 5}):
        one.send(request_, data)
        one.refused("malformed", request_)
    assert one.quiet(0.1)


# The rest


def test_everybody_signed_in_twice_gets_everything(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    twin = arrive(one.name)
    match_id = begin(one, other)
    assert twin.expect("match_update")["id"] == match_id
    twin.move(match_id, CORNER)
    updates = [player.expect("match_update") for player in (one, twin, other)]
    assert updates[0] == updates[1] == updates[2]
    twin.close()
    other.move(match_id, CENTRE)
    assert one.expect("match_update")["version"] == 2
    one.move(match_id, {"sub_x": 1, "sub_y": 1, "x": 0, "y": 0})
    assert one.expect("match_update")["version"] == 3


def test_what_ended_while_away_is_told_once_after_what_is_open(arrive: Arrive) -> None:
    one, other, third = arrive(), arrive(), arrive()
    ended, running = begin(one, other), begin(one, third)
    one.close()
    other.send("end_match", {"id": ended})
    other.expect("match_update")

    back = arrive(one.name)
    updates = [back.expect("match_update") for _ in range(2)]
    told = [(data["id"], data["match_state"]["game_over"]) for data in updates]
    assert told == [(running, False), (ended, True)]
    assert back.quiet(0.1)
    back.close()
    again = arrive(one.name)
    assert again.expect("match_update")["id"] == running
    assert again.quiet(0.1)


def test_what_ended_while_here_is_not_told_again(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    other.send("end_match", {"id": match_id})
    one.expect("match_update")
    one.close()
    assert arrive(one.name).quiet()


@pytest.mark.parametrize(
    "request_", ["hello", "", "login_response", "session_ended", "elo_update", "x" * 1000]
)
def test_a_request_that_is_none(arrive: Arrive, request_: str) -> None:
    one = arrive(pw=None)
    one.send(request_, {"id": "0" * 32})
    error = one.expect("error")
    assert error["code"] == "unknown_type"
    assert request_.startswith(error["request"])
    one.settle()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_json"),
        ("{]", "bad_json"),
        ('{"type": "move", "data": {"id": NaN}}', "bad_json"),
        ("[1, 2]", "malformed"),
        ('"move"', "malformed"),
        ('{"data": {}}', "malformed"),
        ('{"type": ["move"]}', "malformed"),
        ('{"type": "move", "data": 5}', "malformed"),
    ],
)
def test_a_message_that_is_none(arrive: Arrive, text: str, code: str) -> None:
    one = arrive(pw=None)
    one.send_text(text)
    assert one.expect("error")["code"] == code
    one.settle()


def test_frames_that_are_not_taken(arrive: Arrive) -> None:
    one = arrive(pw=None)
    one.send_frame(b"{}", BINARY)
    one.refused("binary", None)
    one.send_text("x" * (64 * 1024 + 1))
    one.refused("too_big", None)
    one.send("x" * 60_000)
    assert one.expect("error")["code"] == "unknown_type"
    one.settle()


@pytest.mark.one_worker("what one connection may say, its worker counts")
def test_a_flood_is_shown_out(make_server: Callable[..., Server]) -> None:
    server = make_server(MESSAGES_PER_SECOND="1", MESSAGE_BURST="10")
    with Player.arrive(server) as one:
        for _ in range(40):
            one.send("hello")
        codes = [one.expect("error")["code"]]
        while codes[-1] != "flood":
            codes.append(one.expect("error")["code"])
        assert 9 <= codes.count("unknown_type") <= 15
        assert one.closed() == 1008
