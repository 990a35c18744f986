"""A worker that starts while the database does not go along: what it does first, it does later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app import server
from app.services import matches
from app.services.house import House
from app.services.timers import Timers
from tests.services.conftest import Clock


def test_its_timers_go_all_the_same_and_what_came_first_is_done_by_and_by(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, done = Clock(), list[str]()
    house = replace(house, clock=clock, timers=Timers())

    def first(_: House) -> None:
        done.append("tried")
        if done.count("tried") == 1:
            raise OperationalError("SELECT", {}, Exception("the server is gone"))

    monkeypatch.setattr(matches, "set_timers", first)
    server.begin(house)
    house.timers.at("another", clock.now, lambda: done.append("another"))
    server.do_due(house)
    assert done == ["tried", "another"]
    server.do_due(house)
    assert done == ["tried", "another"], "at its own pace"
    clock.now += server.AGAIN
    server.do_due(house)
    assert done == ["tried", "another", "tried"]
    clock.now += timedelta(hours=1)
    server.do_due(house)
    assert done == ["tried", "another", "tried"], "once it is done, it is"
