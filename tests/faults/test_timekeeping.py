"""A leap of the system's clock that is meant: the house goes along, and nobody loses by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.services import accounts, housekeeping, matches, presence, sessions
from app.services.house import House
from app.services.records import MatchCache, MatchRecord, Setup
from app.services.sessions import Caller, Client
from app.services.steady import FOLLOWED, LASTS, PACE, SteadyClock
from app.services.time_control import TimeControl
from app.services.timekeeping import SILENT, TIME, Timekeeper
from app.services.timers import Timers
from app.store import Worker
from tests.services.conftest import Heard

HOUR = 3_600.0
YEAR = 365 * 24 * HOUR
CLIENT = Client("192.0.2.7", "test")
BLITZ = TimeControl(None, 180, 2)
A_DAY = TimeControl(86_400)
MOVE = {"sub_x": 1, "sub_y": 1, "x": 0, "y": 2}


@dataclass
class Machine:
    """What its clock shows, and what has really passed."""

    shown: float = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
    passed: float = 5_000.0

    def go(self, seconds: float) -> None:
        self.shown += seconds
        self.passed += seconds


class Place:
    """Workers on one database, each on a machine, and the orders that go between them."""

    def __init__(self, house: House, *, shared: bool = True) -> None:
        self._house = replace(house, config=replace(house.config, REDIS_URL="redis://x" * shared))
        self.keepers: list[Timekeeper] = []
        self.machines: list[Machine] = []

    def join(self, machine: Machine) -> House:
        """The house of another worker, just started."""
        clock = SteadyClock(lambda: machine.shown, lambda: machine.passed)
        house = replace(
            self._house,
            worker_id=f"worker{len(self.keepers)}",
            clock=clock,
            publish=Wire(self),
            matches=MatchCache(100),
            timers=Timers(),
            connections={},
            watchers={},
            lookers=Counter(),
        )
        with house.store.write() as unit:
            unit.add(Worker(id=house.worker_id, address=house.worker_id, beat_at=clock()))
        self.keepers.append(Timekeeper(house, clock))
        self.machines.append(machine)
        return house

    def go(self, seconds: int, *, but: int | None = None) -> None:
        """So many seconds pass; the worker of the number `but` is stopped meanwhile."""
        for _ in range(seconds):
            for machine in {id(machine): machine for machine in self.machines}.values():
                machine.go(1)
            for number, keeper in enumerate(self.keepers):
                if number != but:
                    keeper.tick()


class Wire(Heard):
    """Carries the orders about the time, and nothing else."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def control(self, order: str, data: Any) -> None:
        if order == TIME:
            for keeper in self._place.keepers:
                keeper.hear(data)

    def reaches_all(self) -> bool:
        return True


@pytest.fixture
def machine() -> Machine:
    return Machine()


def apart(*houses: House) -> float:
    """Seconds between the earliest and the latest of their clocks."""
    shown = [house.clock().timestamp() for house in houses]
    return max(shown) - min(shown)


def two(house: House) -> list[Caller]:
    return [accounts.register(house, name, "pw", client=CLIENT).caller for name in ("ann", "ben")]


def begin(house: House, players: list[Caller], time: TimeControl) -> MatchRecord:
    with house.store.write() as unit:
        ids = [player.user_id for player in players]
        match_id = matches.start(house, unit, Setup("uttt", time=time), ids)
    return matches.begun(house, match_id)


@pytest.mark.parametrize("time", [BLITZ, A_DAY])
@pytest.mark.parametrize("by", [-YEAR, -HOUR, HOUR, YEAR])
def test_everybody_has_as_long_as_before(
    house: House, machine: Machine, by: float, time: TimeControl
) -> None:
    place = Place(house, shared=False)
    here = place.join(machine)
    players = two(here)
    match = begin(here, players, time)
    place.go(10)
    match = matches.submit(here, players[0], match.id, MOVE)
    left = match.left
    machine.shown += by
    place.go(int(LASTS) + 2)
    assert here.clock().timestamp() == pytest.approx(machine.shown)
    after = matches.get(here, match.id)
    assert after.left == left
    # Two seconds more or less for the look once a second.
    passed = timedelta(seconds=LASTS + 2)
    assert abs(here.clock() - after.moved_at - passed) < timedelta(milliseconds=1)
    assert after.deadline - after.moved_at == match.deadline - match.moved_at
    moment = here.timers.next_moment()
    assert moment is None or moment > here.clock() + timedelta(seconds=60)
    done = housekeeping.run(here)
    assert not any(done.values()), done
    assert not matches.get(here, match.id).over


