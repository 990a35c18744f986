"""Finished matches are looked at position by position, once, and whoever is killed is replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.games.api import Malformed
from app.services import analysis, housekeeping, lobby, matches, presence
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.matches import Setup
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.thinking import Thinking
from app.services.timers import Timers
from app.store import Analysis
from tests.services.conftest import SHORT_WIN, Clock, move, play_out

Account = Callable[[str], Caller]
STRANGER = Viewer(None, "192.0.2.9")


class Student:
    """Says of each position that it is even, and that its first move would be best.

    `most`: how often it can tell; then it cannot, until it is given more.
    """

    def __init__(self, most: int = 1_000) -> None:
        self.most = most
        self.asked: list[tuple[str, Any, Any]] = []

    def __call__(self, game: str, view: Any, played: Any) -> Any:
        if len(self.asked) >= self.most:
            return None
        self.asked.append((game, view, played))
        chance = None if played is None else 1 / 3
        return {"best": move(0, 0), "chance": 0.5, "played": chance}


@pytest.fixture
def players(account: Account) -> tuple[Caller, Caller]:
    return account("anna"), account("bert")


def over(house: House, players: tuple[Caller, Caller], moves: int | None = None) -> MatchRecord:
    """A finished match: won on the board, or left by anna after so many moves."""
    anna, bert = players
    match_id = lobby.invite(house, anna, "bert").id
    if moves is None:
        return play_out(house, match_id, anna, bert)
    for number in range(moves):
        matches.submit(house, players[number % 2], match_id, move(*SHORT_WIN[number]))
    return matches.end(house, anna, match_id)


def want(house: House, caller: Caller, record: MatchRecord) -> None:
    analysis.want(house, Viewer(caller.user_id, "192.0.2.1"), caller, record.id)


def progress(house: House, record: MatchRecord) -> analysis.Progress:
    found = analysis.progress(house, record.id)
    assert found is not None
    return found


def other_worker(house: House) -> House:
    """Another worker of the same house."""
    config = replace(house.config, PORT=house.config.PORT + 1)
    other = replace(house, config=config, worker_id="w" * 16, thinking=Thinking(), timers=Timers())
    presence.arrive(other)
    return other


def test_every_position_is_looked_at_once(house: House, players: tuple[Caller, Caller]) -> None:
    record = over(house, players)
    assert analysis.progress(house, record.id) is None
    student = house.thinking.study = Student()
    want(house, players[0], record)
    want(house, players[1], record)  # the second asker gets the same
    log = matches.log(house, record.id)
    states = [step.state for step in matches.steps(house, record.id)]
    engine = record.engine
    assert student.asked == [
        ("uttt", engine.view(states[entry.number - 1], entry.seat), entry.move) for entry in log
    ]
    done = progress(house, record)
    assert done.done
    assert done.positions == len(done.found) == len(log) + 1
    assert [found.seat for found in done.found] == [*(entry.seat for entry in log), 0]
    assert {(found.chance, found.played) for found in done.found[:-1]} == {(0.5, 0.3333)}
    last = done.found[-1]  # A has won by then
    assert (last.best, last.played, last.chance_of(0), last.chance_of(1)) == (None, None, 1, 0)


def test_a_match_that_was_left_is_looked_at_to_where_it_stood(
    house: House, players: tuple[Caller, Caller]
) -> None:
    record = over(house, players, moves=3)
    student = house.thinking.study = Student()
    want(house, players[0], record)
    assert [played for _, _, played in student.asked] == [
        *(move(*SHORT_WIN[number]) for number in range(3)),
        None,
    ]
    assert [view["over"] for _, view, _ in student.asked] == [False] * 4
    last = progress(house, record).found[-1]
    assert (last.seat, last.chance, last.played, last.best) == (1, 0.5, None, move(0, 0))


def test_boards_that_change_places(house: House, players: tuple[Caller, Caller]) -> None:
    anna, bert = players
    with house.store.write() as unit:
        ids = [anna.user_id, bert.user_id]
        match_id = matches.start(house, unit, Setup("uttt", "swap"), ids)
    matches.submit(house, anna, match_id, move(0, 0))
    matches.submit(house, bert, match_id, {"swap": [0, 8]})
    record = matches.end(house, anna, match_id)
    student = house.thinking.study = Student()
    want(house, anna, record)
    assert [played for _, _, played in student.asked] == [move(0, 0), {"swap": [0, 8]}, None]
    assert [view["swaps_left"] for _, view, _ in student.asked] == [[3, 3], [3, 3], [3, 2]]


def test_what_is_not_analysed(house: House, players: tuple[Caller, Caller]) -> None:
    anna, bert = players
    student = house.thinking.study = Student()

    def refused(record: MatchRecord) -> str:
        with pytest.raises(ServiceError) as error:
            want(house, anna, record)
        return error.value.code

    running = lobby.invite(house, anna, "bert")
    assert refused(running) == "not_over"
    assert not analysis.can_be_asked(running)
    unplayed = matches.end(house, bert, running.id)
    assert refused(unplayed) == "no_analysis"
    assert not analysis.can_be_asked(unplayed)
    with pytest.raises(ServiceError, match="no such match"):
        analysis.want(house, STRANGER, anna, "0" * 32)
    assert student.asked == []


def test_a_private_match_is_analysed_for_those_who_may_see_it(
    house: House, players: tuple[Caller, Caller], account: Account
) -> None:
    anna, bert = players
    carl = account("carl")
    with house.store.write() as unit:
        ids = [anna.user_id, bert.user_id]
        match_id = matches.start(house, unit, Setup("uttt", code="open sesame"), ids)
    matches.submit(house, anna, match_id, move(0, 0))
    record = matches.end(house, anna, match_id)
    house.thinking.study = Student()
    for code in (None, "open barley"):
        with pytest.raises(ServiceError) as error:
            analysis.want(house, Viewer(carl.user_id, "192.0.2.1", code), carl, match_id)
        assert error.value.code == "no_such_match"
    assert analysis.progress(house, match_id) is None
    analysis.want(house, Viewer(carl.user_id, "192.0.2.1", "open sesame"), carl, match_id)
    assert progress(house, record).done


def test_one_at_a_time_a_user(
    house: House, players: tuple[Caller, Caller], clock: Clock, account: Account
) -> None:
    anna, bert = players
    house.thinking.study = Student(most=0)
    first, second, third = (over(house, players, moves=2) for _ in range(3))
    want(house, anna, first)
    clock.turn(seconds=1)
    with pytest.raises(ServiceError) as error:
        want(house, anna, second)
    assert error.value.code == "being_analysed"
    want(house, anna, first)  # which is no other match
    want(house, bert, second)
    waiting = progress(house, second)
    assert (waiting.done, waiting.begun, waiting.before, waiting.found) == (False, False, 1, ())
    clock.turn(seconds=analysis.STUCK.total_seconds())
    want(house, anna, third)  # what hangs for so long keeps nobody from asking
    house.thinking.study = Student()
    assert analysis.catch_up(house) == 3
    assert all(progress(house, record).done for record in (first, second, third))


def test_asking_is_limited(house: House, players: tuple[Caller, Caller]) -> None:
    anna, _ = players
    record = over(house, players, moves=2)

    class Refusing(Limits):
        def hit(self, name: str, *key: str) -> None:
            assert (name, key) == ("analysis", (str(anna.user_id),))
            raise ServiceError("too_many", "Too many tries.")

    strict = replace(house, limits=Refusing(None, {}))
    with pytest.raises(ServiceError, match="Too many"):
        want(strict, anna, record)
    assert analysis.progress(house, record.id) is None
    house.thinking.study = Student()
    want(house, anna, record)
    want(strict, anna, record)  # what is there costs nothing


def test_it_goes_on_where_it_was_left(house: House, players: tuple[Caller, Caller]) -> None:
    record = over(house, players)
    student = house.thinking.study = Student(most=6)
    want(house, players[0], record)
    left = progress(house, record)
    assert (left.done, left.begun, len(left.found)) == (False, True, 6)
    student.most = 1_000
    assert housekeeping.PARTS["analyses_resumed"](house) == 1
    assert progress(house, record).done
    assert len(student.asked) == len(SHORT_WIN)  # none of them twice
    assert housekeeping.PARTS["analyses_resumed"](house) == 0


class Killed(BaseException):
    """What no code of the house sees: the process is gone."""


def killed_at(house: House, record: MatchRecord, caller: Caller, asked: int) -> None:
    """Let a worker be killed after so many answers, as far as the database can know."""
    student = Student()

    def study(*question: Any) -> Any:
        if len(student.asked) == asked:
            raise Killed
        return student(*question)

    house.thinking.study = study
    with pytest.raises(Killed):
        want(house, caller, record)


def test_a_killed_worker_loses_little(
    house: House, players: tuple[Caller, Caller], clock: Clock
) -> None:
    record = over(house, players)
    killed_at(house, record, players[0], asked=10)
    assert len(progress(house, record).found) == 10
    other = other_worker(house)
    student = other.thinking.study = Student()
    assert analysis.catch_up(other) == 0  # somebody seems to be at work on it
    clock.turn(seconds=analysis.LEASE.total_seconds() + 1)
    assert analysis.catch_up(other) == 1
    assert progress(house, record).done
    assert len(student.asked) == len(SHORT_WIN) - 10


def test_a_worker_known_to_be_gone_is_not_waited_for(
    house: House, players: tuple[Caller, Caller]
) -> None:
    record = over(house, players)
    killed_at(house, record, players[0], asked=5)
    other = other_worker(house)
    other.thinking.study = Student()
    presence.leave(house)
    assert analysis.catch_up(other) == 1
    assert progress(house, record).done


def test_who_was_given_up_too_early_does_not_spoil_what_another_found(
    house: House, players: tuple[Caller, Caller], clock: Clock
) -> None:
    record = over(house, players)
    other = other_worker(house)
    other.thinking.study = Student()
    slow = Student()

    def study(*question: Any) -> Any:
        if len(slow.asked) == 6:  # meanwhile the other takes it, and comes to its end
            clock.turn(seconds=analysis.LEASE.total_seconds() + 1)
            assert analysis.catch_up(other) == 1
            assert progress(house, record).done
        answer = slow(*question)
        return answer | {"chance": 0.75}

    house.thinking.study = study
    want(house, players[0], record)
    assert len(slow.asked) == 7  # it noticed when it came to save
    chances = [found.chance for found in progress(house, record).found[:-1]]
    assert chances == [0.75] * 6 + [0.5] * (len(chances) - 6)


@pytest.mark.parametrize("why", [ServiceError("other_rules", "Changed."), Malformed("Changed.")])
def test_a_match_of_other_rules_is_given_up(
    house: House, players: tuple[Caller, Caller], monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    house.thinking.study = Student(most=0)
    old, new = over(house, players, moves=2), over(house, players, moves=3)
    want(house, players[0], old)
    want(house, players[1], new)
    house.thinking.study = Student()
    steps = analysis.saving.steps

    def changed(house: House, match_id: str, log: Any) -> Any:
        if match_id == old.id:
            raise why
        return steps(house, match_id, log)

    monkeypatch.setattr(analysis.saving, "steps", changed)
    analysis.catch_up(house)
    assert analysis.progress(house, old.id) is None
    assert progress(house, new).done
    with pytest.raises(type(why)):
        want(house, players[0], old)


def test_who_asked_is_forgotten(house: House, players: tuple[Caller, Caller]) -> None:
    student = house.thinking.study = Student(most=1)
    record = over(house, players)

    def asker() -> int | None:
        with house.store.read() as unit:
            return unit.get_one(Analysis, record.id).asked_by

    want(house, players[1], record)
    assert asker() == players[1].user_id
    student.most = 1_000
    analysis.catch_up(house)
    assert asker() is None


def test_one_at_a_time_in_the_background(
    house: House, players: tuple[Caller, Caller], clock: Clock
) -> None:
    later: list[Callable[[], object]] = []
    house.thinking.spawn = lambda function, *args: later.append(lambda: function(*args))
    house.thinking.study = Student()
    first, second = over(house, players, moves=2), over(house, players, moves=3)
    want(house, players[0], first)
    clock.turn(seconds=1)
    want(house, players[1], second)
    assert (progress(house, first).before, progress(house, second).before) == (0, 1)
    (work,) = later  # one train of thought for both
    work()
    assert progress(house, first).done
    assert progress(house, second).done
    want(house, players[0], first)
    assert len(later) == 2  # and it has ended


def test_what_cannot_be_told_of_does_not_hold_up_others(
    house: House, players: tuple[Caller, Caller], clock: Clock
) -> None:
    """A position that nobody can tell anything of comes last, the next time."""
    house.thinking.study = Student(most=0)
    hard, easy = over(house, players, moves=2), over(house, players, moves=3)
    want(house, players[0], hard)
    clock.turn(seconds=1)
    want(house, players[1], easy)
    student = Student()

    def study(game: str, view: Any, played: Any) -> Any:
        marks = sum(mark > 0 for row in view["complete_field"] for mark in row)
        return None if played is None and marks == 2 else student(game, view, played)

    house.thinking.study = study
    for _ in range(2):
        clock.turn(seconds=30)
        analysis.catch_up(house)
    assert progress(house, easy).done
    assert len(progress(house, hard).found) == 2


def test_the_lease_is_renewed(house: House, players: tuple[Caller, Caller], clock: Clock) -> None:
    record = over(house, players)
    student = Student()
    beats: set[Any] = set()

    def study(*question: Any) -> Any:
        clock.turn(seconds=1)
        with house.store.read() as unit:
            beats.add(unit.get_one(Analysis, record.id).beat_at)
        return student(*question)

    house.thinking.study = study
    want(house, players[0], record)
    assert len(beats) == len(SHORT_WIN)
    assert max(beats) - min(beats) > timedelta(seconds=10)


def test_one_that_lacks_only_its_end_is_ended(house: House, players: tuple[Caller, Caller]) -> None:
    record = over(house, players)
    house.thinking.study = Student()
    want(house, players[0], record)
    with house.store.write() as unit:
        unit.execute(update(Analysis).values(done=False))
    house.thinking.study = Student(most=0)
    assert analysis.catch_up(house) == 1
    assert progress(house, record).done
