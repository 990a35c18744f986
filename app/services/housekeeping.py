"""What the house does by itself, again and again. Any number of workers may do it at once:
each piece is either one transaction that finds its work undone, or a compare-and-set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType

import structlog
from sqlalchemy import delete, select

from app.services import (
    absence,
    bans,
    chat,
    grace,
    guests,
    matches,
    offers,
    presence,
    removal,
    sessions,
)
from app.services.bridge import absence as bridge_absence
from app.services.bridge import analysis, boards, playing
from app.services.house import House
from app.services.rounds import SIZE, one_by_one
from app.store import Presence, Rating, Seat, Seek, Session, User
from app.store.base import affected

LOST_SEEK = timedelta(minutes=2)

log = structlog.get_logger(__name__)


def run(house: House) -> dict[str, int]:
    """Everything that is due now, in rounds of a bearable size; how much of each was done.

    A part that fails is logged, and the others are done all the same.
    """
    done = {}
    for name, part in PARTS.items():
        try:
            done[name] = part(house)
        except Exception:
            # An outermost loop: whatever is wrong in one part must not stop the house.
            log.exception("housekeeping failed", part=name)
    return done


def expire_matches(house: House) -> int:
    """End the matches in which nobody has moved for too long."""
    due = matches.expired_ids(house, SIZE)
    return one_by_one(house, due, lambda match_id: matches.expire(house, match_id))


def expire_sessions(house: House) -> int:
    """Delete the sessions of accounts that have not been used for too long."""
    limit = house.clock() - sessions.lifetime(house, registered=True)
    with house.store.write() as unit:
        return affected(unit, delete(Session).where(Session.used_at < limit))


def drop_seeks(house: House) -> int:
    """Stop waiting for those who have gone without a word (a page without a connection)."""
    limit = house.clock() - LOST_SEEK
    with house.store.write() as unit:
        present = select(Presence.user_id)
        lost = delete(Seek).where(Seek.since < limit, Seek.user_id.not_in(present))
        return affected(unit, lost.execution_options(synchronize_session=False))


def remove_accounts(house: House) -> int:
    """Remove the accounts unused for `ACCOUNT_TTL`; 0, the default, keeps them for ever."""
    if not house.config.ACCOUNT_TTL:
        return 0
    limit = house.clock() - timedelta(seconds=house.config.ACCOUNT_TTL)
    unused = select(User.id).where(User.registered, User.active, User.seen_at < limit)
    with house.store.write() as unit:
        removed, ended = removal.remove(unit, list(unit.scalars(unused)))
    sessions.tell_ended(house, ended)
    return removed


def clear_ratings(house: House) -> int:
    """Take removed accounts off the rankings, once their last match is closed and rated.

    How many accounts, each perhaps in several games' rankings.
    """
    playing = select(Seat.match_id).where(Seat.user_id == User.id, Seat.open)
    gone = select(User.id).where(User.registered, ~User.active, ~playing.exists())
    with house.store.write() as unit:
        off = delete(Rating).where(Rating.user_id.in_(gone)).returning(Rating.user_id)
        return len(set(unit.scalars(off.execution_options(synchronize_session=False))))


def wake_computers(house: House) -> int:
    """Let the computer make the moves that a killed worker was to make."""
    lately = timedelta(seconds=4 * house.config.HOUSEKEEPING_INTERVAL)
    return matches.wake_computers(house, lately)


PARTS: Mapping[str, Callable[[House], int]] = MappingProxyType(
    {
        "workers_forgotten": presence.beat,
        "players_awaited": grace.sweep,
        "matches_expired": expire_matches,
        "computers_woken": wake_computers,
        "guests_released": guests.release,
        "sessions_expired": expire_sessions,
        "seeks_dropped": drop_seeks,
        "tables_expired": offers.expire,
        "tables_deserted": absence.drop_deserted,
        "bridge_tables_settled": bridge_absence.sweep,
        "undos_declined": playing.sweep,
        "accounts_removed": remove_accounts,
        "matches_closed": guests.close_matches,
        "ratings_cleared": clear_ratings,
        "messages_expired": chat.expire,
        "bans_lapsed": bans.drop_lapsed,
        "boards_analysed": analysis.catch_up,
        "boards_past": boards.forget,
    }
)
