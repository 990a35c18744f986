"""How much time the players of a match have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from app.games.api import Seat
from app.services.errors import ServiceError

PER_MOVE: Final = (600, 86_400, 3 * 86_400, 7 * 86_400)
"""What may be agreed on for each move, in seconds: 10 minutes, 1 day, 3 days, 7 days."""

CLOCKS: Final = ((60, 1), (180, 2), (300, 3), (600, 5), (900, 10), (1800, 20))
"""The usual clocks: base and increment in seconds."""

_BASE: Final = (30, 3 * 3_600)
_INCREMENT: Final = (0, 60)
_CLOCK: Final = re.compile(r"([0-9]{1,5})\+([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class TimeControl:
    """So many seconds `per_move`; or, with a `base`, a clock for each player.

    A clock starts with `base` seconds, runs while its player is to move, from the beginning of
    the match on, and gains `increment` seconds with each move.
    """

    per_move: int | None
    base: int | None = None
    increment: int = 0

    @staticmethod
    def parse(text: str) -> TimeControl:
        """The time control that `text` names: "86400" a move, "180+2" a clock.

        Raises `bad_time` for one that is not offered.

        >>> TimeControl.parse("180+2")
        TimeControl(per_move=None, base=180, increment=2)
        """
        clock = _CLOCK.fullmatch(text)
        if clock is not None:
            base, increment = int(clock[1]), int(clock[2])
            if _BASE[0] <= base <= _BASE[1] and _INCREMENT[0] <= increment <= _INCREMENT[1]:
                return TimeControl(None, base, increment)
        elif text in map(str, PER_MOVE):
            return TimeControl(int(text))
        raise ServiceError(
            "bad_time",
            f"A move may take {', '.join(map(str, PER_MOVE))} seconds; or name a clock, as 180+2: "
            f"{_BASE[0]} to {_BASE[1]} seconds and {_INCREMENT[0]} to {_INCREMENT[1]} more a move.",
        )

    @property
    def is_clock(self) -> bool:
        """Whether each player has a clock."""
        return self.base is not None

    @property
    def needs_presence(self) -> bool:
        """Whether so little time is given that both must be there from the start."""
        return self.is_clock or self.per_move == PER_MOVE[0]

    @property
    def text(self) -> str:
        """What `parse` reads as this."""
        return f"{self.base}+{self.increment}" if self.is_clock else str(self.per_move)

    def full(self, seats: int) -> tuple[int, ...] | None:
        """Milliseconds on the clock of each seat at the start; None without clocks."""
        return None if self.base is None else (self.base * 1000,) * seats

    def deadline(
        self, left: Sequence[int] | None, actors: frozenset[Seat], since: datetime
    ) -> datetime:
        """Until when somebody must have moved, if it has been the turn of `actors` `since` then."""
        if left is None:
            return since + _seconds(self.per_move or 0)
        return since + timedelta(milliseconds=min((left[seat] for seat in actors), default=0))

    def moved(
        self, left: Sequence[int] | None, seat: Seat, since: datetime, now: datetime
    ) -> tuple[int, ...] | None:
        """What is on the clocks once `seat` has moved; None without clocks."""
        if left is None:
            return None
        after = list(left)
        # Another worker may have made the move before by a clock that is a little ahead.
        spent = max(0, round((now - since) / timedelta(milliseconds=1)))
        after[seat] = max(0, after[seat] - spent) + self.increment * 1000
        return tuple(after)


@lru_cache(maxsize=64)  # for every move, and few different ones
def _seconds(number: int) -> timedelta:
    return timedelta(seconds=number)
