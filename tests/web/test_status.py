"""The admins' status page without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.services import moderation, presence
from app.services.audit import HOST
from app.services.house import House
from app.services.pulse import SERIES
from app.web.admin import status
from tests.web.conftest import Visitor

Make = Callable[[str], Visitor]


@pytest.fixture
def boss(account: Make, house: House) -> Visitor:
    """An admin's browser."""
    person = account("boss")
    moderation.make_admin(house, HOST, "boss")
    return person


def table(page: str) -> dict[str, list[str]]:
    """The cells of each row of the table, by its name."""
    rows = re.findall(r'<tr><th scope="row" data-series="(\w+)">[^<]+</th>(.*?)</tr>', page)
    return {name: re.findall(r"<td[^>]*>([^<]*)</td>", cells) for name, cells in rows}


def test_every_series_has_a_name_and_is_in_one_plot() -> None:
    assert tuple(status.NAMES) == SERIES
    drawn = [name for names, _ in status.PLOTS for name in names]
    assert sorted(drawn) == sorted(SERIES)


def test_before_the_first_point_it_says_when_that_comes(boss: Visitor) -> None:
    page = boss.text("/admin/status")
    assert "The first figures come within 30 seconds." in page
    assert table(page) == {}
    assert "data-plot" not in page


def test_points_are_there_in_numbers_and_for_the_plots(
    app: Flask, boss: Visitor, house: House
) -> None:
    presence.arrive(house)
    house.tally.moved("uttt", 0.004)
    app.extensions["pulse"].take(lag=1.5)
    app.extensions["pulse"].take(lag=0.5)
    page = boss.text("/admin/status")
    rows = table(page)
    assert tuple(rows) == SERIES
    assert rows["lag_ms"] == ["500", "1,000", "1,500"]
    assert rows["move_ms"][0] == "–"
    assert rows["move_ms"][1] == rows["move_ms"][2] != "–"
    found = re.search(r'<script type="application/json" id="status-points">(.*?)</script>', page)
    assert found is not None
    points = json.loads(found[1])
    assert points["lag_ms"] == [1500, 500]
    assert points["move_ms"][1] is None
    assert len(points["at"]) == 2
    assert re.search(r"<code>[^<]* 127.0.0.1:5000</code><span[^>]*>this one", page)


def test_numbers_are_written_as_in_the_page_s_language(app: Flask, boss: Visitor) -> None:
    app.extensions["pulse"].take(lag=1.2345)
    headers = {"Accept-Language": "de"}
    assert table(boss.get("/admin/status", headers=headers).text)["lag_ms"][0] == "1.234"
