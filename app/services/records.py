"""A match as the services hand it around: decoded, immutable, with its players' names."""

from __future__ import annotations

from _thread import RLock  # of which green threads make nothing slower
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from app.games import GAMES
from app.games.api import Game, Options, Outcome, Seat
from app.games.rng import commitment
from app.services.time_control import TimeControl


@dataclass(frozen=True, slots=True)
class SeatInfo:
    """Who sits in a seat, under the name they have now: a user, or the computer."""

    user_id: int | None
    name: str
    registered: bool
    bot: str | None = None  # how strong
    singles: bool = False  # the only card they may play is played for them
    automatic: bool = False  # a program plays under this name

    def json(self) -> dict[str, Any]:
        """The seat as messages carry it: `{"name", "registered", "bot"}`, the last how strong the
        computer plays there or None; and `"automatic": true` where the user is a program.
        """
        data = {"name": self.name, "registered": self.registered, "bot": self.bot}
        return data | {"automatic": True} if self.automatic else data


@dataclass(frozen=True, slots=True)
class Bot:
    """The computer in a seat: how strong it plays (see `app.bots.strengths`), its name there."""

    strength: str
    name: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What is agreed on before a match.

    `time` None: `MATCH_TTL` a move. With a `code`: private. `options`: the game's own, beside the
    variant, the number of players among them. `grace`: seconds a player may be away; None: ever so
    long. A deal of bridge has its `board_id` and its `table_id`.
    """

    game: str
    variant: str = "standard"
    rated: bool = True
    time: TimeControl | None = None
    code: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    grace: int | None = None
    board_id: str | None = None
    table_id: str | None = None


@dataclass(frozen=True, slots=True)
class EndedBy:
    """Why a match ended off the board: "resign", "abort" or "timeout", and through whom."""

    reason: str
    user: str | None


@dataclass(frozen=True, slots=True)
class RatingStep:
    """A rating before and after a match, in points."""

    before: int
    after: int


class MatchRecord(msgspec.Struct, frozen=True):
    """One version of one match. `version` is the number of logged moves.

    Whoever is to move has until `deadline`; `left` is what each seat's clock showed at
    `moved_at`, in milliseconds, where there are clocks. With a `code` the match is private. The
    `seed` is a secret until the match is over. With a `grace` a player who is away for so many
    seconds has left.

    A struct, since every move makes one of another: that takes a dataclass fifteen times as long.
    """

    id: str
    game: str
    variant: str
    rated: bool
    version: int
    revision: int
    state: Any
    seats: tuple[SeatInfo, ...]
    created_at: datetime
    moved_at: datetime
    time: TimeControl
    left: tuple[int, ...] | None
    deadline: datetime
    over: bool
    outcome: Outcome | None
    ended_by: EndedBy | None = None
    ratings: tuple[RatingStep | None, ...] = ()
    previous_id: str | None = None
    rematch_id: str | None = None
    code: str | None = None
    options: Options | None = None
    seed: bytes = b""
    grace: int | None = None
    board_id: str | None = None
    table_id: str | None = None

    def __repr__(self) -> str:
        """Which match it is; its state and its seed hold secrets, which are not for logs."""
        return f"MatchRecord(id={self.id!r}, game={self.game!r}, version={self.version})"

    def changed(self, **changes: Any) -> MatchRecord:
        """The same with these fields changed."""
        return structs.replace(self, **changes)

    @property
    def user_ids(self) -> tuple[int, ...]:
        """Its human players, in the order of their seats."""
        return tuple([info.user_id for info in self.seats if info.user_id is not None])

    @property
    def commitment(self) -> str:
        """The hash of the seed, which may be told while the match lives."""
        return commitment(self.seed)

    @property
    def private(self) -> bool:
        """Whether only its players and those who know its code may see it."""
        return self.code is not None

    @property
    def engine(self) -> Game[Any, Any]:
        """The rules this match is played by."""
        return GAMES[self.game]

    def standing(self) -> dict[str, Any] | None:
        """What other workers are told with each move, see `services.hearsay`, as JSON; None of a
        match that hides something, which stays here.
        """
        if self.engine.info.hidden:
            return None
        return {
            "id": self.id,
            "version": self.version,
            "revision": self.revision,
            "over": self.over,
            "state": self.engine.dump(self.state),
            "moved_at": self.moved_at.isoformat(),
            "left": self.left,
            "deadline": self.deadline.isoformat(),
        }

    @property
    def actors(self) -> frozenset[Seat]:
        """The seats that may act now; empty when the match is over."""
        return frozenset() if self.over else self.engine.actors(self.state)

    def clocks_at(self, now: datetime) -> tuple[int, ...] | None:
        """Milliseconds on each seat's clock at `now`; None where there are no clocks."""
        if self.left is None:
            return None
        spent = max(0, round((now - self.moved_at) / timedelta(milliseconds=1)))
        running = self.actors
        return tuple(max(0, ms - spent * (seat in running)) for seat, ms in enumerate(self.left))

    def seat_of(self, user_id: int | None) -> Seat | None:
        """The seat of that user, or None for whoever only watches; a stranger (None) does."""
        if user_id is None:  # as the computer has no user
            return None
        for seat, info in enumerate(self.seats):
            if info.user_id == user_id:
                return seat
        return None

    def opponent_of(self, user_id: int) -> SeatInfo:
        """The other player of a match of two."""
        return next(info for info in self.seats if info.user_id != user_id)

    def others_of(self, user_id: int | None) -> tuple[SeatInfo, ...]:
        """Who else plays, the computer too, in the order of the seats; of a stranger, everyone."""
        own = self.seat_of(user_id)
        return tuple(info for seat, info in enumerate(self.seats) if seat != own)


class MatchCache:
    """The latest decoded version of matches in play, the one saved or read longest ago
    forgotten.

    A hint, never the truth: another worker may have moved on. A save compares versions, and a
    refusal is given only after a look at the database.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._records: OrderedDict[str, MatchRecord] = OrderedDict()
        self._lock = RLock()

    def get(self, match_id: str) -> MatchRecord | None:
        return self._records.get(match_id)

    def put(self, record: MatchRecord) -> None:
        with self._lock:
            if record.over:
                self._records.pop(record.id, None)
                return
            self._records[record.id] = record
            self._records.move_to_end(record.id)
            while len(self._records) > self._size:
                self._records.popitem(last=False)

    def drop(self, match_id: str) -> None:
        with self._lock:
            self._records.pop(match_id, None)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._records.clear()
