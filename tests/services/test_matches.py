"""Matches: moves, endings, expiry, and who may do what."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import event, func, select

from app.services import accounts, lobby, matches, moves, presence, ratings, saving, stakes
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import EndedBy, MatchCache, RatingStep
from app.services.sessions import Caller
from app.store import RatingChange, User
from tests.services.conftest import SHORT_WIN, Clock, Heard, move, play_out

Account = Callable[[str], Caller]


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def match_id(house: House, anna: Caller, bert: Caller) -> str:
    return lobby.invite(house, anna, "bert").id


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


def test_a_match_is_its_log(house: House, anna: Caller, bert: Caller, match_id: str) -> None:
    record = play_out(house, match_id, anna, bert)
    assert record.over
    assert record.outcome is not None
    assert record.outcome.reason == "line"
    assert record == matches.get(house, match_id)
    logged = matches.log(house, match_id)
    assert [entry.number for entry in logged] == list(range(1, 18))
    assert [entry.move for entry in logged] == [move(*cell) for cell in SHORT_WIN]
    assert saving.steps(house, match_id, logged)[-1].state == record.state


def test_every_version_is_told_after_its_commit(
    house: House, anna: Caller, bert: Caller, match_id: str, heard: Heard
) -> None:
    heard.matches.clear()
    play_out(house, match_id, anna, bert)
    assert [record.version for record in heard.matches] == list(range(1, 18))
    told = [(user_id, type) for user_id, type, _ in heard.users if type == "elo_update"]
    assert told == [(anna.user_id, "elo_update"), (bert.user_id, "elo_update")]


def test_a_result_changes_both_ratings_once(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    record = play_out(house, match_id, anna, bert)
    assert record.ratings == (RatingStep(1000, 1010), RatingStep(1000, 990))
    assert ratings.place(house, "uttt", anna.user_id) == (1, 1010)
    assert ratings.place(house, "uttt", bert.user_id) == (2, 990)
    with house.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(RatingChange)) == 2


def test_a_guests_match_is_not_rated(house: House, anna: Caller, guest: Account) -> None:
    gast = guest("gast")
    record = play_out(house, lobby.invite(house, anna, "gast").id, anna, gast)
    assert not record.rated
    assert record.ratings == (None, None)
    assert ratings.place(house, "uttt", anna.user_id) == (1, 1000)


def test_refusals(
    house: House, anna: Caller, bert: Caller, account: Account, match_id: str
) -> None:
    eve = account("eve")
    first = move(4, 4)
    assert refusal(lambda: matches.submit(house, anna, "nowhere", first)) == "no_such_match"
    assert refusal(lambda: matches.submit(house, eve, match_id, first)) == "not_your_match"
    assert refusal(lambda: matches.submit(house, bert, match_id, first)) == "not_your_turn"
    assert refusal(lambda: matches.submit(house, anna, match_id, first, 3)) == "stale"
    assert refusal(lambda: matches.submit(house, anna, match_id, {"x": 1})) == "malformed"
    matches.submit(house, anna, match_id, first, 0)
    assert refusal(lambda: matches.submit(house, bert, match_id, move(0, 0))) == "illegal"
    assert refusal(lambda: matches.submit(house, anna, match_id, first)) == "not_your_turn"
    assert refusal(lambda: matches.end(house, eve, match_id)) == "not_your_match"
    matches.end(house, bert, match_id)
    assert refusal(lambda: matches.submit(house, bert, match_id, move(4, 0))) == "game_over"
    assert refusal(lambda: matches.end(house, anna, match_id)) == "game_over"
    assert matches.get(house, match_id).version == 2


def test_a_remembered_version_is_no_reason_to_refuse(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    """Another worker has moved: what this one remembers is old, and it looks before it refuses."""
    other = replace(house, matches=MatchCache(10))
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(other, bert, match_id, move(4, 0))
    assert matches.submit(house, anna, match_id, move(0, 0)).version == 3
    assert matches.submit(other, bert, match_id, move(0, 4)).version == 4


def test_a_match_that_is_known_is_looked_at_anew(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    known = matches.get(house, match_id)
    matches.submit(house, anna, match_id, move(4, 4))
    assert moves.latest(house, known) == matches.get(house, match_id) != known
    with house.store.write() as unit:
        accounts.renew_open_matches(unit, bert.user_id)
        unit.get_one(User, bert.user_id).name = "robert"
    assert moves.latest(house, known).seats[1].name == "robert"
    matches.end(house, bert, match_id)
    assert moves.latest(house, known).over


def test_of_two_moves_at_once_one_wins(house: House, anna: Caller, match_id: str) -> None:
    barrier = Barrier(2)

    def submit(cell: int) -> str:
        worker = replace(house, matches=MatchCache(10))
        barrier.wait()
        try:
            matches.submit(worker, anna, match_id, move(4, cell), 0)
        except ServiceError as error:
            return error.code
        return "won"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(submit, (3, 4)))
    assert results[1] == "won"
    assert results[0] == "stale"
    assert matches.get(house, match_id).version == 1


def test_a_move_is_two_statements(house: House, anna: Caller, bert: Caller, match_id: str) -> None:
    seen: list[str] = []
    event.listen(
        house.store.engine,
        "before_cursor_execute",
        lambda *args: seen.append(args[2].split()[0]),
    )
    matches.submit(house, anna, match_id, move(4, 4))
    assert seen == ["UPDATE", "INSERT"]


def test_leaving_before_both_have_moved_costs_nothing(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    matches.submit(house, anna, match_id, move(4, 4))
    assert stakes.cost(house, anna, matches.get(house, match_id)) is None
    record = matches.end(house, anna, match_id)
    assert record.ended_by == EndedBy("abort", "anna")
    assert record.outcome is not None
    assert record.outcome.winners == ()
    assert record.ratings == (None, None)


def test_leaving_after_both_have_moved_is_a_loss(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(house, bert, match_id, move(4, 0))
    record = matches.get(house, match_id)
    assert stakes.cost(house, bert, record) == stakes.Cost(1000, 990)
    record = matches.end(house, bert, match_id)
    assert record.ended_by == EndedBy("resign", "bert")
    assert record.ratings == (RatingStep(1000, 1010), RatingStep(1000, 990))
    assert matches.get(house, match_id) == record


def test_a_match_expires_seven_days_after_its_last_move(
    house: House, anna: Caller, bert: Caller, match_id: str, clock: Clock
) -> None:
    clock.turn(days=6)
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(house, bert, match_id, move(4, 0))
    clock.turn(days=7, seconds=-1)
    assert matches.expired_ids(house, 9) == []
    clock.turn(seconds=1)
    assert matches.expired_ids(house, 9) == [match_id]
    record = matches.expire(house, match_id)
    assert record is not None
    assert record.ended_by == EndedBy("timeout", "anna")
    assert record.ratings == (RatingStep(1000, 990), RatingStep(1000, 1010))
    assert matches.expire(house, match_id) is None


def test_a_match_in_which_one_never_moved_just_ends(
    house: House, anna: Caller, bert: Caller, match_id: str, clock: Clock
) -> None:
    matches.submit(house, anna, match_id, move(4, 4))
    clock.turn(days=8)
    record = matches.expire(house, match_id)
    assert record is not None
    assert record.ended_by == EndedBy("abort", None)
    assert record.ratings == (None, None)


def test_a_move_in_time_is_not_overtaken_by_expiry(
    house: House, anna: Caller, bert: Caller, match_id: str, clock: Clock
) -> None:
    clock.turn(days=8)
    due = matches.expired_ids(house, 9)
    clock.turn(days=-2)  # somebody else's clock is behind
    matches.submit(house, anna, match_id, move(4, 4))
    clock.turn(days=2)
    assert [matches.expire(house, match) for match in due] == [None]


def test_a_move_that_comes_too_late_ends_the_match(
    house: House, anna: Caller, bert: Caller, match_id: str, clock: Clock
) -> None:
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(house, bert, match_id, move(4, 0))
    clock.turn(days=7)
    assert refusal(lambda: matches.submit(house, anna, match_id, move(0, 4))) == "game_over"
    record = matches.get(house, match_id)
    assert record.over
    assert record.ended_by == EndedBy("timeout", "anna")


def test_what_was_read_too_early_is_not_too_late(
    house: House,
    anna: Caller,
    bert: Caller,
    match_id: str,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The player moved in another tab, in time, between this one's look and its move."""
    before = matches.get(house, match_id)
    clock.turn(days=6)
    matches.submit(house, anna, match_id, move(4, 4))
    clock.turn(days=2)
    house.matches.drop(match_id)
    looks = iter([before])
    really = matches.get
    monkeypatch.setattr(matches, "get", lambda *args: next(looks, None) or really(*args))
    assert refusal(lambda: matches.submit(house, anna, match_id, move(4, 4))) == "not_your_turn"


