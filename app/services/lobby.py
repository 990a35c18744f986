"""The lobby: how matches come about."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.games import DEFAULT
from app.services import computer, matches, pairing, terms, watching
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.store import Seek, User
from app.store.base import affected
from app.store.people import blocked_between

_SEEKS: Final = select(Seek.id).where(Seek.user_id == bindparam("user"))


def seek(house: House, caller: Caller, game: str = DEFAULT) -> MatchRecord | None:
    """Play the next who waits for that game as it is usual; if nobody suitable does, wait (None).

    People meet people here, and programs programs. The one who waited moves first. Raises
    `bad_game`, `already_seeking`, `too_many_matches`, `too_many`.
    """
    setup = terms.usual(game)
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        pairing.begin(house, unit)
        if unit.scalar(select(Seek.id).where(Seek.user_id == caller.user_id)) is not None:
            raise ServiceError("already_seeking", "you are already searching for a random match")
        pairing.check_room(house, unit, caller.user_id)
        waiting = _taken_from_waiting(house, unit, caller.user_id, game)
        if waiting is None:
            unit.add(Seek(user_id=caller.user_id, game=game, since=house.clock()))
            record = None
        else:
            record = matches.started(house, unit, setup, [waiting.user_id, caller.user_id])
    if waiting is None or record is None:
        house.publish.user(caller.user_id, "seek_update", {"seeking": True})
        return None
    found = {"seeking": False, "match": record.id}
    house.publish.user(waiting.user_id, "seek_update", found)
    return matches.begun(house, record)


def cancel(house: House, user_id: int) -> bool:
    """Stop waiting; whether the user did wait."""
    with house.store.write() as unit:
        waited = affected(unit, delete(Seek).where(Seek.user_id == user_id)) > 0
    if waited:
        house.publish.user(user_id, "seek_update", {"seeking": False})
    return waited


def is_seeking(house: House, user_id: int) -> bool:
    """Whether the user waits for an opponent."""
    with house.store.look() as connection:
        return connection.scalar(_SEEKS, {"user": user_id}) is not None


def invite(house: House, caller: Caller, name: str, game: str = DEFAULT) -> MatchRecord:
    """Start a match of two with the user of that name, who may be away. The caller moves first.

    Whoever of the two waits for another opponent goes on waiting.
    Raises `bad_game`, `yourself`, `unknown_user`, `blocked`, `already_playing`,
    `too_many_matches`, `opponent_busy`, `too_many`.
    """
    setup = terms.usual(game)
    house.limits.hit("invite", str(caller.user_id))

    def work(connection: Connection) -> MatchRecord | ServiceError:
        pairing.begin(house, connection)
        try:
            opponent = pairing.opponent(connection, caller.user_id, name)
            pairing.check_pair(house, connection, caller.user_id, opponent, game)
            return matches.started(house, connection, setup, [caller.user_id, opponent.id])
        except ServiceError as refusal:
            return refusal

    done = house.store.group.run(pairing.FIRST, work)
    if isinstance(done, ServiceError):
        raise done
    record = matches.begun(house, done)
    inviter, opponent = record.seats
    assert opponent.user_id is not None
    # The caller's name may be one they have given up.
    house.publish.user(opponent.user_id, "match_request", {"player": inviter.name})
    return record


def rematch(
    house: House, caller: Caller, match_id: str, strength: str | None = None
) -> MatchRecord:
    """Play the same people again: two with sides swapped, more in the seats they had, and the
    computer with them, at a `strength` where one is given. All who ask get the same match.

    All else is as it was agreed on before, and whoever watches comes along. Raises
    `no_such_match`, `not_your_match`, `not_over`, `unknown_user` for one who is gone, what `invite`
    raises, `not_allowed` at a table where matches are played one after another, and where nobody
    may be away for long Unavailable; `bad_seats` for a strength that there is not.
    """
    record = matches.get(house, match_id)
    if strength is not None and strength not in computer.strengths(record.game):
        raise ServiceError("bad_seats", "The computer does not play like that.")
    if record.seat_of(caller.user_id) is None:
        raise matches.not_yours(record)
    if not record.over:
        raise ServiceError("not_over", "This match is still being played.")
    if record.engine.info.own_hall:
        raise ServiceError("not_allowed", "The next one begins at the table.")
    if record.rematch_id:
        return matches.get(house, record.rematch_id)
    house.limits.hit("invite", str(caller.user_id))
    try:
        with house.store.write() as unit:
            pairing.begin(house, unit)
            _check_again(house, unit, caller, record)
            setup = matches.setup_of(record)
            new = matches.started(
                house, unit, setup, _seats_again(record, strength), previous_id=match_id
            )
            watching.carry(unit, match_id, new.id)
    except (IntegrityError, ServiceError):
        # Another may have asked at the same moment: then there is a rematch already.
        record = matches.get(house, match_id)
        if record.rematch_id is None:
            raise
        return matches.get(house, record.rematch_id)
    house.publish.carry(match_id, new.id)
    started = matches.begun(house, new)
    by = next(info.name for info in started.seats if info.user_id == caller.user_id)
    offer = {"id": match_id, "match": new.id, "by": by}
    for user_id in record.user_ids:
        house.publish.user(user_id, "rematch", offer)
    house.publish.watchers(match_id, "rematch", offer)
    watching.changed(house, new.id)
    return started


def _seats_again(record: MatchRecord, strength: str | None) -> list[int | Bot]:
    """Who plays a match again, by their new seats."""
    seats = [info.user_id or Bot(strength or info.bot or "", info.name) for info in record.seats]
    return seats[::-1] if len(seats) == 2 else seats


def _check_again(house: House, unit: Unit, caller: Caller, record: MatchRecord) -> None:
    """Whether the people of a match can play it again now. Raises what `rematch` says."""
    people = [unit.get_one(User, user_id) for user_id in record.user_ids]
    of_two = len(record.seats) == 2 and record.grace is None
    pairing.check_room(house, unit, caller.user_id)
    for number, user in enumerate(people):
        if not user.active:
            raise ServiceError("unknown_user", f"{user.name} is no longer here.")
        if user.id != caller.user_id:
            game = record.game if of_two else None
            pairing.check_pair(house, unit, caller.user_id, user, game)
        if any(blocked_between(unit, user.id, other.id) for other in people[:number]):
            raise ServiceError("blocked", f"{user.name} does not play one of the others.")
        if record.grace is not None:
            pairing.check_available(unit, user)


def _taken_from_waiting(house: House, unit: Unit, user_id: int, game: str) -> Seek | None:
    """Who has waited longest and may play this user now; they wait no longer."""
    kind = select(User.automatic).where(User.id == user_id).scalar_subquery()
    waiting = (
        select(Seek)
        .join(User, User.id == Seek.user_id)
        .where(Seek.game == game, User.automatic == kind)
        .order_by(Seek.id)
    )
    for seek_ in unit.scalars(waiting).all():
        if (
            not blocked_between(unit, user_id, seek_.user_id)
            and not pairing.playing(unit, user_id, seek_.user_id, game)
            and not pairing.is_full(house, unit, seek_.user_id)
            # None that has left the house meanwhile: that ends their wait at another worker.
            and affected(unit, delete(Seek).where(Seek.id == seek_.id)) > 0
        ):
            return seek_
    return None
