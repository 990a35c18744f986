"""Limits on what costs, counted by the `limits` library; Redis, where there is one, shares them."""

from __future__ import annotations

from limits import parse
from limits.strategies import RateLimiter

from app.services.errors import ServiceError


class Limits:
    """Counts tries. `rates` maps a limit's name to its rate, such as "10 per minute"."""

    def __init__(self, counter: RateLimiter | None, rates: dict[str, str]) -> None:
        """`counter` None: nothing is limited."""
        self._counter = counter
        self._rates = {name: parse(rate) for name, rate in rates.items()}

    def hit(self, name: str, key: str) -> None:
        """Count a try of `key`. Raises ServiceError `too_many` once the rate is used up."""
        if self._counter is not None and not self._counter.hit(self._rates[name], name, key):
            raise ServiceError("too_many", "Too many tries. Wait a minute, then try again.")

    def forget(self, name: str, key: str) -> None:
        """Start counting `key` afresh: it has shown that it is who it claims to be."""
        if self._counter is not None:
            self._counter.clear(self._rates[name], name, key)
