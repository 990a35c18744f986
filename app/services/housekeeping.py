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
    analysis,
    bans,
    chat,
    farewell,
    grace,
    guests,
    ladders,
    matches,
    offers,
    presence,
    removal,
    sessions,
    trouble,
)
from app.services.bridge import absence as bridge_absence
from app.services.bridge import analysis as bridge_analysis
from app.services.bridge import boards, playing
from app.services.house import House
from app.services.rounds import SIZE, one_by_one
from app.store import Presence, Seek, Session, User
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
        except Exception as failed:
            # An outermost loop: whatever is wrong in one part must not stop the house.
            if trouble.refusal(failed) is None:
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
    with house.store.read() as unit:
        ids = list(unit.scalars(unused.order_by(User.seen_at).limit(SIZE)))
    done = 0
    for user_id in ids:
        done += farewell.dismiss(house, user_id, unseen_since=limit)
        house.pause()
    return done


def clear_ratings(house: House) -> int:
    """Take removed accounts off the rankings, once their last match is closed and rated.

    How many accounts, each perhaps in several games' rankings.
    """
    with house.store.write() as unit:
        cleared = removal.clear_ratings(unit)
    if cleared:
        ladders.renew(house)
    return cleared


def cut_strays(house: House) -> int:
    """Cut this worker's connections whose session has ended without its hearing of it.

    So it is where there is no Redis, and another worker or a command has ended it.
    """
    ended = sessions.ended(house, {here.session_id for here in house.connections.values()})
    sessions.tell_ended(house, ended)
    return len(ended)


def wake_computers(house: House) -> int:
    """Let the computer make the moves that a killed worker was to make."""
    lately = timedelta(seconds=4 * house.config.HOUSEKEEPING_INTERVAL)
    return matches.wake_computers(house, lately)


PARTS: Mapping[str, Callable[[House], int]] = MappingProxyType(
    {
        "workers_forgotten": presence.beat,
        "partings_noted": presence.catch_up,
        "players_awaited": grace.sweep,
        "matches_expired": expire_matches,
        "computers_woken": wake_computers,
        "guests_released": guests.release,
        "sessions_expired": expire_sessions,
        "connections_cut": cut_strays,
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
        "boards_analysed": bridge_analysis.catch_up,
        "analyses_resumed": analysis.catch_up,
        "boards_past": boards.forget,
    }
)
