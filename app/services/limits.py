"""Limits on what costs, counted by the `limits` library; Redis, where there is one, shares them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from math import ceil
from typing import TypeVar

import structlog
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from app.services.errors import ServiceError
from app.services.standing import neighbourhood

RETRY_SECONDS = 10.0  # how long a counter that did not answer is left alone

T = TypeVar("T")

log = structlog.get_logger(__name__)


class TooMany(ServiceError):
    """A rate is used up, for so many `minutes` more."""

    def __init__(self, minutes: int) -> None:
        span = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__("too_many", f"Too many tries. Try again in {span}.")
        self.minutes = minutes


class Limits:
    """Counts tries. `rates` maps a limit's name to its rate, as `limits.parse` reads it.

    A key may be of several parts; addresses of IPv6 among them count by the /64 they are in.
    While the shared counter cannot be reached, this worker counts for itself: a limit may then
    let more through, but nobody is kept out.
    """

    def __init__(self, counter: RateLimiter | None, rates: Mapping[str, RateLimitItem]) -> None:
        """`counter` None: nothing is limited."""
        self._counter = counter
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._own_until = 0.0  # time.monotonic()
        self._rates = rates

    def hit(self, name: str, *key: str) -> None:
        """Count a try of `key`. Raises ServiceError `too_many` once the rate is used up."""
        rate, key = self._rates[name], _counted(key)
        if not self._ask(lambda counter: counter.hit(rate, name, *key), otherwise=True):
            raise self._refusal(rate, name, *key)

    def check(self, name: str, *key: str) -> None:
        """Raise as `hit` would, without counting: for what only costs when it goes wrong."""
        rate, key = self._rates[name], _counted(key)
        if not self._ask(lambda counter: counter.test(rate, name, *key), otherwise=True):
            raise self._refusal(rate, name, *key)

    def _refusal(self, rate: RateLimitItem, name: str, *key: str) -> ServiceError:
        seconds = self._ask(
            lambda counter: counter.get_window_stats(rate, name, *key).reset_time - time.time(),
            otherwise=0.0,
        )
        return TooMany(max(1, ceil(seconds / 60)))

    def forget(self, name: str, *key: str) -> None:
        """Start counting `key` afresh: it has shown that it is who it claims to be."""
        rate, key = self._rates[name], _counted(key)
        self._ask(lambda counter: counter.clear(rate, name, *key), otherwise=None)

    def start_afresh(self) -> None:
        """Forget what this worker has counted: it goes by the system's clock, which was set back.

        What Redis counts goes by itself.
        """
        for counter in (self._counter, self._own):
            if counter is not None and isinstance(counter.storage, MemoryStorage):
                counter.storage.reset()

    def _ask(self, question: Callable[[RateLimiter], T], otherwise: T) -> T:
        """What the counter says, or this worker's own; `otherwise` where nothing is limited."""
        if self._counter is None:
            return otherwise
        if time.monotonic() < self._own_until:
            return question(self._own)
        try:
            return question(self._counter)
        except self._counter.storage.base_exceptions as error:
            self._own_until = time.monotonic() + RETRY_SECONDS
            log.warning("limits are counted by this worker alone", why=str(error))
            return question(self._own)


def _counted(key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(neighbourhood(part) for part in key)
