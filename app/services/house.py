"""What every action gets as its first argument: the house it happens in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.services.attendance import Attendance
from app.services.ladders import Ladders
from app.services.limits import Limits
from app.services.publish import Publisher
from app.services.records import MatchCache, MatchRecord
from app.services.standing import Standing
from app.services.tally import Tally
from app.services.thinking import Thinking
from app.services.timers import Timers
from app.store import Store
from config import Config


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def call_here(function: Callable[..., Any], *args: Any) -> Any:
    """The simplest `House.offload`: no other place to compute than here."""
    return function(*args)


def go_on() -> None:
    """The simplest `House.pause`: nobody waits for this thread."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A live connection of this worker."""

    user_id: int
    session_id: int
    transport: str
    since: datetime
    address: str = ""


@dataclass(frozen=True, slots=True)
class Watching:
    """What a live connection of this worker watches; `user_id` None for a stranger's."""

    match_id: str
    user_id: int | None


After = Callable[["House", MatchRecord], None]
"""What is to follow a match that has just ended, once that is committed and told."""


@dataclass(frozen=True, slots=True)
class House:
    """One worker's means of acting.

    Shared state is in `store`. `matches` only saves decoding, `timers` only waiting, `standing`
    only asking, `ladders` and `attendance` only counting, `thinking` only thinking twice;
    `connections` (by presence id), `watchers` (by the number of their row) and `lookers` (how many
    connections of a user look on at a bridge table) are only what cannot be elsewhere: this
    worker's own, as is what it counts, `tally`. `departed`
    and `unwatched` are those of them that are gone while the database has still to be told.
    """

    config: Config
    store: Store
    publish: Publisher
    limits: Limits
    matches: MatchCache
    worker_id: str
    clock: Callable[[], datetime] = utc_now
    offload: Callable[..., Any] = call_here  # offload(f, *args): f(*args), off the server's loop
    pause: Callable[[], None] = go_on  # lets others go on, in the middle of something long
    connections: dict[int, Connected] = field(default_factory=dict)
    watchers: dict[int, Watching] = field(default_factory=dict)
    departed: dict[int, Connected] = field(default_factory=dict)
    unwatched: dict[int, Watching] = field(default_factory=dict)
    unshown: dict[str, MatchRecord] = field(default_factory=dict)  # what the lobby is told of soon
    unannounced: dict[int, None] = field(default_factory=dict)  # users of whom it is told soon
    lookers: Counter[tuple[str, int]] = field(default_factory=Counter)
    timers: Timers = field(default_factory=Timers)
    standing: Standing = field(default_factory=Standing)
    thinking: Thinking = field(default_factory=Thinking)
    tally: Tally = field(default_factory=Tally)
    ladders: Ladders = field(default_factory=Ladders)
    attendance: Attendance = field(default_factory=Attendance)
    after: dict[str, After] = field(default_factory=dict)  # by game; bound by create_app
