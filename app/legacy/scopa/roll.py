"""Who is there to play with, told to all clients of a worker when it changes.

Each of them hears of everybody who is here, which is read and written once for all, and of those
whom it has met and who are not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

import msgspec

from app.legacy.scopa.names import is_showable
from app.live.frames import text_frame
from app.live.orders import Orders
from app.live.rooms import Rooms
from app.services import players
from app.services.house import House
from app.services.players import OFFLINE, Player

ROOM: Final = "scopa"
TOLD: Final = "players"  # the type under which a roll comes to the clients of this worker
# Those who come and go within so many seconds are told of together, the more clients the longer.
SETTLES: Final = 0.1
SETTLES_EACH: Final = 0.002
AT_ONCE: Final = 50  # clients that are told without letting others go on in between

_HEAD: Final = b'{"control":"players","data":['


class Roll(NamedTuple):
    """Who is here: their names, and their entries as JSON."""

    names: frozenset[str]
    entries: bytes

    def frame(self, met: Iterable[str]) -> bytes:
        """The message for a client that has met these players."""
        absent = [Player(name, OFFLINE) for name in met if name not in self.names]
        parts = [self.entries, _entries(absent)]
        return text_frame(_HEAD + b",".join(part for part in parts if part) + b"]}")


def take(house: House) -> Roll:
    """Who is here now, but for those whose names clients cannot bear."""
    here = [player for player in players.online(house) if is_showable(player.name)]
    return Roll(frozenset(player.name for player in here), _entries(here))


def obey(orders: Orders, house: House, rooms: Rooms) -> None:
    """Tell this worker's clients whenever a worker has seen somebody's status change."""
    orders.on(players.CHANGED, lambda _: _soon(house, rooms))


def tell(house: House, rooms: Rooms) -> None:
    """Tell this worker's clients who is here. They drop what is not news to them."""
    roll = take(house)
    for number, member in enumerate(rooms.members([ROOM]), start=1):
        member.wire.encode(TOLD, roll)
        if number % AT_ONCE == 0:
            house.pause()


def _soon(house: House, rooms: Rooms) -> None:
    clients = len(rooms.members([ROOM]))
    if clients:
        when = house.clock() + timedelta(seconds=SETTLES + SETTLES_EACH * clients)
        house.timers.set_once((ROOM, TOLD), when, lambda: tell(house, rooms))


def _entries(listed: Iterable[Player]) -> bytes:
    rows = [{"username": player.name, "status": player.status} for player in listed]
    return msgspec.json.encode(rows)[1:-1]
