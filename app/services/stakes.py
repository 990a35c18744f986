"""What leaving a match would mean: a loss once every player has moved, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.games.api import SYSTEM, SystemMove
from app.services import ratings
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import Move


@dataclass(frozen=True, slots=True)
class Cost:
    """What ending a match would do to the caller's rating, in points."""

    before: int
    after: int


def all_moved(house: House, record: MatchRecord) -> bool:
    """Whether every seat has made a move: until then a match can end without a result."""
    with house.store.read() as unit:
        moved = unit.scalars(
            select(Move.seat).where(Move.match_id == record.id, Move.seat.is_not(None)).distinct()
        )
        return len(list(moved)) == len(record.seats)


def cost(house: House, caller: Caller, record: MatchRecord) -> Cost | None:
    """What leaving the match would cost the caller; None if nothing.

    Nothing, too, where not the win is rated: a deal of bridge goes on without who leaves it.
    """
    seat = record.seat_of(caller.user_id)
    if seat is None or record.over or not record.rated or not all_moved(house, record):
        return None
    if record.engine.info.rating != "elo":
        return None
    step = record.engine.apply(record.state, SYSTEM, SystemMove("resign", seat))
    outcome = record.engine.outcome(step.state)
    with house.store.read() as unit:
        found = [ratings.value_of(unit, user_id, record.game) for user_id in record.user_ids]
    values = [value for value in found if value is not None]
    if outcome is None or len(values) < len(record.seats):
        return None
    return Cost(values[seat], ratings.after(house, values, outcome)[seat])
