"""Bridge tables as others see them: who sits where, who looks on, what is being played."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session as Unit

from app.games.bridge import BRIDGE, SIDES
from app.services.errors import ServiceError
from app.services.house import House
from app.store import BridgeSeat, BridgeTable, Kibitzer, Match, Rating, User

SHOWN: Final = 200  # how many tables a list names
KEY: Final = BRIDGE.info.key

_TABLE_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A taken seat: a user's, or the computer's (`bot`: how strong it plays). `automatic`: the
    user is a program.

    `rating` in points, None where there is none. `left_at`: its user left it in mid-deal, or is
    `gone`, and it is kept for them until `kept_until`. `ready`: they want the next deal.
    `swap_with`: the side whose place they would like to have.
    """

    name: str
    user_id: int | None
    bot: str | None
    registered: bool
    rating: int | None
    automatic: bool = False
    left_at: datetime | None = None
    kept_until: datetime | None = None
    gone: bool = False
    ready: bool = False
    swap_with: str | None = None

    @property
    def here(self) -> bool:
        """Whether somebody plays there: the computer, or a user who has not left."""
        return self.left_at is None

    def json(self) -> dict[str, Any]:
        """The seat as messages carry it; a time is ISO 8601. `"automatic"` is there where true."""
        data = {
            "name": self.name,
            "bot": self.bot,
            "registered": self.registered,
            "rating": self.rating,
            "kept_until": None if self.kept_until is None else self.kept_until.isoformat(),
            "ready": self.ready,
            "swap_with": self.swap_with,
        }
        return data | {"automatic": True} if self.automatic else data


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looks on, over the shoulder of the player of side `over`, or of nobody.

    `automatic`: a program.
    """

    name: str
    user_id: int
    over: str | None
    automatic: bool = False

    def json(self) -> dict[str, Any]:
        """Who looks on, as messages carry it; `"automatic"` is there where true."""
        data = {"name": self.name, "over": self.over}
        return data | {"automatic": True} if self.automatic else data


@dataclass(frozen=True, slots=True)
class TableRow:
    """A bridge table. `seats` by side; None: free.

    `robots`: the computer takes seats that are left; `kibitz`: who looks on may look over a
    player's shoulder. `match_id`: the deal being played, or the last one; `board` is its number.
    `deals`: how many have been dealt here. `next_at`: when the next one begins at the latest.
    """

    id: str
    seats: Mapping[str, SeatRow | None]
    kibitzers: tuple[Looker, ...]
    robots: bool
    kibitz: bool
    match_id: str | None
    playing: bool
    board_id: str | None
    board: int | None
    deals: int
    next_at: datetime | None
    created_at: datetime

    @property
    def seated(self) -> tuple[int, ...]:
        """The users who have a seat, one kept for them too."""
        return tuple(
            seat.user_id for seat in self.seats.values() if seat is not None and seat.user_id
        )

    @property
    def around(self) -> tuple[int, ...]:
        """The users who have a seat, and those who look on."""
        return self.seated + tuple(looker.user_id for looker in self.kibitzers)

    @property
    def free(self) -> tuple[str, ...]:
        """The sides where nobody sits."""
        return tuple(side for side, seat in self.seats.items() if seat is None)

    def side_of(self, user_id: int | None) -> str | None:
        """The side where that user has a seat."""
        if user_id is None:
            return None
        taken = self.seats.items()
        return next((side for side, seat in taken if seat and seat.user_id == user_id), None)

    def over_of(self, user_id: int | None) -> str | None:
        """Over the shoulder of which side that user looks."""
        return next((who.over for who in self.kibitzers if who.user_id == user_id), None)

    def is_looker(self, user_id: int | None) -> bool:
        """Whether that user looks on here."""
        return any(who.user_id == user_id for who in self.kibitzers)

    def name_at(self, side: str) -> str:
        """Who plays there; empty for a free seat, and for one that is only kept."""
        seat = self.seats[side]
        return seat.name if seat is not None and seat.here else ""

    def brief(self) -> dict[str, Any]:
        """The table as the hall's `table.add` has it."""
        names = {side: self.name_at(side) for side in SIDES}
        return {
            "tid": self.id,
            **names,
            "kibcount": len(self.kibitzers),
            "robots": self.robots,
            "kibitz": self.kibitz,
            "playing": self.playing,
        }

    def json(self) -> dict[str, Any]:
        """The table as the website's `bridge_table` has it."""
        return {
            "tid": self.id,
            "seats": {side: seat and seat.json() for side, seat in self.seats.items()},
            "kibitzers": [who.json() for who in self.kibitzers],
            "kibcount": len(self.kibitzers),
            "robots": self.robots,
            "kibitz": self.kibitz,
            "match": self.match_id,
            "playing": self.playing,
            "board": self.board,
            "deals": self.deals,
            "next_at": None if self.next_at is None else self.next_at.isoformat(),
        }


