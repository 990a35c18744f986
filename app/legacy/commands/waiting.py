"""Commands that wait: nobody's thread is held, and nobody asks the database in the meantime.

A waiter is a member of rooms like any connection. What is said there wakes it; those woken
together are answered together, with a look at the database for all of them. Those whose time is up
are answered by one sweeper. The rooms are joined before the first look, so that nothing can
happen between the two unheard.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from math import ceil
from threading import Lock
from time import monotonic
from typing import Any, ClassVar, Final, Protocol, Self

from app.legacy.commands.answers import Answer, Refused, internal, refusal
from app.live.rooms import Rooms, Version
from app.services import trouble
from app.services.errors import ServiceError
from app.services.house import House

log = logging.getLogger(__name__)

MOST_SECONDS: Final = 60.0
TICK: Final = 0.1  # seconds: how finely the sweeper resolves the time
LOOKS_EVERY: Final = 50  # ticks, for who has gone
AT_ONCE: Final = 50  # answers written before others get their turn
GONE_AT_ONCE: Final = 200

# What wakes whom: a type of message -> the key of the questions it may answer, by its data.
_KEYS: Final[dict[str, Callable[[Any], str]]] = {
    "chat_message": lambda data: f"chat {data['room']}",
    "match_update": lambda data: f"game {data['id']}",
    "match_begins": lambda data: f"game {data['id']}",
    "table_gone": lambda data: f"game {data['id']}",
}
_OWN_TABLE: Final = "table_own"  # names no table: a closed one is null
ANY_GAME: Final = b"game"


class Question(Protocol):
    """What a waiter waits to be told."""

    @property
    def user_id(self) -> int:
        """Who asks."""

    @property
    def key(self) -> bytes:
        """The messages that may answer it, as `WakeWire` puts them."""

    @property
    def rooms(self) -> Sequence[str]:
        """Where those messages are said."""

    def look(self, house: House) -> Answer | None:
        """The answer, if there is one already."""

    @classmethod
    def answer(
        cls, house: House, asked: Sequence[Self], *, finally_: bool
    ) -> Sequence[Answer | None]:
        """The answers to all these, in their order; None: nothing new yet. `finally_`: whatever
        there is to say.
        """


class WakeWire:
    """Turns what rooms carry into the keys of questions."""

    def encode(self, type: str, data: Any) -> bytes | None:
        if type == _OWN_TABLE:
            return ANY_GAME
        key = _KEYS.get(type)
        return None if key is None else key(data).encode()


class Waiter:
    """One command that waits, whichever transport it came by.

    `sock` is the connection it will be answered on where that is all there is of it, for the
    sweeper to see whether the client is still there.
    """

    __slots__ = ("_answer", "_then", "_waits", "address", "due", "question", "sock")

    wire: ClassVar[WakeWire] = WakeWire()

    def __init__(self, waits: Waits, question: Question, address: str, due: int) -> None:
        self.question = question
        self.address = address
        self.due = due
        self.sock: Any = None
        self._waits = waits
        self._answer: Answer | None = None
        self._then: Callable[[Answer], None] | None = None

    def deliver(self, frame: bytes, of: Version | None = None) -> None:
        """Something was said in a room."""
        key = self.question.key
        if frame == key or (frame == ANY_GAME and key.startswith(ANY_GAME)):
            self._waits.wake(self)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Nothing: it belongs to no session that could end."""

    @property
    def answered(self) -> Answer | None:
        """The answer, once there is one."""
        return self._answer

    def then(self, respond: Callable[[Answer], None]) -> None:
        """Have `respond(answer)` called, once: now if there is an answer, or when there is."""
        with self._waits.lock:
            if self._answer is None:
                self._then = respond
                return
        respond(self._answer)

    def settle(self, answer: Answer) -> None:
        """Be answered. For `Waits`, which sees to it that this happens once."""
        with self._waits.lock:
            self._answer, respond = answer, self._then
            self._then = None
        if respond is not None:
            respond(answer)


