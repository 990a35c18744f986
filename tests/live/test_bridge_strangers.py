"""What those who do not play a deal of bridge are told by the requests about any match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.live.commands import Result, handle
from app.live.links import Link
from app.services import accounts
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.services.bridge_deals import bid, claimed, dealt
from tests.services.conftest import CLIENT, Heard


class Client(Link):
    """A connection that is told nothing but its answers."""

    __slots__ = ("address", "caller", "watching")

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller
        self.address = "192.0.2.1"
        self.watching = {}
        self.gone = False

    def join(self, room: str) -> None:
        raise AssertionError("nobody looks on here")

    leave = join


@pytest.fixture
def house(house: House) -> House:
    return replace(house, publish=Heard())


@pytest.fixture
def callers(house: House) -> list[Caller]:
    names = ("anna", "bert", "carl", "dora", "emil")
    return [accounts.guest(house, name, client=CLIENT).caller for name in names]


@pytest.fixture
def record(house: House, callers: Sequence[Caller]) -> MatchRecord:
    """A deal with dummy on the table."""
    players = callers[:4]
    record = dealt(house, *players)
    bid(house, record.id, players, "1Z", "pass", "pass", "pass")
    return record


def ask(house: House, caller: Caller | None, type: str, **data: Any) -> Result:
    return handle(house, Client(caller), type, data)


def told(result: Result) -> list[str]:
    return [reply.type for reply in result.replies]


def test_a_move_refused_shows_the_deal_to_its_players_alone(
    house: House, callers: Sequence[Caller], record: MatchRecord
) -> None:
    wrong = {"id": record.id, "move": 1}
    own = ask(house, callers[0], "move", **wrong)
    other = ask(house, callers[4], "move", **wrong)
    assert own.error is not None
    assert other.error is not None
    assert "match_update" in told(own)
    assert told(other) == ["error"]


@pytest.mark.parametrize("request_type", ["watch", "match_log", "match_states_request"])
def test_nothing_of_a_deal_is_told_to_who_may_be_dealt_it(
    house: House, callers: Sequence[Caller], record: MatchRecord, request_type: str
) -> None:
    refused = ask(house, callers[4], request_type, id=record.id)
    assert refused.error is not None
    assert refused.error.code in ("not_allowed", "not_your_match")
    assert "match_update" not in told(refused)


def test_what_is_played_at_a_table_is_not_played_again_elsewhere(
    house: House, callers: Sequence[Caller]
) -> None:
    record = claimed(house, dealt(house, *callers[:4]), callers, 7)
    for request_type in ("rematch", "end_match"):
        refused = ask(house, callers[0], request_type, id=record.id)
        assert refused.error is not None
        assert refused.error.code == "not_allowed"
