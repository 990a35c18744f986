"""Workers as the others see them: a row each, one for each of their connections and watchers."""

from __future__ import annotations

import socket
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session as Unit

from app.services.house import Connected, House
from app.store import Presence, User, Watcher, Worker, locks

CHUNK: Final = 500  # users in one statement


def address(house: House) -> str:
    """Where this worker serves: a machine, and a port on it."""
    return f"{socket.gethostname()} {house.config.HOST}:{house.config.PORT}"[:100]


def stay(house: House, unit: Unit | Connection) -> bool:
    """Be known until the transaction ends, whatever the others do; see `come_back`."""
    own = select(Worker.id).where(Worker.id == house.worker_id)
    if unit.scalar(own.with_for_update(read=True, key_share=True)) is not None:
        return False
    return come_back(house, unit)


def come_back(house: House, unit: Unit | Connection) -> bool:
    """This worker was given up too early: note it, its connections and its watchers again.

    Whether that was still to be done; then how many watch is to be told: `watching.all_changed`.
    """
    house.store.one_at_a_time(unit, locks.WORKERS)
    if unit.scalar(select(Worker.id).where(Worker.id == house.worker_id)) is not None:
        return False
    itself = {"id": house.worker_id, "address": address(house), "beat_at": house.clock()}
    unit.execute(insert(Worker).values(itself))
    connections, watchers = dict(house.connections), dict(house.watchers)
    users = {here.user_id for here in connections.values()}
    users |= {seen.user_id for seen in watchers.values() if seen.user_id is not None}
    known = still_there(unit, users)
    present = [
        {"id": id, **row(house, here)} for id, here in connections.items() if here.user_id in known
    ]
    watching = [
        {
            "id": number,
            "worker_id": house.worker_id,
            "match_id": seen.match_id,
            "user_id": seen.user_id if seen.user_id in known else None,
        }
        for number, seen in watchers.items()
    ]
    if present:
        unit.execute(insert(Presence), present)
    if watching:
        unit.execute(insert(Watcher), watching)
    return True


def still_there(unit: Unit | Connection, user_ids: Collection[int]) -> set[int]:
    """Those of these users whose rows are there, and will be until the transaction ends."""
    found: set[int] = set()
    ids = sorted(user_ids)
    for start in range(0, len(ids), CHUNK):
        some = select(User.id).where(User.id.in_(ids[start : start + CHUNK])).order_by(User.id)
        found.update(unit.scalars(some.with_for_update(read=True, key_share=True)))
    return found


def row(house: House, here: Connected) -> dict[str, Any]:
    """What is stored of a connection."""
    return {
        "worker_id": house.worker_id,
        "user_id": here.user_id,
        "session_id": here.session_id,
        "transport": here.transport,
        "since": here.since,
        "address": here.address,
    }
