"""Challenges: asking one other for a match, and what they make of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import accounts, friends, guests, housekeeping, lobby, matches, presence, tables
from app.services.access import Viewer
from app.services.house import House
from app.services.sessions import Caller
from app.services.tables import TableRow
from app.services.time_control import TimeControl
from tests.services.conftest import Account, Clock, Heard
from tests.services.hall import (
    HERE,
    NOWHERE,
    at_once,
    everything_heard,
    limited,
    lobby_heard,
    refusal,
    turn,
    user_heard,
)

BLITZ = TimeControl(None, 180, 2)


def between(house: House, challenger: Caller, challenged: Caller) -> list[TableRow]:
    """The challenges from one to the other, which both see alike."""
    outgoing = tables.challenges(house, challenger.user_id)[1]
    incoming = tables.challenges(house, challenged.user_id)[0]
    sent = [row.id for row in outgoing if row.invitee == challenged.name]
    received = [row for row in incoming if row.owner == challenger.name]
    assert sent == [row.id for row in received]
    return received


def gone(heard: Heard, user: Caller) -> list[str]:
    """Why the challenges to and by a user went, in their order."""
    return [data["reason"] for data in user_heard(heard, user.user_id, "challenge_gone")]


def test_a_challenge_is_seen_by_its_two(
    house: House, anna: Caller, bert: Caller, carl: Caller, heard: Heard
) -> None:
    row = tables.challenge(house, anna, " BERT ", variant="swap", time=BLITZ)
    assert (row.owner, row.invitee, row.variant, row.time) == ("anna", "bert", "swap", BLITZ)
    assert between(house, anna, bert) == [row]
    assert user_heard(heard, bert.user_id, "challenge") == [row.json()]
    assert user_heard(heard, anna.user_id, "challenge_sent") == [row.json(for_owner=True)]
    assert not lobby_heard(heard, "table_update", "table_gone", "challenge")
    assert row.id not in everything_heard(heard, but=[anna.user_id, bert.user_id])
    assert tables.listed(house, bert.user_id) == tables.listed(house, None) == []
    assert tables.own(house, anna.user_id) is None
    assert tables.find(house, "anna", bert.user_id) is None
    for user_id in (anna.user_id, bert.user_id):
        assert tables.get(house, Viewer(user_id, HERE), row.id) == row
    for user_id in (carl.user_id, None):
        look = partial(tables.get, house, Viewer(user_id, HERE), row.id)
        assert refusal(look) == "no_such_table"


def test_accepting(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    row = tables.challenge(house, anna, "bert", time=BLITZ)
    record = tables.accept(house, bert, row.id)
    assert record.id == row.id
    assert [info.name for info in record.seats] == ["anna", "bert"]
    assert (record.time, record.rated) == (BLITZ, True)
    assert between(house, anna, bert) == []
    for player in (anna, bert):
        assert gone(heard, player) == ["accepted"]
        assert user_heard(heard, player.user_id, "match_begins") == [{"id": row.id}]
    assert tables.accept(house, bert, row.id) == record, "accepting once more is accepting"


def test_declining_and_withdrawing(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    row = tables.challenge(house, anna, "bert")
    tables.decline(house, bert, row.id)
    row = tables.challenge(house, anna, "bert")
    tables.withdraw(house, anna, row.id)
    assert gone(heard, anna) == gone(heard, bert) == ["declined", "withdrawn"]
    assert between(house, anna, bert) == []
    answers = (
        partial(tables.accept, house, bert),
        partial(tables.decline, house, bert),
        partial(tables.withdraw, house, anna),
    )
    for answer in answers:
        assert refusal(partial(answer, row.id)) == "no_such_challenge"


def test_nobody_else_answers_a_challenge(
    house: House, anna: Caller, bert: Caller, carl: Caller
) -> None:
    row = tables.challenge(house, anna, "bert", private=True, code="plum-7")
    for table_id in (row.id, NOWHERE):  # alike, whether there is one or none
        for caller in (carl, anna):
            assert refusal(partial(tables.accept, house, caller, table_id)) == "no_such_challenge"
            assert refusal(partial(tables.decline, house, caller, table_id)) == "no_such_challenge"
        for caller in (carl, bert):
            withdraw = partial(tables.withdraw, house, caller, table_id)
            assert refusal(withdraw) == "no_such_challenge"
            join = partial(tables.join, house, caller, table_id, "plum-7", HERE)
            assert refusal(join) == "no_such_table"
    by_name = partial(tables.join_named, house, bert, "anna", "plum-7", HERE)
    assert refusal(by_name) == "wrong_code"
    assert refusal(partial(tables.close, house, anna, row.id)) == "no_such_table"
    assert between(house, anna, bert) != []


def test_a_table_is_no_challenge(house: House, anna: Caller, bert: Caller) -> None:
    row = tables.open(house, anna)
    assert refusal(lambda: tables.accept(house, bert, row.id)) == "no_such_challenge"
    assert refusal(lambda: tables.withdraw(house, anna, row.id)) == "no_such_challenge"


def test_whom_one_may_not_challenge(
    house: House, anna: Caller, bert: Caller, carl: Caller, account: Account
) -> None:
    challenge = partial(tables.challenge, house, anna)
    assert refusal(lambda: challenge("anna")) == "yourself"
    for odd in ("nobody", "", "\0", "x" * 500):
        assert refusal(lambda odd=odd: challenge(odd)) == "unknown_user"
    assert refusal(lambda: challenge("bert", game="chess")) == "bad_game"
    lobby.invite(house, bert, "anna")
    assert refusal(lambda: challenge("bert")) == "already_playing"
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "carl")
    assert refusal(lambda: challenge("carl")) == "opponent_busy"
    assert refusal(lambda: tables.challenge(house, carl, "anna")) == "too_many_matches"


@pytest.mark.parametrize("blocker", ["anna", "bert"])
def test_the_blocked_do_not_challenge_each_other(
    house: House, anna: Caller, bert: Caller, heard: Heard, blocker: str
) -> None:
    forth, back = tables.challenge(house, anna, "bert"), tables.challenge(house, bert, "anna")
    one, other = (anna, bert) if blocker == "anna" else (bert, anna)
    friends.block(house, one, other.name)
    assert gone(heard, anna) == gone(heard, bert) == ["withdrawn", "withdrawn"]
    for caller, row in ((bert, forth), (anna, back)):
        assert tables.challenges(house, caller.user_id) == ([], [])
        assert refusal(partial(tables.accept, house, caller, row.id)) == "no_such_challenge"
        other_name = anna.name if caller is bert else bert.name
        assert refusal(partial(tables.challenge, house, caller, other_name)) == "blocked"


def test_one_challenge_to_each(house: House, anna: Caller, bert: Caller, carl: Caller) -> None:
    row = tables.challenge(house, anna, "bert")
    assert refusal(lambda: tables.challenge(house, anna, "bert")) == "challenge_open"
    tables.open(house, anna)
    tables.challenge(house, anna, "carl")
    tables.challenge(house, bert, "anna")
    incoming, outgoing = tables.challenges(house, anna.user_id)
    assert [row.owner for row in incoming] == ["bert"]
    assert {row.invitee for row in outgoing} == {"bert", "carl"}
    assert row in outgoing


def test_challenging_twice_at_once_challenges_once(
    house: House, anna: Caller, bert: Caller
) -> None:
    made = at_once(*[partial(tables.challenge, house, anna, "bert")] * 6)
    assert made.count("challenge_open") == 5
    assert len(between(house, anna, bert)) == 1


def test_challenges_are_limited(house: House, anna: Caller, account: Account) -> None:
    names = [account(f"user{n}").name for n in range(house.config.MAX_OPEN_MATCHES + 1)]
    for name in names[:-1]:
        tables.challenge(house, anna, name)
    assert refusal(lambda: tables.challenge(house, anna, names[-1])) == "too_many_challenges"
    house = limited(house, invite="1 per minute")
    assert refusal(lambda: tables.challenge(house, anna, names[-1])) == "too_many_challenges"
    assert refusal(lambda: tables.challenge(house, anna, names[-1])) == "too_many"


def test_a_guest_may_be_challenged_but_not_for_a_rating(
    house: House, anna: Caller, guest: Account
) -> None:
    visitor = guest("passer-by")
    row = tables.challenge(house, anna, "passer-by")
    assert not row.rated
    assert not tables.accept(house, visitor, row.id).rated


def test_accepting_what_is_not_possible_any_more(
    house: House, anna: Caller, bert: Caller, account: Account
) -> None:
    row = tables.challenge(house, anna, "bert")
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "bert")
    assert refusal(lambda: tables.accept(house, bert, row.id)) == "too_many_matches"
    assert between(house, anna, bert) == [row]


@pytest.mark.parametrize("rival", [tables.withdraw, tables.accept])
def test_accepting_while_something_else_happens(
    house: House, anna: Caller, bert: Caller, rival: Callable[..., object]
) -> None:
    for _ in range(8):
        row = tables.challenge(house, anna, "bert")
        who = anna if rival is tables.withdraw else bert
        accepted, done = at_once(
            partial(tables.accept, house, bert, row.id), partial(rival, house, who, row.id)
        )
        assert between(house, anna, bert) == []
        if accepted == "no_such_challenge":
            assert done is None, "withdrawn"
            assert matches.open_of(house, bert.user_id) == []
        else:
            assert done in ("no_such_challenge", accepted)
            matches.end(house, bert, row.id)


def test_those_who_play_have_no_challenge_between_them(
    house: House, anna: Caller, bert: Caller, carl: Caller, heard: Heard
) -> None:
    tables.challenge(house, bert, "anna")
    tables.challenge(house, bert, "carl")
    row = tables.challenge(house, anna, "bert")
    tables.accept(house, bert, row.id)
    assert between(house, bert, anna) == []
    assert len(between(house, bert, carl)) == 1
    assert sorted(gone(heard, anna)) == ["accepted", "withdrawn"]


def test_a_challenge_does_not_wait_for_ever(
    house: House, anna: Caller, bert: Caller, clock: Clock, heard: Heard
) -> None:
    tables.challenge(house, anna, "bert")
    clock.turn(seconds=house.config.TABLE_TTL + 1)
    housekeeping.run(house)
    assert gone(heard, anna) == gone(heard, bert) == ["expired"]


def test_a_challenge_goes_with_either_guest(
    house: House, anna: Caller, guest: Account, clock: Clock, heard: Heard
) -> None:
    tables.challenge(house, guest("passer-by"), "anna")
    guest("early-bird")
    tables.challenge(house, anna, "early-bird")
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    assert guests.release(house) == 2
    assert gone(heard, anna) == ["expired", "expired"]
    assert tables.challenges(house, anna.user_id) == ([], [])


def test_a_challenge_for_now_goes_with_the_challenger(
    house: House, anna: Caller, bert: Caller, clock: Clock, heard: Heard
) -> None:
    here = presence.connect(house, anna, "raw")
    tables.challenge(house, anna, "bert", time=BLITZ)
    presence.disconnect(house, here)
    turn(house, clock, seconds=15)
    assert gone(heard, bert) == ["expired"]


def test_a_challenge_is_under_the_name_of_now(
    house: House, guest: Account, bert: Caller, heard: Heard
) -> None:
    visitor = guest("passer-by")
    row = tables.challenge(house, visitor, "bert")
    accounts.upgrade(house, visitor, "anna", "pw")
    told = user_heard(heard, bert.user_id, "challenge")
    assert [(data["id"], data["owner"]) for data in told] == [
        (row.id, "passer-by"),
        (row.id, "anna"),
    ]
