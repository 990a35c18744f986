"""How much one connection may ask."""

from __future__ import annotations

from time import monotonic


class TokenBucket:
    """Lets `rate` messages a second through, and `burst` at once after a silence."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, rate: int, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._at = monotonic()

    def take(self) -> bool:
        """Whether one more message may pass now."""
        now = monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
