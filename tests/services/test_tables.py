"""Open tables: who sees them, and who may sit down; how they go is in `test_tables_going`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from app.services import (
    accounts,
    friends,
    guests,
    lobby,
    matches,
    tables,
    terms,
)
from app.services.access import Viewer
from app.services.house import House
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from tests.services.conftest import Clock, Heard
from tests.services.hall import (
    HERE,
    NOWHERE,
    THERE,
    at_once,
    everything_heard,
    limited,
    lobby_heard,
    open_table,
    refusal,
    user_heard,
)

Account = Callable[[str], Caller]
BLITZ = TimeControl(None, 180, 2)
CODE = "plum-7"


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def carl(account: Account) -> Caller:
    return account("carl")


def listed(house: House, viewer: Caller | None = None) -> list[str]:
    return [row.owner for row in tables.listed(house, viewer and viewer.user_id)]


# Opening


def test_a_table_says_all_that_is_agreed_on(house: House, anna: Caller, clock: Clock) -> None:
    row = open_table(house, anna, variant="swap", time=BLITZ)
    assert (row.game, row.variant, row.rated, row.time) == ("uttt", "swap", False, BLITZ)
    assert (row.owner, row.owner_id, row.owner_rating) == ("anna", anna.user_id, 1000)
    assert (row.private, row.code, row.invitee, row.created_at) == (False, None, None, clock.now)
    assert row.json() == {
        "id": row.id,
        "game": "uttt",
        "variant": "swap",
        "options": {},
        "players": 2,
        "rated": False,
        "private": False,
        "time": "180+2",
        "owner": "anna",
        "elo": 1000,
        "registered": True,
        "invitee": None,
        "seats": [
            {"kind": "taken", "name": "anna", "registered": True, "strength": None},
            {"kind": "free", "name": None, "registered": False, "strength": None},
        ],
        "since": "2026-01-01T12:00:00+00:00",
    }
    assert tables.own(house, anna.user_id) == row
    assert tables.listed(house, None) == [row]


def test_without_a_word_a_table_is_public_rated_and_slow(house: House, anna: Caller) -> None:
    row = open_table(house, anna)
    assert (row.variant, row.rated, row.private) == ("standard", True, False)
    assert row.time == TimeControl(house.config.MATCH_TTL)


def test_a_guests_table_is_not_rated(house: House, guest: Account) -> None:
    row = open_table(house, guest("passer-by"))
    assert (row.rated, row.owner_registered, row.owner_rating) == (False, False, None)


def test_an_owner_may_want_no_rating(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, rated=False)
    assert not row.rated
    assert not tables.join(house, bert, row.id).rated


def test_what_cannot_be_offered_is_refused(house: House, anna: Caller) -> None:
    offer = partial(open_table, house, anna)
    assert refusal(lambda: offer(game="chess")) == "bad_game"
    assert refusal(lambda: offer(variant="upside-down")) == "bad_variant"
    for code in ("abc", "x" * 33, "ab\ncd", "ab\0cd", "\ud800\ud800\ud800\ud800"):
        assert refusal(lambda code=code: offer(private=True, code=code)) == "bad_code"
    assert tables.own(house, anna.user_id) is None


def test_one_table_a_user(house: House, anna: Caller) -> None:
    row = open_table(house, anna)
    assert refusal(lambda: open_table(house, anna, private=True)) == "table_open"
    tables.close(house, anna)
    assert open_table(house, anna).id != row.id


def test_opening_twice_at_once_opens_once(house: House, anna: Caller) -> None:
    opened = at_once(*[partial(open_table, house, anna)] * 6)
    assert opened.count("table_open") == 5
    assert listed(house) == ["anna"]


def test_opening_is_limited(house: House, anna: Caller) -> None:
    house = limited(house, invite="2 per minute")
    for _ in range(2):
        open_table(house, anna)
        tables.close(house, anna)
    assert refusal(lambda: open_table(house, anna)) == "too_many"


def test_who_plays_enough_opens_nothing(house: House, account: Account, anna: Caller) -> None:
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, anna, account(f"user{number}").name)
    assert refusal(lambda: open_table(house, anna)) == "too_many_matches"


def test_who_is_gone_opens_nothing(
    house: House, guest: Account, anna: Caller, clock: Clock
) -> None:
    visitor = guest("passer-by")
    lobby.invite(house, visitor, "anna")  # so that a row of the guest's stays
    row = open_table(house, anna)
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    assert guests.release(house) == 1
    assert refusal(lambda: open_table(house, visitor)) == "session_ended"
    assert refusal(lambda: tables.join(house, visitor, row.id)) == "session_ended"


# Seeing


def test_the_lobby_is_told(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    row = open_table(house, anna)
    assert lobby_heard(heard, "table_update", "table_gone") == [("table_update", row.json())]
    assert user_heard(heard, anna.user_id, "table_own") == [row.json(for_owner=True)]
    record = tables.join(house, bert, row.id)
    assert lobby_heard(heard, "table_gone") == [("table_gone", {"id": row.id})]
    assert user_heard(heard, anna.user_id, "table_own")[-1] is None
    for player in (anna, bert):
        assert user_heard(heard, player.user_id, "match_begins") == [{"id": row.id}]
    assert heard.matches == [record]


def test_tables_are_listed_oldest_first(
    house: House, anna: Caller, bert: Caller, carl: Caller, clock: Clock
) -> None:
    for owner in (carl, anna, bert):
        open_table(house, owner)
        clock.turn(seconds=1)
    assert listed(house) == listed(house, anna) == ["carl", "anna", "bert"]
    assert tables.find(house, " BERT ") == tables.own(house, bert.user_id)
    assert tables.find(house, "nobody") is None


def test_a_private_table_is_nowhere(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    row = open_table(house, anna, private=True, code=CODE)
    assert row.code == CODE
    assert listed(house) == listed(house, bert) == listed(house, anna) == []
    assert tables.find(house, "anna") is None
    assert tables.challenges(house, bert.user_id) == ([], [])
    tables.close(house, anna)
    assert not lobby_heard(heard, "table_update", "table_gone")
    heard_by_others = everything_heard(heard, but=[anna.user_id])
    assert row.id not in heard_by_others
    assert CODE not in heard_by_others
    assert user_heard(heard, anna.user_id, "table_own") == [row.json(for_owner=True), None]


def test_the_code_is_for_the_owners_eyes(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, private=True)
    assert row.code is not None
    assert len(row.code) == terms.MADE_LENGTH
    assert set(row.code) <= set(terms.LETTERS)
    assert "code" not in row.json()
    assert row.json(for_owner=True)["code"] == row.code
    seen = tables.get(house, Viewer(bert.user_id, HERE, row.code), row.id)
    assert seen == replace(row, code=None)
    assert "code" not in seen.json(for_owner=False)


def test_codes_are_made_anew_each_time(house: House, anna: Caller) -> None:
    codes = set()
    for _ in range(5):
        codes.add(open_table(house, anna, private=True).code)
        tables.close(house, anna)
    assert len(codes) == 5


def test_a_code_makes_a_table_private(house: House, anna: Caller) -> None:
    assert open_table(house, anna, code=CODE).private
    assert listed(house) == []


def test_a_private_table_looks_like_none(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, private=True, code=CODE)
    for table_id in (row.id, NOWHERE, "", "x" * 500, "\0", "\ud800"):
        for code in (None, "", "wrong", CODE.upper(), "\0", "\ud800"):
            for user_id in (None, bert.user_id):
                viewer = Viewer(user_id, HERE, code)
                look = partial(tables.get, house, viewer, table_id)
                assert refusal(look) == "no_such_table"
            assert refusal(partial(tables.join, house, bert, table_id, code, HERE)) == (
                "no_such_table"
            )
    assert tables.get(house, Viewer(None, HERE, CODE), row.id).owner == "anna"
    assert tables.get(house, Viewer(anna.user_id, HERE), row.id) == row


def test_by_name_a_private_table_looks_like_none(
    house: House, anna: Caller, bert: Caller, carl: Caller
) -> None:
    open_table(house, anna, private=True, code=CODE)
    for owner in ("anna", "carl", "nobody", "\0"):  # a private one, none, no such user
        assert refusal(partial(tables.join_named, house, bert, owner)) == "no_such_table"
        assert refusal(partial(tables.join_named, house, bert, owner, "")) == "no_such_table"
        guess = partial(tables.join_named, house, bert, owner, "wrong", HERE)
        assert refusal(guess) == "wrong_code"


def test_guesses_by_name_run_out_for_private_tables_and_none_alike(
    house: House, anna: Caller, bert: Caller, carl: Caller
) -> None:
    open_table(house, anna, private=True, code=CODE)
    for owner in ("anna", "carl"):
        strict = limited(house, code="99 per minute", code_game="3 per hour")
        guesses = [
            refusal(partial(tables.join_named, strict, bert, owner, f"wrong{n}", f"192.0.2.{n}"))
            for n in range(5)
        ]
        assert guesses == ["wrong_code"] * 3 + ["too_many"] * 2
    assert tables.join_named(strict, bert, "anna", CODE, THERE).private


def test_guesses_run_out_by_address(house: House, anna: Caller, bert: Caller, carl: Caller) -> None:
    row = open_table(house, anna, private=True, code=CODE)
    house = limited(house, code="3 per minute")
    for n in range(3):
        guess = partial(tables.join, house, bert, row.id, f"wrong{n}", HERE)
        assert refusal(guess) == "no_such_table"
    # Now the right one is not taken either, nor is there a difference to no table at all.
    for table_id in (row.id, NOWHERE):
        assert refusal(partial(tables.join, house, bert, table_id, CODE, HERE)) == "too_many"
        look = partial(tables.get, house, Viewer(bert.user_id, HERE, CODE), table_id)
        assert refusal(look) == "too_many"
    assert refusal(partial(tables.join_named, house, bert, "anna", CODE, HERE)) == "too_many"
    assert tables.join(house, carl, row.id, CODE, THERE).private


def test_the_blocked_find_none_of_each_others_tables(
    house: House, anna: Caller, bert: Caller, carl: Caller, heard: Heard
) -> None:
    open_table(house, anna)
    open_table(house, bert, private=True, code=CODE)
    friends.block(house, bert, "anna")
    for viewer, owner in ((bert, anna), (anna, bert)):
        row = tables.own(house, owner.user_id)
        assert row is not None
        assert owner.name not in listed(house, viewer)
        assert tables.find(house, owner.name, viewer.user_id) is None
        look = partial(tables.get, house, Viewer(viewer.user_id, HERE, CODE), row.id)
        assert refusal(look) == "no_such_table"
        assert refusal(partial(tables.join, house, viewer, row.id, CODE, HERE)) == "no_such_table"
        by_name = partial(tables.join_named, house, viewer, owner.name)
        assert refusal(by_name) == "no_such_table"
        assert refusal(partial(by_name, CODE, HERE)) == "wrong_code"
    assert listed(house, carl) == ["anna"]
    tables.close(house, anna)
    again = open_table(house, anna)
    audience, _, data = next(entry for entry in heard.told[::-1] if entry[1] == "table_update")
    assert (data["id"], audience.lobby, audience.but) == (again.id, True, (bert.user_id,))


def test_a_block_takes_tables_out_of_sight_and_its_end_brings_them_back(
    house: House, anna: Caller, bert: Caller, heard: Heard
) -> None:
    public = open_table(house, anna)
    open_table(house, bert, private=True)
    heard.told.clear()
    friends.block(house, anna, "bert")
    assert user_heard(heard, bert.user_id, "table_gone") == [{"id": public.id}]
    assert user_heard(heard, anna.user_id, "table_gone") == []
    friends.block(house, bert, "anna")
    friends.unblock(house, anna, "bert")
    assert user_heard(heard, bert.user_id, "table_update") == []  # bert's own block still holds
    friends.unblock(house, bert, "anna")
    assert user_heard(heard, bert.user_id, "table_update") == [public.json()]
    assert user_heard(heard, anna.user_id, "table_update") == []


def test_a_table_is_under_the_name_of_now(house: House, guest: Account, heard: Heard) -> None:
    visitor = guest("passer-by")
    row = open_table(house, visitor)
    accounts.upgrade(house, visitor, "anna", "pw")
    assert listed(house) == ["anna"]
    update = lobby_heard(heard, "table_update")[-1][1]
    assert (update["id"], update["owner"], update["elo"]) == (row.id, "anna", 1000)
    assert user_heard(heard, visitor.user_id, "table_own")[-1]["owner"] == "anna"


# Sitting down


def test_a_table_becomes_its_match(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, time=BLITZ)
    record = tables.join(house, bert, row.id)
    assert record.id == row.id
    assert [info.name for info in record.seats] == ["anna", "bert"]
    assert (record.variant, record.rated, record.time) == ("standard", True, BLITZ)
    assert record.left == (180_000, 180_000)
    assert (tables.own(house, anna.user_id), listed(house)) == (None, [])
    assert tables.join(house, bert, row.id) == record, "joining once more is joining"


def test_a_private_table_becomes_a_private_match(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, private=True, code=CODE)
    record = tables.join(house, bert, row.id, CODE, HERE)
    assert (record.private, record.code) == (True, CODE)


def test_by_name(house: House, anna: Caller, bert: Caller, carl: Caller) -> None:
    open_table(house, anna)
    open_table(house, carl, private=True, code=CODE)
    assert not tables.join_named(house, bert, " ANNA", "a code nobody asked for", HERE).private
    assert tables.join_named(house, bert, "carl", CODE, HERE).private


def test_who_may_not_sit_down(
    house: House, anna: Caller, bert: Caller, carl: Caller, account: Account
) -> None:
    row = open_table(house, anna, private=True, code=CODE)
    assert refusal(lambda: tables.join(house, anna, row.id)) == "yourself"
    assert refusal(lambda: tables.join_named(house, anna, "anna")) == "yourself"
    lobby.invite(house, bert, "anna")
    assert refusal(lambda: tables.join(house, bert, row.id, CODE)) == "already_playing"
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, carl, account(f"user{number}").name)
    assert refusal(lambda: tables.join(house, carl, row.id, CODE)) == "too_many_matches"
    assert tables.own(house, anna.user_id) == row, "a refusal leaves the table as it is"


def test_two_join_at_once(house: House, anna: Caller, account: Account) -> None:
    row = open_table(house, anna)
    others = [account(f"user{n}") for n in range(6)]
    joined = at_once(*[partial(tables.join, house, other, row.id) for other in others])
    assert joined.count("no_such_table") == 5
    (record,) = [found for found in joined if found != "no_such_table"]
    assert matches.get(house, row.id).seats == record.seats
    assert [len(matches.open_of(house, other.user_id)) for other in others].count(1) == 1


def test_the_same_one_joins_twice_at_once(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna)
    first, second = at_once(*[partial(tables.join, house, bert, row.id)] * 2)
    assert first == second == matches.get(house, row.id)


def test_joining_is_limited(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna)
    house = limited(house, invite="1 per minute")
    open_table(house, bert)
    assert refusal(lambda: tables.join(house, bert, row.id)) == "too_many"
