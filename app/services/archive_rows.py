"""Somebody's own data row by row, for `archive`: what is kept under their number, table by table.

Nothing of anybody else's but the names of those they have to do with, and the private messages
that were written to them. Rows are JSON objects; long tables are read a page at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Unit

from app.games.api import Json
from app.services import channels
from app.services.errors import ServiceError
from app.services.house import House
from app.services.lines import heard_by
from app.store import (
    Analysis,
    ApiToken,
    Ban,
    Block,
    BoardSeen,
    BridgeSeat,
    Friend,
    Joined,
    Kibitzer,
    Message,
    OpenTable,
    Presence,
    Rating,
    RatingChange,
    ReadMark,
    Report,
    Seat,
    Seek,
    Session,
    TableSeat,
    User,
    Watcher,
)

PAGE: Final = 500  # rows that are read at once


def account(house: House, user_id: int) -> Json:
    """What is kept of a user themselves. Raises `session_ended` for who is gone."""
    with house.store.read() as unit:
        user = unit.get(User, user_id)
        if user is None or not user.active:
            raise ServiceError("session_ended", "You have been signed out.")
        token = unit.get(ApiToken, user_id)
        ban = unit.scalar(select(Ban).where(Ban.user_id == user_id))
    return {
        "name": user.name,
        "registered": user.registered,
        "admin": user.admin,
        "program": user.automatic,
        "since": _at(user.created_at),
        "seen": _at(user.seen_at),
        "password": "kept as an argon2id hash" if user.password_hash else None,
        "token": None if token is None else {"made": _at(token.created_at)},
        "language": user.language or None,
        "bridge": {"single_cards_are_played": user.play_singles, "system": user.bridge_system},
        "banned": None if ban is None else {"reason": ban.reason, "until": _at(ban.until)},
    }


def _sessions(house: House, user_id: int) -> Iterator[Json]:
    mine = select(Session).where(Session.user_id == user_id)
    for row in _paged(house, mine, Session.id):
        yield {
            "begun": _at(row.created_at),
            "used": _at(row.used_at),
            "program": row.label,
            "address": row.address,
        }


def _connections(house: House, user_id: int) -> Iterator[Json]:
    for row in _paged(house, select(Presence).where(Presence.user_id == user_id), Presence.id):
        yield {"since": _at(row.since), "by": row.transport, "address": row.address}


def _friends(house: House, user_id: int) -> Iterator[Json]:
    return _people(house, Friend.friend_id, Friend.user_id == user_id)


def _blocked(house: House, user_id: int) -> Iterator[Json]:
    return _people(house, Block.blocked_id, Block.user_id == user_id)


def _people(house: House, who: InstrumentedAttribute[int], mine: Any) -> Iterator[Json]:
    table = who.class_
    query = select(User.name, table.since).join(User, User.id == who).where(mine)
    with house.store.read() as unit:
        people = unit.execute(query.order_by(User.name)).all()
    for name, since in people:
        yield {"name": name, "since": _at(since)}


def _ratings(house: House, user_id: int) -> Iterator[Json]:
    with house.store.read() as unit:
        rows = list(unit.scalars(select(Rating).where(Rating.user_id == user_id)))
    for row in rows:
        yield {
            "game": row.game,
            "points": row.value,
            "won": row.won,
            "drawn": row.drawn,
            "lost": row.lost,
        }


def _rating_changes(house: House, user_id: int) -> Iterator[Json]:
    mine = select(RatingChange).where(RatingChange.user_id == user_id)
    for row in _paged(house, mine, RatingChange.id):
        yield {
            "at": _at(row.at),
            "game": row.game,
            "match": row.match_id,
            "before": row.before,
            "after": row.after,
        }


def _said(house: House, user_id: int) -> Iterator[Json]:
    """What they have said, but for their private talks; hidden: by an admin."""
    mine = select(Message).where(
        Message.user_id == user_id, ~Message.room.startswith(f"{channels.DM}:")
    )
    for row in _paged(house, mine, Message.id):
        yield {
            "at": _at(row.at),
            "room": row.room,
            "name": row.name,
            "text": row.text,
            "hidden": row.hidden,
        }


def _talks(house: House, user_id: int) -> Iterator[Json]:
    """Their private talks, both sides; of the other side what they get to see on the pages."""
    kept = select(ReadMark.room).where(
        ReadMark.user_id == user_id, ReadMark.room.startswith(f"{channels.DM}:")
    )
    with house.store.read() as unit:
        rooms = sorted(unit.scalars(kept))
    seen = or_(Message.user_id == user_id, and_(*heard_by(user_id)))
    for room in rooms:
        (other,) = {*channels.members_of(room)} - {user_id}
        with house.store.read() as unit:
            name = unit.scalar(select(User.name).where(User.id == other))
        for row in _paged(house, select(Message).where(Message.room == room, seen), Message.id):
            yield {"at": _at(row.at), "with": name, "from": row.name, "text": row.text}


def _read(house: House, user_id: int) -> Iterator[Json]:
    with house.store.read() as unit:
        marks = list(unit.scalars(select(ReadMark).where(ReadMark.user_id == user_id)))
    for row in marks:
        yield {"room": row.room, "last_read": row.message_id}


def _reports(house: House, user_id: int) -> Iterator[Json]:
    for row in _paged(house, select(Report).where(Report.reporter_id == user_id), Report.id):
        yield {
            "at": _at(row.at),
            "message": row.message_id,
            "reason": row.reason,
            "closed": _at(row.closed_at),
        }


def _analyses(house: House, user_id: int) -> Iterator[Json]:
    """What the computer thinks of their matches, whoever has asked for it."""
    mine = select(Seat.match_id).where(Seat.user_id == user_id)
    for row in _paged(
        house, select(Analysis).where(Analysis.match_id.in_(mine)), Analysis.match_id
    ):
        yield {
            "match": row.match_id,
            "asked": _at(row.asked_at),
            "done": row.done,
            "found": json.loads(row.found),
        }


def _open(house: House, user_id: int) -> Iterator[Json]:
    """Where they wait, sit and look on just now."""
    for kind, rows in _WAITING.items():
        with house.store.read() as unit:
            found = list(rows(unit, user_id))
        for row in found:
            yield {"what": kind, **row}


def _seeks(unit: Unit, user_id: int) -> Iterator[dict[str, Any]]:
    for row in unit.scalars(select(Seek).where(Seek.user_id == user_id)):
        yield {"game": row.game, "since": _at(row.since)}


def _tables(unit: Unit, user_id: int) -> Iterator[dict[str, Any]]:
    part = or_(TableSeat.user_id == user_id, TableSeat.invitee_id == user_id)
    there = select(TableSeat.table_id).where(part)
    mine = or_(
        OpenTable.id.in_(there), OpenTable.owner_id == user_id, OpenTable.invitee_id == user_id
    )
    for row in unit.scalars(select(OpenTable).where(mine).order_by(OpenTable.created_at)):
        own = row.owner_id == user_id
        yield {
            "table": row.id,
            "own": own,
            "game": row.game,
            "variant": row.variant,
            "since": _at(row.created_at),
            **({"code": row.code} if own and row.code else {}),
        }


def _simple(*columns: Any, mine: Any) -> Callable[[Unit, int], Iterator[dict[str, Any]]]:
    """Rows of a small table, each with these columns."""

    def rows(unit: Unit, user_id: int) -> Iterator[dict[str, Any]]:
        for row in unit.execute(select(*columns).where(mine == user_id)):
            yield dict(row._mapping)

    return rows


_WAITING: Final[Mapping[str, Callable[[Unit, int], Iterator[dict[str, Any]]]]] = MappingProxyType(
    {
        "waiting for an opponent": _seeks,
        "open table or challenge": _tables,
        "seat at a bridge table": _simple(
            BridgeSeat.table_id, BridgeSeat.seat, mine=BridgeSeat.user_id
        ),
        "looking on at a bridge table": _simple(Kibitzer.table_id, mine=Kibitzer.user_id),
        "watching a match": _simple(Watcher.match_id, mine=Watcher.user_id),
        "game of the command API": _simple(Joined.game_id, Joined.spectating, mine=Joined.user_id),
        "bridge board seen": _simple(BoardSeen.board_id, mine=BoardSeen.user_id),
    }
)

TABLES: Final[Mapping[str, Callable[[House, int], Iterator[Json]]]] = MappingProxyType(
    {
        "sessions.json": _sessions,
        "connections.json": _connections,
        "friends.json": _friends,
        "blocked.json": _blocked,
        "ratings.json": _ratings,
        "rating-changes.json": _rating_changes,
        "chat.json": _said,
        "private-messages.json": _talks,
        "read.json": _read,
        "reports.json": _reports,
        "analyses.json": _analyses,
        "open.json": _open,
    }
)
"""By the file they go into: arrays of objects."""


def _paged(house: House, query: Select[Any], key: InstrumentedAttribute[Any]) -> Iterator[Any]:
    """The rows of a query in the order of a unique column, a page at a time.

    In between others are let in, and the connection is given back.
    """
    last = None
    while True:
        page = query if last is None else query.where(key > last)
        with house.store.read() as unit:
            rows = list(unit.scalars(page.order_by(key).limit(PAGE)))
        yield from rows
        if len(rows) < PAGE:
            return
        last = getattr(rows[-1], key.key)
        house.pause()


def _at(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
