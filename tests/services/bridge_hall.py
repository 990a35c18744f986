"""What the tests of bridge tables have in common: a hall, and robots that do not think."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.games.api import Json
from app.games.bridge import SIDES
from app.services import matches, presence
from app.services.bridge import tables
from app.services.bridge.tables import TableRow
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.thinking import Thinking
from tests.services.conftest import Heard

HALL = ("table.add", "table.remove", "player.sit", "player.leave")


def simple(game: str, strength: str, view: Json, seconds: float | None = None) -> Json:
    """What the robots of these tests do: pass, play the lowest card, agree to everything."""
    if view["claim"] or view["undo"]:
        return {"answer": True}
    return {"bid": "pass"} if view["bids"] else {"card": view["cards"][0]}


def with_robots(house: House) -> House:
    """The same house, where robots play as `simple` does."""
    thinking = Thinking()
    thinking.ask = simple
    return replace(house, thinking=thinking)


def at(row: TableRow) -> list[str]:
    """Who sits where, from North on; "-": nobody. A seat that was left has a "?"."""
    return [
        "-" if seat is None else seat.name + ("" if seat.here else "?")
        for seat in row.seats.values()
    ]


def seated(house: House, people: Sequence[Caller], **terms: bool) -> TableRow:
    """A table at which these sit down, from North on; of four the deal begins."""
    row = tables.open(house, people[0], **terms)
    for side, person in zip(SIDES[1:], people[1:], strict=False):
        row = tables.sit(house, person, row.id, side)
    return row


def deal(house: House, row: TableRow) -> MatchRecord:
    """The deal at a table, the last one if none is played."""
    found = tables.row(house, row.id)
    assert found.match_id is not None
    return matches.get(house, found.match_id)


def to_act(house: House, row: TableRow, people: Sequence[Caller]) -> Caller:
    """The person whose turn it is."""
    (seat,) = deal(house, row).actors
    user_id = deal(house, row).seats[seat].user_id
    return next(person for person in people if person.user_id == user_id)


def pass_out(house: House, row: TableRow, people: Sequence[Caller]) -> TableRow:
    """The table once its deal has been passed out."""
    while not deal(house, row).over:
        tables.play(house, to_act(house, row, people), row.id, {"bid": "pass"})
    return tables.row(house, row.id)


def come(house: House, *people: Caller) -> list[int]:
    """These connect; their connections."""
    return [presence.connect(house, person, "test") for person in people]


def go(house: House, *connections: int) -> None:
    """These connections are gone."""
    for connection in connections:
        presence.disconnect(house, connection)


def in_hall(heard: Heard, *types: str) -> list[tuple[str, Any]]:
    """What the hall was told of these types, of all but the website's if none are named."""
    wanted = types or HALL
    return [(type, data) for who, type, data in heard.told if who.hall and type in wanted]


def seconds(number: int) -> dict[str, float]:
    return {"seconds": timedelta(seconds=number).total_seconds()}
