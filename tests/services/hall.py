"""What the tests of tables, challenges and watchers have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.services import tables
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from tests.services.conftest import Clock, Heard

HERE, THERE = "192.0.2.1", "198.51.100.7"
NOWHERE = "0" * 32


def refusal(call: Callable[[], object]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment: what each gave, or the code it was refused with."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except ServiceError as error:
            return error.code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def limited(house: House, **rates: str) -> House:
    """The same house with limits."""
    unlimited = dict.fromkeys(("invite", "code", "code_game", "register"), "9999 per minute")
    counter = FixedWindowRateLimiter(MemoryStorage())
    parsed = {name: parse(rate) for name, rate in (unlimited | rates).items()}
    return replace(house, limits=Limits(counter, parsed))


def turn(house: House, clock: Clock, **by: float) -> None:
    """Turn the clock, and do what is due then."""
    clock.turn(**by)
    for action in house.timers.take_due(house.clock()):
        action()


def lobby_heard(heard: Heard, *types: str) -> list[tuple[str, Any]]:
    """What the lobby was told of these types, however it was told."""
    heard_there = [(type, data) for audience, type, data in heard.told if audience.lobby]
    return [(type, data) for type, data in heard_there + heard.lobbies if type in types]


def user_heard(heard: Heard, user_id: int, *types: str) -> list[Any]:
    """What a user was told of these types."""
    directly = [(type, data) for user, type, data in heard.users if user == user_id]
    among = [(type, data) for who, type, data in heard.told if user_id in who.users]
    return [data for type, data in directly + among if type in types]


def everything_heard(heard: Heard, but: Sequence[int] = ()) -> str:
    """All that was told to anybody but these users, as text to search."""
    users = [entry for entry in heard.users if entry[0] not in but]
    told = [entry for entry in heard.told if not set(entry[0].users) <= set(but) or entry[0].lobby]
    return repr((users, told, heard.lobbies, heard.watching, heard.orders))


BLITZ = TimeControl(None, 180, 2)


CODE = "plum-7"


def listed(house: House, viewer: Caller | None = None) -> list[str]:
    return [row.owner for row in tables.listed(house, viewer and viewer.user_id)]
