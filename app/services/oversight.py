"""What admins get to see: who is here and from where, what is played, who is who."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session as Unit

from app.services import bans, matches, offers, presence, reports, tokens
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load_all
from app.services.offers import TableRow
from app.services.records import MatchRecord
from app.services.reports import ReportRow
from app.services.standing import Banned
from app.store import Ban, Match, Message, OpenTable, Presence, Seat, Session, User, Worker
from app.store.people import is_named, user_named

PAGE: Final = 50
AROUND: Final = 3  # lines before and after a reported one

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list of `total`; `page` from 1 to `pages`."""

    rows: list[T]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Link:
    """A live connection."""

    transport: str
    address: str
    since: datetime


@dataclass(frozen=True, slots=True)
class OnlineRow:
    """Somebody who is here, and how: the oldest connection first."""

    name: str
    registered: bool
    automatic: bool
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlayerRow:
    """A player in a list."""

    name: str
    registered: bool
    automatic: bool
    admin: bool
    banned: bool
    online: bool
    since: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignedInAt:
    """A place where a player is signed in."""

    label: str
    address: str
    created_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True)
class PlayerFile:
    """All there is to know of one player. `automatic`: a program."""

    name: str
    registered: bool
    automatic: bool
    admin: bool
    since: datetime
    seen_at: datetime
    ban: Banned | None
    has_token: bool
    sessions: list[SignedInAt]
    links: list[Link]
    running: list[MatchRecord]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chat, `reported` or beside one that is."""

    name: str
    text: str
    at: datetime
    hidden: bool
    reported: bool


@dataclass(frozen=True, slots=True)
class ReportFile:
    """An open report, with what was said around it."""

    report: ReportRow
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Figures:
    """The house in numbers."""

    online: int
    matches: int
    tables: int
    reports: int
    bans: int


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker: where it serves, when it was last heard of, whether it is this one."""

    address: str
    beat_at: datetime
    here: bool


def figures(house: House) -> Figures:
    """How many of everything there is now."""
    now = house.clock()
    holds = or_(Ban.until.is_(None), Ban.until > now)
    with house.store.read() as unit:
        running = _count(unit, select(Match.id).where(~Match.over))
        tables = _count(unit, select(OpenTable.id))
        kept_out = _count(unit, select(Ban.id).where(holds))
    return Figures(presence.count(house), running, tables, reports.count(house), kept_out)


def workers(house: House) -> list[WorkerRow]:
    """The workers that have been heard of lately, by their addresses."""
    query = select(Worker.id, Worker.address, Worker.beat_at).order_by(Worker.address)
    with house.store.read() as unit:
        return [
            WorkerRow(address, beat_at, id == house.worker_id)
            for id, address, beat_at in unit.execute(query)
        ]


def online(house: House, page: int = 1) -> Page[OnlineRow]:
    """Who is here, by name, with every connection."""
    here = select(User).where(User.id.in_(select(Presence.user_id))).order_by(User.name, User.id)
    with house.store.read() as unit:
        users, total, page, pages = _page(unit, here, page)
        links = _links(unit, [user.id for user in users])
    rows = [OnlineRow(user.name, user.registered, user.automatic, links[user.id]) for user in users]
    return Page(rows, total, page, pages)


def running(house: House, name: str = "", page: int = 1) -> Page[MatchRecord]:
    """The running matches, private ones too, the one that moved last first; or of one player."""
    query = select(Match).where(~Match.over).order_by(Match.moved_at.desc(), Match.id)
    if name:
        theirs = select(Seat.match_id).join(User, User.id == Seat.user_id).where(is_named(name))
        query = query.where(Match.id.in_(theirs))
    with house.store.read() as unit:
        total = _count(unit, query)
        page, pages = _within(page, total)
        rows = load_all(unit, query.limit(PAGE).offset((page - 1) * PAGE))
    return Page(rows, total, page, pages)


