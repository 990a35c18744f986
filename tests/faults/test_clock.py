"""A clock that is set while the house runs: nobody loses, or wins, by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from app.services import accounts, housekeeping, lobby, matches, presence, sessions
from app.services.house import House
from app.services.sessions import Client
from app.services.steady import FOLLOWED, LASTS, PACE, SteadyClock

HOUR = 3_600.0
YEAR = 365 * 24 * HOUR


class System:
    """A machine: what its clock shows, and what has really passed."""

    def __init__(self) -> None:
        self.shown = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
        self.passed = 5_000.0

    def go(self, seconds: float) -> None:
        self.shown += seconds
        self.passed += seconds

    def set(self, by: float) -> None:
        self.shown += by


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def clock(system: System) -> SteadyClock:
    return SteadyClock(lambda: system.shown, lambda: system.passed)


@pytest.mark.parametrize("by", [-YEAR, -HOUR, -90.0, 90.0, HOUR, YEAR])
def test_a_leap_is_asked_for_once_it_has_lasted(
    system: System, clock: SteadyClock, by: float
) -> None:
    before = clock()
    system.set(by)
    assert clock.follow() == 0
    for _ in range(int(LASTS) - 1):
        system.go(1)
        assert clock.follow() == 0
    system.go(1)
    assert clock() - before == timedelta(seconds=LASTS)
    assert clock.follow() == pytest.approx(by)
    clock.leap(by)
    assert clock().timestamp() == pytest.approx(system.shown)
    assert clock.follow() == 0


def test_a_leap_that_is_taken_back_was_none(system: System, clock: SteadyClock) -> None:
    before = clock()
    for by in (HOUR, -HOUR, YEAR, -YEAR):
        system.set(by)
        for _ in range(int(LASTS) - 1):
            system.go(1)
            assert clock.follow() == 0
    assert clock() - before == timedelta(seconds=4 * (LASTS - 1))


def test_a_clock_that_is_set_once_more_is_waited_for_again(
    system: System, clock: SteadyClock
) -> None:
    system.set(HOUR)
    clock.follow()
    system.go(LASTS - 1)
    system.set(HOUR)
    assert clock.follow() == 0
    system.go(LASTS - 1)
    assert clock.follow() == 0
    system.go(1)
    assert clock.follow() == pytest.approx(2 * HOUR)


@pytest.mark.parametrize("by", [-FOLLOWED, -5.0, 5.0, FOLLOWED])
def test_a_correction_is_followed_slowly_and_never_backwards(
    system: System, clock: SteadyClock, by: float
) -> None:
    system.set(by)
    before = clock()
    for _ in range(int(abs(by) / PACE) + 2):
        system.go(1)
        clock.follow()
        assert timedelta(seconds=0.9) < clock() - before < timedelta(seconds=1.1)
        before = clock()
    assert clock.behind == pytest.approx(0, abs=1e-6)
    assert clock().timestamp() == pytest.approx(system.shown)


@pytest.mark.parametrize("by", [-YEAR, -HOUR, HOUR, YEAR])
def test_nothing_ends_because_the_clock_was_set(
    house: House, system: System, clock: SteadyClock, by: float
) -> None:
    house = replace(house, clock=clock)
    presence.arrive(house)
    program = Client("192.0.2.7", "test")
    ann = accounts.register(house, "ann", "pw", client=program)
    guest = accounts.guest(house, "gus", client=program)
    match = lobby.invite(house, ann.caller, "gus")
    presence.connect(house, guest.caller, "raw")
    system.set(by)
    system.go(30)
    assert clock.follow() == 0
    done = housekeeping.run(house)
    assert not any(done.values()), done
    assert not matches.get(house, match.id).over
    assert sessions.resume(house, ann.token) is not None
    assert sessions.resume(house, guest.token) is not None
    assert presence.count(house) == 1


def test_a_cookie_of_a_later_hour_is_still_a_cookie(
    client: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed before the clock was set back: who came by it stays signed in."""
    client.application.config["WTF_CSRF_ENABLED"] = False
    accounts.register(house, "ann", "pw", client=Client("192.0.2.7", "test"))
    now = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + int(HOUR))
    assert client.post("/sign-in", data={"name": "ann", "password": "pw"}).status_code == 302
    monkeypatch.undo()
    assert client.get("/friends").status_code == 200
