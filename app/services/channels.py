"""Where people talk, and who hears it: the one place that decides who may read what.

A channel has a key, under which its lines are kept, and a name, by which a viewer asks for it:
`lobby`; `match:<id>`, its players' for ever; `watch:<id>`, its spectators', and the players' too
once it is over; `bridge:<id>`, of who sits or looks on at a bridge table; and a talk of two, kept
as `dm:<lower user id>:<higher>` and asked for as `with:<the other's name>`. What is not a viewer's
to read does not exist for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session as Unit

from app.services import access, loading
from app.services.access import Viewer
from app.services.bridge import rows
from app.services.errors import ServiceError
from app.services.house import House
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.store import OpenTable, ReadMark, TableSeat, User
from app.store.people import blocked_between, is_named
from app.store.tables import is_table

LOBBY: Final = "lobby"
MATCH: Final = "match"
WATCH: Final = "watch"
TALK: Final = "with"  # as it is asked for
BRIDGE: Final = "bridge"
DM: Final = "dm"  # as it is kept


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as one viewer has it before them, who may read it.

    `members` are told how much there is that they have not read. `closed`: why the viewer may say
    nothing here, or None.
    """

    key: str
    name: str
    audience: Audience
    members: tuple[int, ...] = ()
    closed: ServiceError | None = None


def enter(house: House, viewer: Viewer, name: str) -> Channel:
    """The channel that the viewer calls so.

    Raises `no_such_room` for one that is not theirs to read, `sign_in` for strangers anywhere but
    among spectators, and `too_many` for who guesses the codes of private matches.
    """
    kind, _, rest = name.partition(":")
    if viewer.user_id is None and kind != WATCH:
        raise _sign_in()
    opens = _KINDS.get(kind)
    if opens is None:
        raise _no_such_room()
    return opens(house, viewer, rest)


def enter_key(house: House, viewer: Viewer, key: str) -> Channel:
    """The channel that is kept under a key. Raises as `enter` does."""
    if not key.startswith(f"{DM}:"):
        return enter(house, viewer, key)
    ids = members_of(key)
    if viewer.user_id not in ids:
        raise _no_such_room()
    with house.store.read() as unit:
        other = unit.get(User, ids[0] if ids[1] == viewer.user_id else ids[1])
    if other is None:
        raise _no_such_room()
    return _talk_with(house, viewer, other)


def unseen(house: House, key: str) -> Channel:
    """The channel of a key, as the house itself has it; nobody hears it once its match is gone."""
    kind, _, rest = key.partition(":")
    if kind == DM:
        members = members_of(key)
        return Channel(key, key, Audience(users=members), members=members)
    if kind == LOBBY:
        return Channel(key, key, Audience(lobby=True))
    if kind == BRIDGE:
        return _around(rows.look(house, rest), key)
    try:
        with house.store.read() as unit:
            record = loading.load(unit, rest)
    except ServiceError:
        return Channel(key, key, Audience())
    players = _players(record)
    if kind == MATCH:
        return Channel(key, key, Audience(users=players), members=players)
    return Channel(key, key, watching(rest, players, record.over))


def watching(match_id: str, players: tuple[int, ...], over: bool = False) -> Audience:
    """Who hears what spectators say: the players only once their match is over."""
    if over:
        return Audience(users=players, watching=(match_id,))
    return Audience(watching=(match_id,), but=players)


def talk_key(one: int, other: int) -> str:
    """The key of the talk between two users."""
    return f"{DM}:{min(one, other)}:{max(one, other)}"


def members_of(key: str) -> tuple[int, ...]:
    """The two users of a talk; nobody for any other key."""
    kind, _, rest = key.partition(":")
    return tuple(map(int, rest.split(":"))) if kind == DM else ()


def is_talk(key: str) -> bool:
    """Whether that is the key of a talk between two."""
    return key.startswith(f"{DM}:")


_PARTNERS: Final = (
    select(User.id, User.name, User.active, User.automatic)
    .where(User.id.in_(bindparam("ids", expanding=True)))
    .order_by(User.active, User.id)
)


class Partner(NamedTuple):
    """With whom somebody has talked; `active`: still here, `automatic`: a program."""

    id: int
    name: str
    active: bool
    automatic: bool


def partners(unit: Unit, user_id: int) -> dict[str, Partner]:
    """With whom a user has talked, by key: those who can be asked for by their name.

    Names are lent. Of several who had the same one only the one who has it now can be, or, where
    nobody has it, the one who had it last.
    """
    return partners_of(unit, [user_id])[user_id]


def partners_in(unit: Unit, user_id: int, keys: Collection[str]) -> dict[str, Partner]:
    """Those of a user's `partners` with whom they talk under these keys.

    Where all of those are still here, nobody else needs to be looked at: they have their names.
    """
    others = {_other(key, user_id): key for key in keys}
    asked = {"ids": list(others)}
    found = [Partner(*row) for row in unit.execute(_PARTNERS, asked)] if others else []
    if all(user.active for user in found):
        return {others[user.id]: user for user in found}
    everyone = partners(unit, user_id)
    return {key: everyone[key] for key in keys if key in everyone}


