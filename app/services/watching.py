"""Who looks on at a match, and which matches there are to look at.

Connections that watch are rows, since they may be on several workers. A user counts once, however
many of them they have, and so does who looks on through the command API.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import Session as Unit

from app.services import pairing, workers
from app.services.absence import SILENT
from app.services.errors import ServiceError
from app.services.house import House, Watching
from app.services.loading import load, load_all
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.store import Block, Joined, Kibitzer, Match, Rating, Seat, User, Watcher
from app.store.base import RowId

SHOWN_FROM: Final = 2  # moves: before that a match may come to nothing
NAMED: Final = 100  # how many watchers are named
EVERY: Final = timedelta(seconds=1)  # how often a match tells how many watch it
TOGETHER: Final = timedelta(seconds=0.25)  # how long the lobby may wait to hear of several matches

# Built once: asked whenever somebody looks at the lobby, and when it is told.
_PUBLIC: Final = select(Match).where(~Match.over, Match.version >= SHOWN_FROM, Match.code.is_(None))
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_STILL_LIVE: Final = _PUBLIC.with_only_columns(Match.id).where(Match.id.in_(_IDS))
_LOOKERS: Final = select(Kibitzer.table_id, func.count()).where(
    Kibitzer.table_id.in_(_IDS)
).group_by(Kibitzer.table_id)  # fmt: skip
_RATINGS: Final = select(Rating.user_id, Rating.game, Rating.value).where(
    Rating.user_id.in_(bindparam("users", expanding=True))
)


def _watching() -> Subquery:
    """Which users watch which of these matches, each once."""
    connected = select(Watcher.match_id, Watcher.user_id).where(
        Watcher.match_id.in_(_IDS), Watcher.user_id.is_not(None)
    )
    # Who joined to look on may have sat down since, on the website.
    sits = select(Seat.match_id).where(
        Seat.match_id == Joined.game_id, Seat.user_id == Joined.user_id
    )
    by_token = (
        select(Joined.game_id, Joined.user_id)
        .join(User, User.id == Joined.user_id)
        .where(
            Joined.game_id.in_(_IDS),
            Joined.spectating,
            ~sits.exists(),
            User.seen_at >= bindparam("since"),
        )
    )
    return union(connected, by_token).subquery()


_USERS: Final = _watching()
_COUNTS: Final = (
    select(_USERS.c.match_id, func.count()).group_by(_USERS.c.match_id),
    select(Watcher.match_id, func.count())
    .where(Watcher.match_id.in_(_IDS), Watcher.user_id.is_(None))
    .group_by(Watcher.match_id),
)
_NAMES: Final = (
    select(User.name).join(_USERS, _USERS.c.user_id == User.id).order_by(User.name).limit(NAMED)
)


def _live(for_viewer: bool, of_game: bool) -> Select[Match]:
    """The matches to look at, moved last first: all, those of one game, those for one viewer."""
    query = _PUBLIC
    if of_game:
        query = query.where(Match.game == bindparam("of"))
    if for_viewer:
        viewer = bindparam("viewer", type_=RowId)
        mine = select(Seat.match_id).where(Seat.match_id == Match.id, Seat.user_id == viewer)
        between = or_(
            (Block.user_id == viewer) & (Block.blocked_id == Seat.user_id),
            (Block.user_id == Seat.user_id) & (Block.blocked_id == viewer),
        )
        blocked = select(Seat.match_id).join(Block, between).where(Seat.match_id == Match.id)
        query = query.where(~mine.exists(), ~blocked.exists())
    latest = query.order_by(Match.moved_at.desc(), Match.id)
    return latest.limit(bindparam("limit", type_=Integer)).offset(
        bindparam("offset", type_=Integer)
    )


_LIVE: Final = {which: _live(*which) for which in product((False, True), repeat=2)}


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A match to look at: the rating of each seat (None: not rated), and how many watch.

    A deal of bridge is looked at from its table: those who do so there are counted.
    """

    record: MatchRecord
    ratings: tuple[int | None, ...]
    watchers: int

    def json(self) -> dict[str, Any]:
        """The row as messages carry it; the computer's seats say how strong it is, and those of
        programs that they are.
        """
        seats = zip(self.record.seats, self.ratings, strict=True)
        players = [
            {"name": info.name, "elo": rating}
            | ({"bot": info.bot} if info.bot else {})
            | ({"automatic": True} if info.automatic else {})
            for info, rating in seats
        ]
        return {
            "id": self.record.id,
            "game": self.record.game,
            "variant": self.record.variant,
            "players": players,
            "moves": self.record.version,
            "watchers": self.watchers,
            "time": None if self.record.table_id else self.record.time.text,
        }


