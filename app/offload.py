"""Where to compute what would hold up the server's loop."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random, SystemRandom
from threading import Lock
from time import monotonic
from typing import Any, Final

import structlog

from app import bots
from app.services.house import call_here

THREADS = 2

LIMIT: Final = 0.5  # seconds until a move is made, whatever happens
BRIDGE_LIMIT: Final = 2.0
SLOW: Final = 0.5  # of that limit: an answer that takes longer is too much work here
PATIENCE: Final = 15.0  # seconds that somebody waits who asks for the analysis of a board
ATTEMPTS: Final = 2
STUCK: Final = 20.0  # seconds without an answer after which a process thinks no more
PROGRAM: Final = Path(bots.__file__).with_name("process.py")

SIDES: Final = "NESW"
STRAINS: Final = "CDHSZ"

log = structlog.get_logger(__name__)


def offloader(async_mode: str) -> Callable[..., Any]:
    """A caller for functions that take long and release the interpreter lock (argon2 does).

    Under green threads they go to eventlet's pool of real ones; where threads are real already,
    there is nothing to hold up.
    """
    if async_mode != "eventlet":
        return call_here
    from eventlet import tpool

    # Each thread keeps what argon2 once took (19 MiB); twenty of them would fill a small server.
    tpool.set_num_threads(THREADS)
    execute: Callable[..., Any] = tpool.execute
    return execute


@dataclass(frozen=True, slots=True)
class Mind:
    """What thinks in a process: the module whose `ANSWERS` it has, and the time it gets for a move.

    packages: whether it needs more than the standard library, and so a slower start.
    """

    module: str
    limit: float
    packages: bool = False

    @property
    def command(self) -> list[str]:
        bare = [] if self.packages else ["-S"]
        return [sys.executable, "-I", *bare, str(PROGRAM), self.module]


QUICK: Final = Mind("app.bots", LIMIT)
EXPERT: Final = Mind("app.bots.bridge.expert", BRIDGE_LIMIT, packages=True)
"""For bridge: it knows a double-dummy solver."""


class Thinker:
    """The computer's players (`app.bots`) in a process of their own, the first question starts it.

    One question is thought about at a time. A process that dies is started again; one that does not
    answer in time is not waited for: then a move is made here, without much thought. The more
    questions there are and the slower the machine, the less work is put into each.
    """

    def __init__(self, mind: Mind = QUICK) -> None:
        self._mind = mind
        self._lock = Lock()
        self._chance = SystemRandom()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._read = b""
        self._number = 0
        self._asked_at: float | None = None  # the first question since the last answer
        self._asking: set[int] = set()  # who asks now, by the seeds of their chance
        self._effort = 1.0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process's id, None if there is none."""
        return None if self._process is None else self._process.pid

    @property
    def answered(self) -> bool:
        """Whether the process has answered what it was asked last."""
        return self._socket is not None and self._asked_at is None

    def __call__(self, game_key: str, strength: str, view: Any) -> Any:
        """The raw move of a player of that strength who sees `view`; see `app.bots.choose`."""
        deadline = monotonic() + self._mind.limit
        seed = self._chance.getrandbits(64)
        self._asking.add(seed)
        try:
            if self._lock.acquire(timeout=self._mind.limit):
                try:
                    effort = self._effort / len(self._asking)
                    question = ["move", game_key, strength, view, seed, effort]
                    started = monotonic()
                    move = self._thought(question, deadline)
                    self._adapt(monotonic() - started, late=monotonic() > deadline)
                finally:
                    self._lock.release()
                if move is not None:
                    return move
        finally:
            self._asking.discard(seed)
        return bots.choose(game_key, strength, view, Random(seed), effort=0.0)

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

    def _patiently(self, question: list[Any]) -> Any | None:
        """The answer to what is in no hurry; None if there is none."""
        deadline = monotonic() + PATIENCE
        if not self._lock.acquire(timeout=PATIENCE):
            return None
        try:
            return self._thought(question, deadline)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process; what is asked from now on is answered here."""
        self._closed = True
        with self._lock:
            self._end()

    def _thought(self, question: list[Any], deadline: float) -> Any | None:
        """The answer of the process, a new one if need be; None if none comes in time."""
        if self._asked_at is not None and monotonic() - self._asked_at > STUCK:
            log.warning("the computer was stuck", pid=self.pid)
            self._end()
        for _ in range(ATTEMPTS):
            if self._closed:
                return None
            try:
                return self._ask(question, deadline)
            except TimeoutError:
                return None
            except OSError:
                # It was killed, or could not be started. The next may fare better.
                self._end()
        return None

    def _adapt(self, took: float, *, late: bool) -> None:
        """Put less work into the next move if this one took long, else a little more again."""
        if late:
            self._effort = max(self._effort / 2, 0.05)
        else:
            slow = took > SLOW * self._mind.limit
            self._effort = min(1.0, self._effort * (0.7 if slow else 1.1))

    def _ask(self, question: list[Any], deadline: float) -> Any | None:
        if self._socket is None:
            self._start()
        assert self._socket is not None
        self._number += 1
        if self._asked_at is None:
            self._asked_at = monotonic()
        self._send(json.dumps([self._number, *question]).encode() + b"\n", deadline)
        while True:
            number, move, wrong = json.loads(self._line(deadline))
            self._asked_at = None
            if number != self._number:
                continue  # it comes too late: that move is made
            if wrong is not None:
                log.error("the computer could not think", error=wrong)
            return move

    def _send(self, line: bytes, deadline: float) -> None:
        assert self._socket is not None
        self._socket.settimeout(max(0.001, deadline - monotonic()))
        try:
            self._socket.sendall(line)
        except TimeoutError:
            raise ConnectionError("half a question is none") from None

    def _line(self, deadline: float) -> bytes:
        assert self._socket is not None
        while b"\n" not in self._read:
            self._socket.settimeout(max(0.001, deadline - monotonic()))
            more = self._socket.recv(4096)
            if not more:
                raise ConnectionError("the process has ended")
            self._read += more
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _start(self) -> None:
        # A socket, since it can be waited for under green threads as well as under others; that its
        # end here closes with the server, even if that is killed, is what ends the process.
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._mind.command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
            )

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = self._asked_at = None
        self._read = b""