@pytest.mark.parametrize("time", [BLITZ, A_DAY])
@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_a_move_on_its_way_meanwhile_has_all_its_time(
    house: House,
    machine: Machine,
    by: float,
    time: TimeControl,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place(house, shared=False)
    here = place.join(machine)
    players = two(here)
    match = begin(here, players, time)
    machine.shown += by
    place.go(int(LASTS) - 1)
    save = here.store.group.run_bulk

    def late(*what: Any) -> Any:
        monkeypatch.undo()
        place.go(4)
        return save(*what)

    monkeypatch.setattr(here.store.group, "run_bulk", late)
    done = matches.submit(here, players[0], match.id, MOVE)
    assert here.clock().timestamp() == pytest.approx(machine.shown), "it has leapt"
    assert matches.get(here, match.id) == done
    assert abs(done.moved_at - here.clock()) < timedelta(seconds=1)
    assert done.deadline - done.moved_at == match.deadline - match.moved_at
    assert not any(housekeeping.run(here).values())


def test_what_was_left_before_this_house_began_stays(house: House, machine: Machine) -> None:
    """It was reckoned by a clock nobody has found wrong: the machine began with an old time."""
    players = two(house)
    match = begin(house, players, A_DAY)  # by the right time
    machine.shown = house.clock().timestamp() - 30 * 24 * HOUR
    place = Place(house, shared=False)
    here = place.join(machine)
    machine.shown += 30 * 24 * HOUR
    place.go(int(LASTS) + 2)
    assert apart(here, house) < 2 * LASTS
    assert matches.get(here, match.id).deadline == match.deadline


def test_a_timer_waits_as_long_as_before(house: House, machine: Machine) -> None:
    place = Place(house, shared=False)
    here = place.join(machine)
    here.timers.at("x", here.clock() + timedelta(seconds=LASTS + 10), lambda: None)
    machine.shown += HOUR
    place.go(int(LASTS) + 1)
    assert not here.timers.take_due(here.clock())
    machine.go(9)
    assert here.timers.take_due(here.clock())


def test_a_guest_who_is_here_stays(house: House, machine: Machine) -> None:
    place = Place(house, shared=False)
    here = place.join(machine)
    guest = accounts.guest(here, "gus", client=CLIENT)
    presence.connect(here, guest.caller, "raw")
    machine.shown += YEAR
    place.go(int(LASTS) + 2)
    assert not any(housekeeping.run(here).values())
    assert sessions.resume(here, guest.token) is not None
    assert presence.count(here) == 1


@pytest.mark.parametrize("by", [-YEAR, -90.0, 90.0, YEAR])
def test_workers_leap_together(house: House, machine: Machine, by: float) -> None:
    place = Place(house)
    first, second = place.join(machine), place.join(machine)
    players = two(first)
    match = begin(first, players, BLITZ)
    place.go(5)
    match = matches.submit(second, players[0], match.id, MOVE)
    machine.shown += by
    for _ in range(int(LASTS) + 5):
        place.go(1)
        assert apart(first, second) < 0.01
        assert not any(housekeeping.run(second).values())
    assert second.clock().timestamp() == pytest.approx(machine.shown, abs=0.01)
    after = matches.get(second, match.id)
    assert after.deadline - match.deadline == timedelta(seconds=by)
    with first.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(Worker)) == 2


def test_who_starts_after_the_clock_was_set_has_the_houses_time(
    house: House, machine: Machine
) -> None:
    place = Place(house)
    first = place.join(machine)
    machine.shown += 50.0  # near enough to be followed slowly
    place.go(1)
    second = place.join(machine)
    assert apart(first, second) > 45
    place.go(2)
    assert apart(first, second) < 1
    place.go(int(50 / PACE))
    assert apart(first, second) < 0.01
    assert second.clock().timestamp() == pytest.approx(machine.shown, abs=0.1)


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_what_it_waits_for_is_by_that_time_too(house: House, machine: Machine, by: float) -> None:
    """A clock runs out to the moment, and what is soon to be told is told soon."""
    place = Place(house)
    first = place.join(machine)
    match = begin(first, two(first), BLITZ)
    machine.go(1)
    second = place.join(Machine(shown=machine.shown + by))
    matches.set_timers(second)
    second.timers.at("news", second.clock() + timedelta(seconds=5), lambda: None)
    place.go(3)
    assert not second.timers.take_due(second.clock())
    place.go(3)
    assert len(second.timers.take_due(second.clock())) == 1
    place.go(int((match.deadline - second.clock()).total_seconds()) + 1)
    for action in second.timers.take_due(second.clock()):
        action()
    assert matches.get(second, match.id).over


def test_machines_of_different_time_keep_one(house: House, machine: Machine) -> None:
    place = Place(house)
    first = place.join(machine)
    machine.go(1)
    second = place.join(Machine(shown=machine.shown + HOUR))
    before = first.clock()
    place.go(int(LASTS) * 3)
    assert apart(first, second) < 0.01
    assert first.clock() - before == timedelta(seconds=int(LASTS) * 3)


def test_another_keeps_the_time_when_its_keeper_is_gone(house: House, machine: Machine) -> None:
    place = Place(house)
    place.join(machine)
    machine.go(1)
    second = place.join(machine)
    machine.go(1)
    third = place.join(machine)
    place.go(5)
    machine.shown += FOLLOWED / 2
    place.go(int(SILENT) + 3 + int(FOLLOWED / 2 / PACE), but=0)
    assert apart(second, third) < 0.01
    assert second.clock().timestamp() == pytest.approx(machine.shown, abs=0.1)


def test_words_that_were_late_are_not_gone_by(house: House, machine: Machine) -> None:
    """A worker that was stopped for a while finds them all at once."""
    place = Place(house)
    first = place.join(machine)
    machine.go(1)
    second = place.join(machine)
    keeper = place.keepers.pop()
    said = []
    place.keepers.append(keeper_of_words := Recorder(said))  # type: ignore[arg-type]
    assert keeper_of_words is not None
    place.go(20)
    for data in said:
        keeper.hear(data)
    assert apart(first, second) < 1


class Recorder:
    """In a worker's place: keeps what it would have heard."""

    def __init__(self, said: list[Any]) -> None:
        self._said = said

    def hear(self, data: Any) -> None:
        self._said.append(data)

    def tick(self) -> None:
        """It is stopped."""


def test_a_clock_set_back_makes_limits_count_afresh(
    house: House, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(house, shared=False)
    here = place.join(machine)
    afresh: list[int] = []
    monkeypatch.setattr(type(here.limits), "start_afresh", lambda _: afresh.append(1))
    place.go(3)
    machine.shown += HOUR
    place.go(3)
    assert not afresh
    machine.shown -= HOUR
    place.go(3)
    assert afresh == [1]
