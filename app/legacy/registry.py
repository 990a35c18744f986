"""What a protocol is to the front door: where it is spoken, and who speaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.legacy.commands.desk import Desk
from app.legacy.connection import Connection, Handler
from app.live.rooms import Rooms, Wire
from app.services.house import House


class Means(NamedTuple):
    """What every protocol works with."""

    house: House
    rooms: Rooms
    desk: Desk | None = None  # where the command API takes its commands


@dataclass(frozen=True)
class Protocol:
    """An old protocol.

    `paths` are where it is spoken; a client that offers `subprotocol` speaks it on every raw
    path. `wire` is how it says things, and `open(connection, means)` makes the handler of a
    connection.
    """

    name: str
    paths: tuple[str, ...]
    wire: Wire
    open: Callable[[Connection, Means], Handler]
    subprotocol: str | None = None


def choose(
    protocols: Sequence[Protocol], path: str, offered: Iterable[str]
) -> tuple[Protocol, str | None] | None:
    """The protocol for a raw connection and the subprotocol to select, or None: not a raw path.

    The first offered subprotocol that is known decides; else the path does.
    """
    by_path = next((p for p in protocols if path in p.paths), None)
    if by_path is None:
        return None
    known = {p.subprotocol: p for p in protocols if p.subprotocol is not None}
    for name in offered:
        if name in known:
            return known[name], name
    return by_path, None
