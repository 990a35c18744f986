"""Commands given to the desk itself: at the same moment, by who has sat down meanwhile, by who
guesses.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app import create_app
from app.legacy.commands import table
from app.legacy.commands.answers import BAD_TOKEN, Answer
from app.legacy.commands.desk import Desk, Wait
from app.services import chat, friends, joined, matches, tables, tokens, watching
from app.services.access import Viewer
from app.services.house import House
from app.services.limits import Limits
from app.services.sessions import Caller, Client
from config import Config

HERE, THERE = "192.0.2.1", "198.51.100.7"
ADMIN = "the admin's own token, which nobody guesses"


class Giver:
    """Somebody with a token, who gives commands."""

    def __init__(self, desk: Desk, nick: str) -> None:
        self.desk, self.nick = desk, nick
        self.token = tokens.register(desk.house, nick, Client(HERE, "test"))
        caller = tokens.caller_of(desk.house, self.token)
        assert caller is not None
        self.caller: Caller = caller

    def ask(self, command: str, **given: Any) -> Answer | Wait:
        return table.run(self.desk, command, given | {"token": self.token}, HERE)

    def does(self, command: str, **given: Any) -> tuple[int, str]:
        """The status and the body of the answer."""
        answer = self.ask(command, **given)
        assert isinstance(answer, Answer)
        return answer.status, answer.body.decode()

    def ok(self, command: str, **given: Any) -> str:
        status, body = self.does(command, **given)
        assert status == 200, body
        return body


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk: Desk = app.extensions["desk"]
    return desk


@pytest.fixture
def far(desk: Desk) -> Giver:
    return Giver(desk, "far")


@pytest.fixture
def bob(desk: Desk) -> Giver:
    return Giver(desk, "bob")


def says(house: House, who: Giver, room: str, text: str) -> None:
    chat.say(house, who.caller, Viewer(who.caller.user_id, HERE), room, text)


# Who came to look on, and sat down on the website


@pytest.fixture
def game_id(desk: Desk, far: Giver, bob: Giver) -> str:
    """Far's match with bob, who had come to look on before it began."""
    far.ok("join", nick="far")
    bob.ok("join", nick="far", spectate=True)
    row = tables.own(desk.house, far.caller.user_id)
    assert row is not None
    return tables.join(desk.house, bob.caller, row.id).id


def test_a_player_reads_no_spectators(
    house: House, desk: Desk, game_id: str, far: Giver, bob: Giver
) -> None:
    joe = Giver(desk, "joe")
    joe.ok("join", nick="far", spectate=True)
    joe.ok("chat", msg="take e5")
    says(house, far, f"match:{game_id}", "hello")
    assert bob.ok("chat") == '[{"far":"hello"}]'
    wait = bob.ask("chat", timeout=10)
    assert isinstance(wait, Wait)
    assert wait.question.key == f"chat match:{game_id}".encode()
    place = joined.place_of(house, bob.caller.user_id)
    assert place is not None
    assert not place.spectating
    assert joe.ok("chat") == '[{"joe":"take e5"}]'
    assert watching.names(house, game_id) == ["joe"]
    assert watching.count(house, game_id) == 1


def test_who_sits_down_acts_as_a_player(house: House, game_id: str, far: Giver, bob: Giver) -> None:
    far.ok("play", type="place", coordinates="5,5")
    assert '"you":"O"' in bob.ok("state")
    bob.ok("play", type="place", coordinates="5,1")
    bob.ok("leave")
    record = matches.get(house, game_id)
    assert record.over
    assert record.outcome is not None
    assert record.outcome.winners == (0,)


def test_who_sits_down_while_waiting_hears_nothing(
    house: House, desk: Desk, far: Giver, bob: Giver
) -> None:
    """The question was asked by a spectator; the answer would be a player's to read."""
    far.ok("join", nick="far")
    bob.ok("join", nick="far", spectate=True)
    wait = bob.ask("chat", timeout=10)
    assert isinstance(wait, Wait)
    row = tables.own(house, far.caller.user_id)
    assert row is not None
    game = tables.join(house, bob.caller, row.id)
    joe = Giver(desk, "joe")
    joe.ok("join", nick="far", spectate=True)
    joe.ok("chat", msg="take e5")
    for asked in (wait.question, replace(wait.question, after=0)):  # type: ignore[type-var]
        (answer,) = type(asked).answer(house, [asked], finally_=True)
        assert answer is not None
        assert answer.body == b"[]"
        assert asked.look(house) is None
    matches.end(house, bob.caller, game.id)
    (answer,) = type(wait.question).answer(house, [wait.question], finally_=True)
    assert answer is not None
    assert b"take e5" in answer.body, "once it is over, it is theirs, too"


