"""What a worker counts, and the points it keeps of how it has been doing."""

from __future__ import annotations

import doctest
from collections.abc import Callable

import pytest

from app.services import lobby, pulse, tally
from app.services.house import House
from app.services.pulse import MOST, SERIES, Pulse
from app.services.sessions import Caller
from app.services.tally import SECONDS, Histogram, quantile
from tests.services.conftest import SHORT_WIN, Clock, play_out


@pytest.fixture
def points(house: House) -> Pulse:
    return Pulse(house)


def now(points: Pulse) -> dict[str, float | None]:
    return {row.name: row.now for row in points.summaries()}


def test_the_examples_hold():
    assert doctest.testmod(tally).failed == 0


def test_a_value_is_counted_with_those_up_to_the_next_bound():
    found = Histogram((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 7.0):
        found.add(value)
    assert found.counts == [2, 2, 1]
    assert found.count == 5
    assert found.sum == 12.0


@pytest.mark.parametrize("share", [0.01, 0.5, 0.9, 0.99, 1.0])
def test_a_quantile_lies_within_the_bounds_of_the_value_it_stands_for(share):
    values = sorted((number**2 % 97) / 100 for number in range(1, 400))
    found = Histogram()
    for value in values:
        found.add(value)
    exact = values[max(0, round(share * len(values)) - 1)]
    upper = next(bound for bound in SECONDS if bound >= exact)
    lower = max([bound for bound in SECONDS if bound < exact], default=0.0)
    told = quantile(found.bounds, found.counts, share)
    assert told is not None
    assert lower <= told <= upper


def test_of_nothing_there_is_no_quantile():
    assert quantile(SECONDS, Histogram().counts, 0.5) is None


def test_a_point_tells_what_has_happened_since_the_last_one(
    house: House, points: Pulse, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pulse, "monotonic", lambda: points._before.at + 10)
    counts = house.tally
    for _ in range(50):
        counts.moved("uttt", 0.004)
    counts.moved("scopa", 0.4)
    counts.committed(4, 0.002)
    counts.committed(2, 0.002)
    counts.answered("lobby.index", "200", 0.03)
    counts.answered("static", "404", 0.01)
    counts.logged.update(("WARNING", "ERROR"))
    points.take(lag=0.25)
    told = now(points)
    assert told["moves"] == 5.1
    assert 2 < told["move_ms"] < 5
    assert 200 < told["move_ms_99"] <= 500
    assert (told["together"], told["requests"], told["request_ms"]) == (3, 0.2, 20)
    assert (told["lag_ms"], told["errors"]) == (250, 1)
    assert told["memory"] > 20
    points.take()
    told = now(points)
    assert (told["moves"], told["requests"], told["errors"]) == (0, 0, 0)
    assert told["move_ms"] is None
    assert told["together"] is None
    highest = {row.name: row.most for row in points.summaries()}
    assert (highest["moves"], highest["errors"]) == (5.1, 1)


def test_each_move_and_each_commit_is_counted(house: House, account: Callable[[str], Caller]):
    anna, bert = account("anna"), account("bert")
    match = lobby.invite(house, anna, "bert")
    counts, before = house.tally, house.tally.commits.sum
    play_out(house, match.id, anna, bert)
    assert counts.moves["uttt"].count == len(SHORT_WIN)
    assert counts.commits.sum - before >= len(SHORT_WIN)
    assert counts.commit_seconds.count == counts.commits.count > 0


def test_only_the_last_points_are_kept(points: Pulse, clock: Clock):
    for _ in range(MOST + 5):
        points.take()
        clock.turn(seconds=30)
    table = points.table()
    assert len(points) == MOST
    assert {name: len(row) for name, row in table.items()} == dict.fromkeys(("at", *SERIES), MOST)
    assert table["at"] == sorted(table["at"])
    assert table["at"][-1] - table["at"][0] == (MOST - 1) * 30
