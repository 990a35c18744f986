"""The lobby: how matches come about."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.services import matches
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import Match, Seat, Seek, User
from app.store.base import affected
from app.store.people import blocked_between, user_named

LOCK = 1  # Store.one_at_a_time: who counts open matches must not count beside somebody else
GAME = "uttt"


def seek(house: House, caller: Caller, game: str = GAME) -> MatchRecord | None:
    """Play the next who waits; if nobody suitable does, wait (None).

    The one who waited moves first. Raises `already_seeking`, `too_many_matches`, `too_many`.
    """
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, LOCK)
        if unit.scalar(select(Seek.id).where(Seek.user_id == caller.user_id)) is not None:
            raise ServiceError("already_seeking", "you are already searching for a random match")
        _check_own_matches(house, unit, caller.user_id)
        waiting = _who_waits(house, unit, caller.user_id, game)
        if waiting is None:
            unit.add(Seek(user_id=caller.user_id, game=game, since=house.clock()))
            match_id = None
        else:
            match_id = matches.start(house, unit, game, [waiting.user_id, caller.user_id])
            unit.delete(waiting)
    if waiting is None or match_id is None:
        house.publish.user(caller.user_id, "seek_update", {"seeking": True})
        return None
    found = {"seeking": False, "match": match_id}
    house.publish.user(waiting.user_id, "seek_update", found)
    return _announce(house, match_id)


def cancel(house: House, user_id: int) -> bool:
    """Stop waiting; whether the user did wait."""
    with house.store.write() as unit:
        waited = affected(unit, delete(Seek).where(Seek.user_id == user_id)) > 0
    if waited:
        house.publish.user(user_id, "seek_update", {"seeking": False})
    return waited


def is_seeking(house: House, user_id: int) -> bool:
    """Whether the user waits for an opponent."""
    with house.store.read() as unit:
        return unit.scalar(select(Seek.id).where(Seek.user_id == user_id)) is not None


def invite(house: House, caller: Caller, name: str, game: str = GAME) -> MatchRecord:
    """Start a match with the user of that name, who may be away. The caller moves first.

    Whoever of the two waits for another opponent goes on waiting.
    Raises `yourself`, `unknown_user`, `blocked`, `already_playing`, `too_many_matches`,
    `opponent_busy`, `too_many`.
    """
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, LOCK)
        opponent = _opponent(unit, caller, name.strip().lower())
        _check_pair(house, unit, caller.user_id, opponent)
        match_id = matches.start(house, unit, game, [caller.user_id, opponent.id])
    record = _announce(house, match_id)
    inviter = record.opponent_of(opponent.id).name  # the caller's may be one they have given up
    house.publish.user(opponent.id, "match_request", {"player": inviter})
    return record


def rematch(house: House, caller: Caller, match_id: str) -> MatchRecord:
    """Play the same opponent again with sides swapped; both players asking get the same match.

    Raises `no_such_match`, `not_your_match`, `not_over`, and what `invite` raises.
    """
    record = matches.get(house, match_id)
    if record.seat_of(caller.user_id) is None:
        raise ServiceError("not_your_match", "You do not play in this match.")
    if not record.over:
        raise ServiceError("not_over", "This match is still being played.")
    if record.rematch_id:
        return matches.get(house, record.rematch_id)
    house.limits.hit("invite", str(caller.user_id))
    opponent_id = record.opponent_of(caller.user_id).user_id
    swapped = [info.user_id for info in reversed(record.seats)]
    try:
        with house.store.write() as unit:
            house.store.one_at_a_time(unit, LOCK)
            opponent = unit.get_one(User, opponent_id)
            if not opponent.active:
                raise ServiceError("unknown_user", f"{opponent.name} is no longer here.")
            _check_pair(house, unit, caller.user_id, opponent)
            new_id = matches.start(house, unit, record.game, swapped, previous_id=match_id)
    except (IntegrityError, ServiceError):
        # The opponent may have asked at the same moment: then there is a rematch already.
        record = matches.get(house, match_id)
        if record.rematch_id is None:
            raise
        return matches.get(house, record.rematch_id)
    started = _announce(house, new_id)
    offer = {"id": match_id, "match": new_id, "by": started.opponent_of(opponent_id).name}
    house.publish.user(opponent_id, "rematch", offer)
    house.publish.user(caller.user_id, "rematch", offer)
    house.publish.watchers(match_id, "rematch", offer)
    return started


def _opponent(unit: Unit, caller: Caller, name: str) -> User:
    opponent = user_named(unit, name)
    if opponent is None:
        raise ServiceError("unknown_user", f"user {name} not found :(")
    if opponent.id == caller.user_id:
        raise ServiceError("yourself", "you cannot play against yourself")
    return opponent


def _check_pair(house: House, unit: Unit, user_id: int, opponent: User) -> None:
    if blocked_between(unit, user_id, opponent.id):
        raise ServiceError("blocked", f"You and {opponent.name} do not play each other.")
    if _playing(unit, user_id, opponent.id):
        raise ServiceError("already_playing", f"you are already playing against {opponent.name}")
    _check_own_matches(house, unit, user_id)
    if _open_count(unit, opponent.id) >= house.config.MAX_OPEN_MATCHES:
        raise ServiceError("opponent_busy", f"{opponent.name} has too many open matches")


def _check_own_matches(house: House, unit: Unit, user_id: int) -> None:
    most = house.config.MAX_OPEN_MATCHES
    if _open_count(unit, user_id) >= most:
        raise ServiceError("too_many_matches", f"you have {most} open matches already")


def _who_waits(house: House, unit: Unit, user_id: int, game: str) -> Seek | None:
    """Who has waited longest and may play this user now."""
    waiting = unit.scalars(select(Seek).where(Seek.game == game).order_by(Seek.id))
    for seek_ in waiting:
        if (
            not blocked_between(unit, user_id, seek_.user_id)
            and not _playing(unit, user_id, seek_.user_id)
            and _open_count(unit, seek_.user_id) < house.config.MAX_OPEN_MATCHES
        ):
            return seek_
    return None


def _open_count(unit: Unit, user_id: int) -> int:
    return unit.scalar(select(func.count()).where(Seat.user_id == user_id, Seat.open)) or 0


def _playing(unit: Unit, one: int, other: int) -> bool:
    theirs = aliased(Seat)
    both = (
        select(Match.id)
        .join(Seat, Seat.match_id == Match.id)
        .join(theirs, theirs.match_id == Match.id)
        .where(Seat.user_id == one, Seat.open, theirs.user_id == other)
        .limit(1)
    )
    return unit.scalar(both) is not None


def _announce(house: House, match_id: str) -> MatchRecord:
    record = matches.get(house, match_id)
    house.matches.put(record)
    house.publish.match(record)
    return record