def enter(house: House, match_id: str, user_id: int | None, known: Collection[int] = ()) -> int:
    """Note that a connection watches a match; its number, for `leave`.

    `known` are the connection's numbers so far: one of them may have been carried to this match
    from the one before.
    """
    carried = select(Watcher.id).where(Watcher.id.in_(known), Watcher.match_id == match_id)

    def work(connection: Connection) -> tuple[int, bool]:
        if workers.stay(house, connection):
            all_changed(house)
        number = connection.scalar(carried.limit(1)) if known else None
        if number is not None:
            return number, False
        # A guest who was just let go is a stranger.
        row = {
            "worker_id": house.worker_id,
            "match_id": match_id,
            "user_id": user_id if workers.still_there(connection, users) else None,
        }
        added = connection.execute(insert(Watcher).values(row))
        assert added.inserted_primary_key is not None
        return added.inserted_primary_key[0], True

    users = () if user_id is None else (user_id,)
    number, new = house.store.group.run(f"watch:{match_id}", work)
    if new:
        house.watchers[number] = Watching(match_id, user_id)
        changed(house, match_id)
    return number


def leave(house: House, numbers: Collection[int], match_id: str | None = None) -> None:
    """Note that a connection, by all its numbers, watches a match no longer; None: nor any."""
    left: dict[int, Watching] = {}
    for number in set(numbers):
        seen = house.watchers.get(number)
        if seen is not None and match_id in (None, seen.match_id):
            house.watchers.pop(number, None)
            left[number] = seen
    if left:
        house.unwatched.update(left)
        _forget(house, left)


def catch_up(house: House) -> int:
    """`leave` what the database could not be told of at the time; how much there was."""
    left = dict(house.unwatched)
    if left:
        _forget(house, left)
    return len(left)


def _forget(house: House, left: Mapping[int, Watching]) -> None:
    house.store.group.run_bulk("watched", _LEFT, left)
    for number in left:
        house.unwatched.pop(number, None)
    for left_id in {seen.match_id for seen in left.values()}:
        changed(house, left_id)


class _Left:
    """How it is stored who has gone: of all at once, in the order in which `carry` holds them."""

    def together(self, connection: Connection, items: Sequence[Collection[int]]) -> list[None]:
        theirs = Watcher.id.in_([number for numbers in items for number in numbers])
        connection.execute(_in_order(theirs))
        connection.execute(delete(Watcher).where(theirs))
        return [None] * len(items)

    def alone(self, connection: Connection, item: Collection[int]) -> None:
        self.together(connection, [item])


_LEFT: Final = _Left()


def carry(unit: Unit, old_id: str, new_id: str) -> None:
    """Let whoever watches one match watch another inside a transaction.

    Those who are in it through the command API come along, its players too. Then `carried`, on
    every worker.
    """
    unit.execute(_in_order(Watcher.match_id == old_id))
    watching = update(Watcher).where(Watcher.match_id == old_id).values(match_id=new_id)
    joined = update(Joined).where(Joined.game_id == old_id).values(game_id=new_id)
    for statement in (watching, joined):
        unit.execute(statement.execution_options(synchronize_session=False))


def carried(house: House, old_id: str, new_id: str) -> None:
    """Whoever watched one match on this worker watches another now."""
    for number, seen in list(house.watchers.items()):
        if seen.match_id == old_id:
            house.watchers[number] = replace(seen, match_id=new_id)


def count(house: House, match_id: str) -> int:
    """How many watch a match."""
    with house.store.look() as connection:
        return _counts(house, connection, [match_id]).get(match_id, 0)


def names(house: House, match_id: str) -> list[str]:
    """Who watches a match, by name, but for strangers; `NAMED` of them at most."""
    with house.store.look() as connection:
        return list(connection.scalars(_NAMES, _asked(house, [match_id])))


def changed(house: House, match_id: str) -> None:
    """Somebody came or went: tell how many watch now, for all who do so at about this time."""
    house.timers.set_once(
        ("watchers", match_id), house.clock() + EVERY, lambda: tell(house, match_id)
    )


def all_changed(house: House) -> None:
    """All who watch on this worker came at once: it came back."""
    for match_id in {seen.match_id for seen in list(house.watchers.values())}:
        changed(house, match_id)


