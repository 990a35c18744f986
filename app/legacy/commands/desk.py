"""What a command is given to work with, and what it may give back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

from app.legacy.commands.answers import Answer
from app.legacy.commands.waiting import Question, Waits
from app.live.gate import Gate
from app.services.audit import Admin
from app.services.house import House
from app.services.sessions import Caller

REMEMBERED = 20_000


class Shown:
    """The last line of each room that the clients of each user have been shown, by this worker.

    So a client that asks for news, is answered and asks again misses nothing that was said in
    between. Only a memory: who is forgotten, waits for what comes.
    """

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._last: OrderedDict[tuple[int, str], int] = OrderedDict()
        self._lock = Lock()

    def last(self, user_id: int, room: str) -> int | None:
        """The number of the last line shown; None where it is not known."""
        with self._lock:
            return self._last.get((user_id, room))

    def note(self, user_id: int, room: str, line_id: int) -> None:
        with self._lock:
            self._last[user_id, room] = line_id
            self._last.move_to_end((user_id, room))
            if len(self._last) > self._most:
                self._last.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where commands are taken: one a process, for every transport."""

    house: House
    waits: Waits
    gate: Gate
    shown: Shown = field(default_factory=Shown)


@dataclass(frozen=True, slots=True)
class Call:
    """A command by somebody who may give it: `caller`, and for an admin's command `admin`.

    Where the command needs no token, there is no caller; nor is there one for `ADMIN_TOKEN`.
    """

    desk: Desk
    args: Any
    address: str
    user: Caller | None = None
    by: Admin | None = None

    @property
    def house(self) -> House:
        return self.desk.house

    @property
    def caller(self) -> Caller:
        """Whose token it was."""
        assert self.user is not None
        return self.user

    @property
    def admin(self) -> Admin:
        """The admin who gives the command."""
        assert self.by is not None
        return self.by


class Wait(NamedTuple):
    """Not an answer yet: what to wait for, and how many seconds at most."""

    question: Question
    seconds: float


Handler = Callable[[Call], Any]  # an answer's value, an Answer, or a Wait
Outcome = Answer | Wait
