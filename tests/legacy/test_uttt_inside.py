"""What happens at the wrong moment, with the house in this process to make it happen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app import create_app
from app.live import commands
from app.services import accounts, friends, lobby, matches, presence, sessions
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller, Client, SignedIn
from config import Config
from tests.legacy.cage import connect, eventually
from tests.legacy.shapes import CheckedClient
from tests.support.rawclient import Closed

PASSWORD = "a good secret"
CORNER = {"sub_x": 0, "sub_y": 0, "x": 0, "y": 0}


class Inside:
    """A house with real threads, its accounts `alice` and `bob`, and raw connections to it."""

    def __init__(self, config: Config) -> None:
        app = create_app(replace(config, ASYNC_MODE="threading"))
        self.house: House = app.extensions["house"]
        presence.arrive(self.house)
        self._door = app.wsgi_app
        self.alice = self._account("alice")
        self.bob = self._account("bob")

    def _account(self, name: str) -> Caller:
        client = Client("192.0.2.1", "test")
        return accounts.register(self.house, name, PASSWORD, client=client).caller

    def connect(self) -> CheckedClient:
        client, _ = connect(self._door, CheckedClient)
        return client

    def sign_in(self, name: str) -> CheckedClient:
        client = self.connect()
        client.login(name, PASSWORD)
        return client


@pytest.fixture
def inside(config: Config) -> Inside:
    return Inside(config)


Meanwhile = Callable[[Callable[[], Any]], None]


@pytest.fixture
def before_greeting(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has something happen after the answer, before the server looks how things stand."""

    def install(happen: Callable[[], Any]) -> None:
        greeting = commands.greeting

        def late(house: House, caller: Caller, game: str) -> Any:
            happen()
            return greeting(house, caller, game)

        monkeypatch.setattr(commands, "greeting", late)

    return install


