"""The seats of a table while it waits: given, taken back, declined, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import (
    friends,
    lobby,
    tables,
)
from app.services.access import Viewer
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import FREE, Ask, Bot, Setup, TableRow
from app.services.time_control import TimeControl
from tests.services.conftest import Heard
from tests.services.hall import (
    HERE,
    NOWHERE,
    at_once,
    everything_heard,
    limited,
    lobby_heard,
    refusal,
    user_heard,
)
from tests.services.scopa_hall import FOUR, TWO, at, names, now, opened

Account = Callable[[str], Caller]
CODE = "plum-7"
BLITZ = TimeControl(None, 180, 2)
QUICK = Setup("scopa", "classic", time=BLITZ, options={"players": 4})


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


# What the owner decides


def test_the_owner_gives_seats_and_takes_them_back(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna)
    assert at(tables.ask(house, anna, row.id, 1, Ask("bert"))) == ["anna", "bert?", "-", "-"]
    assert [told["id"] for told in user_heard(heard, bert.user_id, "challenge")] == [row.id]
    assert at(tables.ask(house, anna, row.id, 1, Ask("carl"))) == ["anna", "carl?", "-", "-"]
    gone = {"id": row.id, "reason": "withdrawn", "by": "anna"}
    assert user_heard(heard, bert.user_id, "challenge_gone") == [gone]
    assert at(tables.ask(house, anna, row.id, 2, Bot("easy", ""))) == [
        "anna",
        "carl?",
        "cpu1 easy",
        "-",
    ]
    assert at(tables.ask(house, anna, row.id, 1, FREE)) == ["anna", "-", "cpu1 easy", "-"]
    assert user_heard(heard, carl.user_id, "challenge_gone") == [gone]
    assert at(tables.ask(house, anna, row.id, 2, FREE)) == ["anna", "-", "-", "-"]
    own = user_heard(heard, anna.user_id, "table_own")[-1]
    assert [seat["kind"] for seat in own["seats"]] == ["taken", "free", "free", "free"]
    assert lobby_heard(heard, "table_update")[-1][1]["seats"] == own["seats"]


def test_the_last_seat_to_the_computer_begins_the_match(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [FREE, Bot("easy", ""), FREE])
    tables.join(house, bert, row.id)
    record = tables.ask(house, anna, row.id, 3, Bot("medium", ""))
    assert names(record) == ["anna", "bert", "cpu1", "cpu2"]
    assert isinstance(record, MatchRecord)
    assert not record.rated
    for player in (anna, bert):
        assert user_heard(heard, player.user_id, "match_begins") == [{"id": row.id}]


def test_what_the_owner_may_not_decide(
    house: House, people: list[Caller], account: Account
) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna)
    tables.join(house, bert, row.id)
    decide = partial(tables.ask, house, anna, row.id)
    for seat in (0, 1):
        assert refusal(lambda seat=seat: decide(seat, FREE)) == "seat_taken"  # type: ignore[misc]
    for seat in (-1, 4):
        assert refusal(lambda seat=seat: decide(seat, FREE)) == "bad_seats"  # type: ignore[misc]
    assert refusal(lambda: decide(2, Ask("bert"))) == "bad_seats"
    assert refusal(lambda: decide(2, Ask("anna"))) == "yourself"
    assert refusal(lambda: decide(2, Ask("nobody"))) == "unknown_user"
    assert refusal(lambda: decide(2, Bot("divine", ""))) == "bad_seats"
    assert refusal(lambda: decide(2, Bot("easy", "bert"))) == "bad_name"
    friends.block(house, carl, "anna")
    assert refusal(lambda: decide(2, Ask("carl"))) == "blocked"
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "dora")
    assert refusal(lambda: decide(2, Ask("dora"))) == "opponent_busy"
    for who, table_id in ((bert, row.id), (carl, row.id), (anna, NOWHERE), (anna, "\0")):
        change = partial(tables.ask, house, who, table_id, 2, FREE)
        assert refusal(change) == "no_such_table"
    challenge = tables.challenge(house, anna, "bert", TWO)
    assert refusal(partial(tables.ask, house, anna, challenge.id, 1, FREE)) == "no_such_table"
    assert now(house, row) == ["anna", "bert", "-", "-"]
    slow = limited(house, invite="1 per minute")
    tables.ask(slow, anna, row.id, 2, Ask("emil"))
    assert refusal(partial(tables.ask, slow, anna, row.id, 2, FREE)) == "too_many"


def test_a_seat_is_taken_while_the_owner_gives_it_away(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    for _ in range(6):
        row = opened(house, anna)
        sat, given = at_once(
            partial(tables.join, house, bert, row.id, seat=2),
            partial(tables.ask, house, anna, row.id, 2, Ask("carl")),
        )
        assert sorted(isinstance(done, TableRow) for done in (sat, given)) == [False, True]
        assert "seat_taken" in (sat, given)
        assert now(house, row) in (["anna", "-", "bert", "-"], ["anna", "-", "carl?", "-"])
        tables.close(house, anna)


# What those who are asked say


def test_declining_a_seat_leaves_the_table(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna, FOUR, [Ask("bert"), FREE, FREE], private=True)
    tables.join(house, carl, row.id, row.code, HERE)
    incoming, _ = tables.challenges(house, bert.user_id)
    assert [(asked.id, asked.code) for asked in incoming] == [(row.id, None)]
    for who in (carl, anna):
        assert refusal(partial(tables.decline, house, who, row.id)) == "no_such_challenge"
        assert refusal(partial(tables.accept, house, people[4], row.id)) == "no_such_challenge"
    tables.decline(house, bert, row.id)
    gone = {"id": row.id, "reason": "declined", "by": "bert"}
    assert user_heard(heard, bert.user_id, "challenge_gone", "table_gone") == [
        gone,
        {"id": row.id},
    ]
    assert now(house, row) == ["anna", "-", "carl", "-"]
    for player in (anna, carl):
        told = user_heard(heard, player.user_id, "table_update")[-1]
        assert [seat["name"] for seat in told["seats"]] == ["anna", None, "carl", None]
    for answer in (tables.decline, tables.accept):
        assert refusal(partial(answer, house, bert, row.id)) == "no_such_challenge"
    assert tables.challenges(house, bert.user_id) == ([], [])


def test_accepting_twice_is_accepting(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [Ask("bert"), FREE, FREE])
    done = at_once(*[partial(tables.accept, house, bert, row.id)] * 3)
    assert [at(found) for found in done] == [["anna", "bert", "-", "-"]] * 3
    assert refusal(partial(tables.accept, house, anna, row.id)) == "no_such_challenge"


def test_a_private_table_is_for_those_it_is_for(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna, FOUR, [Ask("bert"), FREE, FREE], private=True)
    assert row.code is not None
    tables.join(house, carl, row.id, row.code, HERE)
    for viewer in (bert, carl):
        seen = tables.get(house, Viewer(viewer.user_id, HERE), row.id)
        assert (seen.code, seen.private) == (None, True)
        assert at(seen) == ["anna", "bert?", "carl", "-"]
    for wrong in (None, "wrong"):
        assert refusal(partial(tables.join, house, dora, row.id, wrong, HERE)) == "no_such_table"
    assert tables.join_named(house, carl, "anna") == tables.get(
        house, Viewer(carl.user_id, HERE), row.id
    )
    assert refusal(partial(tables.join_named, house, dora, "anna", "wrong", HERE)) == "wrong_code"
    tables.stand(house, carl, row.id)
    assert user_heard(heard, carl.user_id, "table_gone") == [{"id": row.id}]
    tables.close(house, anna)
    assert row.id not in everything_heard(heard, but=[anna.user_id, bert.user_id, carl.user_id])
    others = everything_heard(heard, but=[anna.user_id])
    assert row.code not in others
    gone = {"id": row.id, "reason": "withdrawn", "by": "anna"}
    assert user_heard(heard, bert.user_id, "challenge_gone") == [gone]
