"""A friend list is one list, on every connection of whoever it belongs to."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from tests.legacy.players import Player, new_name
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

PASSWORD = "a good secret"
NOBODY = {"friends": [], "elos": [], "online": []}


def only(*names: str) -> dict[str, Any]:
    """The list of accounts without a match, all of them here."""
    return {"friends": [*names], "elos": [1000 for _ in names], "online": [True for _ in names]}


class Person:
    """Somebody with a browser, its socket and an old client, greeted on both."""

    def __init__(self, server: Server, stack: ExitStack) -> None:
        self.name = new_name()
        self.browser = Visitor(server.url).register(self.name, PASSWORD)
        self.socket: SocketClient = stack.enter_context(self.browser.socket())
        self.socket.hear_until("friends_update")
        self.raw = stack.enter_context(Player.arrive(server, self.name, PASSWORD))

    def hear(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The next list, as the browser and as the old client are told of it."""
        assert self.socket.ask("match_states_request") == {"ok": True}  # all before it is here
        type, data = self.socket.hear()
        assert type == "friends_update"
        return data, self.raw.expect("friends_update")

    def heard_nothing_more(self) -> bool:
        """Whether neither connection was told anything else."""
        self.socket.ask("fly")
        type, data = self.socket.hear()
        return (type, data["code"]) == ("error", "unknown_type") and self.raw.quiet(0.1)


@pytest.fixture
def pair(server: Server) -> Any:
    with ExitStack() as stack:
        yield Person(server, stack), Person(server, stack)


def test_a_socket_hears_its_answer_and_then_its_list_once(pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    for request, expected in (("friend_request", only(ben.name)), ("unfriend_request", NOBODY)):
        assert ann.socket.ask(request, user=ben.name) == {"ok": True}
        type, data = ann.socket.hear()
        assert (type, data["success"]) == (f"{request}_response", True)
        assert ann.hear() == (expected, expected)
        assert ann.socket.ask(request, user=new_name("missing"))["ok"] is False
        assert ann.socket.hear()[0] == f"{request}_response"
    assert ann.heard_nothing_more()
    assert ben.heard_nothing_more()


def test_an_old_client_hears_its_answer_and_then_its_list_once(pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    for request, expected in (("friend_request", only(ben.name)), ("unfriend_request", NOBODY)):
        ann.raw.send(request, {"user": ben.name})
        assert ann.raw.expect(f"{request}_response")["success"]
        assert ann.raw.expect("friends_update") == expected
        assert ann.socket.hear() == ("friends_update", expected)
    assert ann.heard_nothing_more()
    assert ben.heard_nothing_more()


def test_the_websites_forms_are_heard_everywhere(pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    ann.browser.post("/friends/add", player=ben.name)
    assert ann.hear() == (only(ben.name), only(ben.name))
    ann.browser.post("/friends/add", player=ben.name)  # refused: nothing changed
    ann.browser.post("/friends/remove", player=ben.name)
    assert ann.hear() == (NOBODY, NOBODY)
    assert ann.heard_nothing_more()
    assert ben.heard_nothing_more()


def test_a_block_is_heard_by_both_whose_lists_it_changes(pair: tuple[Person, Person]) -> None:
    ann, ben = pair
    for one, other in ((ann, ben), (ben, ann)):
        one.browser.post("/friends/add", player=other.name)
        assert one.hear() == (only(other.name), only(other.name))
    ann.browser.post("/friends/block", player=ben.name)
    for person in pair:
        assert person.hear() == (NOBODY, NOBODY)
    ann.browser.post("/friends/unblock", player=ben.name)
    ann.browser.post("/friends/block", player=ben.name)  # now it changes nobody's list
    for names in ([ben.name], [], [ben.name]):  # only who blocks is told whom they block
        assert ann.socket.hear() == ("blocks_update", {"blocked": names})
    for person in pair:
        assert person.heard_nothing_more()
