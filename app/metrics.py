"""Prometheus' metrics of a worker, on a port of their own; off unless `METRICS_PORT` is set.

Nothing is measured here: what the house counts anyway (`app.services.tally`) and how much of
everything there is right now is read when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from app.services.house import House
from app.services.tally import Histogram

log = structlog.get_logger(__name__)


class HouseCollector(Collector):
    """What one worker has counted, and what there is in it now."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterable[Metric]:
        """Every family of metrics, as of now."""
        yield from self._work()
        yield from self._requests()
        yield from self._presence()
        yield from self._upkeep()

    def _work(self) -> Iterator[Metric]:
        tally = self._house.tally
        moves = {game: each.count for game, each in list(tally.moves.items())}
        yield _counter("parlour_moves", "Moves saved and told", "game", moves)
        yield _histogram(
            "parlour_move_seconds",
            "From a move's being found good to its being told, with its commit",
            "game",
            tally.moves,
        )
        yield CounterMetricFamily(
            "parlour_group_commits", "Commits that moves share", tally.commits.count
        )
        yield _histogram(
            "parlour_group_commit_size", "Units of work that shared a commit", "", tally.commits
        )
        yield _histogram(
            "parlour_group_commit_seconds",
            "How long such a transaction took",
            "",
            tally.commit_seconds,
        )
        yield _histogram(
            "parlour_thinking_seconds", "How long the computer took", "game", tally.thoughts
        )

    def _requests(self) -> Iterator[Metric]:
        tally = self._house.tally
        requests = CounterMetricFamily(
            "parlour_http_requests", "Requests answered", labels=("route", "status")
        )
        for labels, count in list(tally.requests.items()):
            requests.add_metric(labels, count)
        yield requests
        yield _histogram(
            "parlour_http_request_seconds", "How long the answer took", "", tally.request_seconds
        )
        yield _counter(
            "parlour_http_route_seconds", "Seconds spent on answers", "route", tally.route_seconds
        )
        messages = tally.gauges["messages"]()
        yield CounterMetricFamily("parlour_messages", "Messages of WebSocket clients", messages)

    def _presence(self) -> Iterator[Metric]:
        house = self._house
        here = Counter(each.transport for each in list(house.connections.values()))
        yield _gauge("parlour_connections", "Connections signed in", "transport", here)
        yield GaugeMetricFamily("parlour_watchers", "Places from which a match is watched",
                                len(house.watchers))  # fmt: skip
        now = {name: ask() for name, ask in house.tally.gauges.items() if name != "messages"}
        queues = now | {"timers": len(house.timers), "thinking": house.tally.thinking}
        yield _gauge("parlour_open", "What is in hand, open or waiting", "what", queues)

    def _upkeep(self) -> Iterator[Metric]:
        tally = self._house.tally
        yield _histogram(
            "parlour_housekeeping_seconds", "How long housekeeping took", "", tally.housekeeping
        )
        yield _counter("parlour_housekeeping", "What housekeeping has done", "part", tally.kept)
        yield _counter(
            "parlour_log_records", "Warnings logged and what is worse", "level", tally.logged
        )


def serve(house: House) -> WSGIServer | None:
    """Give the metrics on `METRICS_HOST` and `METRICS_PORT`; None where that cannot be.

    A house that cannot tell how it is goes on all the same.
    """
    config = house.config
    registry = CollectorRegistry()
    registry.register(HouseCollector(house))
    for standard in (ProcessCollector, PlatformCollector, GCCollector):
        standard(registry=registry)
    try:
        server, _thread = start_http_server(config.METRICS_PORT, config.METRICS_HOST, registry)
    except OSError as error:
        log.error("no metrics", host=config.METRICS_HOST, port=config.METRICS_PORT, why=str(error))
        return None
    log.info("metrics", host=config.METRICS_HOST, port=config.METRICS_PORT)
    return server


def _counter(name: str, about: str, label: str, counts: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, about, labels=(label,))
    for value, count in list(counts.items()):
        family.add_metric((value,), count)
    return family


def _gauge(name: str, about: str, label: str, now: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=(label,))
    for value, count in now.items():
        family.add_metric((value,), count)
    return family


def _histogram(
    name: str, about: str, label: str, of: Histogram | Mapping[str, Histogram]
) -> Metric:
    """A family of histograms by `label`, or of the one there is."""
    family = HistogramMetricFamily(name, about, labels=(label,) if label else ())
    rows = [("", of)] if isinstance(of, Histogram) else list(of.items())
    for value, each in rows:
        bounds = [*map(str, each.bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(each.counts), strict=True))
        family.add_metric((value,) if label else (), buckets, each.sum)
    return family
