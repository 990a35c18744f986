"""Questions that tests answer, and background tasks that they start themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.legacy.commands.answers import Answer, done
from app.services.house import House


@dataclass(eq=False)
class Riddle:
    """A question whose answer is given by the test, once `solved`."""

    name: str = "riddle"
    user_id: int = 1
    room: str = "lobby"
    solved: bool = False
    looked: Callable[[], None] = lambda: None
    asked: list[Sequence[str]] = field(default_factory=list)

    @property
    def key(self) -> bytes:
        return f"chat {self.room}".encode()

    @property
    def rooms(self) -> Sequence[str]:
        return (self.room,)

    def look(self, house: House) -> Answer | None:
        self.looked()
        return done(self.name) if self.solved else None

    @classmethod
    def answer(
        cls, house: House, asked: Sequence[Riddle], *, finally_: bool
    ) -> list[Answer | None]:
        asked[0].asked.append([riddle.name for riddle in asked])
        return [done(r.name) if r.solved or finally_ else None for r in asked]


class Hands:
    """Background tasks that the test starts itself, and a clock it turns."""

    def __init__(self) -> None:
        self.tasks: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []
        self.now = 1000.0

    def spawn(self, task: Callable[..., Any], *args: Any) -> None:
        self.tasks.append((task, args))

    def clock(self) -> float:
        return self.now

    def work(self) -> None:
        """Run what was spawned, but for the sweeper."""
        tasks, self.tasks = self.tasks, []
        for task, args in tasks:
            if task.__name__ != "_sweep_on":
                task(*args)