def tables(house: House) -> list[TableRow]:
    """Every table and challenge that waits, private ones too, without their codes."""
    with house.store.read() as unit:
        return offers.rows(unit, None)


def players(house: House, text: str = "", page: int = 1) -> Page[PlayerRow]:
    """Accounts and guests whose name holds `text`, those seen last first."""
    if not (text.isascii() and text.isprintable()):
        return Page([], 0, 1, 1)
    query = select(User).where(User.active).order_by(User.seen_at.desc(), User.id)
    if text:
        query = query.where(User.name.contains(text, autoescape=True))
    with house.store.read() as unit:
        users, total, page, pages = _page(unit, query, page)
        ids = [user.id for user in users]
        here = set(unit.scalars(select(Presence.user_id).where(Presence.user_id.in_(ids))))
        out = _banned(unit, ids, house.clock())
    rows = [
        PlayerRow(
            name=user.name,
            registered=user.registered,
            automatic=user.automatic,
            admin=user.admin,
            banned=user.id in out,
            online=user.id in here,
            since=user.created_at,
            seen_at=user.seen_at,
        )
        for user in users
    ]
    return Page(rows, total, page, pages)


def player(house: House, name: str) -> PlayerFile:
    """All there is to know of the player of that name. Raises `unknown_user`."""
    with house.store.read() as unit:
        user = user_named(unit, name)
        if user is None:
            raise ServiceError("unknown_user", "Nobody plays here under that name.")
        sessions = unit.scalars(
            select(Session).where(Session.user_id == user.id).order_by(Session.used_at.desc())
        )
        places = [SignedInAt(s.label, s.address, s.created_at, s.used_at) for s in sessions]
        links = _links(unit, [user.id])[user.id]
    return PlayerFile(
        name=user.name,
        registered=user.registered,
        automatic=user.automatic,
        admin=user.admin,
        since=user.created_at,
        seen_at=user.seen_at,
        ban=bans.user_ban(house, user.id),
        has_token=tokens.has_token(house, user.id),
        sessions=places,
        links=links,
        running=matches.open_of(house, user.id),
    )


def open_reports(house: House, most: int) -> list[ReportFile]:
    """The open reports, the oldest first, at most so many, with what was said around each."""
    waiting = reports.waiting(house)[:most]
    with house.store.read() as unit:
        return [ReportFile(report, _around(unit, report)) for report in waiting]


def _around(unit: Unit, report: ReportRow) -> list[Line]:
    number = report.message_id
    room = select(Message).where(Message.room == report.room)
    before = room.where(Message.id < number).order_by(Message.id.desc()).limit(AROUND)
    after = room.where(Message.id >= number).order_by(Message.id).limit(AROUND + 1)
    lines = [*list(unit.scalars(before))[::-1], *unit.scalars(after)]
    return [Line(m.name, m.text, m.at, m.hidden, m.id == number) for m in lines]


def _links(unit: Unit, user_ids: list[int]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    query = select(Presence).where(Presence.user_id.in_(user_ids)).order_by(Presence.id)
    for row in unit.scalars(query):
        found[row.user_id].append(Link(row.transport, row.address, row.since))
    return found


def _banned(unit: Unit, user_ids: list[int], now: datetime) -> set[int | None]:
    holds: ColumnElement[bool] = or_(Ban.until.is_(None), Ban.until > now)
    return set(unit.scalars(select(Ban.user_id).where(Ban.user_id.in_(user_ids), holds)))


def _page(unit: Unit, query: Select[User], page: int) -> tuple[list[User], int, int, int]:
    total = _count(unit, query)
    page, pages = _within(page, total)
    rows = list(unit.scalars(query.limit(PAGE).offset((page - 1) * PAGE)))
    return rows, total, page, pages


def _within(page: int, total: int) -> tuple[int, int]:
    pages = max(1, ceil(total / PAGE))
    return min(max(page, 1), pages), pages


def _count(unit: Unit, query: Select[Any]) -> int:
    return unit.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
