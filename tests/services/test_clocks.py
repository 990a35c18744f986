"""How much time there is: what may be agreed on, clocks, and what happens when one runs out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.games.api import Malformed
from app.services import matches
from app.services.errors import ServiceError
from app.services.house import House
from app.services.matches import Setup
from app.services.records import EndedBy, MatchCache, MatchRecord
from app.services.sessions import Caller
from app.services.time_control import CLOCKS, PER_MOVE, TimeControl
from app.services.timers import Timers
from app.store import Match
from tests.services.conftest import Clock, Heard, move

BLITZ = TimeControl(None, 180, 2)
Account = Callable[[str], Caller]


@pytest.fixture
def players(account: Account) -> list[Caller]:
    return [account("anna"), account("bert")]


def begin(house: House, players: list[Caller], time: TimeControl | None = BLITZ) -> MatchRecord:
    ids = [player.user_id for player in players]
    with house.store.write() as unit:
        match_id = matches.start(house, unit, Setup("uttt", time=time), ids)
    return matches.begun(house, match_id)


@pytest.fixture(autouse=True)
def nobody_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small boards and the lobby's list have timers of their own, which would be counted here."""
    monkeypatch.setattr("app.services.glimpses.changed", lambda *_: None)
    monkeypatch.setattr("app.services.watching.show", lambda *_: None)


def run_timers(house: House, clock: Clock) -> int:
    due = house.timers.take_due(clock.now)
    for action in due:
        action()
    return len(due)


# ---- what may be agreed on --------------------------------------------------------


@pytest.mark.parametrize("text", [*map(str, PER_MOVE), "30+0", "10800+60", "180+2"])
def test_a_time_control_is_its_text(text: str) -> None:
    assert TimeControl.parse(text).text == text


def test_the_usual_clocks_may_be_agreed_on() -> None:
    for base, increment in CLOCKS:
        assert TimeControl.parse(f"{base}+{increment}") == TimeControl(None, base, increment)


@pytest.mark.parametrize(
    "text", ["", "0", "601", "29+0", "10801+0", "60+61", "60+", "+5", "60 + 1", "-60+1", "1e3+1",
             "\u0661\u0662\u0660+1", "60+1\n", "99999999999+1"]
)  # fmt: skip
def test_no_other_may(text: str) -> None:
    with pytest.raises(ServiceError) as refused:
        TimeControl.parse(text)
    assert refused.value.code == "bad_time"


@pytest.mark.parametrize(
    ("text", "needs"), [("600", True), ("60+1", True), ("86400", False), ("604800", False)]
)
def test_little_time_needs_both_players_there(text: str, needs: bool) -> None:
    assert TimeControl.parse(text).needs_presence is needs


