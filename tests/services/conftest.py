"""A house with a real database, a clock to turn and a publisher that remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services import accounts, matches, presence
from app.services.house import House
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.services.sessions import Caller, Client
from app.services.timers import Timers

Account = Callable[[str], Caller]
CLIENT = Client("192.0.2.1", "test")

# A whole match in seventeen moves, which A wins along the top. Each entry is (board, cell),
# both numbered 0-8 from the top left.
SHORT_WIN = [
    (2, 1), (1, 1), (1, 6), (6, 2), (2, 0), (0, 1), (1, 8), (8, 0), (0, 0), (0, 2), (2, 2),
    (7, 0), (0, 6), (6, 0), (0, 3), (3, 2), (1, 7),
]  # fmt: skip


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Heard:
    """A publisher that remembers what it was told."""

    matches: list[Any] = field(default_factory=list)
    users: list[tuple[int, str, Any]] = field(default_factory=list)
    lobbies: list[tuple[str, Any]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    told: list[tuple[Audience, str, Any]] = field(default_factory=list)
    watching: list[tuple[str, str, Any]] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    orders: list[tuple[str, Any]] = field(default_factory=list)

    def match(self, record: Any, events: Any = ()) -> None:
        self.matches.append(record)

    def user(self, user_id: int, type: str, data: Any) -> None:
        self.users.append((user_id, type, data))

    def tell(self, audience: Audience, type: str, data: Any) -> None:
        self.told.append((audience, type, data))

    def watchers(self, match_id: str, type: str, data: Any) -> None:
        self.watching.append((match_id, type, data))

    def carry(self, old_id: str, new_id: str) -> None:
        self.carried.append((old_id, new_id))

    def control(self, order: str, data: Any) -> None:
        self.orders.append((order, data))

    def lobby(self, type: str, data: Any) -> None:
        self.lobbies.append((type, data))

    def end_session(self, session_id: int) -> None:
        self.ended.append(session_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def house(house: House, clock: Clock, heard: Heard) -> House:
    house = replace(house, clock=clock, publish=heard, timers=Timers())
    presence.arrive(house)
    return house


@pytest.fixture
def account(house: House) -> Callable[[str], Caller]:
    """Makes an account: `account("anna")`."""
    return lambda name: accounts.register(house, name, "pw", client=CLIENT).caller


@pytest.fixture
def guest(house: House) -> Callable[[str], Caller]:
    return lambda name: accounts.guest(house, name, client=CLIENT).caller


def move(board: int, cell: int) -> dict[str, int]:
    """A move as the game's JSON."""
    return {"sub_x": board % 3, "sub_y": board // 3, "x": cell % 3, "y": cell // 3}


def play_out(house: House, match_id: str, *players: Caller) -> MatchRecord:
    """Play `SHORT_WIN` from where the match stands; `players` by seat."""
    record = matches.get(house, match_id)
    for number in range(record.version, len(SHORT_WIN)):
        record = matches.submit(house, players[number % 2], match_id, move(*SHORT_WIN[number]))
    return record


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def carl(account: Account) -> Caller:
    return account("carl")
