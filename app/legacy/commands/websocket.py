"""The commands over a WebSocket: one a text frame, in words; one answer each, in order.

A command that waits keeps those behind it waiting, too, but not the connection's thread: they
stand in a queue, and are done by whoever brings the answer.
"""

from __future__ import annotations

import logging
from collections import deque
from http import HTTPStatus
from typing import Final

from app.legacy.commands import table
from app.legacy.commands.answers import Answer, Refused, error, internal, refusal
from app.legacy.commands.desk import Desk, Wait
from app.legacy.commands.parameters import of_words
from app.legacy.commands.waiting import Waiter
from app.legacy.connection import Connection
from app.legacy.registry import Means
from app.live.frames import text_frame
from app.services import trouble
from app.services.errors import ServiceError

log = logging.getLogger(__name__)

POLICY_VIOLATION: Final = 1008
MOST_QUEUED: Final = 32


class Mute:
    """The wire of those who hear nothing but answers: they are in no room."""

    def encode(self, type: str, data: object) -> None:
        return None


class CommandHandler:
    """One client of the commands. Each command brings its own token."""

    __slots__ = ("_busy", "_connection", "_desk", "_over", "_queue", "_waiter")

    def __init__(self, connection: Connection, means: Means) -> None:
        assert means.desk is not None
        self._connection = connection
        self._desk: Desk = means.desk
        self._queue: deque[str | Answer] = deque()
        self._busy = False  # a command waits, or somebody works through the queue
        self._waiter: Waiter | None = None
        self._over = False

    def message(self, text: str) -> None:
        self._take(text)

    def refuse(self, code: str, msg: str) -> None:
        """What is no command at all gets its answer in its turn."""
        if code == "flood":
            self._send(error(429, msg))
        else:
            self._take(error(400, msg))

    def closed(self) -> None:
        with self._desk.waits.lock:
            self._over = True
            self._queue.clear()
            waiter, self._waiter = self._waiter, None
        if waiter is not None:
            self._desk.waits.drop(waiter)

    def _take(self, what: str | Answer) -> None:
        with self._desk.waits.lock:
            full = len(self._queue) >= MOST_QUEUED
            if not full:
                self._queue.append(what)
            free, self._busy = not self._busy, True
        if full:
            log.info("client %s: too many commands behind one that waits", self._connection.address)
            self._connection.close(POLICY_VIOLATION, "too many commands")
        elif free:
            self._work()

    def _work(self) -> None:
        """Do what is in the queue, until one command waits or nothing is left."""
        while True:
            with self._desk.waits.lock:
                if not self._queue or self._over:
                    self._busy = False
                    return
                what = self._queue.popleft()
            answer = what if isinstance(what, Answer) else self._do(what)
            if answer is None:
                return
            self._send(answer)

    def _do(self, text: str) -> Answer | None:
        """The answer to a command, or None: it waits, and goes on by itself."""
        try:
            name, words = of_words(text)
            command = table.COMMANDS.get(name)
            names = command.words if command is not None else ()
            if command is not None and len(words) > len(names):
                raise Refused(400, f"{name} takes {', '.join(names)} and no more")
            outcome = table.run(
                self._desk, name, dict(zip(names, words, strict=False)), self._connection.address
            )
            if isinstance(outcome, Wait) or outcome.status < HTTPStatus.BAD_REQUEST:
                self._connection.signed_in()
            return outcome if isinstance(outcome, Answer) else self._wait(outcome)
        except (Refused, ServiceError) as problem:
            return refusal(problem)
        except Exception as failed:
            # The outermost loop of a command: what went wrong must not end the connection.
            unavailable = trouble.refusal(failed)
            if unavailable is not None:
                return refusal(unavailable)
            log.exception("client %s: a command failed", self._connection.address)
            return internal()

    def _wait(self, wait: Wait) -> Answer | None:
        waits = self._desk.waits
        waiter = waits.begin(*wait, self._connection.address)
        if waiter.answered is not None:
            return waiter.answered
        with waits.lock:
            over = self._over
            if not over:
                self._waiter = waiter
        if over:
            waits.drop(waiter)
        else:
            waiter.then(self._answered)
        return None

    def _answered(self, answer: Answer) -> None:
        """What was waited for has come; by whose thread, is not known."""
        self._waiter = None
        self._send(answer)
        with self._desk.waits.lock:
            if not self._queue:
                self._busy = False
                return
        self._desk.waits.spawn(self._go_on)

    def _go_on(self) -> None:
        """Do what has been queuing up, unless the server is about to stop."""
        if self._desk.gate.enter():
            try:
                self._work()
            finally:
                self._desk.gate.leave()

    def _send(self, answer: Answer) -> None:
        self._connection.send(text_frame(answer.body))


MUTE: Final = Mute()
