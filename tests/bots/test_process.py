"""The process in which the computer thinks: it answers in time, and dies with the server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.games.scopa import SCOPA
from app.offload import LIMIT, QUICK, Thinker
from app.thought import Process
from config import ROOT

SLACK = 4.0  # seconds that a busy machine may add
START = SCOPA.initial(SCOPA.parse_options({}), b"a seed").state
VIEW = SCOPA.view(START, START.to_move)
LEGAL = [SCOPA.move_json(move) for move in SCOPA.legal_moves(START, START.to_move)]

# A server in small: it has the computer think, tells its process's id, and waits to be killed.
PARENT = """
import sys
if sys.argv[1] == "eventlet":
    import eventlet
    eventlet.monkey_patch()
import json, time
from app.offload import Thinker
from tests.bots.test_process import VIEW, asked_until
thinker = Thinker()
print(asked_until(thinker, lambda: thinker.pid is not None), thinker.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def thinker() -> Iterator[Thinker]:
    thinker = Thinker()
    yield thinker
    thinker.close()


def asked_until(thinker: Thinker, done: Callable[[], bool], seconds: float = 20) -> bool:
    """Ask until something is so; each answer is a move that may be made."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert thinker("scopa", "medium", VIEW) in LEGAL
        if done():
            return True
    return False


def alive(pid: int) -> bool:
    """Whether there is such a process, that has not ended without having been looked after."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_it_answers_from_one_process(thinker: Thinker) -> None:
    assert thinker.pid is None
    for strength in ("easy", "medium", "strong", "easy"):
        assert thinker("scopa", strength, VIEW) in LEGAL
    pid = thinker.pid
    assert pid is not None
    assert alive(pid)
    thinker.close()
    assert gone(pid)


def test_it_is_started_again_when_it_is_killed(thinker: Thinker) -> None:
    thinker("scopa", "easy", VIEW)
    first = thinker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert asked_until(thinker, lambda: thinker.pid not in (None, first))
    assert gone(first)


def test_a_process_that_hangs_is_not_waited_for(thinker: Thinker) -> None:
    assert asked_until(thinker, lambda: thinker.answered)
    pid = thinker.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    started = time.monotonic()
    assert thinker("scopa", "strong", VIEW) in LEGAL
    assert time.monotonic() - started < LIMIT + SLACK
    assert not thinker.answered
    os.kill(pid, signal.SIGCONT)
    # What it was asked then, it answers now; nobody takes that for an answer to the next question.
    assert asked_until(thinker, lambda: thinker.answered)
    assert thinker.pid == pid


def test_after_the_end_answers_are_made_here(thinker: Thinker) -> None:
    thinker.close()
    assert thinker("scopa", "strong", VIEW) in LEGAL
    assert thinker.pid is None


def test_what_cannot_be_thought_is_told_and_others_are_answered(thinker: Thinker) -> None:
    with pytest.raises(KeyError):
        thinker("scopa", "godlike", VIEW)
    assert thinker("scopa", "easy", VIEW) in LEGAL


def test_many_ask_at_once(thinker: Thinker) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def ask(_: int) -> tuple[Any, float]:
        started = time.monotonic()
        return thinker("scopa", "strong", VIEW), time.monotonic() - started

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(16)))
    assert all(move in LEGAL for move, _ in answers)
    assert max(took for _, took in answers) < LIMIT + SLACK


@pytest.mark.parametrize("engine", ["threading", "eventlet"])
def test_it_ends_when_the_server_is_killed(engine: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", PARENT, engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as parent:
        assert parent.stdout is not None
        answered, pid = parent.stdout.readline().split()
        assert answered == "True"
        assert alive(int(pid))
        parent.kill()
    assert gone(int(pid))


def test_a_late_answer_is_none_to_the_question_after_it() -> None:
    """The process is still thinking about that one, as a second look shows."""
    process = Process(QUICK)
    process._socket, theirs = socket.socketpair()
    with theirs:
        assert process.thought(["move"], time.monotonic() + 0.01) is None
        theirs.sendall(b'[1, "late", null]\n')
        assert process.thought(["move"], time.monotonic() + 0.01) is None
        assert process.is_behind
        theirs.sendall(b'[2, "late", null]\n[3, "in time", null]\n')
        assert process.thought(["move"], time.monotonic() + 1) == "in time"
        assert not process.is_behind
    process.end()
