"""What Prometheus is told of a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app.metrics import HouseCollector
from app.services.house import Connected, House


@pytest.fixture
def registry(house: House) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(HouseCollector(house))
    return registry


def samples(registry: CollectorRegistry) -> Iterator[tuple[str, dict[str, str], float]]:
    """What is read by whoever reads the format."""
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def test_what_is_counted_is_told(registry: CollectorRegistry, house: House) -> None:
    counts = house.tally
    for seconds in (0.0015, 0.004, 99.0):
        counts.moved("uttt", seconds)
    counts.committed(3, 0.002)
    counts.thought("bridge", 0.7)
    counts.kept_house(0.01, {"seeks_dropped": 2})
    counts.logged["ERROR"] += 1
    house.connections[1] = Connected(1, 1, "socket.io", house.clock())
    value = registry.get_sample_value
    assert value("parlour_moves_total", {"game": "uttt"}) == 3
    buckets = {"0.001": 0, "0.002": 1, "0.005": 2, "10.0": 2, "+Inf": 3}
    for bound, count in buckets.items():
        assert value("parlour_move_seconds_bucket", {"game": "uttt", "le": bound}) == count
    assert value("parlour_move_seconds_count", {"game": "uttt"}) == 3
    assert value("parlour_move_seconds_sum", {"game": "uttt"}) == pytest.approx(99.0055)
    assert value("parlour_group_commits_total") == 1
    assert value("parlour_group_commit_size_sum") == 3
    assert value("parlour_thinking_seconds_count", {"game": "bridge"}) == 1
    assert value("parlour_housekeeping_total", {"part": "seeks_dropped"}) == 2
    assert value("parlour_log_records_total", {"level": "ERROR"}) == 1
    assert value("parlour_connections", {"transport": "socket.io"}) == 1


def test_requests_are_told_by_route_and_never_by_address(
    registry: CollectorRegistry, app: Flask, client: FlaskClient
) -> None:
    for path in ("/rules/uttt", "/match/0123456789abcdef", "/api/nonsense", "/no/such/place"):
        client.get(path).close()
    client.get("/api/lobby?token=XYZ").close()
    routes = {
        (labels["route"], labels["status"]): value
        for name, labels, value in samples(registry)
        if name == "parlour_http_requests_total"
    }
    assert routes == {
        ("rules.uttt", "200"): 1,
        ("play.match", "404"): 1,
        ("api", "404"): 1,
        ("none", "404"): 1,
        ("api.lobby", "401"): 1,
    }
    in_hand = registry.get_sample_value("parlour_open", {"what": "in_hand"})
    assert in_hand == 0, "each request has been left"
    assert registry.get_sample_value("parlour_messages_total") == 0, "none of them is a message"


def test_what_is_told_can_be_read(registry: CollectorRegistry) -> None:
    names = {name for name, _, _ in samples(registry)}
    assert "parlour_group_commit_seconds_bucket" in names
    assert all(name.startswith("parlour_") for name in names)
