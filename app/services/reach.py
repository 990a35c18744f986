"""Whom a word reaches: who has a connection, on whatever worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, select

from app.services.house import House
from app.store import Presence, Worker
from app.store.bulk import times
from app.store.query import Query

# Built once: asked at the end of every match.
_THEIRS: Final = (
    select(Presence.user_id)
    .where(Presence.user_id.in_(bindparam("users", expanding=True)))
    .distinct()
)
_HERE: Final = Query(_THEIRS.where(Presence.worker_id == bindparam("worker")))
_ANYWHERE: Final = Query(
    _THEIRS.join(Worker, Worker.id == Presence.worker_id).where(
        Worker.beat_at >= bindparam("lately")
    )
)


def reachable(house: House, user_ids: Sequence[int]) -> list[int]:
    """Those of these users whom what is published now is sure to reach.

    Alone, a worker reaches its own connections; joined by Redis, those of every worker that
    has been heard of lately. While Redis is away it is alone.
    """
    with house.store.look() as connection:
        if house.config.REDIS_URL and house.publish.reaches_all():
            beat = timedelta(seconds=house.config.HOUSEKEEPING_INTERVAL)
            lately = times(connection.dialect)(house.clock() - 2 * beat)
            found = _ANYWHERE.rows(connection, users=user_ids, lately=lately)
        else:
            found = _HERE.rows(connection, users=user_ids, worker=house.worker_id)
    return [row[0] for row in found]


def is_here(house: House, user_id: int) -> bool:
    """Whether a user has a connection."""
    here = select(Presence.id).where(Presence.user_id == user_id).limit(1)
    with house.store.read() as unit:
        return unit.scalar(here) is not None
