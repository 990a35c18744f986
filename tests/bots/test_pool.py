"""Several processes in which the computer thinks: how many, for how long, and who waits."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.games.uttt import UTTT
from app.offload import ANALYST, MOST, QUICK, UTTT_LIMIT, Thinker, thinkers
from tests.bots.test_process import SLACK, alive, gone

START = UTTT.initial(UTTT.parse_options({}), b"").state
VIEW = UTTT.view(START, 0)
LEGAL = [UTTT.move_json(move) for move in UTTT.legal_moves(START, 0)]
TURNS = 12.0  # seconds that a busy machine may take for what a process does at once


@pytest.fixture
def pool() -> Iterator[Thinker]:
    pool = Thinker(QUICK, 2)
    yield pool
    pool.close()


def until(done: Any, seconds: float = TURNS) -> bool:
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(done())


def test_a_house_has_as_many_as_it_wants_or_the_machine_has_processors() -> None:
    assert thinkers(7) == 7
    assert thinkers(0) == min(MOST, len(os.sched_getaffinity(0)))


def started(pool: Thinker) -> list[int]:
    """The processes of a pool that has answered: one, or two where starting it took too long."""
    assert until(lambda: pool("uttt", "easy", VIEW) in LEGAL and pool.answered)
    return pool.pids


def test_who_asks_one_by_one_starts_no_second_process(pool: Thinker) -> None:
    pids = started(pool)
    for strength in ("beginner", "easy", "medium", "beginner"):
        assert pool("uttt", strength, VIEW) in LEGAL
    assert pool.pids == pids


def test_another_is_started_while_one_is_at_work_and_no_third(pool: Thinker) -> None:
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(pool, "uttt", "strong", VIEW) for _ in range(12)]
        assert all(each.result() in LEGAL for each in asked)
    assert len(pool.pids) == 2


def test_one_that_hangs_keeps_nobody_from_the_other(pool: Thinker) -> None:
    first = started(pool)[0]
    os.kill(first, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        for _ in range(6):
            assert pool("uttt", "easy", VIEW) in LEGAL
        assert time.monotonic() - begun < 6 * UTTT_LIMIT, "it is waited for once"
        assert len(pool.pids) == 2
    finally:
        os.kill(first, signal.SIGCONT)


def test_those_that_are_asked_nothing_end_and_come_back(pool: Thinker) -> None:
    pids = started(pool)
    pool.rest(idle=60)
    assert all(map(alive, pids))
    pool.rest(idle=0)
    assert all(map(gone, pids))
    assert pool.pids == []
    assert started(pool)


def test_with_no_time_a_move_is_made_without_asking_anybody(pool: Thinker) -> None:
    for strength in ("beginner", "easy", "medium", "strong"):
        assert pool("uttt", strength, VIEW, 0.0) in LEGAL
    assert pool.pids == []


def test_a_move_comes_within_the_time_that_there_is(pool: Thinker) -> None:
    started(pool)
    begun = time.monotonic()
    assert pool("uttt", "strong", VIEW, 0.2) in LEGAL
    assert time.monotonic() - begun < 0.2 + SLACK


def test_a_position_is_studied_and_elsewhere_nothing_is_said() -> None:
    analyst = Thinker(ANALYST)
    try:
        found = analyst.study("uttt", VIEW, LEGAL[0])
        assert found is not None
        assert found["best"] in LEGAL
        assert 0 < found["played"] <= found["chance"] < 1
        assert analyst.study("scopa", VIEW, None) is None
    finally:
        analyst.close()
    assert analyst.study("uttt", VIEW, None) is None


def test_there_is_room_while_one_process_is_asked_nothing(pool: Thinker) -> None:
    assert pool.wait_for_room(0)
    with ThreadPoolExecutor(3) as threads:
        pids = started(pool)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        asked = [threads.submit(pool, "uttt", "strong", VIEW) for _ in range(3)]
        try:
            assert pool.wait_for_room(TURNS), "when they are given up"
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        assert all(each.result() in LEGAL for each in asked)
    pool.close()
    assert not pool.wait_for_room(0)
