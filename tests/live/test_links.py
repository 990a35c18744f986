"""What a connection is counted for, whatever becomes of it in the middle of a request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from app.live import commands
from app.live.commands.watch import MOST
from app.live.links import Link
from app.live.names import LOBBY, watch_room
from app.services import accounts, lobby, matches, presence, tables, watching
from app.services.house import House
from app.services.records import Setup
from app.services.sessions import Caller, Client

CLIENT = Client("192.0.2.1", "test")


class Connection(Link):
    """A connection that notes which rooms it is in."""

    def __init__(self, caller: Caller | None = None) -> None:
        self.caller = caller
        self.address = CLIENT.address
        self.watching = {}
        self.gone = False
        self.looking = None
        self.rooms: set[str] = set()

    def join(self, room: str) -> None:
        self.rooms.add(room)

    def leave(self, room: str) -> None:
        self.rooms.discard(room)


@dataclass
class Heard:
    """A publisher that remembers what users were told, and does as asked while it tells."""

    told: list[tuple[str, Any]] = field(default_factory=list)

    def user(self, user_id: int, type: str, data: Any) -> None:
        self.told.append((type, data))

    def __getattr__(self, name: str) -> Any:
        return lambda *said, **more: None


@pytest.fixture
def house(house: House) -> House:
    presence.arrive(house)
    return replace(house, publish=Heard())


def guest(house: House, name: str) -> Caller:
    return accounts.guest(house, name, client=CLIENT).caller


def match_of(house: House, number: int) -> str:
    players = [guest(house, f"{side}-{number}") for side in ("one", "two")]
    return lobby.invite(house, players[0], players[1].name).id


def ask(house: House, link: Link, type: str, **data: Any) -> str | None:
    """The code of the refusal, if it is one."""
    error = commands.handle(house, link, type, data).error
    return error and error.code


def test_a_connection_watches_so_many_matches(house: House) -> None:
    link = Connection()
    games = [match_of(house, number) for number in range(MOST + 1)]
    assert [ask(house, link, "watch", id=game) for game in games] == [
        *([None] * MOST),
        "too_many_watched",
    ]
    assert watch_room(games[-1]) not in link.rooms
    assert ask(house, link, "watch", id=games[0]) is None, "it watches that already"
    assert ask(house, link, "unwatch", id=games[0]) is None
    assert ask(house, link, "watch", id=games[-1]) is None
    assert link.rooms == {watch_room(game) for game in games[1:]}
    commands.leave(house, link)
    assert [watching.count(house, game) for game in games] == [0] * len(games)


def test_a_connection_that_ends_while_it_asks_is_not_counted(house: House) -> None:
    game, link = match_of(house, 1), Connection()
    join = link.join

    def gone(room: str) -> None:
        join(room)
        commands.leave(house, link)

    link.join = gone  # type: ignore[method-assign]
    ask(house, link, "watch", id=game)
    assert watching.count(house, game) == 0


def test_one_that_asks_twice_at_once_is_counted_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    game, link = match_of(house, 1), Connection()
    enter = watching.enter

    def again(*call: Any) -> int:
        monkeypatch.setattr(watching, "enter", enter)
        ask(house, link, "watch", id=game)
        return enter(*call[:3])

    monkeypatch.setattr(watching, "enter", again)
    ask(house, link, "watch", id=game)
    assert watching.count(house, game) == 1
    commands.leave(house, link)
    assert watching.count(house, game) == 0


def test_what_goes_away_while_the_lobby_is_described_is_taken_back(house: House) -> None:
    owner, viewer = guest(house, "owner"), Connection(guest(house, "viewer"))
    players = [guest(house, "one"), guest(house, "two")]
    game = lobby.invite(house, players[0], "two").id
    moves = ({"sub_x": 1, "sub_y": 1, "x": 1, "y": 1}, {"sub_x": 1, "sub_y": 1, "x": 0, "y": 0})
    for player, move in zip(players, moves, strict=True):
        matches.submit(house, player, game, move)
    table = tables.open(house, owner, Setup("uttt"))
    result = commands.handle(house, viewer, "lobby", {})
    assert viewer.rooms == {LOBBY}
    state = result.replies[0].data
    assert [row["id"] for row in state["tables"] + state["live"]] == [table.id, game]
    tables.close(house, owner)
    matches.end(house, players[0], game)
    heard = house.publish
    assert isinstance(heard, Heard)
    heard.told.clear()
    result.then()
    assert heard.told == [("table_gone", {"id": table.id}), ("live_gone", {"id": game})]
    heard.told.clear()
    commands.handle(house, viewer, "lobby", {}).then()
    assert heard.told == []
