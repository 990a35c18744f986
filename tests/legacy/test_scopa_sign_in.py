"""Scopa's old clients: coming in, registering, signing in, and who they are told is there."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from app.services import accounts, bans, presence, sessions
from app.services.audit import HOST
from app.services.sessions import Client
from tests.legacy.cage import eventually
from tests.legacy.scopa_clients import PASSWORD, SUBPROTOCOL, Inside, statuses
from tests.support.rawclient import BINARY

Make = Callable[..., Inside]


# Coming in


def test_the_subprotocol_is_selected_wherever_it_is_offered(inside: Make) -> None:
    house = inside("anna")
    for path in ("/", "/ws/uttt", "/ws/scopa", "/api/ws"):
        client = house.connect(path, **SUBPROTOCOL)
        assert "sec-websocket-protocol: scopa" in client.head.lower()
        client.say("login", {"username": "anna", "password": PASSWORD})
        games = client.expect("logged_in")["games"]
        assert games["classic"]["number_of_players"] == [[2, 1], [2, 2]]
        assert games["scopone"]["number_of_players"] == [[2, 2]]


def test_without_it_the_path_decides(inside: Make) -> None:
    client = inside("anna").connect()
    assert "sec-websocket-protocol" not in client.head.lower()
    client.say("login", {"username": "anna", "password": PASSWORD})
    games = client.expect("logged_in")["games"]
    assert games["classic_scopa"] == {"name": "Classic Scopa", "number_of_players": [2, 4]}


def test_who_fills_in_a_form_has_all_the_time_in_the_world(inside: Make) -> None:
    house = inside("anna", SIGN_IN_TIMEOUT=1)
    client = house.connect()
    house.app.extensions["edge"].exchange.sweep(float("inf"))
    house.app.extensions["edge"].exchange.sweep(0)
    client.answer_pings = True
    client.sign_in("anna")


# Registering


def test_registering_makes_an_account_of_the_site_and_does_not_sign_in(inside: Make) -> None:
    house = inside()
    client = house.connect()
    client.say("register", {"username": "Anna", "password": PASSWORD})
    assert client.expect("registered") == "anna"
    client.say("chat", "hello")
    client.refused("not_signed_in")
    signed_in = accounts.sign_in(house.house, "anna", PASSWORD, client=Client("", ""))
    assert len(sessions.rows(house.house, signed_in.caller)) == 1


@pytest.mark.parametrize(
    "name",
    ["anna", "ANNA", "an", "x" * 17, "an na", " bella", "9lives", "_x_", "-dash", "cpu1", "cpu",
     "admin", "", "a\0b", "été"],
)  # fmt: skip
def test_names_that_cannot_be_had(inside: Make, name: str) -> None:
    with inside("anna").connect() as client:
        client.say("register", {"username": name, "password": PASSWORD})
        assert client.expect("username_unavailable") == name
        client.sign_up("bella")


def test_an_endless_name_comes_back_short(inside: Make) -> None:
    client = inside().connect()
    client.say("register", {"username": "x" * 1000, "password": PASSWORD})
    assert client.expect("username_unavailable") == "x" * 40
    client.say("login", {"username": "\ud800", "password": PASSWORD})
    client.refused("bad_json")  # half a character is none


def test_a_guests_name_is_taken_while_they_are_here(inside: Make) -> None:
    house = inside()
    accounts.guest(house.house, "gus", client=Client("", ""))
    client = house.connect()
    client.say("register", {"username": "gus", "password": PASSWORD})
    assert client.expect("username_unavailable") == "gus"
    client.say("login", {"username": "gus", "password": PASSWORD})
    assert client.expect("unknown_username") == "gus"


def test_a_password_that_cannot_be_one(inside: Make) -> None:
    house = inside()
    client = house.connect()
    for password in ("", "x" * 129):
        client.say("register", {"username": "anna", "password": password})
        client.refused("bad_password")
    old = house.connect("/", **SUBPROTOCOL)
    old.say("register", {"username": "anna", "password": ""})
    old.refused("bad_password")
    assert old.expect("username_unavailable") == "anna"


# Signing in


def test_every_answer_to_a_login(inside: Make) -> None:
    house = inside("anna")
    client = house.connect()
    client.say("login", {"username": "nobody", "password": PASSWORD})
    assert client.expect("unknown_username") == "nobody"
    client.say("login", {"username": "an na", "password": PASSWORD})
    assert client.expect("unknown_username") == "an na"
    for password in ("nope", "", "x" * 200):
        client.say("login", {"username": "anna", "password": password})
        assert client.expect("wrong_password") == "anna"
    client.say("login", {"username": "ANNA", "password": PASSWORD})
    assert client.expect("logged_in")["username"] == "anna"
    assert client.expect("players") == [{"username": "anna", "status": "available"}]
    for control in ("login", "register"):
        client.say(control, {"username": "anna", "password": PASSWORD})
        client.refused("already_signed_in")


def test_an_account_of_the_site_whose_name_clients_cannot_bear(inside: Make) -> None:
    client = inside("9lives").connect()
    client.say("login", {"username": "9lives", "password": PASSWORD})
    assert client.expect("username_unavailable") == "9lives"
    client.say("chat", "hello")
    client.refused("not_signed_in")


def test_a_banned_user_hears_why(inside: Make) -> None:
    house = inside("anna")
    bans.ban_user(house.house, HOST, "anna")
    client = house.connect()
    client.say("login", {"username": "anna", "password": PASSWORD})
    client.refused("banned")
    old = house.connect("/", **SUBPROTOCOL)
    old.say("login", {"username": "anna", "password": PASSWORD})
    old.refused("banned")
    assert old.expect("wrong_password") == "anna"


def test_too_many_tries_are_told(inside: Make) -> None:
    house = inside("anna", RATELIMIT_ENABLED=True, SIGN_IN_ADDRESS_LIMIT="2 per hour")
    client = house.connect()
    for _ in range(2):
        client.say("login", {"username": "nobody", "password": PASSWORD})
        assert client.expect("unknown_username") == "nobody"
    client.say("login", {"username": "nobody", "password": PASSWORD})
    client.refused("too_many")
    client.say("login", {"username": "anna", "password": PASSWORD})
    client.refused("too_many")


def test_the_end_of_a_session_ends_the_connection(inside: Make) -> None:
    house = inside("anna")
    client, other = house.documented("anna"), house.documented("anna")
    caller = accounts.sign_in(house.house, "anna", PASSWORD, client=Client("", "")).caller
    sessions.revoke_others(house.house, caller)
    assert client.closed() == other.closed() == 1008


def test_leaving_signs_out(inside: Make) -> None:
    house = inside("anna")
    caller = accounts.sign_in(house.house, "anna", PASSWORD, client=Client("", "")).caller
    before = len(sessions.rows(house.house, caller))
    with house.documented("anna"):
        assert len(sessions.rows(house.house, caller)) == before + 1
        assert presence.count(house.house) == 1
    eventually(lambda: len(sessions.rows(house.house, caller)) == before)
    assert presence.count(house.house) == 0


# What cannot be read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "bad_json"),
        ("[]", "malformed"),
        ('{"control": 1}', "malformed"),
        ('{"type": "login"}', "malformed"),
        ('{"control": "dance"}', "unknown_control"),
        ('{"control": "login"}', "malformed"),
        ('{"control": "login", "data": "anna"}', "malformed"),
        ('{"control": "login", "data": {"username": "anna"}}', "malformed"),
        ('{"control": "login", "data": {"username": 1, "password": "x"}}', "malformed"),
        ('{"control": "register", "data": {"password": "x"}}', "malformed"),
        ('{"control": "register", "data": {"username": "x", "password": null}}', "malformed"),
        ('{"control": "chat", "data": "hi"}', "not_signed_in"),
        ('{"control": "new_match", "data": {}}', "not_signed_in"),
        ('{"control": "match_proposal", "data": "accept"}', "not_signed_in"),
        ('{"control": "match_data", "data": {}}', "not_signed_in"),
    ],
)
def test_a_stranger_hears_what_was_wrong_and_may_go_on(inside: Make, text: str, code: str) -> None:
    house = inside("anna")
    for client in (house.connect(), house.connect("/", **SUBPROTOCOL)):
        client.send_text(text)
        client.refused(code)
        client.sign_in("anna")
        client.drop()
        eventually(lambda: presence.count(house.house) == 0)


def test_frames_that_are_none(inside: Make) -> None:
    house = inside("anna", MAX_FRAME_BYTES=1000)
    client = house.documented("anna")
    client.send_frame(b"\0\1", BINARY)
    client.refused("binary")
    client.send_text(json.dumps({"control": "chat", "data": "x" * 1000}))
    client.refused("too_big")
    assert client.settle() == []


def test_a_flood_is_answered_once_and_ends(inside: Make) -> None:
    client = inside("anna", MESSAGES_PER_SECOND=1, MESSAGE_BURST=3).documented("anna")
    for _ in range(20):
        client.say("dance")
    codes = [client.expect("error")["code"]]
    while codes[-1] != "flood":
        codes.append(client.expect("error")["code"])
    assert codes[:2] == ["unknown_control"] * 2  # signing in was one
    assert len(codes) < 10  # a machine that pauses earns one a second
    assert client.closed() == 1008


def test_while_the_house_closes_nothing_is_taken(inside: Make) -> None:
    house = inside("anna")
    client = house.documented("anna")
    house.app.extensions["edge"].gate.close()
    client.say("chat", "hello")
    client.refused("closing")


# Who is there


def test_everybody_hears_who_comes_and_goes(inside: Make) -> None:
    house = inside("anna", "bob", "cleo")
    anna = house.documented("anna")
    bob = house.old("bob")
    assert house.roll(anna) == {"anna": "available", "bob": "available"}
    assert bob.settle() == []  # it knows
    bob.drop()
    assert house.roll(anna) == {"anna": "available"}


def test_those_on_other_transports_are_there_guests_and_odd_names_are_not(inside: Make) -> None:
    house = inside("anna", "bob", "9lives")
    for name in ("bob", "9lives"):
        caller = accounts.sign_in(house.house, name, PASSWORD, client=Client("", "")).caller
        presence.connect(house.house, caller, "socket.io")
    guest = accounts.guest(house.house, "gus", client=Client("", "")).caller
    presence.connect(house.house, guest, "socket.io")
    there = house.connect().sign_in("anna")
    assert statuses(there) == {"anna": "available", "bob": "available"}


def test_a_second_connection_is_no_news(inside: Make) -> None:
    house = inside("anna", "bob")
    anna = house.documented("anna")
    with house.documented("anna"):
        house.later()
        assert anna.settle() == []


def test_many_changes_are_told_at_once(inside: Make) -> None:
    house = inside("anna", "bob", "cleo")
    anna = house.documented("anna")
    house.documented("bob")
    house.documented("cleo")
    house.later()
    (told,) = anna.settle()
    assert statuses(told[1]) == dict.fromkeys(("anna", "bob", "cleo"), "available")
