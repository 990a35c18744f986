"""Who is here. Kept in the database, since a user's connections may be on several workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    except_,
    func,
    insert,
    select,
    update,
)

from app.games import DEFAULT
from app.services import absence, grace, players, sessions, watching, workers
from app.services.bridge import absence as bridge_absence
from app.services.errors import ServiceError
from app.services.house import Connected, House
from app.services.reach import is_here, reachable
from app.services.sessions import Caller
from app.store import Presence, Rating, Seek, Session, User, Watcher, Worker
from app.store.people import DELETED_NAME

__all__ = [
    "OnlineRow",
    "announce",
    "arrive",
    "beat",
    "catch_up",
    "connect",
    "count",
    "disconnect",
    "is_here",
    "leave",
    "look",
    "online",
    "reachable",
]

SHOWN = 100  # how many people a list of who is here names
FEW = 50  # more than so many who go at once are announced together
# How long the lobby may wait to hear of several who come and go, the more connections the longer.
TOGETHER = timedelta(seconds=0.25)
TOGETHER_EACH = timedelta(microseconds=200)

# Built once: asked whenever somebody comes or goes, or looks who is here.
_PEOPLE: Final = (
    select(User.name, Rating.value, User.registered, User.automatic)
    .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == DEFAULT))
    .where(User.id.in_(bindparam("users", expanding=True)))
)
_SHOWN: Final = _PEOPLE.where(User.active).order_by(User.name)
_CHANGED: Final = _PEOPLE.add_columns(
    select(Presence.id).where(Presence.user_id == User.id).exists()
).where(User.name != DELETED_NAME)
_THEIRS: Final = select(func.count()).where(Presence.user_id == bindparam("user"))
# One at a time for each user: whether a connection is the first or the last must hold. Rows that
# name the user (a message, a mark) need not wait for it.
_LOCK: Final = select(User.id).where(User.id == bindparam("user")).with_for_update(key_share=True)
_SESSION: Final = select(Session.user_id).where(Session.id == bindparam("session"))
_COMES: Final = insert(Presence)
_GONE: Final = delete(Presence).where(Presence.id == bindparam("gone"))
_USED: Final = update(Session).where(Session.id == bindparam("session"))
_SEEN: Final = update(User).where(User.id == bindparam("user"))
_SEEKS: Final = delete(Seek).where(Seek.user_id == bindparam("user"))


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """Somebody who is here: `rating` in points, None for a guest; `automatic`: a program."""

    name: str
    rating: int | None
    registered: bool
    automatic: bool = False

    def json(self) -> dict[str, Any]:
        """The row as messages carry it."""
        data = {"name": self.name, "elo": self.rating, "registered": self.registered}
        return data | {"automatic": True} if self.automatic else data


def connect(house: House, caller: Caller, transport: str, address: str = "") -> int:
    """Note a connection of the caller; its id, for `disconnect`.

    Called once the connection is in its session's room: a session that ends before this raises
    `session_ended` here, one that ends after it cuts the connection.
    """
    here = Connected(caller.user_id, caller.session_id, transport, house.clock(), address[:64])

    def work(connection: Connection) -> tuple[int, bool] | None:
        connection.execute(_LOCK, {"user": caller.user_id})
        if connection.scalar(_SESSION, {"session": caller.session_id}) != caller.user_id:
            return None
        if workers.stay(house, connection):
            watching.all_changed(house)
        first = not connection.scalar(_THEIRS, {"user": caller.user_id})
        added = connection.execute(_COMES, workers.row(house, here))
        assert added.inserted_primary_key is not None
        return added.inserted_primary_key[0], first

    done = house.store.group.run(f"user:{caller.user_id}", work)
    if done is None:
        raise ServiceError("session_ended", "You have been signed out.")
    presence_id, first = done
    house.connections[presence_id] = here
    if first:
        announce(house, [caller.user_id])
        bridge_absence.back(house, caller.user_id)
    return presence_id


def disconnect(house: House, presence_id: int) -> None:
    """Note that a connection is gone; with the user's last one their wait for an opponent ends.

    What they have open that asks for them at once waits a little: a page may be on its way back.
    """
    here = house.connections.pop(presence_id, None)
    if here is None:
        return
    house.departed[presence_id] = here
    _depart(house, presence_id, here)


def catch_up(house: House) -> int:
    """Note the partings that the database could not be told of at the time; how many there were."""
    departed = dict(house.departed)
    for presence_id, here in departed.items():
        _depart(house, presence_id, here)
    return len(departed) + watching.catch_up(house)


def _depart(house: House, presence_id: int, here: Connected) -> None:
    now = house.clock()

    def work(connection: Connection) -> tuple[bool, bool]:
        user, session = {"user": here.user_id}, {"session": here.session_id}
        connection.execute(_LOCK, user)
        connection.execute(_GONE, {"gone": presence_id})
        connection.execute(_USED, {**session, "used_at": now})
        connection.execute(_SEEN, {**user, "seen_at": now})
        last = not connection.scalar(_THEIRS, user)
        if last:
            connection.execute(_SEEKS, user)
        return last, last and connection.scalar(_SESSION, session) is None

    last, signed_out = house.store.group.run(f"user:{here.user_id}", work)
    house.departed.pop(presence_id, None)
    if last:
        announce(house, [here.user_id])
        absence.miss(house, [here.user_id])
        grace.gone(house, [here.user_id])
        (bridge_absence.signed_out if signed_out else bridge_absence.miss)(house, [here.user_id])


def look(house: House, limit: int = SHOWN) -> tuple[list[OnlineRow], int]:
    """Who is here, by name, at most `limit` of them; and how many there are in all."""
    user_ids, total = house.attendance.look(house, limit)
    if not user_ids:
        return [], total
    with house.store.look() as connection:
        return [OnlineRow(*row) for row in connection.execute(_SHOWN, {"users": user_ids})], total


def online(house: House, limit: int = SHOWN) -> list[OnlineRow]:
    """Who is here, by name; at most `limit` of them."""
    return look(house, limit)[0]


def count(house: House) -> int:
    """How many people are here."""
    return house.attendance.look(house, 0)[1]


def arrive(house: House) -> None:
    """A worker starts: it is known from now on, and what one killed here has left is gone."""
    _forget(house, Worker.address == workers.address(house))
    with house.store.write() as unit:
        unit.add(Worker(id=house.worker_id, address=workers.address(house), beat_at=house.clock()))


def beat(house: House) -> int:
    """This worker is alive and so are its connections; forget workers that are not.

    A worker that was itself forgotten, having stood still for long, brings its connections
    and watchers back. How many were forgotten.
    """
    now = house.clock()
    connections = dict(house.connections)
    with house.store.write() as unit:
        worker = unit.get(Worker, house.worker_id)
        if worker is not None:
            worker.beat_at = now
        elif (connections or house.watchers) and workers.come_back(house, unit):
            watching.all_changed(house)
    sessions.keep(house, {here.session_id for here in connections.values()})
    silent_since = now - timedelta(seconds=house.config.PRESENCE_TTL)
    return _forget(house, Worker.beat_at < silent_since)


def leave(house: House) -> None:
    """This worker stops, and its connections with it."""
    _forget(house, Worker.id == house.worker_id)


def _forget(house: House, which: ColumnElement[bool]) -> int:
    with house.store.write() as unit:
        silent = list(unit.scalars(select(Worker.id).where(which)))
        if not silent:
            return 0
        theirs = Presence.worker_id.in_(silent)
        last = except_(
            select(Presence.user_id).where(theirs), select(Presence.user_id).where(~theirs)
        )
        gone = list(unit.scalars(last))
        watched = set(unit.scalars(select(Watcher.match_id).where(Watcher.worker_id.in_(silent))))
        apart = {"synchronize_session": False}
        # Whoever is locked just now is coming in through another worker, and seen by that.
        free = select(User.id).where(User.id.in_(gone)).with_for_update(skip_locked=True)
        seen_now = update(User).where(User.id.in_(free)).values(seen_at=house.clock())
        unit.execute(seen_now.execution_options(**apart))
        unit.execute(delete(Presence).where(theirs))
        unit.execute(delete(Worker).where(Worker.id.in_(silent)))
        if gone:
            present = select(Presence.user_id)
            not_here = delete(Seek).where(Seek.user_id.not_in(present))
            unit.execute(not_here.execution_options(**apart))
    if len(gone) > FEW:
        house.publish.lobby("presence_reset", {})
        players.changed(house)
    else:
        announce(house, gone)
    if house.worker_id not in silent:
        absence.miss(house, gone)
        grace.gone(house, gone)
        bridge_absence.miss(house, gone)
        for match_id in watched:
            watching.changed(house, match_id)
    return len(silent)


def announce(house: House, user_ids: Sequence[int]) -> None:
    """Tell the lobby whether these users are here.

    At once, or with the others who come and go within a moment after some have been told of: a
    crowd that arrives would else be as many messages as it has members, to each of them.
    """
    if not user_ids:
        return
    house.unannounced.update(dict.fromkeys(user_ids))
    moment = TOGETHER + TOGETHER_EACH * len(house.connections)
    if house.timers.set_once(("presence",), house.clock() + moment, lambda: _announce_all(house)):
        _announce_all(house)
    players.changed(house)


def _announce_all(house: House) -> None:
    """Tell the lobby of whom it has not been told yet.

    What is so now, not what has happened: of two that pass each other, a coming and a going, the
    later to speak is right. Of who has been deleted meanwhile `farewell` has told.
    """
    user_ids = list(house.unannounced)
    if not user_ids:
        return
    house.unannounced.clear()
    with house.store.look() as connection:
        rows = list(connection.execute(_CHANGED, {"users": user_ids}))
    people = [
        OnlineRow(name, value, registered, automatic).json() | {"online": is_online}
        for name, value, registered, automatic, is_online in rows
    ]
    if len(people) == 1:
        house.publish.lobby("presence_update", people[0])
    elif people:
        house.publish.lobby("presence_updates", {"people": people})