def partners_of(unit: Unit, user_ids: Sequence[int]) -> dict[int, dict[str, Partner]]:
    """The `partners` of each of these users, with as many queries as for one."""
    marks = select(ReadMark.user_id, ReadMark.room).where(
        ReadMark.user_id.in_(user_ids), ReadMark.room.startswith(f"{DM}:")
    )
    keys: dict[int, dict[int, str]] = {user_id: {} for user_id in user_ids}
    for user_id, key in unit.execute(marks):
        keys[user_id][_other(key, user_id)] = key
    everyone = {other for others in keys.values() for other in others}
    known = unit.execute(_PARTNERS, {"ids": list(everyone)}) if everyone else ()
    users = [Partner(*row) for row in known]
    gone = {user.name for user in users if not user.active}
    in_use = select(User.name).where(User.active, User.name.in_(gone))
    taken = set(unit.scalars(in_use)) if gone else set()
    found = {}
    for user_id, others in keys.items():
        latest = {user.name: user for user in users if user.id in others}
        found[user_id] = {
            others[user.id]: user
            for name, user in latest.items()
            if user.active or name not in taken
        }
    return found


def _other(key: str, user_id: int) -> int:
    """With whom this user talks under that key."""
    one, other = members_of(key)
    return other if one == user_id else one


def _lobby(house: House, viewer: Viewer, rest: str) -> Channel:
    if rest:
        raise _no_such_room()
    return Channel(LOBBY, LOBBY, Audience(lobby=True))


def _match(house: House, viewer: Viewer, match_id: str) -> Channel:
    name = f"{MATCH}:{match_id}"
    try:
        with house.store.read() as unit:
            record = loading.load(unit, match_id)
        # Of a deal of bridge they talk at their table.
        players = () if record.table_id is not None else _players(record)
    except ServiceError:
        # Those who sit at an open table wait where the match will be.
        players = _sitters(house, match_id)
    if viewer.user_id not in players:
        raise _no_such_room()
    return Channel(name, name, Audience(users=players), members=players)


def _watch(house: House, viewer: Viewer, match_id: str) -> Channel:
    name = f"{WATCH}:{match_id}"
    record = access.find(house, viewer, match_id)
    if isinstance(record, OpenTable):
        with house.store.read() as unit:
            if viewer.user_id in access.members(unit, record):
                raise _no_such_room()
        # Who looks on at an open table waits where the spectators will be.
        early = ServiceError("not_begun", "The game has not started")
        return Channel(name, name, watching(match_id, _sitters(house, match_id)), closed=early)
    if record is None:
        raise _no_such_room()
    if viewer.user_id in _players(record) and not record.over:
        raise _no_such_room()
    closed = _sign_in() if viewer.user_id is None else None
    audience = watching(record.id, _players(record), record.over)
    return Channel(name, name, audience, closed=closed)


def _bridge(house: House, viewer: Viewer, table_id: str) -> Channel:
    row = rows.look(house, table_id)
    if row is None or viewer.user_id not in row.around:
        raise _no_such_room()
    return _around(row, f"{BRIDGE}:{table_id}")


def _around(row: rows.TableRow | None, key: str) -> Channel:
    """The channel of a bridge table; nobody hears it once the table is gone."""
    if row is None:
        return Channel(key, key, Audience())
    return Channel(key, key, Audience(users=row.around), members=row.seated)


def _talk(house: House, viewer: Viewer, name: str) -> Channel:
    assert viewer.user_id is not None
    name = name.strip().lower()
    with house.store.read() as unit:
        here = unit.scalar(select(User).where(is_named(name), User.active))
        known = partners(unit, viewer.user_id).values() if here is None else ()
        other = here or next((user for user in known if user.name == name), None)
    if other is None or other.id == viewer.user_id:
        raise _no_such_room()
    return _talk_with(house, viewer, other)


def _talk_with(house: House, viewer: Viewer, other: User | Partner) -> Channel:
    assert viewer.user_id is not None
    members = (viewer.user_id, other.id)
    with house.store.read() as unit:
        blocked = blocked_between(unit, *members)
    closed = None
    if not other.active:
        closed = ServiceError("gone", f"{other.name} is no longer here.")
    elif blocked:
        closed = ServiceError("blocked", f"You and {other.name} do not talk to each other.")
    key, name = talk_key(*members), f"{TALK}:{other.name}"
    return Channel(key, name, Audience(users=members), members=members, closed=closed)


def _players(record: MatchRecord) -> tuple[int, ...]:
    return record.user_ids


def _sitters(house: House, table_id: str) -> tuple[int, ...]:
    """Who sits at an open table, its owner first; nobody where there is none."""
    seated = (
        select(OpenTable.owner_id, TableSeat.user_id)
        .outerjoin(TableSeat, TableSeat.table_id == OpenTable.id)
        .where(is_table(table_id))
        .order_by(TableSeat.seat)
    )
    with house.store.read() as unit:
        rows = unit.execute(seated).all()
    ids = [row.owner_id for row in rows[:1]] + [row.user_id for row in rows]
    return tuple(dict.fromkeys(user_id for user_id in ids if user_id is not None))


def _no_such_room() -> ServiceError:
    return ServiceError("no_such_room", "There is nothing to read here.")


def _sign_in() -> ServiceError:
    return ServiceError("sign_in", "Sign in to do that.")


_KINDS: Final[Mapping[str, Callable[[House, Viewer, str], Channel]]] = MappingProxyType(
    {LOBBY: _lobby, MATCH: _match, WATCH: _watch, TALK: _talk, BRIDGE: _bridge}
)