def test_who_was_away_is_told_of_the_end_once(
    house: House, anna: Caller, bert: Caller, match_id: str
) -> None:
    presence.connect(house, anna, "raw")
    play_out(house, match_id, anna, bert)
    assert matches.unseen_of(house, anna.user_id) == []
    assert [record.id for record in matches.unseen_of(house, bert.user_id)] == [match_id]
    matches.mark_seen(house, bert.user_id)
    assert matches.unseen_of(house, bert.user_id) == []


def test_what_a_worker_cannot_reach_is_told_later(
    house: House, anna: Caller, bert: Caller, match_id: str, clock: Clock
) -> None:
    """A command ends a match beside the server: nobody has heard of it, whoever is connected."""
    presence.connect(house, anna, "raw")
    clock.turn(days=8)
    beside = replace(house, worker_id="command", connections={})
    assert matches.expire(beside, match_id) is not None
    assert [record.id for record in matches.unseen_of(house, anna.user_id)] == [match_id]


def test_only_the_last_endings_are_told(
    house: House, anna: Caller, bert: Caller, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matches, "TOLD", 2)
    ids = []
    for _ in range(3):
        ids.append(lobby.invite(house, anna, "bert").id)
        clock.turn(seconds=1)
        matches.end(house, anna, ids[-1])
    assert [record.id for record in matches.unseen_of(house, bert.user_id)] == ids[1:]
    matches.mark_seen(house, bert.user_id)
    assert matches.unseen_of(house, bert.user_id) == []


def test_replay_and_view(house: House, anna: Caller, bert: Caller, match_id: str) -> None:
    play_out(house, match_id, anna, bert)
    _, empty = matches.replay(house, match_id, 0)
    record, one = matches.replay(house, match_id, 1)
    assert sum(map(sum, empty["complete_field"])) == 0
    assert sum(map(sum, one["complete_field"])) == 1
    _, last = matches.replay(house, match_id, 999)
    assert last == matches.view(house, record, None)
    assert matches.replay(house, match_id)[1] == last
