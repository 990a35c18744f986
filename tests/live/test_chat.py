"""Chat over the wire: who hears what, on every transport, and what a client gets that was away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.legacy.players import Player, new_name
from tests.support.rawclient import RawClient
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

PASSWORD = "a good secret"

Join = Callable[..., "Person"]


class Person:
    """Somebody with a browser's socket, of whom the test knows the name."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        self.name = new_name()
        self.browser = Visitor(server.url).register(self.name, PASSWORD)
        self.socket: SocketClient = stack.enter_context(self.browser.socket())

    def ask(self, type: str, **data: Any) -> Any:
        return self.socket.ask(type, **data)

    def say(self, room: str, text: str) -> dict[str, Any]:
        """Say something that must be taken; the line as its speaker is told of it."""
        ack = self.ask("chat", room=room, text=text)
        assert ack["ok"], ack
        line: dict[str, Any] = ack["line"]
        return line

    def hears(self, *texts: str) -> None:
        """What is said to this person up to now must be these texts, in this order."""
        assert heard(self.socket) == [*texts]

    def read(self, room: str, **more: Any) -> list[str]:
        ack = self.ask("chat_history", room=room, **more)
        assert ack["ok"], ack
        return [line["text"] for line in ack["lines"]]


def heard(client: SocketClient) -> list[str]:
    """The texts of the lines that have come; an unknown request is answered after all of them."""
    client.ask("are_we_there_yet")
    found = []
    while True:
        type, data = client.hear()
        if type == "chat_message":
            found.append(data["text"])
        if type == "error" and data["request"] == "are_we_there_yet":
            return found


@pytest.fixture
def join(server: Server) -> Iterator[Join]:
    """Somebody new: `join()`."""
    with ExitStack() as stack:
        yield lambda: Person(server, stack)


@pytest.fixture
def pair(join: Join) -> tuple[Person, Person, str]:
    """Two in a match, and its id."""
    one, other = join(), join()
    match = one.ask("match_request", player=other.name)["match"]
    return one, other, match


def test_the_lobby_hears_what_is_said_there(join: Join) -> None:
    ann, ben, eve = join(), join(), join()
    for person in (ann, ben):
        person.ask("lobby")
    line = ann.say("lobby", "good\nevening\0")
    assert (line["name"], line["room"], line["text"], line["mine"]) == (
        ann.name, "lobby", "good evening", True,
    )  # fmt: skip
    told = ben.socket.hear_until("chat_message")
    assert told == {key: value for key, value in line.items() if key != "mine"}
    ann.hears("good evening")
    eve.hears()  # elsewhere, and not asked for
    assert eve.read("lobby")[-1] == "good evening"


def test_players_and_spectators_do_not_hear_each_other_until_the_end(
    server: Server, join: Join, pair: tuple[Person, Person, str]
) -> None:
    one, other, match = pair
    eve = join()
    with Visitor(server.url).socket() as stranger:
        assert eve.ask("watch", id=match)["ok"]
        assert stranger.ask("watch", id=match)["ok"]
        one.ask("watch", id=match)  # a player who says so does not become a spectator
        eve.say(f"watch:{match}", "she should take e5")
        one.say(f"match:{match}", "your move")
        for player in (one, other):
            player.hears("your move")
            refused = player.ask("chat_history", room=f"watch:{match}")
            assert refused["error"]["code"] == "no_such_room"
        eve.hears("she should take e5")
        assert heard(stranger) == ["she should take e5"]
        for asking in (eve.ask, stranger.ask):
            for room in (f"match:{match}", f"with:{one.name}x", "dm:1:2"):
                code = asking("chat_history", room=room)["error"]["code"]
                assert code == ("no_such_room" if asking == eve.ask else "sign_in")
        for type in ("chat", "chat_read", "chat_unread", "report", "block"):
            ack = stranger.ask(type, room=f"watch:{match}", text="hi", id=1, reason="", user="x")
            assert ack["error"]["code"] == "sign_in"
        one.ask("end_match", id=match)
        other.say(f"watch:{match}", "thank you all")
        one.hears("thank you all")
        assert heard(stranger) == ["thank you all"]
        assert one.read(f"watch:{match}") == ["she should take e5", "thank you all"]


