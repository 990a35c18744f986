"""What the house does by itself, again and again. Any number of workers may do it at once:
each piece is either one transaction that finds its work undone, or a compare-and-set.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from app.services import guests, matches, presence, sessions
from app.services.house import House
from app.store import Friend, Presence, Rating, Seek, Session, User
from app.store.base import affected

LOST_SEEK = timedelta(minutes=2)


def run(house: House) -> dict[str, int]:
    """Everything that is due now; how much of each was done."""
    return {
        "workers_forgotten": presence.beat(house),
        "matches_expired": expire_matches(house),
        "guests_released": guests.release(house),
        "sessions_expired": expire_sessions(house),
        "seeks_dropped": drop_seeks(house),
        "accounts_removed": remove_accounts(house),
        "matches_closed": guests.close_matches(house),
    }


def expire_matches(house: House) -> int:
    """End the matches in which nobody has moved for too long."""
    ended = (matches.expire(house, match_id) for match_id in matches.expired_ids(house))
    return sum(record is not None for record in ended)


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
        ids = list(unit.scalars(unused))
        goodbye = update(User).where(User.id.in_(ids)).values(active=False, password_hash=None)
        removed = affected(unit, goodbye)
        unit.execute(delete(Session).where(Session.user_id.in_(ids)))
        unit.execute(delete(Rating).where(Rating.user_id.in_(ids)))
        unit.execute(delete(Friend).where(Friend.friend_id.in_(ids)))
    return removed
