"""Small boards on the wire: who is told of which match, strangers too, and how often."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.live.commands.glance import MOST
from tests.live.hall import NOWHERE, Arrive, Person
from tests.services.conftest import SHORT_WIN, move
from tests.support.server import Server
from tests.support.site import SocketClient

Stranger = Callable[[], SocketClient]


@pytest.fixture
def stranger(server: Server) -> Iterator[Stranger]:
    """Somebody who is not signed in, on a page with a connection."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(SocketClient(server.url, ""))


def begin(first: Person, second: Person, plies: int = 2, **terms: Any) -> str:
    """A match of these two that has got so far."""
    table = first.ask("open_table", **{"variant": "standard", "time": "86400"} | terms)["table"]
    joined = second.ask("join_table", id=table["id"], code=table.get("code"))
    assert joined["ok"], joined
    go_on(table["id"], first, second, range(plies))
    return str(table["id"])


def go_on(match_id: str, first: Person, second: Person, plies: range) -> None:
    for number in plies:
        mover = (first, second)[number % 2]
        assert mover.ask("move", id=match_id, **move(*SHORT_WIN[number]))["ok"]


def heard(client: SocketClient) -> list[tuple[str, Any]]:
    """All that was said to a client so far: the answer to an unknown request comes after it."""
    client.ask("are_we_there_yet")
    found = []
    while True:
        type, data = client.hear()
        if type == "error" and data["request"] == "are_we_there_yet":
            return found
        found.append((type, data))


def small(client: SocketClient) -> list[tuple[str, str, int]]:
    """What was told of small boards: type, match and version."""
    return [
        (type, data["id"], data.get("version", -1))
        for type, data in heard(client)
        if type.startswith("small_")
    ]


def test_a_stranger_follows_what_is_on_the_screen_and_nothing_else(
    arrive: Arrive, stranger: Stranger
) -> None:
    one, other = arrive("browser", "one"), arrive("raw", "oth")
    third = arrive("browser", "thi")
    shown, below = begin(one, other), begin(one, third)
    watcher = stranger()
    assert watcher.ask("small_boards", ids=[shown])["ok"]
    assert small(watcher) == [("small_update", shown, 2)]
    go_on(shown, one, other, range(2, 3))
    go_on(below, one, third, range(2, 3))
    data = watcher.hear_until("small_update")
    assert (data["id"], data["to_move"], data["board"]["game_over"]) == (shown, [1], False)
    # Scrolled on: the other one alone, and of it how it stands.
    assert watcher.ask("small_boards", ids=[below])["ok"]
    assert small(watcher) == [("small_update", below, 3)]
    go_on(shown, one, other, range(3, 4))
    assert watcher.ask("small_boards", ids=[below, NOWHERE, "x" * 32])["ok"]
    gone = {("small_gone", NOWHERE, -1), ("small_gone", "x" * 32, -1)}
    assert set(small(watcher)) == gone
    assert watcher.ask("small_boards", ids=[])["ok"]
    go_on(below, one, third, range(3, 17))
    assert small(watcher) == []


def test_a_fast_match_tells_once_a_second_and_its_end(arrive: Arrive, stranger: Stranger) -> None:
    one, other = arrive("browser", "one"), arrive("browser", "oth")
    match_id = begin(one, other)
    watcher = stranger()
    assert watcher.ask("small_boards", ids=[match_id])["ok"]
    started = time.monotonic()
    go_on(match_id, one, other, range(2, 17))
    last: dict[str, Any] = {}
    versions = []
    while not last.get("over"):
        last = watcher.hear_until("small_update")
        versions.append(last["version"])
    assert versions == sorted(versions)
    assert versions[-1] == 17
    # How it stood, the first move, the end, and what a second each has brought.
    assert len(versions) <= 3 + (time.monotonic() - started)
    assert last["winners"] == [0]
    assert last["board"]["game_over"]


def test_strangers_hear_of_matches_that_begin_and_end(arrive: Arrive, stranger: Stranger) -> None:
    one, other, third = arrive("browser", "one"), arrive("raw", "oth"), arrive("browser", "thi")
    watcher, quiet = stranger(), stranger()
    assert watcher.ask("small_boards", ids=[], news=True)["ok"]
    assert quiet.ask("small_boards", ids=[])["ok"]
    private = begin(one, third, private=True)
    match_id = begin(one, other)
    row = watcher.hear_until("live_update")
    while row["id"] != match_id:  # others are being tested meanwhile
        row = watcher.hear_until("live_update")
    assert [player["name"] for player in row["players"]] == [one.name, other.name]
    go_on(match_id, one, other, range(2, 17))
    while watcher.hear_until("live_gone")["id"] != match_id:
        pass
    assert watcher.ask("small_boards", ids=[private])["ok"]
    assert small(watcher) == [("small_gone", private, -1)]
    go_on(private, one, third, range(2, 4))
    assert private not in json.dumps(heard(watcher))
    assert heard(quiet) == []


def test_players_and_raw_clients_may_look_too(arrive: Arrive) -> None:
    one, other = arrive("browser", "one"), arrive("raw", "oth")
    match_id = begin(one, other)
    for person in (one, other):
        person.forget()
        assert person.ask("small_boards", ids=[match_id])["ok"]
        assert person.until("small_update")["version"] == 2
    go_on(match_id, one, other, range(2, 3))
    for person in (one, other):
        assert person.until("small_update")["version"] == 3


def test_nobody_has_too_many(stranger: Stranger) -> None:
    watcher = stranger()
    many = [f"{number:032x}" for number in range(MOST + 1)]
    answer = watcher.ask("small_boards", ids=many)
    assert (answer["ok"], answer["error"]["code"]) == (False, "too_many_watched")
    assert watcher.ask("small_boards", ids=many[1:] * 2)["ok"]  # each once
    assert watcher.ask("small_boards", ids=None)["error"]["code"] == "malformed"
