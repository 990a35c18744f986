"""What is in hand, so that a worker can stop between requests and not within one."""

from __future__ import annotations

from _thread import RLock  # green threads leave it as it is: what they put in its place is slow


class Gate:
    """Counts the requests and messages being dealt with. Closed, it lets no more in."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._in_hand = 0
        self.entered = 0  # how many have been let in since the worker started
        self._closed = False

    @property
    def in_hand(self) -> int:
        """How many have entered and not left."""
        return self._in_hand

    @property
    def closed(self) -> bool:
        """Whether the worker is about to stop."""
        return self._closed

    def enter(self) -> bool:
        """Whether one more may be dealt with; then `leave` is owed."""
        with self._lock:
            if self._closed:
                return False
            self._in_hand += 1
            self.entered += 1
            return True

    def leave(self) -> None:
        """One has been dealt with."""
        with self._lock:
            self._in_hand -= 1

    def close(self) -> None:
        """Let nobody in any more."""
        with self._lock:
            self._closed = True
