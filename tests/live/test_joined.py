"""Workers joined by Redis: what each does while it is away, and once it is back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis.exceptions

from app import rejoining
from app.live.names import CONTROL, MISSED, NAMESPACE
from app.live.orders import Orders
from app.live.publisher import RoomPublisher
from app.live.rooms import LocalManager, Rooms, SharedManager
from app.rejoining import COME_BACK, Rejoining
from app.services.house import utc_now

SUBSCRIBED = {"type": "subscribe"}
AWAY = redis.exceptions.ConnectionError("away")


class Pubsub:
    """What Redis has to say: messages, and errors to raise."""

    def __init__(self, says: list[Any]) -> None:
        self.says = says

    def subscribe(self, _channel: str) -> None:
        pass

    def get_message(self, timeout: float) -> Any:
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


class Joined(SharedManager):
    """A manager whose Redis is a test's: `tries` says of each try to reach it what comes of it."""

    def __init__(self, orders: Orders, tries: list[Pubsub | Exception]) -> None:
        super().__init__(Rooms(), orders, "redis://nowhere")
        self.tries = tries
        self.published: list[Any] = []
        self.fails: Exception | None = None

    def _redis_connect(self) -> None:
        tried = self.tries.pop(0)
        if isinstance(tried, Exception):
            raise tried
        self.pubsub = tried
        self.redis = SimpleNamespace(publish=self._said)

    def _said(self, _channel: str, data: str) -> int:
        if self.fails is not None:
            raise self.fails
        self.published.append(json.loads(data))
        return 1


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.live.rooms.time.sleep", lambda _: None)


def heard(manager: Joined) -> Iterator[Any]:
    return manager._redis_listen_with_retries()


def test_what_redis_says_is_passed_on() -> None:
    manager = Joined(Orders(), [Pubsub([SUBSCRIBED, {"data": b"1"}, None, {"data": b"2"}])])
    messages = heard(manager)
    assert [next(messages), next(messages)] == [{"data": b"1"}, {"data": b"2"}]
    assert manager.joined
    assert manager.published == []


def test_whoever_was_away_has_everybody_told() -> None:
    orders, missed = Orders(), []
    orders.on(MISSED, missed.append)
    tries: list[Pubsub | Exception] = [
        Pubsub([SUBSCRIBED, AWAY]),
        AWAY,
        Pubsub([AWAY]),
        Pubsub([None]),  # it does not answer
        Pubsub([SUBSCRIBED, {"data": b"1"}]),
    ]
    manager = Joined(orders, tries)
    assert next(heard(manager)) == {"data": b"1"}
    assert missed == [{}]  # once, when it answered
    (told,) = manager.published
    assert (told["event"], told["data"]) == (CONTROL, [{"type": MISSED, "data": {}}])


def test_the_first_time_nothing_was_missed() -> None:
    orders, missed = Orders(), []
    orders.on(MISSED, missed.append)
    assert next(heard(Joined(orders, [Pubsub([SUBSCRIBED, {"data": b"1"}])])))
    assert missed == []


def test_what_cannot_be_said_is_said_to_the_own_clients_only() -> None:
    orders, obeyed = Orders(), []
    orders.on("bans_changed", obeyed.append)
    manager = Joined(orders, [Pubsub([])])
    publisher = RoomPublisher(manager, utc_now)
    manager.fails = AWAY
    publisher.control("bans_changed", {})
    assert not publisher.reaches_all()
    manager.fails = None
    publisher.control("bans_changed", {})  # and nobody waits for Redis any more
    assert obeyed == [{}, {}]
    assert manager.published == []


def test_a_command_says_something_without_listening() -> None:
    manager = Joined(Orders(), [Pubsub([])])
    manager.emit(CONTROL, {"type": "stop", "data": {}}, NAMESPACE)
    assert len(manager.published) == 1


def test_without_redis_a_worker_reaches_its_own() -> None:
    manager = LocalManager(Rooms(), Orders())
    assert not RoomPublisher(manager, utc_now).reaches_all()


# What the worker does with the order


class Everybody:
    """The extensions that a worker's clients hang on, and a loop that runs when the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.orders = Orders()
        self.closed: list[int] = []
        self.tasks: list[Callable[[], None]] = []
        exchange = SimpleNamespace(close_all=lambda code, _why: self.closed.append(code))
        monkeypatch.setattr(
            rejoining,
            "socketio",
            SimpleNamespace(
                start_background_task=self.tasks.append, sleep=lambda _: None, server=None
            ),
        )
        monkeypatch.setattr(rejoining, "go_away", lambda _server, code: self.closed.append(code))
        edge = SimpleNamespace(exchange=exchange)
        Rejoining(SimpleNamespace(extensions={"edge": edge, "orders": self.orders}))  # type: ignore[arg-type]


def test_clients_are_sent_for_once_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = Everybody(monkeypatch)
    for _ in range(3):  # every worker says so
        everybody.orders.obey(MISSED, {})
    (task,) = everybody.tasks
    task()
    assert everybody.closed == [COME_BACK, COME_BACK]  # raw clients and browsers
    everybody.orders.obey(MISSED, {})
    assert len(everybody.tasks) == 2  # it was away again
