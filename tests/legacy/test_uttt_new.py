"""What a raw client may do that no old client knew: the rest of the website's vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.legacy.players import Player, new_name
from tests.support.rawclient import RawClient
from tests.support.server import Server

CENTRE = {"sub_x": 1, "sub_y": 1, "x": 1, "y": 1}


class Modern(RawClient):
    """A raw client that knows everything; `name` is its own."""

    name: str


@pytest.fixture
def modern(server: Server) -> Iterator[Callable[[], Modern]]:
    here: list[Modern] = []

    def come() -> Modern:
        client = Modern(server.host, server.port)
        client.name = new_name("m")
        client.login(client.name)
        here.append(client)
        return client

    yield come
    for client in here:
        client.drop()


def begin(one: Modern, other: Modern, **terms: object) -> str:
    """A match at a table of `one`, which `other` joins: its id."""
    one.send("open_table", terms)
    table = one.until("table_own")
    code = {"code": table["code"]} if "code" in table else {}
    other.send("join_table", {"id": table["id"]} | code)
    update = other.until("match_update")
    assert update["id"] == table["id"]
    one.until("match_update")
    return str(table["id"])


def test_a_raw_client_watches(modern: Callable[[], Modern]) -> None:
    one, other, third = modern(), modern(), modern()
    match_id = begin(one, other)
    third.send("watch", {"id": match_id})
    assert third.until("match_update")["version"] == 0
    assert one.until("watchers") == {"id": match_id, "count": 1}
    one.send("move", {"id": match_id} | CENTRE)
    assert third.until("match_update")["match_state"]["last_move"] == CENTRE
    third.send("unwatch", {"id": match_id})
    assert one.until("watchers") == {"id": match_id, "count": 0}


def test_a_private_match_is_watched_with_its_code_alone(modern: Callable[[], Modern]) -> None:
    one, other, third = modern(), modern(), modern()
    match_id = begin(one, other, private=True, code="quite secret")
    for data in ({"id": match_id}, {"id": match_id, "code": "guess"}):
        third.send("watch", data)
        assert third.until("error")["code"] == "no_such_match"
    third.send("watch", {"id": match_id, "code": "quite secret"})
    assert third.until("match_update")["id"] == match_id


def test_the_lobby_is_told_over_raw_too(modern: Callable[[], Modern]) -> None:
    one, other = modern(), modern()
    other.send("lobby")
    state = other.until("lobby_state")
    assert {"online", "tables", "live", "own", "challenges"} <= state.keys()
    one.send("open_table", {"variant": "swap", "time": "180+2"})
    while True:
        row = other.until("table_update")
        if row["owner"] == one.name:
            break
    assert (row["variant"], row["time"], row["rated"]) == ("swap", "180+2", False)
    one.send("close_table")
    while other.until("table_gone")["id"] != row["id"]:
        pass


def test_a_swap_match_over_raw(modern: Callable[[], Modern]) -> None:
    one, other = modern(), modern()
    match_id = begin(one, other, variant="swap")
    one.send("move", {"id": match_id, "swap": [0, 8]})
    state = other.until("match_update")["match_state"]
    assert (state["last_move"], state["last_swap"]) == (None, [0, 8])
    other.send("move", {"id": match_id, "swap": ["8", "0"]})
    assert other.until("error")["code"] == "illegal", "it would only undo what was just done"


def test_chatting_over_raw(modern: Callable[[], Modern]) -> None:
    one, other = modern(), modern()
    match_id = begin(one, other)
    one.send("chat", {"room": f"match:{match_id}", "text": "good luck"})
    line = other.until("chat_message")
    assert (line["name"], line["text"]) == (one.name, "good luck")


def test_an_old_client_hears_only_what_it_knows(
    arrive: Callable[..., Player], modern: Callable[[], Modern]
) -> None:
    """CheckedClient fails on every type that is not in the old documents."""
    old, new = arrive(), modern()
    new.send("chat", {"room": f"with:{old.name}", "text": "do you read me?"})
    new.until("chat_message")
    new.send("challenge", {"player": old.name})
    new.until("challenge_sent")
    old.settle()
