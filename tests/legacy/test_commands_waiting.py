"""What lets commands wait, without a server: who is woken, answered once, together and in time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.legacy.commands.answers import Answer, Refused, done, error
from app.legacy.commands.desk import Shown
from app.legacy.commands.talk import ChatQuestion
from app.legacy.commands.waiting import TICK, Waiter, Waits
from app.live.names import LOBBY
from app.live.rooms import Rooms
from app.services import accounts, chat, friends
from app.services.access import Viewer
from app.services.house import House
from app.services.sessions import Caller, Client
from tests.legacy.riddles import Hands, Riddle


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def rooms(app: Flask) -> Rooms:
    rooms: Rooms = app.extensions["rooms"]
    return rooms


@pytest.fixture
def waits(house: House, rooms: Rooms, hands: Hands) -> Waits:
    return Waits(house, rooms, spawn=hands.spawn, sleep=lambda _: None, clock=hands.clock)


def heard(waiter: Waiter) -> list[Answer]:
    answers: list[Answer] = []
    waiter.then(answers.append)
    return answers


def speak(rooms: Rooms, room: str = "lobby") -> None:
    rooms.deliver([room], "chat_message", {"room": room})


def test_who_is_woken_is_answered_once(waits: Waits, rooms: Rooms, hands: Hands) -> None:
    riddle = Riddle(solved=False)
    waiter = waits.begin(riddle, 10, "192.0.2.1")
    answers = heard(waiter)
    riddle.solved = True
    speak(rooms)
    speak(rooms)
    assert answers == []  # whoever speaks does not wait for that
    hands.work()
    assert answers == [done("riddle")]
    assert len(waits) == 0
    speak(rooms)
    hands.work()
    assert len(answers) == 1
    assert rooms.members(None) == []


def test_woken_for_nothing_it_waits_on(waits: Waits, rooms: Rooms, hands: Hands) -> None:
    riddle = Riddle()
    answers = heard(waits.begin(riddle, 10, ""))
    speak(rooms)
    hands.work()
    assert (answers, len(waits)) == ([], 1)
    riddle.solved = True
    speak(rooms)
    hands.work()
    assert len(answers) == 1


def test_other_rooms_wake_nobody(waits: Waits, rooms: Rooms, hands: Hands) -> None:
    riddle = Riddle()
    waits.begin(riddle, 10, "")
    rooms.deliver(["lobby"], "chat_message", {"room": "match:1"})
    rooms.deliver(["lobby"], "table_update", {"id": "x"})
    hands.work()
    assert riddle.asked == []


def test_those_woken_together_are_looked_at_together(
    waits: Waits, rooms: Rooms, hands: Hands
) -> None:
    asked: list[Sequence[str]] = []
    riddles = [Riddle(name=f"r{n}", solved=False, asked=asked) for n in range(3)]
    for riddle in riddles:
        waits.begin(riddle, 10, "")
        riddle.solved = True
    speak(rooms)
    hands.work()
    assert asked == [["r0", "r1", "r2"]]


def test_what_happens_before_the_first_look_is_not_missed(
    waits: Waits, rooms: Rooms, hands: Hands
) -> None:
    """The rooms are joined by then: it is either seen, or heard."""
    riddle = Riddle()
    riddle.looked = lambda: speak(rooms)
    answers = heard(waits.begin(riddle, 10, ""))
    riddle.solved = True
    hands.work()
    assert answers == [done("riddle")]


def test_what_is_known_already_is_answered_at_once(waits: Waits, rooms: Rooms) -> None:
    waiter = waits.begin(Riddle(solved=True), 10, "")
    assert waiter.answered == done("riddle")
    assert heard(waiter) == [done("riddle")]
    assert rooms.members(None) == []


def test_the_sweeper_answers_when_the_time_is_up(waits: Waits, hands: Hands) -> None:
    answers = heard(waits.begin(Riddle(), 5, ""))
    waits.sweep(hands.now + 4.9)
    assert answers == []
    waits.sweep(hands.now + 5 + TICK)
    assert answers == [done("riddle")]


def test_nobody_waits_longer_than_a_minute(waits: Waits, hands: Hands) -> None:
    answers = heard(waits.begin(Riddle(), float("inf"), ""))
    waits.sweep(hands.now + 59)
    assert answers == []
    waits.sweep(hands.now + 60 + TICK)
    assert len(answers) == 1


def test_so_many_may_wait_and_no_more(house: House, rooms: Rooms, hands: Hands) -> None:
    house = replace(house, config=replace(house.config, MAX_POLLS=2))
    waits = Waits(house, rooms, spawn=hands.spawn, sleep=lambda _: None, clock=hands.clock)
    first, _ = waits.begin(Riddle(), 10, ""), waits.begin(Riddle(), 10, "")
    with pytest.raises(Refused) as refused:
        waits.begin(Riddle(), 10, "")
    assert refused.value.status == 429
    waits.drop(first)
    waits.begin(Riddle(), 10, "")


def test_a_look_that_fails_leaves_nobody_behind(waits: Waits, rooms: Rooms) -> None:
    def fail() -> None:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        waits.begin(Riddle(looked=fail), 10, "")
    assert (len(waits), rooms.members(None)) == (0, [])


def test_an_answer_that_fails_is_told(
    waits: Waits, rooms: Rooms, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("boom")

    answers = heard(waits.begin(Riddle(), 10, ""))
    monkeypatch.setattr(Riddle, "answer", fail)
    speak(rooms)
    hands.work()
    assert [answer.status for answer in answers] == [500]


class Deaf(Exception):
    """What is raised by whoever is to be told an answer."""


def fail(*_: Any, **__: Any) -> Any:
    raise Deaf


def test_one_that_cannot_be_told_keeps_nobody_else_waiting(
    waits: Waits, rooms: Rooms, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    def three() -> list[Answer]:
        riddles = [Riddle(name=f"r{n}") for n in range(3)]
        waiters = [waits.begin(riddle, 10, "") for riddle in riddles]
        waiters[0].then(fail)
        for riddle in riddles:
            riddle.solved = True
        answers: list[Answer] = []
        for waiter in waiters[1:]:
            waiter.then(answers.append)
        return answers

    def wake() -> None:
        speak(rooms)
        hands.work()

    for end in (
        wake,
        lambda: waits.sweep(hands.now + 11),
        lambda: waits.cut(lambda *_: error(403, "out")),
        waits.close,
    ):
        answers = three()
        end()
        assert (len(answers), len(waits)) == (2, 0)
        hands.now += 100
    assert [record.exc_info and record.exc_info[0] for record in caplog.records] == [Deaf] * 4


def test_the_loops_outlive_what_goes_wrong_in_a_round(
    house: House, rooms: Rooms, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = 0

    def sleep(_: float) -> None:
        nonlocal rounds
        rounds += 1
        hands.now += 20
        if rounds == 2:
            monkeypatch.undo()

    waits = Waits(house, rooms, spawn=hands.spawn, sleep=sleep, clock=hands.clock)
    riddle = Riddle()
    answers = heard(waits.begin(riddle, 30, ""))
    riddle.solved = True
    monkeypatch.setattr(waits, "_answer", fail)
    speak(rooms)
    hands.tasks = [task for task in hands.tasks if task[0].__name__ != "_sweep_on"]
    hands.work()
    assert answers == []
    waits._sweep_on()  # ends when nobody is left
    assert (answers, len(waits)) == ([done("riddle")], 0)
    heard(waits.begin(riddle := Riddle(), 30, ""))
    assert [task.__name__ for task, _ in hands.tasks] == ["_sweep_on"], "it begins anew"
    riddle.solved = True
    speak(rooms)
    hands.work()
    assert len(waits) == 0, "and so does whoever answers the woken"


def test_some_are_cut(waits: Waits) -> None:
    near = heard(waits.begin(Riddle(), 10, "192.0.2.1"))
    far = heard(waits.begin(Riddle(user_id=2), 10, "198.51.100.1"))
    out = error(403, "You are banned for good.")
    waits.cut(lambda address, user_id: out if address == "192.0.2.1" else None)
    assert (near, far) == ([out], [])
    waits.cut(lambda address, user_id: out if user_id == 2 else None)
    assert far == [out]


def test_when_it_closes_everybody_is_answered(waits: Waits) -> None:
    answers = heard(waits.begin(Riddle(), 10, ""))
    waits.close()
    assert len(answers) == 1
    assert waits.begin(Riddle(), 10, "").answered is not None  # and nobody waits any more


class Gone:
    """The socket of a client, for the sweeper."""

    def __init__(self) -> None:
        self.left = self.closed = False

    def gone(self) -> bool:
        return self.left

    def close(self) -> None:
        self.closed = True


def test_the_sweeper_forgets_who_has_gone(waits: Waits, rooms: Rooms, hands: Hands) -> None:
    waiter, sock = waits.begin(Riddle(), 30, ""), Gone()
    waiter.sock = sock
    waits.sweep(hands.now + 6)
    assert len(waits) == 1
    sock.left = True
    waits.sweep(hands.now + 12)
    assert (len(waits), rooms.members(None), sock.closed) == (0, [], True)


def test_answered_by_two_threads_it_is_answered_once(waits: Waits, hands: Hands) -> None:
    """And with a third that only now says where the answer is to go."""
    for _ in range(50):
        hands.now += 100
        waiter = waits.begin(Riddle(), 10, "")
        answers: list[Answer] = []
        at_once(
            lambda: waits.cut(lambda *_: error(403, "out")),
            lambda: waits.sweep(hands.now + 60),
            partial(waiter.then, answers.append),
        )
        assert len(answers) == 1


def at_once(*tasks: Callable[[], Any]) -> None:
    """Run these in threads that begin together."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> None:
        start.wait()
        task()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# Chat


