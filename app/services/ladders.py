"""The rankings as a worker remembers them, so that nobody's rank takes counting all others.

A ladder, of people or of bots in one game, is read once: how many stand at each rating, and who
stands at the top. From then on it follows the log of rating changes, which every worker writes to
in the transaction that changes a rating: whoever looks first takes in what has been committed
since. So a player is told their rank as it is, whichever worker has saved the results of others.

What is not in that log is taken in otherwise: new accounts by their numbers, and whoever has come
or gone in any other way when somebody says so (`Ladders.forget`) or, at the latest, when the ladder
is read anew, as it is from time to time.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from app.store import ratings as stored
from app.store.ratings import Changed, Standing

if TYPE_CHECKING:
    from app.services.house import House

TOP: Final = 100  # how many of the best are told
KEPT: Final = 2 * TOP  # how many are remembered, so that one may fall without a look for the next
AGAIN: Final = timedelta(minutes=1)  # after so long a ladder is read anew
LATE: Final = timedelta(seconds=10)  # numbers that were left out are waited for so long
MOST_LATE: Final = 500  # numbers left out; with more the ladders are read anew

CHANGED: Final = "ladders"  # the order given when somebody has come or gone


class Ladder:
    """One ranking: how many stand at each rating, and the best `KEPT` of them in their order."""

    def __init__(self, counts: dict[int, int], read_at: datetime) -> None:
        self.read_at = read_at
        self.whole = True  # what is remembered agrees with what has been heard since
        self._counts = Counter(counts)
        self._best: list[tuple[int, int, str]] = []  # minus the rating, the user's number, the name
        self._all = False  # nobody stands below those in `_best`

    @property
    def total(self) -> int:
        """How many stand on it."""
        return self._counts.total()

    @property
    def short(self) -> bool:
        """Whether those at the top are to be read (again)."""
        return len(self._best) < TOP and not self._all

    def rank(self, value: int) -> int:
        """1 + how many are rated higher than that."""
        return 1 + sum(count for rating, count in self._counts.items() if rating > value)

    def at(self, place: int) -> tuple[int, int]:
        """The rating of whoever stands at a place, counted from 0, and how many stand higher."""
        higher = 0
        for value in sorted(self._counts, reverse=True):
            if place < higher + self._counts[value]:
                return value, higher
            higher += self._counts[value]
        return 0, higher

    def best(self) -> tuple[list[str], list[int]]:
        """The names and the ratings of the first `TOP`."""
        best = self._best[:TOP]
        return [name for _, _, name in best], [-value for value, _, _ in best]

    def set_best(self, best: Sequence[Standing]) -> None:
        """Those at the top, as they have just been read: the first `KEPT`, or all."""
        self._best = [(-each.value, each.user_id, each.name) for each in best]
        self._all = len(best) < KEPT

    def add(self, who: Standing) -> None:
        """Somebody is new."""
        self._counts[who.value] += 1
        self._put(who)

    def move(self, who: Standing, before: int) -> None:
        """Somebody who was rated `before` is rated otherwise now."""
        if self._counts[before] <= 0:
            self.whole = False
            return
        self._counts[before] -= 1
        if not self._counts[before]:
            del self._counts[before]
        self._counts[who.value] += 1
        self._best = [entry for entry in self._best if entry[1] != who.user_id]
        self._put(who)

    def _put(self, who: Standing) -> None:
        entry = -who.value, who.user_id, who.name
        if not self._all and (not self._best or entry > self._best[-1]):
            return
        insort(self._best, entry)
        if len(self._best) > KEPT:
            self._best.pop()
            self._all = False


@dataclass(frozen=True, slots=True)
class Look:
    """The ladders at one moment; `connection` sees the same one.

    `of(game, automatic)` is the ladder of a game: of people, or (True) of bots.
    """

    connection: Connection
    of: Callable[[str, bool], Ladder]


class Ladders:
    """All ladders that this worker remembers; looked at by one at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ladders: dict[tuple[str, bool], Ladder] = {}
        self._last = 0  # the last rating change that has been taken in
        self._newest = 0  # the account with the highest number that has been
        self._late: dict[int, datetime] = {}  # changes that may come yet, and when they were missed

    @contextmanager
    def look(self, house: House) -> Iterator[Look]:
        """The ladders as they stand now, all at one moment. For as long as nobody else looks."""
        with self._lock, house.store.snapshot() as connection:
            now = house.clock()
            self._take_in(connection, now)
            yield Look(connection, lambda game, kind: self._of(connection, game, kind, now))

    def forget(self) -> None:
        """Somebody has come or gone other than by a new account: look at everybody again."""
        with self._lock:
            self._ladders.clear()

    def _of(self, connection: Connection, game: str, automatic: bool, now: datetime) -> Ladder:
        ladder = self._ladders.get((game, automatic))
        if ladder is None:
            ladder = Ladder(stored.counts(connection, game, automatic=automatic), now)
            self._ladders[game, automatic] = ladder
        if ladder.short:
            ladder.set_best(stored.best(connection, game, KEPT, automatic=automatic))
        return ladder

    def _take_in(self, connection: Connection, now: datetime) -> None:
        """Bring the ladders to this moment: those that are too old are forgotten."""
        self._ladders = {
            key: ladder
            for key, ladder in self._ladders.items()
            if ladder.whole and timedelta(0) <= now - ladder.read_at < AGAIN
        }
        if not self._ladders:
            self._last, self._newest = stored.last_change(connection), stored.newest(connection)
            self._late.clear()
            return
        changes = stored.changes(connection, self._last, list(self._late))
        new = stored.newer(connection, self._newest)
        for entry in new:
            self._newest = max(self._newest, entry.who.user_id)
            self._each(entry, lambda ladder, entry: ladder.add(entry.who))
        come = {(entry.who.user_id, entry.game) for entry in new}  # as they stand by now
        for change in changes:
            if (change.who.user_id, change.game) not in come:
                self._each(change, lambda ladder, each: ladder.move(each.who, each.before))
        self._note_late([change.id for change in changes], now)

    def _each(self, change: Changed, action: Callable[[Ladder, Changed], None]) -> None:
        ladder = self._ladders.get((change.game, change.automatic))
        if ladder is not None:
            action(ladder, change)

    def _note_late(self, ids: Sequence[int], now: datetime) -> None:
        """Remember the numbers that were left out: on PostgreSQL a transaction may still hold one.

        Numbers of those that came to nothing never come.
        """
        for id in ids:
            self._late.pop(id, None)
        last = max(ids, default=self._last)
        if last - self._last - len(ids) > MOST_LATE:
            self._ladders.clear()
            return
        missed = set(range(self._last + 1, last)).difference(ids)
        self._late = {id: at for id, at in self._late.items() if abs(now - at) < LATE}
        self._late |= dict.fromkeys(missed, now)
        self._last = max(self._last, last)


def renew(house: House) -> None:
    """Have every worker read its ladders anew. Call it once what has changed is committed."""
    house.ladders.forget()
    house.publish.control(CHANGED, {})
