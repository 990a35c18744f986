"""Where to compute what would hold up the server's loop."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from random import Random, SystemRandom
from threading import Condition
from time import monotonic
from typing import Any, Final

from app import bots
from app.services.house import call_here
from app.thought import Mind, Process

THREADS = 2

LIMIT: Final = 0.5  # seconds until a move is made, whatever happens
UTTT_LIMIT: Final = 2.0
BRIDGE_LIMIT: Final = 2.0
SLOW: Final = 0.5  # of that limit: an answer that takes longer is too much work here
CUT: Final = 0.8  # of the time that is left: a search that takes longer ends with what it has
AT_ONCE: Final = 0.05  # seconds: with no more, nobody is asked
PATIENCE: Final = 15.0  # seconds that somebody waits who asks for an analysis
STUDY: Final = 4.0  # seconds of one processor that a study of a position may take
IDLE: Final = 300.0  # seconds after which a process that is asked nothing ends
MOST: Final = 4  # processes for moves that a house has unless it is told how many

SIDES: Final = "NESW"
STRAINS: Final = "CDHSZ"

QUICK: Final = Mind("app.bots", LIMIT, {"uttt": UTTT_LIMIT})
EXPERT: Final = Mind("app.bots.bridge.expert", BRIDGE_LIMIT, packages=True)
"""For bridge: it knows a double-dummy solver."""
ANALYST: Final = Mind("app.bots", PATIENCE, nice=15)
"""For what nobody's clock waits for."""


def offloader(async_mode: str) -> Callable[..., Any]:
    """A caller for functions that take long and release the interpreter lock (argon2 does).

    Under green threads they go to eventlet's pool of real ones; where threads are real already,
    there is nothing to hold up.
    """
    if async_mode != "eventlet":
        return call_here
    with warnings.catch_warnings():
        # As in wsgi.py, which has imported it before where it serves; commands have not.
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        from eventlet import tpool

    # Each thread keeps what argon2 once took (19 MiB); twenty of them would fill a small server.
    tpool.set_num_threads(THREADS)
    execute: Callable[..., Any] = tpool.execute
    return execute


def thinkers(wanted: int) -> int:
    """How many processes a house has that wants so many; 0: as the machine has processors."""
    return wanted or min(MOST, len(os.sched_getaffinity(0)))


