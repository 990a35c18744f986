"""Whom a word reaches: who has a connection, on whatever worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from app.services.house import House
from app.store import Presence, Worker


def reachable(house: House, user_ids: Sequence[int]) -> list[int]:
    """Those of these users whom what is published now is sure to reach.

    Alone, a worker reaches its own connections; joined by Redis, those of every worker that
    has been heard of lately.
    """
    query = select(Presence.user_id).where(Presence.user_id.in_(user_ids)).distinct()
    if house.config.REDIS_URL:
        lately = house.clock() - timedelta(seconds=2 * house.config.HOUSEKEEPING_INTERVAL)
        query = query.join(Worker, Worker.id == Presence.worker_id).where(Worker.beat_at >= lately)
    else:
        query = query.where(Presence.worker_id == house.worker_id)
    with house.store.read() as unit:
        return list(unit.scalars(query))


def is_here(house: House, user_id: int) -> bool:
    """Whether a user has a connection."""
    here = select(Presence.id).where(Presence.user_id == user_id).limit(1)
    with house.store.read() as unit:
        return unit.scalar(here) is not None
