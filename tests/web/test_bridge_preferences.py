"""What a bridge player sets: where they set it, and where others read it."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.services.bridge import preferences
from app.services.house import House
from tests.web.conftest import Visitor

Make = Callable[[str], Visitor]


def test_a_system_is_kept_and_read_by_others(account: Make, house: House) -> None:
    ann = account("ann")
    told = " 5 card majors\r\n<b>weak</b> no trump \r\n\r\n"
    saved = ann.post("/settings/bridge", system=told, singles="y")
    assert saved.status_code == 302
    assert "5 card majors\n&lt;b&gt;weak&lt;/b&gt; no trump" in ann.text("/settings")
    assert "5 card majors\n&lt;b&gt;weak&lt;/b&gt; no trump</p>" in account("bob").text(
        "/player/ann?game=bridge"
    )
    assert "5 card majors" not in account("cleo").text("/player/ann?game=uttt")


def test_singles_are_played_as_one_says(account: Make, house: House) -> None:
    ann = account("ann")
    user_id = ann.caller(house).user_id
    assert not preferences.of(house, user_id).singles
    ann.post("/settings/bridge", system="", singles="y")
    assert preferences.of(house, user_id).singles
    assert re.search(r'<input[^>]* checked[^>]* name="singles"', ann.text("/settings"))
    ann.post("/settings/bridge", system="")
    assert not preferences.of(house, user_id).singles


def test_a_system_that_is_a_book_is_refused_beside_the_field(account: Make, house: House) -> None:
    ann = account("ann")
    refused = ann.post("/settings/bridge", system="x" * 2001)
    assert refused.status_code == 422
    assert "At most 2000 characters." in refused.text
    assert preferences.of(house, ann.caller(house).user_id).system == ""