def tell(house: House, match_id: str) -> None:
    """Tell the players and the watchers how many watch, and the lobby where it lists the match."""
    try:
        with house.store.read() as unit:
            record = load(unit, match_id)
    except ServiceError:
        return
    players = record.user_ids
    audience = Audience(users=players, watching=(match_id,))
    house.publish.tell(audience, "watchers", {"id": match_id, "count": count(house, match_id)})
    if not record.over and record.version >= SHOWN_FROM:
        show(house, record)


def live(
    house: House,
    viewer_id: int | None,
    limit: int = 20,
    *,
    game: str | None = None,
    offset: int = 0,
) -> list[LiveRow]:
    """The public matches that are being played, moved last first; `game`: of that one alone.

    Not the viewer's own, and none of people blocked either way.
    """
    asked = {"viewer": viewer_id, "of": game, "limit": limit, "offset": offset}
    with house.store.read() as unit:
        records = load_all(unit, _LIVE[viewer_id is not None, game is not None], asked)
        return _rows(house, unit.connection(), records)


def row(house: House, record: MatchRecord) -> LiveRow:
    """A match with its players' ratings as they are now, and how many watch it."""
    with house.store.look() as connection:
        return _rows(house, connection, [record])[0]


def still_live(house: House, match_ids: Collection[str]) -> set[str]:
    """Those of these matches that are to be looked at still."""
    if not match_ids:
        return set()
    with house.store.look() as connection:
        return set(connection.scalars(_STILL_LIVE, {"ids": list(match_ids)}))


def show(house: House, record: MatchRecord) -> None:
    """Tell the lobby of a match, or that it is over; of a private one nothing at all.

    At once, or with the others that come within a moment after one has been told of.
    """
    if record.private:
        return
    if record.over:
        house.unshown.pop(record.id, None)
        house.publish.lobby("live_gone", {"id": record.id})
        return
    house.unshown[record.id] = record
    if house.timers.set_once(("live",), house.clock() + TOGETHER, lambda: _show_all(house)):
        _show_all(house)


def _show_all(house: House) -> None:
    """Tell the lobby of the matches that it has not been told of yet."""
    records = list(house.unshown.values())
    if not records:
        return
    with house.store.look() as connection:
        rows = _rows(house, connection, records)
        blocked = pairing.blocked_among(
            connection, {user_id for record in records for user_id in record.user_ids}
        )
    for row in rows:
        record, players = row.record, row.record.user_ids
        if house.unshown.get(record.id) is not record:
            continue  # over by now, or to be shown as it has become
        del house.unshown[record.id]
        others = set[int]().union(*(blocked.get(player, ()) for player in players))
        audience = Audience(lobby=True, but=(*players, *sorted(others.difference(players))))
        house.publish.tell(audience, "live_update", row.json())
    # Some may have ended before that was said: then the end must be the last that is heard.
    ids = [record.id for record in records]
    for match_id in set(ids).difference(still_live(house, ids)):
        house.publish.lobby("live_gone", {"id": match_id})


def _in_order(which: ColumnElement[bool]) -> Select[int]:
    """Hold these watchers by their numbers, so that who leaves and who carries them go in line."""
    return select(Watcher.id).where(which).order_by(Watcher.id).with_for_update()


def _rows(house: House, connection: Connection, records: Sequence[MatchRecord]) -> list[LiveRow]:
    if not records:
        return []
    counts = _counts(house, connection, [record.id for record in records])
    tables = [record.table_id for record in records if record.table_id is not None]
    counted = connection.execute(_LOOKERS, {"ids": tables}) if tables else ()
    lookers = {row[0]: row[1] for row in counted}
    players = {user_id for record in records for user_id in record.user_ids}
    rated = connection.execute(_RATINGS, {"users": list(players)})
    values = {(user_id, game): value for user_id, game, value in rated}
    return [
        LiveRow(
            record,
            tuple(
                None if info.user_id is None else values.get((info.user_id, record.game))
                for info in record.seats
            ),
            counts.get(record.id, 0) + lookers.get(record.table_id or "", 0),
        )
        for record in records
    ]


def _counts(house: House, connection: Connection, match_ids: Collection[str]) -> Mapping[str, int]:
    """How many watch each of these matches."""
    asked = _asked(house, match_ids)
    counts: dict[str, int] = {}
    for query in _COUNTS:
        for match_id, number in connection.execute(query, asked):
            counts[match_id] = counts.get(match_id, 0) + number
    return counts


def _asked(house: House, match_ids: Collection[str]) -> dict[str, Any]:
    """What the statements about those who watch want to know."""
    return {"ids": list(match_ids), "since": house.clock() - SILENT}
