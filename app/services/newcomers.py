"""Who is new to a game, and may want it explained while they play."""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select

from app.services.house import House
from app.store import Seat

FIRST: Final = 3  # matches of a game, after which one is no newcomer to it


def is_new(house: House, user_id: int, game: str) -> bool:
    """Whether a user has finished fewer than `FIRST` matches of a game."""
    theirs = (
        select(Seat.match_id)
        .where(Seat.user_id == user_id, ~Seat.open, Seat.game == game)
        .limit(FIRST)
    )
    with house.store.read() as unit:
        return (unit.scalar(select(func.count()).select_from(theirs.subquery())) or 0) < FIRST