@pytest.fixture
def after_greeting(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has something happen after the server has looked, before it says what it has seen."""

    def install(happen: Callable[[], Any]) -> None:
        greeting = commands.greeting

        def early(house: House, caller: Caller, game: str) -> Any:
            replies = greeting(house, caller, game)
            happen()
            return replies

        monkeypatch.setattr(commands, "greeting", early)

    return install


def test_a_move_before_the_greeting_is_in_it(inside: Inside, before_greeting: Meanwhile) -> None:
    match = lobby.invite(inside.house, inside.alice, "bob")
    before_greeting(lambda: matches.submit(inside.house, inside.alice, match.id, CORNER))
    with inside.sign_in("bob") as bob:
        assert [bob.expect("match_update")["version"] for _ in range(2)] == [1, 1]


def test_a_move_during_the_greeting_comes_after_it(
    inside: Inside, after_greeting: Meanwhile
) -> None:
    match = lobby.invite(inside.house, inside.alice, "bob")
    after_greeting(lambda: matches.submit(inside.house, inside.alice, match.id, CORNER))
    with inside.sign_in("bob") as bob:
        assert [bob.expect("match_update")["version"] for _ in range(2)] == [0, 1]


def test_an_invitation_during_the_greeting_comes_after_it(
    inside: Inside, after_greeting: Meanwhile
) -> None:
    after_greeting(lambda: lobby.invite(inside.house, inside.alice, "bob"))
    with inside.sign_in("bob") as bob:
        assert bob.expect("match_update")["version"] == 0
        assert bob.expect("match_request") == {"player": "alice"}


def test_a_match_that_ends_during_the_greeting_is_told(
    inside: Inside, after_greeting: Meanwhile
) -> None:
    match = lobby.invite(inside.house, inside.alice, "bob")
    after_greeting(lambda: matches.close_for(inside.house, match.id, inside.alice.user_id))
    with inside.sign_in("bob") as bob:
        over = [bob.expect("match_update")["match_state"]["game_over"] for _ in range(2)]
        assert over == [False, True]
        assert bob.quiet(0.1)
    with inside.sign_in("bob") as again:
        assert again.quiet(0.1)


def test_a_greeting_that_fails_leaves_the_connection_signed_in(
    inside: Inside, before_greeting: Meanwhile, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("no greeting")

    before_greeting(fail)
    with caplog.at_level(logging.ERROR), inside.connect() as bob:
        bob.send("login", {"name": "bob", "pw": PASSWORD})
        assert bob.expect("login_response")["success"]
        assert bob.expect("error")["code"] == "internal"
        lobby.invite(inside.house, inside.alice, "bob")
        assert bob.expect("match_update")["version"] == 0
    assert "RuntimeError: no greeting" in caplog.text


def test_a_request_that_fails_is_told_and_logged(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("no end")

    monkeypatch.setattr(matches, "end", fail)
    with caplog.at_level(logging.ERROR), inside.sign_in("bob") as bob:
        bob.send("end_match", {"id": "0" * 32})
        assert bob.expect("error")["code"] == "internal"
        bob.send("friend_request", {"user": "alice"})
        assert bob.expect("friend_request_response")["success"]
    assert "RuntimeError: no end" in caplog.text


def test_who_is_blocked_cannot_invite(inside: Inside) -> None:
    friends.block(inside.house, inside.bob, "alice")
    with inside.sign_in("alice") as alice, inside.sign_in("bob") as bob:
        for asking, asked in ((alice, "bob"), (bob, "alice")):
            asking.send("match_request", {"player": asked})
            assert asking.expect("match_request_response")["success"] is False


def test_too_many_tries(config: Config) -> None:
    inside = Inside(replace(config, RATELIMIT_ENABLED=True, SIGN_IN_LIMIT="2 per minute"))
    for _ in range(2):
        with inside.connect() as client:
            client.send("login", {"name": "bob", "pw": "nope"})
            assert "invalid password" in client.expect("login_response")["msg"]
    with inside.connect() as client:
        client.send("login", {"name": "bob", "pw": PASSWORD})
        assert client.expect("login_response")["success"] is False
        assert client.closed() == 1000


def test_presence_comes_and_goes_with_the_connection(inside: Inside) -> None:
    bob = inside.sign_in("bob")
    assert [row.name for row in presence.online(inside.house)] == ["bob"]
    bob.drop()
    eventually(lambda: not presence.online(inside.house))


def test_a_revoked_session_is_cut(inside: Inside) -> None:
    with inside.sign_in("bob") as bob, inside.sign_in("bob") as kept:
        rows = sessions.rows(inside.house, inside.bob)
        ours = [row.id for row in rows if row.label == "raw"]
        assert len(ours) == 2
        sessions.revoke(inside.house, inside.bob, min(ours))
        assert bob.closed() == 1008
        assert kept.quiet(0.1)
        with pytest.raises(ServiceError):
            sessions.revoke(inside.house, inside.bob, min(ours))


def test_a_session_that_ends_during_its_sign_in_is_nobodys(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the connection is in the room where it would hear of the end."""
    sign_in = accounts.sign_in

    def revoked(house: House, *args: Any, **rest: Any) -> SignedIn:
        signed_in = sign_in(house, *args, **rest)
        sessions.sign_out(house, signed_in.caller)
        return signed_in

    monkeypatch.setattr(accounts, "sign_in", revoked)
    with inside.connect() as bob:
        bob.send("login", {"name": "bob", "pw": PASSWORD})
        bob.send("friend_request", {"user": "alice"})
        assert bob.expect("login_response")["success"]
        with pytest.raises(Closed) as closed:
            bob.receive()
        assert closed.value.code == 1008
    assert not presence.online(inside.house)
    assert friends.list_of(inside.house, inside.bob.user_id) == []


def test_a_sign_in_is_noted_with_its_address(inside: Inside) -> None:
    with inside.sign_in("bob"):
        rows = sessions.rows(inside.house, inside.bob)
        assert [row.address for row in rows if row.label == "raw"] == ["192.0.2.7"]
