"""Who is here, as a worker remembers it: what the database says, at any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Any

from sqlalchemy import delete, event, insert, select, update

from app.services import attendance, presence
from app.services.attendance import Attendance
from app.services.house import House
from app.services.sessions import Caller
from app.store import Presence, User
from tests.services.conftest import Clock

Account = Callable[[str], Caller]


def names(house: House) -> list[str]:
    return [row.name for row in presence.online(house)]


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(house.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(house.store.engine, "before_cursor_execute", note)


def test_people_are_counted_and_not_their_connections(house: House, account: Account) -> None:
    ben, ann = account("ben"), account("ann")
    numbers = [presence.connect(house, who, "test") for who in (ben, ann, ann)]
    assert (names(house), presence.count(house)) == (["ann", "ben"], 2)
    presence.disconnect(house, numbers[1])
    assert (names(house), presence.count(house)) == (["ann", "ben"], 2)
    presence.disconnect(house, numbers[2])
    assert (names(house), presence.count(house)) == (["ben"], 1)
    rows, total = presence.look(house, 0)
    assert (rows, total) == ([], 1)


def test_what_other_workers_note_is_seen(house: House, account: Account) -> None:
    elsewhere = replace(house, worker_id="other", connections={}, attendance=Attendance())
    presence.arrive(elsewhere)
    callers = [account(f"user{number}") for number in range(8)]
    chance, open_at = Random(1), dict[Caller, tuple[House, int]]()
    for _ in range(60):
        who = chance.choice(callers)
        if who in open_at:
            at, number = open_at.pop(who)
            presence.disconnect(at, number)
        else:
            at = chance.choice((house, elsewhere))
            open_at[who] = at, presence.connect(at, who, "test")
        if chance.random() < 0.5:
            here = sorted(caller.name for caller in open_at)
            assert names(house) == here
            assert presence.count(elsewhere) == len(here)


def test_a_look_takes_as_many_statements_as_have_changed_kinds(
    house: House, account: Account
) -> None:
    callers = [account(f"user{number}") for number in range(20)]
    numbers = [presence.connect(house, who, "test") for who in callers[:10]]

    def asked() -> int:
        with statements(house) as found:
            house.attendance.look(house, 100)
        return len([each for each in found if each.startswith("SELECT")])

    assert asked() == 2  # what has changed since the start, and who has come
    assert asked() == 1
    numbers += [presence.connect(house, who, "test") for who in callers[10:]]
    assert asked() == 2
    for number in numbers[:15]:
        presence.disconnect(house, number)
    assert asked() == 3  # which are left, too
    assert asked() == 1


def test_connections_that_come_back_under_their_old_numbers(house: House, account: Account) -> None:
    for name in ("ann", "ben", "carl"):
        presence.connect(house, account(name), "test")
    assert names(house) == ["ann", "ben", "carl"]
    with house.store.write() as unit:
        (first, second, _) = unit.execute(select(Presence.__table__).order_by(Presence.id)).all()
        unit.execute(delete(Presence).where(Presence.id.in_([first.id, second.id])))
    assert names(house) == ["carl"]
    with house.store.write() as unit:
        unit.execute(insert(Presence).values(second._asdict()))
    assert names(house) == ["ben", "carl"]


def test_who_is_called_otherwise_is_found_after_a_while(
    house: House, account: Account, clock: Clock
) -> None:
    ann, ben = account("ann"), account("ben")
    number = presence.connect(house, ann, "test")
    presence.connect(house, ben, "test")
    assert names(house) == ["ann", "ben"]
    with house.store.write() as unit:
        unit.execute(update(User).where(User.id == ann.user_id).values(name="zoe"))
    assert names(house) == ["ben", "zoe"]  # what is shown is read anew, only who is shown is not
    presence.connect(house, ann, "test")
    presence.disconnect(house, number)
    assert house.attendance.look(house, 1) == ([ann.user_id], 2)
    clock.turn(seconds=attendance.AGAIN.total_seconds())
    assert house.attendance.look(house, 1) == ([ben.user_id], 2)
    presence.leave(house)
    assert house.attendance.look(house, 1) == ([], 0)