def test_a_talk_is_heard_by_its_two_and_counted(join: Join) -> None:
    ann, ben, eve = join(), join(), join()
    for person in (ann, ben, eve):
        person.ask("lobby")
    ann.say(f"with:{ben.name}", "hello")
    line = ben.socket.hear_until("chat_message")
    assert line["room"] == f"with:{ann.name}"
    told = {"room": f"with:{ann.name}", "count": 1, "total": 1}
    assert ben.socket.hear_until("unread") == told
    assert ben.ask("chat_unread") == {"ok": True, "rooms": {f"with:{ann.name}": 1}, "total": 1}
    assert ben.ask("chat_read", room=f"with:{ann.name}", id=line["id"])["ok"]
    assert ben.socket.hear_until("unread") == told | {"count": 0, "total": 0}
    eve.hears()


def test_who_is_blocked_is_not_heard_from_the_next_line_on(join: Join) -> None:
    ann, ben, eve = join(), join(), join()
    for person in (ann, ben, eve):
        person.ask("lobby")
    ben.say("lobby", "one")
    assert ann.ask("block", user=ben.name)["ok"]
    assert ann.socket.hear_until("blocks_update") == {"blocked": [ben.name]}
    ben.say("lobby", "two")
    ann.hears()
    eve.hears("one", "two")
    assert ben.ask("chat", room=f"with:{ann.name}", text="hey")["error"]["code"] == "blocked"
    assert not {"one", "two"} & set(ann.read("lobby"))
    assert ann.ask("unblock", user=ben.name)["ok"]
    ben.say("lobby", "three")
    ann.hears("three")


def test_what_was_missed_is_had_without_gaps_or_doubles(join: Join) -> None:
    ann, ben = join(), join()
    first = ann.say(f"with:{ben.name}", "0")["id"]
    ben.socket.close()
    for number in range(1, 80):
        ann.say(f"with:{ben.name}", str(number))
    with ben.browser.socket() as again:
        room = f"with:{ann.name}"
        lines = again.ask("chat_history", room=room, since=first)["lines"]
        assert [line["text"] for line in lines] == [str(number) for number in range(80)]
        last = again.ask("chat_history", room=room)["lines"]
        older = again.ask("chat_history", room=room, before=last[0]["id"])["lines"]
        assert [line["id"] for line in older + last] == [line["id"] for line in lines]


def test_an_old_clients_successor_hears_the_same_and_an_old_one_nothing(
    server: Server, join: Join
) -> None:
    """Over the raw protocol: who has shown to know of chat gets it, others are left in peace."""
    ann = join()
    with Player.arrive(server) as old, Player.arrive(server) as new:
        new.send("chat_history", {"room": f"with:{ann.name}"})
        new.settle()
        ann.say(f"with:{new.name}", "hello")
        ann.say(f"with:{old.name}", "hello")
        type, data = RawClient.receive(new)  # not checked against what old clients know
        assert (type, data["text"]) == ("chat_message", "hello")
        assert old.quiet(0.2)


@pytest.mark.parametrize(
    ("type", "data", "code"),
    [
        ("chat", {}, "malformed"),
        ("chat", {"room": "lobby", "text": 5}, "malformed"),
        ("chat", {"room": "lobby", "text": "\0"}, "empty"),
        ("chat", {"room": "lobby", "text": "x" * 301}, "too_long"),
        ("chat", {"room": "lobby", "text": "x" * 60_000}, "too_long"),
        ("chat", {"room": "x" * 60_000, "text": "x"}, "no_such_room"),
        ("chat_history", {"room": "lobby", "before": -1}, "malformed"),
        ("chat_history", {"room": "lobby", "before": 2**60}, "malformed"),
        ("chat_history", {"room": "lobby", "since": "1"}, "malformed"),
        ("chat_read", {"room": "lobby"}, "malformed"),
        ("report", {"id": 2**50, "reason": "hm"}, "no_such_message"),
        ("block", {"user": "nobody-here"}, "unknown_user"),
    ],
)
def test_bad_input_is_named(join: Join, type: str, data: dict[str, Any], code: str) -> None:
    assert join().ask(type, **data)["error"]["code"] == code


def test_haste_is_refused_and_said(make_server: Callable[..., Server]) -> None:
    server = make_server(RATELIMIT_ENABLED="1", CHAT_LIMIT="2 per hour", CHAT_LENGTH="10")
    with Visitor(server.url).register("ann").socket() as ann:
        too_long = ann.ask("chat", room="lobby", text="x" * 11)["error"]
        assert too_long == {"code": "too_long", "msg": "Too long message. Max length is 10"}
        assert ann.ask("chat", room="lobby", text="one")["ok"]
        assert ann.ask("chat", room="lobby", text="two")["ok"]
        error = ann.ask("chat", room="lobby", text="three")["error"]
        assert error["code"] == "too_fast"
        assert error["msg"] == "Wait a little and retry sending message!"
