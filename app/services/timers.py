"""What is to happen in this worker at a given moment: a clock runs out, a grace period ends.

A convenience, never the truth: a worker that is killed forgets its timers, and housekeeping
finds what is due in the database.
"""

from __future__ import annotations

import heapq
from _thread import RLock  # as in records
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from itertools import count

Action = Callable[[], object]


class Timers:
    """Actions by key; one a key, the latest. `take_due` has what is due, in its order."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._order = count()
        self._heap: list[tuple[datetime, int, Hashable]] = []
        self._actions: dict[Hashable, tuple[int, Action]] = {}
        self.wake: Callable[[], None] = lambda: None  # called when the next moment may be sooner

    def __len__(self) -> int:
        return len(self._heap)

    def __contains__(self, key: Hashable) -> bool:
        """Whether there is something to do under `key`."""
        return key in self._actions

    def at(self, key: Hashable, when: datetime, action: Action) -> None:
        """Do `action` at `when`, instead of what was to be done under `key`, if anything."""
        with self._lock:
            number = next(self._order)
            self._actions[key] = number, action
            heapq.heappush(self._heap, (when, number, key))
            first = self._heap[0][1] == number
            if len(self._heap) > 2 * len(self._actions) + 64:
                self._heap = [entry for entry in self._heap if self._is_live(entry)]
                heapq.heapify(self._heap)
        if first:
            self.wake()

    def set_once(self, key: Hashable, when: datetime, action: Action) -> bool:
        """As `at`, but what is to be done under `key` already stays as it is; then False."""
        if key in self._actions:
            return False
        self.at(key, when, action)
        return True

    def cancel(self, key: Hashable) -> None:
        """Forget what was to be done under `key`."""
        if key in self._actions:
            with self._lock:
                self._actions.pop(key, None)

    def next_moment(self) -> datetime | None:
        """When there is something to do, or None: nothing is."""
        with self._lock:
            while self._heap and not self._is_live(self._heap[0]):
                heapq.heappop(self._heap)
            return self._heap[0][0] if self._heap else None

    def take_due(self, now: datetime) -> list[Action]:
        """The actions that are due, taken out."""
        due = []
        with self._lock:
            while self._heap and self._heap[0][0] <= now:
                entry = heapq.heappop(self._heap)
                if self._is_live(entry):
                    due.append(self._actions.pop(entry[2])[1])
        return due

    def shift(self, by: timedelta) -> None:
        """Do everything by so much later, or sooner: the house's clock has leapt by as much."""
        with self._lock:
            self._heap = [(when + by, number, key) for when, number, key in self._heap]
        self.wake()

    def _is_live(self, entry: tuple[datetime, int, Hashable]) -> bool:
        action = self._actions.get(entry[2])
        return action is not None and action[0] == entry[1]
