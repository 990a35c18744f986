"""Matches that do not wait for ever for players who are gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.services import grace, housekeeping, matches, presence
from app.services.house import House
from app.services.records import EndedBy, MatchRecord
from app.services.sessions import Caller
from app.services.timers import Timers
from tests.services.cards import CPU, begin, play_rounds, scopa
from tests.services.conftest import Clock
from tests.services.hall import turn

Account = Callable[[str], Caller]
SETUP = scopa(grace=60)


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def here(house: House, anna: Caller, bert: Caller) -> dict[str, int]:
    """Both are connected: their presence, by name."""
    return {caller.name: presence.connect(house, caller, "raw") for caller in (anna, bert)}


def begun(house: House, *players: Caller) -> MatchRecord:
    return play_rounds(house, begin(house, SETUP, *players).id, players, moves=2)


def test_who_is_gone_for_longer_than_the_grace_has_left(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    presence.disconnect(house, here["anna"])
    turn(house, clock, seconds=59)
    assert not matches.get(house, record.id).over
    turn(house, clock, seconds=1)
    ended = matches.get(house, record.id)
    assert ended.ended_by == EndedBy("resign", "anna")
    assert ended.outcome is not None
    assert ended.outcome.winners == (1,)
    assert [step and step.after for step in ended.ratings] == [990, 1010]


def test_before_all_have_moved_it_ends_without_a_result(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begin(house, SETUP, anna, bert)
    presence.disconnect(house, here["bert"])
    turn(house, clock, seconds=60)
    assert matches.get(house, record.id).ended_by == EndedBy("abort", "bert")


def test_who_comes_back_in_time_plays_on(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    for _ in range(3):
        presence.disconnect(house, here["anna"])
        turn(house, clock, seconds=50)
        here["anna"] = presence.connect(house, anna, "raw")
        turn(house, clock, seconds=50)
    assert not matches.get(house, record.id).over


def test_one_of_several_connections_is_enough(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    presence.connect(house, anna, "socketio")
    presence.disconnect(house, here["anna"])
    turn(house, clock, seconds=120)
    assert not matches.get(house, record.id).over


def test_seen_meanwhile_through_another_worker_the_time_is_counted_from_then(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    presence.disconnect(house, here["anna"])
    clock.turn(seconds=40)
    elsewhere = replace(house.config, PORT=5001)
    other = replace(house, config=elsewhere, worker_id="o", timers=Timers(), connections={})
    presence.arrive(other)
    presence.disconnect(other, presence.connect(other, anna, "raw"))
    turn(house, clock, seconds=20)
    assert not matches.get(house, record.id).over
    turn(house, clock, seconds=40)
    assert matches.get(house, record.id).ended_by == EndedBy("resign", "anna")


def test_matches_without_a_grace_wait(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begin(house, scopa(), anna, bert)
    for number in here.values():
        presence.disconnect(house, number)
    turn(house, clock, hours=1)
    housekeeping.run(house)
    turn(house, clock, hours=1)
    assert not matches.get(house, record.id).over


def test_with_nobody_left_nobody_has_won(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    for number in here.values():
        presence.disconnect(house, number)
    turn(house, clock, seconds=60)
    ended = matches.get(house, record.id)
    assert ended.ended_by == EndedBy("abort", None)
    assert ended.ratings == (None, None)


def test_alone_against_the_computer_one_has_lost(
    house: House, anna: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = play_rounds(house, begin(house, SETUP, CPU, anna).id, [CPU, anna], moves=2)
    presence.disconnect(house, here["anna"])
    turn(house, clock, seconds=60)
    assert matches.get(house, record.id).ended_by == EndedBy("resign", "anna")


def test_who_is_gone_when_the_match_begins_is_waited_for(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    presence.disconnect(house, here["anna"])
    clock.turn(seconds=3600)
    record = begin(house, SETUP, anna, bert)
    turn(house, clock, seconds=59)
    assert not matches.get(house, record.id).over
    turn(house, clock, seconds=1)
    assert matches.get(house, record.id).ended_by == EndedBy("abort", "anna")


def test_what_a_killed_worker_forgot_is_found(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    after = replace(house, worker_id="after", timers=Timers(), connections={})
    presence.arrive(after)  # at the same address: those connections are gone
    presence.connect(after, bert, "raw")
    turn(after, clock, seconds=60)
    assert matches.get(house, record.id).ended_by == EndedBy("resign", "anna")


def test_the_time_in_which_the_house_was_closed_does_not_count(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    presence.leave(house)
    clock.turn(hours=5)
    after = replace(house, worker_id="after", timers=Timers(), connections={})
    presence.arrive(after)
    matches.set_timers(after)
    turn(after, clock, seconds=30)
    presence.connect(after, bert, "raw")
    assert housekeeping.PARTS["players_awaited"](after) == 1
    turn(after, clock, seconds=29)
    assert not matches.get(house, record.id).over
    turn(after, clock, seconds=1)
    assert matches.get(house, record.id).ended_by == EndedBy("resign", "anna")


def test_housekeeping_puts_off_nothing(
    house: House, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    record = begun(house, anna, bert)
    presence.disconnect(house, here["anna"])
    for _ in range(2):
        turn(house, clock, seconds=30)
        housekeeping.run(house)
    assert matches.get(house, record.id).over
    assert housekeeping.PARTS["players_awaited"](house) == 0


def test_who_cannot_come_back_leaves_at_once(
    house: House, anna: Caller, bert: Caller, here: dict[str, int]
) -> None:
    record = begun(house, anna, bert)
    assert grace.leave_now(house, record.id, 0) is None, "has no seat"
    assert grace.leave_now(house, "0" * 32, anna.user_id) is None
    ended = grace.leave_now(house, record.id, anna.user_id)
    assert ended is not None
    assert ended.ended_by == EndedBy("resign", "anna")
    assert grace.leave_now(house, record.id, bert.user_id) is None, "over already"
    patient = begin(house, scopa(), anna, bert)
    assert grace.leave_now(house, patient.id, anna.user_id) is None
    assert not matches.get(house, patient.id).over


def test_of_four_the_team_of_the_one_who_left_loses(
    house: House, account: Account, anna: Caller, bert: Caller, here: dict[str, int], clock: Clock
) -> None:
    players = [anna, bert, account("carl"), account("dora")]
    for caller in players[2:]:
        presence.connect(house, caller, "raw")
    record = begin(house, scopa(4, grace=60), *players)
    play_rounds(house, record.id, players, moves=4)
    presence.disconnect(house, here["bert"])
    turn(house, clock, seconds=60)
    ended = matches.get(house, record.id)
    assert ended.outcome is not None
    assert ended.outcome.winners == (0, 2)
    assert [step and step.after for step in ended.ratings] == [1010, 990, 1010, 990]
