"""Who is here, as a worker remembers it, so that no look at the lobby has to sort everybody.

What is remembered are the connections of all workers and the names of those whose they are. Before
each look the table of connections is asked how many there are, and what their numbers add up to:
where that is what is remembered, nothing has changed. What has come since is read by itself; only
where something has gone are all numbers read again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, bindparam, func, select

from app.store import Presence, User

if TYPE_CHECKING:
    from app.services.house import House

AGAIN: Final = timedelta(minutes=1)  # after so long all is read anew: somebody may be renamed

_STATE: Final = select(func.count(), func.coalesce(func.sum(Presence.id), 0)).select_from(Presence)
_NUMBERS: Final = select(Presence.id)
_COME: Final = (
    select(Presence.id, Presence.user_id, User.name)
    .join(User, User.id == Presence.user_id)
    .where(Presence.id > bindparam("last"))
)


class Attendance:
    """Who is here, on whatever worker; looked at by one at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read_at: datetime | None = None
        self._clear()

    def look(self, house: House, limit: int) -> tuple[list[int], int]:
        """The users who are here, the first `limit` by name; and how many there are in all."""
        with self._lock, house.store.snapshot() as connection:
            now = house.clock()
            if self._read_at is None or not timedelta(0) <= now - self._read_at < AGAIN:
                self._clear()
                self._read_at = now
            self._take_in(connection)
            return [user_id for _, user_id in self._sorted[:limit]], len(self._links)

    def _clear(self) -> None:
        self._last = 0  # the highest number of a connection so far
        self._sum = 0  # of the numbers of all connections
        self._connections: dict[int, int] = {}  # by number: the user
        self._links: Counter[int] = Counter()  # by user: how many connections
        self._names: dict[int, str] = {}  # by user, as they were called when they came
        self._sorted: list[tuple[str, int]] = []  # those names, each with its user

    def _take_in(self, connection: Connection) -> None:
        """Bring what is remembered to the moment that `connection` sees."""
        row = connection.execute(_STATE).one()
        state = row[0], int(row[1])
        if not self._agrees(state):
            self._read(connection)
        if not self._agrees(state):
            for number in self._connections.keys() - set(connection.scalars(_NUMBERS)):
                self._remove(number)
        if not self._agrees(state):  # an old number has come (back)
            self._clear()
            self._read(connection)

    def _agrees(self, state: tuple[int, int]) -> bool:
        return state == (len(self._connections), self._sum)

    def _read(self, connection: Connection) -> None:
        """Take in those connections whose numbers are higher than any so far."""
        for number, user_id, name in connection.execute(_COME, {"last": self._last}):
            self._last = max(self._last, number)
            self._sum += number
            self._connections[number] = user_id
            self._links[user_id] += 1
            if user_id not in self._names:
                self._names[user_id] = name
                insort(self._sorted, (name, user_id))

    def _remove(self, number: int) -> None:
        user_id = self._connections.pop(number)
        self._sum -= number
        self._links[user_id] -= 1
        if not self._links[user_id]:
            del self._links[user_id]
            name = self._names.pop(user_id)
            del self._sorted[bisect_left(self._sorted, (name, user_id))]
