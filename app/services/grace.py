"""Players who are gone from matches that wait for nobody: those with a `grace`.

Such a match ends when one of its players has had no connection for so many seconds. Each worker
has timers for those who go from it, and housekeeping for those that a killed worker forgot.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from app.services import moves
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.store import Match, Presence, Seat, User

_HERE = select(Presence.id).where(Presence.user_id == Seat.user_id).exists()


def gone(house: House, user_ids: Collection[int]) -> None:
    """These users may have gone: look again at each who has when their match's grace is over."""
    if user_ids:
        for match_id, user_id, grace in _absent(house, Seat.user_id.in_(user_ids)):
            _await(house, match_id, user_id, house.clock() + grace)


def sweep(house: House) -> int:
    """Have this worker wait, too, for every player who is away; how many there are.

    From now on, however long they have been: the house itself may have been closed.
    """
    absent = _absent(house)
    for match_id, user_id, grace in absent:
        when = house.clock() + grace
        house.timers.set_once(_key(match_id, user_id), when, _action(house, match_id, user_id))
    return len(absent)


def leave_now(house: House, match_id: str, user_id: int) -> MatchRecord | None:
    """End the match of a player who cannot come back to it, wherever else they are connected.

    None if it was over already, or is not one that ends so.
    """
    try:
        record = moves.get(house, match_id)
    except ServiceError:
        return None
    if record.grace is None or record.seat_of(user_id) is None:
        return None
    return moves.close_for(house, match_id, user_id)


def _await(house: House, match_id: str, user_id: int, until: datetime) -> None:
    house.timers.at(_key(match_id, user_id), until, _action(house, match_id, user_id))


def _look(house: House, match_id: str, user_id: int) -> None:
    """End the match if the player is still away; with nobody left there is no result."""
    absent = _absent(house, Seat.match_id == match_id)
    grace = next((grace for _, absentee, grace in absent if absentee == user_id), None)
    if grace is None:
        return
    with house.store.read() as unit:
        seen_at = unit.get_one(User, user_id).seen_at
    if seen_at + grace > house.clock():  # away since later, through another worker perhaps
        _await(house, match_id, user_id, seen_at + grace)
    elif len(absent) > 1 and len(absent) == len(moves.get(house, match_id).user_ids):
        moves.end_by_house(house, match_id)
    else:
        moves.close_for(house, match_id, user_id)


def _absent(house: House, *where: ColumnElement[bool]) -> list[tuple[str, int, timedelta]]:
    """The players without a connection whose running matches do not wait for them for ever.

    With the match's id and how long it waits.
    """
    # Put in order here: asked for one, SQLite goes through every seat there ever was.
    query = (
        select(Seat.match_id, Seat.seat, Seat.user_id, Match.grace)
        .join(Match, Match.id == Seat.match_id)
        .where(Seat.open, Seat.user_id.is_not(None), Match.grace.is_not(None), ~_HERE, *where)
    )
    with house.store.read() as unit:
        rows = sorted(unit.execute(query))
    return [
        (match_id, user_id, timedelta(seconds=grace))
        for match_id, _seat, user_id, grace in rows
        if user_id is not None and grace is not None
    ]


def _key(match_id: str, user_id: int) -> Hashable:
    return "grace", match_id, user_id


def _action(house: House, match_id: str, user_id: int) -> Callable[[], None]:
    return lambda: _look(house, match_id, user_id)
