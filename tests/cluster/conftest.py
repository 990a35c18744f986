"""Tests of several workers, of what joins them and of what they share: `make test-cluster`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import cluster
from tests.support.cluster import Cluster

collect_ignore_glob = [] if cluster.ENABLED else ["test_*.py"]


@pytest.fixture
def make_cluster(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """A cluster of the test's own, with settings: `make_cluster(PING_INTERVAL="1")`."""
    made: list[Cluster] = []

    def make(**settings: str) -> Cluster:
        house = Cluster(tmp_path / f"instance-{len(made)}", settings)
        made.append(house)
        house.start()
        return house

    yield make
    for house in made:
        house.close()
        cluster.forget_database(house.instance)