def test_channels_decide_who_reads(
    house: House, game_id: str, bob: Giver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever somebody is taken to be."""
    with house.store.read() as unit:
        game = joined.game_of(unit, game_id)
    assert game is not None
    monkeypatch.setattr(joined, "place_of", lambda *_: joined.Place(game, spectating=True))
    for given in ({}, {"timeout": 5}, {"msg": "hi"}):
        assert bob.does("chat", **given)[0] == 409


def test_who_looks_on_at_an_open_table_waits_for_its_spectators(
    house: House, far: Giver, bob: Giver
) -> None:
    far.ok("join", nick="far", code="open sesame")
    bob.ok("join", nick="far", code="open sesame", spectate=True)
    assert bob.ok("chat") == "[]"
    assert isinstance(bob.ask("chat", timeout=5), Wait)
    assert bob.does("chat", msg="hi") == (409, '{"error":"The game has not started"}')


def test_the_blocked_look_on_at_no_table(house: House, desk: Desk, far: Giver, bob: Giver) -> None:
    friends.block(house, far.caller, "bob")
    joe = Giver(desk, "joe")
    for code in (None, "open sesame"):
        far.ok("join", nick="far", code=code)
        for given in ("open sesame", None):
            there = bob.does("join", nick="far", code=given, spectate=True)
            assert there == bob.does("join", nick="nobody", code=given, spectate=True)
        joe.ok("join", nick="far", code=code, spectate=True)
        joe.ok("leave")
        far.ok("leave")


# At the same moment


@pytest.mark.parametrize("first", ["open", "sit down"])
def test_of_two_joins_at_once_one_begins_something(
    house: House, desk: Desk, far: Giver, bob: Giver, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    joe = Giver(desk, "joe")
    for who in (far, joe):
        who.ok("join", nick=who.nick)
    here = threading.Barrier(2)
    check_free = joined.check_free

    def check_together(*call: Any) -> None:
        check_free(*call)
        here.wait(10)

    monkeypatch.setattr(joined, "check_free", check_together)
    nicks = ["far", "bob" if first == "open" else "joe"]
    with ThreadPoolExecutor(2) as pool:
        joins = [partial(bob.does, "join", nick=nick) for nick in nicks]
        answers = sorted(pool.map(lambda join: join(), joins))
    assert answers[0][0] == 200
    assert answers[1] == (409, '{"error":"You have already joined a game"}')
    begun = matches.open_of(house, bob.caller.user_id)
    own = tables.own(house, bob.caller.user_id)
    assert len(begun) + (own is not None) == 1, "what was refused has not happened"
    place = joined.place_of(house, bob.caller.user_id)
    assert place is not None
    assert place.id == (begun[0].id if begun else own and own.id)


# The admin's token


@pytest.fixture
def guarded(config: Config) -> Desk:
    """A desk where three wrong tokens are the most."""
    app = create_app(replace(config, ADMIN_TOKEN=ADMIN))
    desk: Desk = app.extensions["desk"]
    rates = {"api_token": "3 per minute", "register": "99 per minute"}
    limits = Limits(
        FixedWindowRateLimiter(MemoryStorage()), {name: parse(rate) for name, rate in rates.items()}
    )
    return replace(desk, house=replace(desk.house, limits=limits))


def test_the_admins_token_is_not_to_be_guessed(guarded: Desk) -> None:
    far = Giver(guarded, "far")

    def logs(token: str, address: str = HERE) -> int:
        answer = table.run(guarded, "logs", {"token": token}, address)
        assert isinstance(answer, Answer)
        return answer.status

    assert [logs(f"guess {n}") for n in range(4)] == [401, 401, 401, 429]
    assert logs(ADMIN) == 429, "the right one is no way round the limit"
    assert logs(ADMIN, THERE) == 200
    assert far.does("lobby")[0] == 200, "who has a token goes on"
    assert BAD_TOKEN not in far.does("logs")[1]
