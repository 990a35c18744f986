"""Workers as the others see them: a row each, and one for each of their connections."""

from __future__ import annotations

import socket
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session as Unit

from app.services.house import Connected, House
from app.store import Presence, Worker


def address(house: House) -> str:
    """Where this worker serves: a machine, and a port on it."""
    return f"{socket.gethostname()} {house.config.HOST}:{house.config.PORT}"[:100]


def come_back(house: House, unit: Unit) -> None:
    """This worker was given up too early: note it and its connections again."""
    unit.add(Worker(id=house.worker_id, address=address(house), beat_at=house.clock()))
    unit.flush()
    rows = [{"id": id, **row(house, here)} for id, here in dict(house.connections).items()]
    if rows:
        unit.execute(insert(Presence), rows)


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