class Thinker:
    """The computer's players (`app.bots`) in processes of their own, at most `size`.

    Each thinks about one question at a time; another is started when a question finds the others
    at work. One that dies is started again; one that does not answer in time is not waited for:
    then a move is made here, without much thought. The more questions there are and the slower the
    machine, the less work is put into each.
    """

    def __init__(self, mind: Mind = QUICK, size: int = 1) -> None:
        self._mind = mind
        self._processes = [Process(mind) for _ in range(size)]
        self._idle = self._processes[::-1]  # the last was busy last, and is taken first
        self._freed = Condition()
        self._chance = SystemRandom()
        self._asking = 0
        self._effort = 1.0
        self._closed = False

    @property
    def pids(self) -> list[int]:
        """The processes that there are."""
        return [each.pid for each in self._processes if each.pid is not None]

    @property
    def pid(self) -> int | None:
        """The first process's id, None if there is none."""
        return next(iter(self.pids), None)

    @property
    def answered(self) -> bool:
        """Whether there are processes, and all have answered what they were asked last."""
        return bool(self.pids) and not any(each.is_behind for each in self._processes)

    def __call__(
        self, game_key: str, strength: str, view: Any, seconds: float | None = None
    ) -> Any:
        """The raw move of a player of that strength who sees `view`, within so many seconds; None:
        within those that a move of the game has. See `app.bots.choose`.
        """
        usual = self._mind.limit_of(game_key)
        limit = usual if seconds is None else min(usual, seconds)
        seed = self._chance.getrandbits(64)
        if limit > AT_ONCE:
            move = self._move([game_key, strength, view, seed], usual, monotonic() + limit)
            if move is not None:
                return move
        return bots.choose(game_key, strength, view, Random(seed), effort=0.0, seconds=LIMIT)

    def analyse(self, hands: Mapping[str, Sequence[int]], dealer: str, vuln: str) -> Any | None:
        """The double-dummy tricks and par of a deal, by a mind that can tell; None if it does not.

        hands: by side the thirteen cards. Gives `{"tricks": {"N": {"C": 7, …, "Z": 6}, …}, "par":
        {"score_ns": points, "contracts": ["4SX by N", …]}}`. Between its parts others are answered.
        """
        cards = [list(hands[side]) for side in SIDES]
        table: dict[str, dict[str, int]] = {side: {} for side in SIDES}
        for strain in STRAINS:
            tricks = self._patiently(["tricks", cards, strain])
            if tricks is None:
                return None
            for side in SIDES:
                table[side][strain] = tricks[side]
        par = self._patiently(["par", table, dealer, vuln])
        return None if par is None else {"tricks": table, "par": par}

    def study(self, game_key: str, view: Any, played: Any | None) -> Any | None:
        """What `app.bots.study` says of a position; None if it says nothing."""
        return self._patiently(["study", game_key, view, played, STUDY])

    def wait_for_room(self, seconds: float = PATIENCE) -> bool:
        """Whether, by then, there is a process that is asked nothing: nobody would have to wait."""
        with self._freed:
            self._freed.wait_for(lambda: bool(self._idle) or self._closed, seconds)
            return bool(self._idle) and not self._closed

    def rest(self, idle: float = IDLE) -> None:
        """End the processes that have been asked nothing for so many seconds."""
        with self._freed:
            resting = [p for p in self._idle if p.pid and monotonic() - p.used_at > idle]
            for process in resting:
                self._idle.remove(process)
        for process in resting:
            process.end()
            self._give_back(process, least=True)

    def close(self) -> None:
        """End the processes; what is asked from now on is answered here."""
        self._closed = True
        for process in self._processes:
            process.close()
        for process in self._processes:
            with self._freed:
                # Whoever waits for its answer has it first.
                idle = self._freed.wait_for(partial(self._idle.__contains__, process), PATIENCE)
                if idle:
                    self._idle.remove(process)
            process.end()
            if idle:
                self._give_back(process)

    def _move(self, question: list[Any], usual: float, deadline: float) -> Any | None:
        asked = monotonic()
        self._asking += 1
        try:
            with self._taken(deadline - monotonic()) as process:
                if process is None:
                    return None
                started = monotonic()
                effort = self._effort / max(1, self._asking / len(self._processes))
                left = CUT * (deadline - started)
                move = process.thought(["move", *question, effort, left], deadline)
                answered = monotonic()
                self._adapt(answered - started, usual, late=answered - asked >= usual)
                return move
        finally:
            self._asking -= 1

    def _patiently(self, question: list[Any]) -> Any | None:
        """The answer to what is in no hurry; None if there is none."""
        deadline = monotonic() + PATIENCE
        with self._taken(PATIENCE) as process:
            return None if process is None else process.thought(question, deadline)

    @contextmanager
    def _taken(self, seconds: float) -> Iterator[Process | None]:
        """A process that nobody else asks meanwhile; None if there is none for so long."""
        with self._freed:
            found = self._freed.wait_for(lambda: bool(self._idle), seconds)
            process = self._next() if found else None
        try:
            yield process
        finally:
            if process is not None:
                self._give_back(process)

    def _next(self) -> Process:
        """The idle process that was busy last, of those that have answered, if there are any."""
        ready = [each for each in self._idle if not each.is_behind]
        process = (ready or self._idle)[-1]
        self._idle.remove(process)
        return process

    def _give_back(self, process: Process, *, least: bool = False) -> None:
        with self._freed:
            self._idle.insert(0 if least else len(self._idle), process)
            self._freed.notify_all()

    def _adapt(self, took: float, limit: float, *, late: bool) -> None:
        """Put less work into the next move if this one took long, else a little more again."""
        if late:
            self._effort = max(self._effort / 2, 0.05)
        else:
            self._effort = min(1.0, self._effort * (0.7 if took > SLOW * limit else 1.1))