class Waits:
    """All waiting commands of this process, what wakes them, and the sweeper.

    `spawn(function, *args)` starts a background task and `sleep(seconds)` waits inside one, both
    of the async engine in use. The sweeper runs only while somebody waits.
    """

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        *,
        spawn: Callable[..., Any],
        sleep: Callable[[float], Any],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.lock = Lock()
        self._house = house
        self._rooms = rooms
        self.spawn = spawn
        self._sleep = sleep
        self._clock = clock
        self._open: dict[Waiter, None] = {}
        self._due: dict[int, dict[Waiter, None]] = defaultdict(dict)  # by tick
        self._woken: dict[Waiter, None] = {}
        self._answering = False
        self._sweeping = False
        self._swept = 0  # the last tick that was
        self._closed = False

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, question: Question, seconds: float, address: str) -> Waiter:
        """Wait for the answer to a question, at most so long; it may be there already.

        Raises Refused when too many wait.
        """
        now = self._clock()
        with self.lock:
            if len(self._open) >= self._house.config.MAX_POLLS:
                raise Refused(429, "Too many are waiting. Try again later.")
            start, self._sweeping = not self._sweeping, True
            if start:
                self._swept = int(now / TICK)
            due = max(ceil((now + min(seconds, MOST_SECONDS)) / TICK), self._swept + 1)
            waiter = Waiter(self, question, address, due)
            self._open[waiter] = None
            self._due[due][waiter] = None
        if start:
            self.spawn(self._sweep_on)
        try:
            for room in question.rooms:
                self._rooms.join(waiter, room)
            answer = self._ask(type(question), [question], True)[0] if self._closed else None
            answer = answer or question.look(self._house)
        except BaseException:
            self.drop(waiter)
            raise
        if answer is not None:
            self._finish(waiter, answer)
        return waiter

    def drop(self, waiter: Waiter) -> bool:
        """Forget a waiter, whose client has gone; False if it was answered before."""
        with self.lock:
            if waiter not in self._open:
                return False
            del self._open[waiter]
            self._woken.pop(waiter, None)
            due = self._due[waiter.due]
            due.pop(waiter, None)
            if not due:
                del self._due[waiter.due]
        self._rooms.leave_all(waiter)
        return True

    def wake(self, waiter: Waiter) -> None:
        """Something has happened that may answer a waiter's question; never waits itself."""
        with self.lock:
            if waiter not in self._open:
                return
            self._woken[waiter] = None
            start, self._answering = not self._answering, True
        if start:
            self.spawn(self._answer_woken)

    def wake_all(self) -> None:
        """Something may have happened that would answer any of them."""
        for waiter in self._everyone():
            self.wake(waiter)

    def cut(self, why: Callable[[str, int], Answer | None]) -> None:
        """Turn away the waiters for whom `why(address, user_id)` has an answer, with that."""
        for waiter in self._everyone():
            answer = why(waiter.address, waiter.question.user_id)
            if answer is not None:
                self._finish(waiter, answer)

    def close(self) -> None:
        """The server is about to stop: answer every waiter, and whoever still comes, at once."""
        self._closed = True
        self._answer(self._everyone(), finally_=True)

    def sweep(self, now: float) -> None:
        """Answer those whose time is up, and forget those who have gone. `now`: monotonic s."""
        tick = int(now / TICK)
        with self.lock:
            before, self._swept = self._swept, max(tick, self._swept)
            due = [w for at in range(before + 1, tick + 1) for w in self._due.get(at, ())]
        self._answer(due, finally_=True)
        if tick // LOOKS_EVERY > before // LOOKS_EVERY:
            self._forget_gone()

    def _sweep_on(self) -> None:
        while True:
            self._sleep(TICK)
            with self.lock:
                if not self._open:
                    self._sweeping = False
                    return
            try:
                self.sweep(self._clock())
            except Exception:
                # The sweeper's outermost loop: the others' time will be up, too.
                log.exception("waiting commands could not be swept")

    def _forget_gone(self) -> None:
        for number, waiter in enumerate(self._everyone(), 1):
            if waiter.sock is not None and waiter.sock.gone() and self.drop(waiter):
                waiter.sock.close()
            if number % GONE_AT_ONCE == 0:
                self._sleep(0)

    def _answer_woken(self) -> None:
        while True:
            with self.lock:
                woken = list(self._woken)
                self._woken.clear()
                if not woken:
                    self._answering = False
                    return
            try:
                self._answer(woken, finally_=False)
            except Exception:
                # As above: whoever is woken next must be answered.
                log.exception("woken commands could not be answered")

    def _answer(self, waiters: Iterable[Waiter], *, finally_: bool) -> None:
        """Answer each of these for whom there is an answer."""
        kinds: dict[type[Question], list[Waiter]] = defaultdict(list)
        for waiter in waiters:
            kinds[type(waiter.question)].append(waiter)
        for kind, asking in kinds.items():
            questions = [waiter.question for waiter in asking]
            for number, (waiter, answer) in enumerate(
                zip(asking, self._ask(kind, questions, finally_), strict=True), 1
            ):
                if answer is not None:
                    self._finish(waiter, answer)
                if number % AT_ONCE == 0:
                    self._house.pause()

    def _ask(
        self, kind: type[Question], questions: Sequence[Question], finally_: bool
    ) -> Sequence[Answer | None]:
        try:
            return kind.answer(self._house, questions, finally_=finally_)
        except ServiceError as error:
            return [refusal(error)] * len(questions)
        except Exception as failed:
            # The outermost loop of these commands: they must not wait for ever.
            unavailable = trouble.refusal(failed)
            if unavailable is not None:
                return [refusal(unavailable)] * len(questions)
            log.exception("waiting commands could not be answered")
            return [internal()] * len(questions)

    def _finish(self, waiter: Waiter, answer: Answer) -> None:
        try:
            if self.drop(waiter):
                waiter.settle(answer)
        except Exception:
            # One that cannot be told must not keep the answer from those after it.
            log.exception("a waiting command could not be told its answer")

    def _everyone(self) -> Collection[Waiter]:
        with self.lock:
            return list(self._open)
