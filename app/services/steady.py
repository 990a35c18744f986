"""The house's time: the system's when it began, and from then on what has really passed.

The system's clock may be set while people play, by NTP or by hand, forwards and back. Whoever has
ten seconds left must then neither lose by it nor have an hour, sessions must not end, and nothing
be thrown away because it seems to be a year old. What a leap asks for beside the clock itself, and
how several workers keep the same time, is in `timekeeping`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

import structlog

# Not everywhere is there a clock that also counts while the system sleeps.
_CLOCK: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
FOLLOWED: Final = 60.0  # seconds that the two may be apart for ours to go there slowly
LASTS: Final = 60.0  # what is further must have lasted so long: then it is meant
PACE: Final = 0.05  # how much faster or slower it goes meanwhile
WORTH_A_WORD: Final = 1.0  # seconds

log = structlog.get_logger(__name__)


passed: Final[Callable[[], float]] = partial(time.clock_gettime, _CLOCK)
"""Seconds since the system was started; those in which it slept count, nobody can set them."""


class SteadyClock:
    """Calling it says what time it is, aware, in UTC.

    `follow` is to be called every second or so. It brings the clock slowly to where the system's
    has been set to, if that is near; if it is far off, and stays there, it asks for a leap.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, passed: Callable[[], float] = passed
    ) -> None:
        self._wall = wall
        self._passed = passed
        self._began = self._followed_at = passed()
        self._offset = wall() - self._began
        self._set_to = self._offset
        self._told = 0.0  # how far off it was, when that was last logged
        self._far, self._far_since = 0.0, self._began  # how far it is since when; 0: it is near

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._passed() + self._offset, UTC)

    @property
    def seconds(self) -> float:
        """What time it is, in seconds since 1970."""
        return self._passed() + self._offset

    @property
    def age(self) -> float:
        """Seconds that have passed since this clock began."""
        return self._passed() - self._began

    @property
    def began(self) -> datetime:
        """When that was, by what this clock shows now."""
        return datetime.fromtimestamp(self._began + self._offset, UTC)

    @property
    def behind(self) -> float:
        """Seconds from this clock to the system's."""
        return self._wall() - self._passed() - self._offset

    def stepped(self) -> float:
        """Seconds by which the system's clock has been set since this was last asked."""
        before, self._set_to = self._set_to, self._wall() - self._passed()
        return self._set_to - before

    def follow(self) -> float:
        """Go a little towards the system's clock; log when that has been set.

        Seconds that `leap` should go, since the system's clock is and stays far off; else 0.
        """
        behind = self.behind
        near = abs(behind) <= FOLLOWED
        if abs(behind - self._told) > WORTH_A_WORD and abs(behind) > WORTH_A_WORD:
            so = "the house goes there slowly" if near else "if it stays there, so will the house"
            log.warning("the system's clock was set", by=f"{behind:+.0f} s", so=so)
        self._told = behind
        if near:
            self._far = 0.0
            self.approach(behind)
            return 0.0
        self._followed_at = self._passed()
        if abs(behind - self._far) > FOLLOWED:
            self._far, self._far_since = behind, self._followed_at
        return behind if self._followed_at - self._far_since >= LASTS else 0.0

    def approach(self, apart: float) -> None:
        """Go towards a time that is `apart` seconds away, so slowly that nobody minds."""
        now = self._passed()
        most = PACE * (now - self._followed_at)
        self._followed_at = now
        self._offset += max(-most, min(most, apart))

    def leap(self, by: float) -> None:
        """Go `by` seconds at once."""
        self._offset += by
        self._told = self._far = 0.0
