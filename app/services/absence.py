"""Those who open a table for now, or sit down at one, and are gone: it does not wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from app.services.house import House
from app.services.offers import AT_ONCE, PROPOSAL, depart, tell_departure
from app.store import Joined, OpenTable, Presence, TableSeat, User

AWAY: Final = timedelta(seconds=15)  # a page may be gone for so long while it is loaded again
SILENT: Final = timedelta(minutes=2)  # what has no connection (the command API) may say nothing for
MANY: Final = 200  # users who are named in a question to the database

_ASKS_FOR: Final = (AT_ONCE & TableSeat.user_id.is_not(None)) | PROPOSAL


def miss(house: House, user_ids: Collection[int]) -> None:
    """These users' last connections are gone: from what asks for them at once they go, too, after
    a while.

    That is `AWAY` later, unless they come back before.
    """
    if not user_ids:
        return
    who = func.coalesce(TableSeat.user_id, TableSeat.invitee_id)
    query = select(who).join(OpenTable, OpenTable.id == TableSeat.table_id).where(_ASKS_FOR)
    if len(user_ids) <= MANY:
        query = query.where(who.in_(user_ids))
    with house.store.read() as unit:
        asked_for = set(unit.scalars(query))
    for user_id in asked_for.intersection(user_ids):
        _await(house, user_id, house.clock())


def drop_deserted(house: House) -> int:
    """Take those out of tables for now who have long been silent: what `miss` missed; how many
    tables that were.
    """
    limit = house.clock() - SILENT
    here = select(Presence.id).where(Presence.user_id == User.id).exists()
    silent = select(User.id).where(User.seen_at < limit, ~here)
    old = OpenTable.created_at < limit
    deserted = select(TableSeat.table_id).join(OpenTable, OpenTable.id == TableSeat.table_id)
    with house.store.read() as unit:
        # From the tables, which are few: the silent are nearly all who have ever been here.
        sitting = deserted.join(User, User.id == TableSeat.user_id)
        left = sitting.where(AT_ONCE, old, User.seen_at < limit, ~here)
        if unit.scalar(left.limit(1)) is None:
            return 0
    with house.store.write() as unit:
        departure = depart(unit, silent, AT_ONCE, old)
    tell_departure(house, departure)
    return len(departure.gone) + len({freed.table_id for freed in departure.freed})


def _await(house: House, user_id: int, since: datetime) -> None:
    house.timers.at(("away", user_id), since + AWAY, lambda: _desert(house, user_id))


def _desert(house: House, user_id: int) -> None:
    """Take a user who is not here out of tables for now; while their token is used, they are.

    A proposal that they are asked to, or have made, they have declined by that.
    """
    here = select(Presence.id).where(Presence.user_id == user_id).limit(1)
    with house.store.read() as unit:
        user = unit.get(User, user_id)
        if user is None or unit.scalar(here) is not None:
            return
    if user.seen_at > house.clock() - AWAY:  # away since later, through another worker perhaps
        _await(house, user_id, user.seen_at)
        return
    by_token = select(Joined.user_id).where(
        Joined.user_id == user_id, Joined.game_id == OpenTable.id
    )
    away = ~here.exists(), ~by_token.exists()
    with house.store.write() as unit:
        declined = depart(unit, [user_id], PROPOSAL, *away, asked=True)
        left = depart(unit, [user_id], AT_ONCE, *away)
    tell_departure(house, declined, "declined", user.name)
    tell_departure(house, left)