def is_table(table_id: str) -> ColumnElement[bool]:
    """The condition that a bridge table has that id; met by none where it cannot be one."""
    return BridgeTable.id == (table_id if _TABLE_ID.fullmatch(table_id) else "")


def listed(house: House) -> list[TableRow]:
    """The tables in the hall, oldest first, at most `SHOWN`."""
    with house.store.read() as unit:
        # One at which nobody sits is about to go.
        return rows(house, unit, exists().where(BridgeSeat.table_id == BridgeTable.id))


def look(house: House, table_id: str) -> TableRow | None:
    """A table as it is now, or None: there is none of that id."""
    with house.store.read() as unit:
        return next(iter(rows(house, unit, is_table(table_id))), None)


def row(house: House, table_id: str) -> TableRow:
    """A table as it is now. Raises `no_such_table`."""
    found = look(house, table_id)
    if found is None:
        raise no_such_table()
    return found


def seated_at(house: House, user_id: int) -> str | None:
    """The table where a user has a seat."""
    with house.store.read() as unit:
        return table_of(unit, user_id)


def table_of(unit: Unit, user_id: int) -> str | None:
    """As `seated_at`, inside a transaction."""
    return unit.scalar(select(BridgeSeat.table_id).where(BridgeSeat.user_id == user_id))


def watched_by(house: House, user_id: int) -> list[str]:
    """The tables where a user looks on."""
    with house.store.read() as unit:
        return list(unit.scalars(select(Kibitzer.table_id).where(Kibitzer.user_id == user_id)))


def rows(
    house: House, unit: Unit, *where: ColumnElement[bool], most: int | None = SHOWN
) -> list[TableRow]:
    """The tables that meet these conditions, oldest first; at most so many (None: all)."""
    query = (
        select(BridgeTable, Match.over, Match.board_id, Match.options)
        .outerjoin(Match, Match.id == BridgeTable.match_id)
        .where(*where)
        .order_by(BridgeTable.created_at, BridgeTable.id)
        .limit(most)
    )
    found = list(unit.execute(query))
    ids = [table.id for table, *_ in found]
    seats, lookers = _seats(house, unit, ids), _lookers(unit, ids)
    return [
        TableRow(
            id=table.id,
            seats={side: seats[table.id].get(seat) for seat, side in enumerate(SIDES)},
            kibitzers=tuple(lookers[table.id]),
            robots=table.robots,
            kibitz=table.kibitz,
            match_id=table.match_id,
            playing=over is False,
            board_id=board_id,
            board=None if options is None else _number(options),
            deals=table.deals,
            next_at=table.next_at,
            created_at=table.created_at,
        )
        for table, over, board_id, options in found
    ]


def no_such_table() -> ServiceError:
    """The refusal for who asks for a table that is not there."""
    return ServiceError("no_such_table", "There is no such table.")


def _number(options: str) -> int:
    number: int = json.loads(options)["board"]
    return number


def _seats(house: House, unit: Unit, ids: Sequence[str]) -> dict[str, dict[int, SeatRow]]:
    keep = timedelta(seconds=house.config.BRIDGE_KEEP)
    query = (
        select(BridgeSeat, User.name, User.registered, User.automatic, Rating.value)
        .outerjoin(User, User.id == BridgeSeat.user_id)
        .outerjoin(Rating, (Rating.user_id == User.id) & (Rating.game == KEY))
        .where(BridgeSeat.table_id.in_(ids))
    )
    seats: dict[str, dict[int, SeatRow]] = defaultdict(dict)
    for seat, name, registered, automatic, rating in unit.execute(query) if ids else ():
        seats[seat.table_id][seat.seat] = SeatRow(
            name=name or seat.bot_name or "",
            user_id=seat.user_id,
            bot=seat.bot,
            registered=bool(registered),
            rating=rating,
            automatic=bool(automatic),
            left_at=seat.left_at,
            kept_until=None if seat.left_at is None else seat.left_at + keep,
            gone=seat.gone,
            ready=seat.ready,
            swap_with=None if seat.swap_with is None else SIDES[seat.swap_with],
        )
    return seats


def _lookers(unit: Unit, ids: Sequence[str]) -> dict[str, list[Looker]]:
    query = (
        select(Kibitzer.table_id, Kibitzer.seat, User.id, User.name, User.automatic)
        .join(User, User.id == Kibitzer.user_id)
        .where(Kibitzer.table_id.in_(ids))
        .order_by(User.name)
    )
    lookers: dict[str, list[Looker]] = defaultdict(list)
    for table_id, seat, user_id, name, automatic in unit.execute(query) if ids else ():
        over = None if seat is None else SIDES[seat]
        lookers[table_id].append(Looker(name, user_id, over, automatic))
    return lookers
