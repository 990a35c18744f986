"""How a worker has been doing for some hours: a point every so often, kept in memory alone."""

from __future__ import annotations

import os
import resource
import sys
from array import array
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from time import monotonic, process_time
from typing import Final

from app.services.house import House
from app.services.tally import Histogram, quantile

MOST: Final = 720  # points: at one in 30 seconds the last six hours
MEBI: Final = 1024 * 1024
MILLI: Final = 1000
_STATM: Final = Path("/proc/self/statm")

# What a point tells, in this order; seconds and shares are turned into what is read easily.
SERIES: Final = (
    "moves",  # a second
    "move_ms",  # median of the time from a move's being found good to its being told
    "move_ms_99",  # what 99 of 100 did not exceed
    "together",  # moves and what else shared a commit, on the average
    "site",  # connections: the website's
    "raw",  # and those of all other clients
    "requests",  # plain requests, a second
    "messages",  # over WebSockets, a second
    "request_ms",  # a plain request, on the average
    "cpu",  # per cent of one processor
    "memory",  # MiB
    "lag_ms",  # the longest that the loop kept somebody waiting
    "errors",  # logged since the last point
)


@dataclass(frozen=True, slots=True)
class Summary:
    """One of `SERIES` in numbers: None where nothing is known."""

    name: str
    now: float | None
    mean: float | None
    most: float | None


class Pulse:
    """The points of one worker, known `since` a moment; `take` adds one."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.since = house.clock()
        self._points: deque[tuple[int, array[float]]] = deque(maxlen=MOST)
        self._before = self._read()

    def take(self, lag: float = 0.0) -> None:
        """Add a point. `lag`: the longest that the loop came late since the last one, in s."""
        before, now = self._before, self._read()
        self._before = now
        seconds = max(now.at - before.at, 1e-9)
        moves = _since(before.moves, now.moves)
        spent, requests = now.request_seconds - before.request_seconds, now.requests
        asked = requests - before.requests
        commits = now.commits - before.commits
        here = [each.transport for each in list(self._house.connections.values())]
        site = sum(transport == "socket.io" for transport in here)
        values = {
            "moves": sum(moves) / seconds,
            "move_ms": _milli(_quantile(moves, 0.5)),
            "move_ms_99": _milli(_quantile(moves, 0.99)),
            "together": (now.together - before.together) / commits if commits else nan,
            "site": site,
            "raw": len(here) - site,
            "requests": asked / seconds,
            "messages": (now.messages - before.messages) / seconds,
            "request_ms": MILLI * spent / asked if asked else nan,
            "cpu": 100 * (now.cpu - before.cpu) / seconds,
            "memory": resident() / MEBI,
            "lag_ms": MILLI * lag,
            "errors": now.errors - before.errors,
        }
        point = array("d", (values[name] for name in SERIES))
        self._points.append((round(self._house.clock().timestamp()), point))

    def __len__(self) -> int:
        return len(self._points)

    def table(self) -> dict[str, list[float | None]]:
        """The points, the oldest first: `at` (seconds since 1970) and each of `SERIES`."""
        points = list(self._points)
        table: dict[str, list[float | None]] = {"at": [at for at, _ in points]}
        for number, name in enumerate(SERIES):
            table[name] = [_known(point[number]) for _, point in points]
        return table

    def summaries(self) -> list[Summary]:
        """Each of `SERIES` now, on the average, and at its highest."""
        points = [point for _, point in self._points]
        found = []
        for number, name in enumerate(SERIES):
            known = [point[number] for point in points if not isnan(point[number])]
            now = _known(points[-1][number]) if points else None
            mean = _known(sum(known) / len(known)) if known else None
            found.append(Summary(name, now, mean, _known(max(known, default=nan))))
        return found

    def _read(self) -> _Reading:
        tally = self._house.tally
        return _Reading(
            at=monotonic(),
            cpu=process_time(),
            moves=_sums(each.counts for each in list(tally.moves.values())),
            commits=tally.commits.count,
            together=tally.commits.sum,
            requests=sum(tally.requests.values()),
            request_seconds=tally.request_seconds.sum,
            messages=tally.gauges["messages"](),
            errors=tally.logged["ERROR"] + tally.logged["CRITICAL"],
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """Counts as they stood at a moment."""

    at: float
    cpu: float
    moves: list[int]
    commits: int
    together: float
    requests: int
    request_seconds: float
    messages: float
    errors: int


def resident() -> int:
    """The bytes of memory that this process holds; where nobody tells, the most it ever did."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def _sums(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)] or [0] * len(Histogram().counts)


def _since(before: Sequence[int], now: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in zip(before, now, strict=True)]


def _quantile(counts: Sequence[int], share: float) -> float | None:
    return quantile(Histogram().bounds, counts, share)


def _milli(seconds: float | None) -> float:
    return nan if seconds is None else MILLI * seconds


def _known(value: float) -> float | None:
    """A number as it is shown and sent: three digits that count, None for none."""
    return None if isnan(value) else float(f"{value:.3g}") if value < MILLI else round(value)
