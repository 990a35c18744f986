"""What a worker has done since it started, counted where it is done.

Plain numbers, cheap enough for the path of every move; `app.metrics` and the admins' status page
read them. Nothing here locks: an addition that a thread switch swallows is a statistic that is one
short, and the engine's own threads switch elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final

# Seconds, and how many shared a commit: upper bounds of what is counted together.
SECONDS: Final = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0,
)  # fmt: skip
SIZES: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


class Histogram:
    """How many values were at most each of `bounds`, or above the last; and their sum."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)


def quantile(bounds: Sequence[float], counts: Sequence[int], share: float) -> float | None:
    """The value that `share` (0 to 1) of those counted do not exceed; None where there are none.

    Values are taken to lie evenly between their bounds, as Prometheus' `histogram_quantile` does;
    of those above the last bound no more is known than that.

    >>> quantile((1.0, 2.0), [5, 5, 0], 0.5), quantile((1.0, 2.0), [5, 5, 0], 0.9)
    (1.0, 1.8)
    >>> quantile((1.0, 2.0), [0, 0, 3], 0.5)
    2.0
    """
    rank = share * sum(counts)
    below, seen = 0.0, 0
    for bound, count in zip(bounds, counts, strict=False):
        if count and seen + count >= rank:
            return below + (bound - below) * max(0.0, rank - seen) / count
        below, seen = bound, seen + count
    return below if sum(counts) else None


class Tally:
    """The counts of one worker. `gauges` are asked how much of something there is right now."""

    def __init__(self) -> None:
        self.moves: defaultdict[str, Histogram] = defaultdict(Histogram)  # by game
        self.commits = Histogram(SIZES)  # what shared a transaction
        self.commit_seconds = Histogram()
        self.requests: Counter[tuple[str, str]] = Counter()  # by route and status
        self.request_seconds = Histogram()
        self.route_seconds: defaultdict[str, float] = defaultdict(float)  # in all, by route
        self.thoughts: defaultdict[str, Histogram] = defaultdict(Histogram)  # by game
        self.thinking = 0  # moves of the computer that are being thought about
        self.housekeeping = Histogram()
        self.kept: Counter[str] = Counter()  # what housekeeping has done, by part
        self.logged: Counter[str] = Counter()  # warnings and worse, by level
        self.gauges: dict[str, Callable[[], float]] = {}

    def moved(self, game: str, seconds: float) -> None:
        """A move was saved and told, so long after it was found to be good."""
        self.moves[game].add(seconds)

    def committed(self, size: int, seconds: float) -> None:
        """So many units of work were committed together; the transaction took so long."""
        self.commits.add(size)
        self.commit_seconds.add(seconds)

    def answered(self, route: str, status: str, seconds: float) -> None:
        """A plain request was answered. `route`: of a known, small set."""
        self.requests[route, status] += 1
        self.request_seconds.add(seconds)
        self.route_seconds[route] += seconds

    def thought(self, game: str, seconds: float) -> None:
        """The computer has found a move."""
        self.thoughts[game].add(seconds)

    def kept_house(self, seconds: float, done: dict[str, int]) -> None:
        """Housekeeping was done; `done`: how much of each part."""
        self.housekeeping.add(seconds)
        self.kept.update(done)
