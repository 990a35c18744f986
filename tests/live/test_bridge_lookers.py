"""Who looks on at a bridge table, as the workers of a house tell each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.games.api import Json
from app.live import commands
from app.live.commands import bridge
from app.live.orders import Orders
from app.services.bridge import news, rows, tables
from app.services.bridge.news import LOOKS
from app.services.house import House
from app.services.sessions import Caller
from app.services.timers import Timers
from tests.live.test_links import Connection, guest


@dataclass
class Workers:
    """What brings each worker's orders to all of them, and nothing else to anybody."""

    orders: list[Orders] = field(default_factory=list)
    given: list[tuple[str, Json]] = field(default_factory=list)

    def control(self, order: str, data: Json) -> None:
        self.given.append((order, dict(data)))
        for each in self.orders:
            each.obey(order, data)

    def __getattr__(self, name: str) -> Any:
        return lambda *said, **more: None


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def workers(house: House) -> list[House]:
    """Two workers of one house."""
    between, clock = Workers(), Clock(house.clock())
    made = []
    for _ in range(2):
        own: dict[str, Any] = {"lookers": Counter(), "timers": Timers()}
        worker = replace(house, publish=between, clock=clock, **own)
        between.orders.append(Orders())
        bridge.obey(between.orders[-1], worker)
        made.append(worker)
    return made


def later(workers: list[House], seconds: float) -> None:
    """Time goes by, second after second, for all workers."""
    clock = workers[0].clock
    assert isinstance(clock, Clock)
    for _ in range(round(seconds)):
        clock.now += timedelta(seconds=1)
        for worker in workers:
            for action in worker.timers.take_due(clock.now):
                action()


def watch(house: House, caller: Caller, table_id: str) -> Connection:
    link = Connection(caller)
    assert commands.handle(house, link, "table.watch", {"tid": table_id}).error is None
    return link


SOON = (bridge.AWAY + bridge.ANSWER).total_seconds()


@pytest.mark.parametrize("first_closes", [True, False])
def test_who_is_back_at_another_worker_looks_on_as_before(
    workers: list[House], first_closes: bool
) -> None:
    one, other = workers
    table_id = tables.open(one, guest(one, "ann")).id
    kim = guest(one, "kim")
    link = watch(one, kim, table_id)
    close: Callable[[], object] = lambda: commands.leave(one, link)  # noqa: E731
    if first_closes:
        close()
    again = watch(other, kim, table_id)
    if not first_closes:  # a connection that is lost is known to be only after a while
        close()
    later(workers, 2 * SOON)
    assert tables.row(one, table_id).is_looker(kim.user_id)
    commands.leave(other, again)
    later(workers, SOON - 1)
    assert tables.row(one, table_id).is_looker(kim.user_id)
    later(workers, 1)
    assert not tables.row(one, table_id).is_looker(kim.user_id)


def test_the_last_order_is_how_somebody_looks_on(
    workers: list[House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told late by one worker does not undo what another has told since."""
    one, other = workers
    ann = guest(one, "ann")
    table_id = tables.open(one, ann, kibitz=True).id
    kim = guest(one, "kim")

    def look(house: House, table: str) -> rows.TableRow | None:
        """Before the first worker tells what it has done, the table has it otherwise."""
        monkeypatch.setattr(news, "look", rows.look)
        tables.settings(other, ann, table_id, kibitz=False)
        return rows.look(house, table)

    monkeypatch.setattr(news, "look", look)
    tables.watch(one, kim, table_id, "N")
    between = one.publish
    assert isinstance(between, Workers)
    told = [data for order, data in between.given if order == LOOKS]
    assert len(told) > 1
    last = {"tid": table_id, "user_id": kim.user_id, "watching": True, "over": None}
    assert told[-1] == last