@given(st.lists(st.integers(0, 400_000), max_size=40))
def test_no_time_is_lost_or_made(thinking: list[int]) -> None:
    """What is left is what there was, less what was thought, plus the increments."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    left = BLITZ.full(2)
    for number, spent in enumerate(thinking):
        seat = number % 2
        assert left is not None
        before = left[seat]
        later = now + timedelta(milliseconds=spent)
        left = BLITZ.moved(left, seat, now, later)
        assert left is not None
        assert left[seat] == max(0, before - spent) + 2000
        assert BLITZ.deadline(left, frozenset({seat}), later) == later + timedelta(
            milliseconds=left[seat]
        )
        now = later


# ---- in a match --------------------------------------------------------------------


def test_a_clock_runs_for_who_is_to_move(house: House, players: list[Caller], clock: Clock) -> None:
    record = begin(house, players)
    assert record.left == (180_000, 180_000)
    clock.turn(seconds=10)
    assert record.clocks_at(clock.now) == (170_000, 180_000)
    record = matches.submit(house, players[0], record.id, move(4, 4))
    assert record.left == (172_000, 180_000)
    clock.turn(seconds=30.5)
    record = matches.submit(house, players[1], record.id, move(4, 0))
    assert record.left == (172_000, 151_500)
    assert record.deadline == clock.now + timedelta(seconds=172)
    stored = matches.get(house, record.id)
    assert (stored.left, stored.deadline, stored.time) == (record.left, record.deadline, BLITZ)


def test_the_flag_falls_by_itself(
    house: House, players: list[Caller], clock: Clock, heard: Heard
) -> None:
    record = begin(house, players)
    matches.submit(house, players[0], record.id, move(4, 4))
    matches.submit(house, players[1], record.id, move(4, 0))
    clock.turn(seconds=181.9)
    assert run_timers(house, clock) == 0
    clock.turn(seconds=0.2)
    assert run_timers(house, clock) == 1
    ended = heard.matches[-1]
    assert ended.over
    assert ended.ended_by == EndedBy("timeout", "anna")
    assert ended.outcome.winners == (1,)
    assert ended.left[0] == 0
    assert ended.ratings[1].after > ended.ratings[1].before


def test_a_flag_before_both_have_moved_ends_without_a_result(
    house: House, players: list[Caller], clock: Clock, heard: Heard
) -> None:
    record = begin(house, players)
    clock.turn(seconds=180)
    assert run_timers(house, clock) == 1
    assert heard.matches[-1].ended_by == EndedBy("abort", None)
    assert matches.get(house, record.id).ratings == (None, None)


def test_a_move_sets_the_flag_anew(house: House, players: list[Caller], clock: Clock) -> None:
    record = begin(house, players)
    clock.turn(seconds=179)
    matches.submit(house, players[0], record.id, move(4, 4))
    clock.turn(seconds=2)
    assert run_timers(house, clock) == 0
    assert not matches.get(house, record.id).over


def test_another_workers_move_is_respected(
    house: House, players: list[Caller], clock: Clock
) -> None:
    record = begin(house, players)
    other = replace(house, worker_id="other", matches=MatchCache(8), timers=Timers())
    clock.turn(seconds=100)
    matches.submit(other, players[0], record.id, move(4, 4))
    clock.turn(seconds=100)
    assert run_timers(house, clock) == 1, "this worker's own timer still stood at the first clock"
    assert not matches.get(house, record.id).over


def test_a_worker_that_starts_takes_up_the_clocks(
    house: House, players: list[Caller], clock: Clock
) -> None:
    record = begin(house, players)
    begin(house, players, TimeControl(86_400))
    fresh = replace(house, matches=MatchCache(8), timers=Timers())
    matches.set_timers(fresh)
    assert fresh.timers.next_moment() == record.deadline
    clock.turn(seconds=181)
    assert run_timers(fresh, clock) == 1
    assert matches.get(house, record.id).over


def test_one_match_that_cannot_be_read_stops_no_other_clock(
    house: House, players: list[Caller], clock: Clock
) -> None:
    torn, record = begin(house, players), begin(house, players)
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == torn.id).values(state="torn"))
    fresh = replace(house, matches=MatchCache(8), timers=Timers())
    matches.set_timers(fresh)
    clock.turn(seconds=181)
    for action in fresh.timers.take_due(clock.now):
        with suppress(Malformed):  # the one that cannot be read
            action()
    assert matches.get(house, record.id).over


def test_workers_whose_clocks_differ_a_little_give_no_time_away(
    house: House, players: list[Caller], clock: Clock
) -> None:
    record = begin(house, players)
    matches.submit(house, players[0], record.id, move(4, 4))
    clock.turn(seconds=-0.5)  # the other's worker
    assert matches.submit(house, players[1], record.id, move(4, 0)).left == (182_000, 182_000)


def test_housekeeping_is_the_net(house: House, players: list[Caller], clock: Clock) -> None:
    record = begin(house, players)
    slow = begin(house, players, None)
    clock.turn(seconds=181)
    assert matches.expired_ids(house, 9) == [record.id]
    clock.turn(days=7)
    assert matches.expired_ids(house, 9) == [record.id, slow.id]


def test_resigning_leaves_the_clocks_as_they_stood(
    house: House, players: list[Caller], clock: Clock
) -> None:
    record = begin(house, players)
    clock.turn(seconds=5)
    ended = matches.end(house, players[1], record.id)
    assert ended.left == (175_000, 180_000)
    assert ended.clocks_at(clock.now + timedelta(hours=1)) == (175_000, 180_000)


# ---- timers --------------------------------------------------------------------------


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_timers_go_off_in_their_order() -> None:
    timers, done = Timers(), []
    for second in (3, 1, 2):
        timers.at(second, at(second), lambda second=second: done.append(second))  # type: ignore[misc]
    assert timers.next_moment() == at(1)
    for action in timers.take_due(at(2)):
        action()
    assert done == [1, 2]
    assert timers.next_moment() == at(3)


def test_a_key_has_one_timer() -> None:
    timers, done = Timers(), []
    timers.at("a", at(1), lambda: done.append("first"))
    timers.at("a", at(2), lambda: done.append("second"))
    timers.set_once("a", at(3), lambda: done.append("third"))
    assert "a" in timers
    assert "none" not in timers
    assert timers.next_moment() == at(2)
    for action in timers.take_due(at(9)):
        action()
    assert done == ["second"]
    timers.set_once("a", at(3), lambda: done.append("fourth"))
    timers.cancel("a")
    assert timers.next_moment() is None


def test_only_a_sooner_timer_wakes() -> None:
    timers, woken = Timers(), []
    timers.wake = lambda: woken.append(len(woken))
    timers.at("late", at(9), print)
    timers.at("later", at(10), print)
    timers.at("sooner", at(1), print)
    assert len(woken) == 2


def test_timers_set_again_and_again_take_no_room() -> None:
    timers = Timers()
    for second in range(5_000):
        timers.at("flag", at(second), print)
    assert len(timers) < 200
    assert timers.next_moment() == at(4_999)
