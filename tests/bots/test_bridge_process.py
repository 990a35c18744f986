"""The process in which bridge is thought about: moves, analyses, and what happens without it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app.games.bridge import BRIDGE, SIDES
from app.offload import BRIDGE_LIMIT, EXPERT, Thinker
from tests.bots.test_process import SLACK
from tests.games.bridge_positions import LONG_SUITS, called, start

MEBIBYTES = 110  # that the process may take: the house is to fit a server of 1 GB
STATE = called(start(deal=LONG_SUITS), "7C - - -")
VIEW = BRIDGE.view(STATE, 1)
LEGAL = [BRIDGE.move_json(move) for move in BRIDGE.legal_moves(STATE, 1)]
HANDS = dict(zip(SIDES, LONG_SUITS, strict=True))
TRICKS = {"N": 13, "E": 0, "S": 13, "W": 0}


@pytest.fixture
def thinker() -> Iterator[Thinker]:
    thinker = Thinker(EXPERT)
    yield thinker
    thinker.close()


def analysed(thinker: Thinker, seconds: float = 30) -> object:
    """The analysis of a board, which a busy machine may not give at once."""
    deadline = time.monotonic() + seconds
    found = None
    while found is None and time.monotonic() < deadline:
        found = thinker.analyse(HANDS, "N", "NS")
    return found


def test_it_plays_and_analyses_in_one_process_of_little_memory(thinker: Thinker) -> None:
    for strength in ("easy", "medium", "strong"):
        assert thinker("bridge", strength, VIEW) in LEGAL
    found = analysed(thinker)
    assert isinstance(found, dict)
    assert {side: row["C"] for side, row in found["tricks"].items()} == TRICKS
    assert found["par"] == {"score_ns": -1510, "contracts": ["7S by EW"]}
    status = Path(f"/proc/{thinker.pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert peak < MEBIBYTES * 1024


def test_moves_are_made_while_boards_are_analysed(thinker: Thinker) -> None:
    def move(_: int) -> float:
        started = time.monotonic()
        assert thinker("bridge", "medium", VIEW) in LEGAL
        return time.monotonic() - started

    with ThreadPoolExecutor(3) as pool:
        analyses = [pool.submit(analysed, thinker) for _ in range(2)]
        took = [move(number) for number in range(10)]
        assert all(analysis.result() for analysis in analyses)
    assert max(took) < BRIDGE_LIMIT + SLACK


def test_where_there_is_no_solver_it_plays_without() -> None:
    """As on a machine for which there is none: the standard library alone."""
    bare = Thinker(replace(EXPERT, packages=False))
    try:
        deadline = time.monotonic() + 20
        while not bare.answered and time.monotonic() < deadline:
            assert bare("bridge", "strong", VIEW) in LEGAL
        assert bare.answered
        assert bare.analyse(HANDS, "N", "NS") is None
    finally:
        bare.close()


def test_after_the_end_there_are_moves_and_no_analyses(thinker: Thinker) -> None:
    thinker.close()
    assert thinker("bridge", "strong", VIEW) in LEGAL
    assert thinker.analyse(HANDS, "N", "NS") is None
    assert thinker.pid is None
