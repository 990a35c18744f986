"""A deal of bridge and whoever may still be dealt its board: what they ask for any match by id."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from app.live.commands import Result, handle
from app.live.links import Link
from app.services import access, accounts, joined, matches
from app.services.access import Viewer
from app.services.bridge import boards
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.services.bridge_deals import bid, claimed, dealt
from tests.services.conftest import CLIENT, Heard


class Client(Link):
    """A connection that remembers where it looks on."""

    __slots__ = ("address", "caller", "rooms", "watching")

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller
        self.address = "192.0.2.1"
        self.watching = {}
        self.gone = False
        self.rooms: set[str] = set()

    def join(self, room: str) -> None:
        self.rooms.add(room)

    def leave(self, room: str) -> None:
        self.rooms.discard(room)


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
    record = dealt(house, *callers[:4])
    bid(house, record.id, callers, "1Z", "pass", "pass", "pass")
    lead = record.engine.legal_moves(matches.get(house, record.id).state, 1)[0]
    matches.submit(house, callers[1], record.id, record.engine.move_json(lead))
    return matches.get(house, record.id)


def finish(house: House, callers: Sequence[Caller], record: MatchRecord) -> MatchRecord:
    """The deal, ended by a claim."""
    matches.submit(house, callers[0], record.id, {"claim": 7})
    for defender in (callers[1], callers[3]):
        matches.submit(house, defender, record.id, {"answer": True})
    return matches.get(house, record.id)


def ask(house: House, client: Client, type: str, **data: Any) -> Result:
    return handle(house, client, type, data)


def code(result: Result) -> str:
    assert result.error is not None
    return result.error.code


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize("type", ["watch", "match_log", "match_states_request", "move"])
def test_nothing_of_it_comes_by_its_id(
    house: House, callers: Sequence[Caller], record: MatchRecord, type: str, over: bool
) -> None:
    if over:
        finish(house, callers, record)
    for caller in (callers[4], None):
        client = Client(caller)
        result = ask(house, client, type, id=record.id, move=1)
        assert code(result) in ("not_allowed", "not_your_match", "sign_in", "not_signed_in")
        assert [reply.type for reply in result.replies] in ([], ["error"])
        assert not client.rooms
        assert not client.watching


def test_who_watches_it_by_its_id_has_given_the_board_up(
    house: House, callers: Sequence[Caller], record: MatchRecord
) -> None:
    finish(house, callers, record)
    boards.look(house, callers[4], record.board_id or "")
    result = ask(house, Client(callers[4]), "watch", id=record.id)
    assert result.error is None
    assert [reply.type for reply in result.replies] == ["match_update", "watchers"]
    assert ask(house, Client(callers[4]), "match_log", id=record.id).more["moves"]


def test_its_players_have_its_log_when_it_is_over(
    house: House, callers: Sequence[Caller], record: MatchRecord
) -> None:
    assert code(ask(house, Client(callers[0]), "match_log", id=record.id)) == "not_allowed"
    own = ask(house, Client(callers[0]), "match_states_request", id=record.id)
    state = own.replies[0].data["match_state"]
    assert [side for side, hand in state["hands"].items() if hand] == ["N", "S"]
    assert record.seed.hex() not in json.dumps(state)
    finish(house, callers, record)
    assert ask(house, Client(callers[0]), "match_log", id=record.id).more["moves"]


@pytest.mark.parametrize("over", [False, True])
def test_one_place_decides_it(
    house: House, callers: Sequence[Caller], record: MatchRecord, over: bool
) -> None:
    if over:
        finish(house, callers, record)
    for user_id in (callers[4].user_id, None):
        for find in (access.look, access.find):
            with pytest.raises(ServiceError) as caught:
                find(house, Viewer(user_id, "192.0.2.1"), record.id)
            assert caught.value.code == "not_allowed"
    viewer = Viewer(callers[4].user_id, "192.0.2.1")
    with pytest.raises(ServiceError):
        joined.find_to_watch(house, viewer, "anna")
    for caller in callers[:4]:
        assert access.look(house, Viewer(caller.user_id, ""), record.id).id == record.id


def test_a_deal_has_no_rooms_of_its_own_to_talk_in(
    house: House, callers: Sequence[Caller], record: MatchRecord
) -> None:
    for caller, kind in ((callers[4], "watch"), (callers[0], "match")):
        room = f"{kind}:{record.id}"
        refused = ask(house, Client(caller), "chat", room=room, text="well played")
        assert code(refused) in ("not_allowed", "no_such_room")


def test_nobody_is_invited_to_bridge_and_nobody_waits_for_it(
    house: House, callers: Sequence[Caller]
) -> None:
    for more in ({}, {"player": "bert"}):
        refused = ask(house, Client(callers[0]), "match_request", game="bridge", **more)
        assert code(refused) == "bad_game"
    assert matches.open_of(house, callers[0].user_id) == []


def test_a_deal_is_ended_and_played_again_at_its_table_alone(
    house: House, callers: Sequence[Caller], record: MatchRecord
) -> None:
    assert code(ask(house, Client(callers[0]), "end_match", id=record.id)) == "not_allowed"
    assert code(ask(house, Client(callers[4]), "end_match", id=record.id)) == "not_your_match"
    assert not matches.get(house, record.id).over
    ended = claimed(house, dealt(house, *callers[:4]), callers, 7)
    assert code(ask(house, Client(callers[0]), "rematch", id=ended.id)) == "not_allowed"
