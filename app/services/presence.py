"""Who is here. Kept in the database, since a user's connections may be on several workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session as Unit

from app.services import sessions
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import Presence, Rating, Seek, Session, User, Worker

GAME = "uttt"


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """Somebody who is here: `rating` in points, None for a guest."""

    name: str
    rating: int | None
    registered: bool


def connect(house: House, caller: Caller, transport: str) -> int:
    """Note a connection of the caller; its id, for `disconnect`.

    Called once the connection is in its session's room: a session that ends before this raises
    `session_ended` here, one that ends after it cuts the connection.
    """
    now = house.clock()
    with house.store.write() as unit:
        if unit.get(Session, caller.session_id) is None:
            raise ServiceError("session_ended", "You have been signed out.")
        if unit.get(Worker, house.worker_id) is None:
            unit.add(Worker(id=house.worker_id, address=_address(house), beat_at=now))
            unit.flush()
        first = not _count(unit, caller.user_id)
        row = Presence(
            worker_id=house.worker_id,
            user_id=caller.user_id,
            session_id=caller.session_id,
            transport=transport,
            since=now,
        )
        unit.add(row)
    if first:
        _announce(house, [caller.user_id], online=True)
    return row.id


def disconnect(house: House, presence_id: int) -> None:
    """Note that a connection is gone; with the user's last one their wait for an opponent ends."""
    with house.store.write() as unit:
        row = unit.get(Presence, presence_id)
        if row is None:
            return
        user_id, session_id = row.user_id, row.session_id
        unit.delete(row)
        unit.flush()
        last = not _count(unit, user_id)
        if last:
            unit.execute(delete(Seek).where(Seek.user_id == user_id))
    sessions.touch(house, [session_id])
    if last:
        _announce(house, [user_id], online=False)


def here(house: House, user_ids: Sequence[int]) -> list[int]:
    """Those of these users who have a connection."""
    with house.store.read() as unit:
        return list(
            unit.scalars(select(Presence.user_id).where(Presence.user_id.in_(user_ids)).distinct())
        )


def is_here(house: House, user_id: int) -> bool:
    """Whether a user has a connection."""
    return bool(here(house, [user_id]))


def online(house: House) -> list[OnlineRow]:
    """Everybody who is here, by name."""
    query = (
        select(User.name, Rating.value, User.registered)
        .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == GAME))
        .where(User.id.in_(select(Presence.user_id)), User.active)
        .order_by(User.name)
    )
    with house.store.read() as unit:
        return [OnlineRow(*row) for row in unit.execute(query)]


def arrive(house: House) -> None:
    """A worker starts: what a killed one left at the same address is gone."""
    _forget(house, Worker.address == _address(house))


def beat(house: House) -> int:
    """This worker is alive and so are its connections' sessions; forget workers that are not.

    How many were forgotten.
    """
    now = house.clock()
    with house.store.write() as unit:
        worker = unit.get(Worker, house.worker_id)
        if worker is not None:
            worker.beat_at = now
        in_use = list(
            unit.scalars(
                select(Presence.session_id).where(Presence.worker_id == house.worker_id).distinct()
            )
        )
    if in_use:
        sessions.touch(house, in_use)
    silent_since = now - timedelta(seconds=house.config.PRESENCE_TTL)
    return _forget(house, Worker.beat_at < silent_since)


def leave(house: House) -> None:
    """This worker stops, and its connections with it."""
    _forget(house, Worker.id == house.worker_id)


def _forget(house: House, which: ColumnElement[bool]) -> int:
    with house.store.write() as unit:
        workers = list(unit.scalars(select(Worker.id).where(which)))
        if not workers:
            return 0
        theirs = list(
            unit.scalars(select(Presence.user_id).where(Presence.worker_id.in_(workers)).distinct())
        )
        unit.execute(delete(Presence).where(Presence.worker_id.in_(workers)))
        unit.execute(delete(Worker).where(Worker.id.in_(workers)))
        gone = [user_id for user_id in theirs if not _count(unit, user_id)]
        unit.execute(delete(Seek).where(Seek.user_id.in_(gone)))
    _announce(house, gone, online=False)
    return len(workers)


def _count(unit: Unit, user_id: int) -> int:
    return unit.scalar(select(func.count()).where(Presence.user_id == user_id)) or 0


def _announce(house: House, user_ids: Sequence[int], online: bool) -> None:
    query = (
        select(User.name, User.registered, Rating.value)
        .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == GAME))
        .where(User.id.in_(user_ids))
    )
    with house.store.read() as unit:
        rows = list(unit.execute(query)) if user_ids else []
    for name, registered, value in rows:
        data: dict[str, Any] = {"name": name, "registered": registered, "elo": value}
        house.publish.lobby("presence_update", data | {"online": online})


def _address(house: House) -> str:
    return f"{house.config.HOST}:{house.config.PORT}"
