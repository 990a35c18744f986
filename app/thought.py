"""A process in which the computer thinks (`app.bots.process`), seen from the server."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

import structlog

from app import bots

ATTEMPTS: Final = 2
STUCK: Final = 20.0  # seconds without an answer after which a process thinks no more
PROGRAM: Final = Path(bots.__file__).with_name("process.py")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mind:
    """What thinks in a process: the module whose `ANSWERS` it has, and the time it gets for a move.

    limit: seconds until a move is made, whatever happens; limits: those of games that differ.
    packages: whether it needs more than the standard library, and so a slower start. nice: by how
    much it comes after whoever is served.
    """

    module: str
    limit: float
    limits: Mapping[str, float] = field(default_factory=dict)
    packages: bool = False
    nice: int = 5

    def limit_of(self, game_key: str) -> float:
        """Seconds for a move in that game."""
        return self.limits.get(game_key, self.limit)

    @property
    def command(self) -> list[str]:
        bare = [] if self.packages else ["-S"]
        return [sys.executable, "-I", *bare, str(PROGRAM), self.module, str(self.nice)]


class Process:
    """One process, that answers one question at a time; whoever asks sees to it that no other does.

    The first question starts it, and the next one if it has died.
    """

    def __init__(self, mind: Mind) -> None:
        self._mind = mind
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._read = b""
        self._number = 0
        self._asked_at: float | None = None  # the first question since the last answer
        self._closed = False
        self.used_at = monotonic()

    @property
    def pid(self) -> int | None:
        """The process's id, None if there is none."""
        return None if self._process is None else self._process.pid

    @property
    def is_behind(self) -> bool:
        """Whether it still thinks about something that nobody waits for."""
        return self._asked_at is not None

    def thought(self, question: list[Any], deadline: float) -> Any | None:
        """The answer of the process, a new one if need be; None if none comes in time."""
        self.used_at = monotonic()
        if self._asked_at is not None and monotonic() - self._asked_at > STUCK:
            log.warning("the computer was stuck", pid=self.pid)
            self.end()
        for _ in range(ATTEMPTS):
            if self._closed:
                return None
            try:
                return self._ask(question, deadline)
            except TimeoutError:
                return None
            except OSError:
                # It was killed, or could not be started. The next may fare better.
                self.end()
        return None

    def close(self) -> None:
        """Have nothing more thought; the process ends with `end`."""
        self._closed = True

    def end(self) -> None:
        """End the process."""
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._socket = self._process = self._asked_at = None
        self._read = b""

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
            if number != self._number:
                self._asked_at = monotonic()  # that came too late; now it thinks about the next
                continue
            self._asked_at = None
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