class Counter:
    """Counts the statements that a house's database is asked to execute."""

    def __init__(self, house: House) -> None:
        self.count = 0
        event.listen(house.store.engine, "before_cursor_execute", self._one)

    def _one(self, *_: Any) -> None:
        self.count += 1


@pytest.fixture
def account(house: House) -> Callable[[str], Caller]:
    client = Client("192.0.2.1", "test")
    return lambda name: accounts.register(house, name, "pw", client=client).caller


def test_a_thousand_are_answered_with_a_few_queries(
    house: House,
    rooms: Rooms,
    hands: Hands,
    waits: Waits,
    account: Callable[[str], Caller],
) -> None:
    speaker, deaf = account("speaker"), account("deaf")
    friends.block(house, deaf, "speaker")
    shown = Shown()
    everyone = [deaf.user_id, *range(1000, 1999)]
    answers: dict[int, list[Answer]] = {}
    for user_id in everyone:
        question = ChatQuestion(LOBBY, user_id, None, shown, None)
        answers[user_id] = heard(waits.begin(question, 30, ""))
    chat.say(house, speaker, Viewer(speaker.user_id, ""), LOBBY, "hello")
    counter = Counter(house)
    hands.work()
    assert counter.count <= 10
    assert answers[deaf.user_id] == []  # who has blocked the speaker sleeps on
    told = [answers[user_id] for user_id in everyone if user_id != deaf.user_id]
    assert all(answer == [done([{"speaker": "hello"}])] for answer in told)
    bodies = {id(answer[0].body) for answer in told}
    assert len(bodies) == 1  # said once to all
    waits.sweep(hands.now + 31)
    assert answers[deaf.user_id] == [done([])]


def test_what_was_shown_is_remembered_for_some() -> None:
    shown = Shown(most=2)
    for user_id in (1, 2, 3):
        shown.note(user_id, "lobby", 10 * user_id)
    assert [shown.last(user_id, "lobby") for user_id in (1, 2, 3)] == [None, 20, 30]
    assert shown.last(2, "match:x") is None
