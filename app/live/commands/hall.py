"""The hall: opening tables and sitting down at them, challenges and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Literal

import msgspec

from app.games import DEFAULT
from app.live.commands.base import Reply, Result, Vocabulary
from app.live.links import Link
from app.services import tables, terms
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import Plan, Setup, TableRow
from app.services.time_control import TimeControl

words = Vocabulary()


class SeatPlan(msgspec.Struct):
    """Who is to have a seat: whoever comes, a user by name, or the computer (its name is optional).

    `strength` is one of those that the game has (`app.bots.strengths`).
    """

    kind: Literal["free", "ask", "bot"]
    name: str | None = None
    strength: str | None = None

    def plan(self) -> Plan:
        """The same as `services.tables` takes it."""
        return _PLANS[self.kind](self)


_PLANS: Final[dict[str, Callable[[SeatPlan], Plan]]] = {
    "free": lambda _: tables.FREE,
    "ask": lambda seat: tables.Ask(seat.name or ""),
    "bot": lambda seat: tables.Bot(seat.strength or "", seat.name or ""),
}


class Terms(msgspec.Struct):
    """What is to be agreed on, `time` as in "86400" or "180+2". Without a `variant` it is the
    game's usual one. A private table may have a code of its owner's choice.
    """

    game: str = DEFAULT
    variant: str | None = None
    options: dict[str, Any] = {}
    rated: bool = True
    time: str | None = None
    private: bool = False
    code: str | None = None

    @property
    def setup(self) -> Setup:
        """The same as `services.tables` takes it. Raises `bad_game`, `bad_time`."""
        usual = terms.usual(self.game)
        return replace(
            usual,
            variant=usual.variant if self.variant is None else self.variant,
            options=self.options,
            rated=self.rated,
            time=None if self.time is None else TimeControl.parse(self.time),
            code=self.code,
        )


class OpenTable(Terms, kw_only=True):
    """Terms, and who is to have the other seats, in their order, beside the owner's own `seat`."""

    seats: list[SeatPlan] | None = None
    seat: int = 0


class Challenge(Terms, kw_only=True):
    player: str
    seat: int = 0


class JoinTable(msgspec.Struct):
    """A table by its id, and perhaps a certain seat; or by its owner's name. With its code if it is
    a private one.
    """

    id: str | None = None
    owner: str | None = None
    code: str | None = None
    seat: int | None = None


class SetSeat(SeatPlan, kw_only=True):
    """Another plan for a seat of one's own table."""

    id: str
    seat: int


class TableId(msgspec.Struct):
    id: str


class OptionalTableId(msgspec.Struct):
    id: str | None = None


def asked(house: House, caller: Caller) -> list[Reply]:
    """The challenges and seats that wait for the caller's answer, as they were told when made."""
    incoming, _ = tables.challenges(house, caller.user_id)
    return [Reply("challenge", row.json()) for row in incoming]


@words.handles("open_table", OpenTable)
def _open_table(house: House, link: Link, request: OpenTable, _: Any) -> Result:
    assert link.caller is not None
    others = None if request.seats is None else [seat.plan() for seat in request.seats]
    opened = tables.open(
        house, link.caller, request.setup, others, seat=request.seat, private=request.private
    )
    return _at(opened, for_owner=True)


@words.handles("join_table", JoinTable)
def _join_table(house: House, link: Link, request: JoinTable, _: Any) -> Result:
    assert link.caller is not None
    caller, code = link.caller, request.code
    if request.id is not None and request.owner is None:
        return _at(tables.join(house, caller, request.id, code, link.address, request.seat))
    if request.owner is not None and request.id is None:
        return _at(tables.join_named(house, caller, request.owner, code, link.address))
    raise ServiceError("malformed", "join_table: name either the table's id or its owner.")


@words.handles("leave_table", TableId)
def _leave_table(house: House, link: Link, request: TableId, _: Any) -> Result:
    assert link.caller is not None
    tables.stand(house, link.caller, request.id)
    return Result()


@words.handles("set_seat", SetSeat)
def _set_seat(house: House, link: Link, request: SetSeat, _: Any) -> Result:
    assert link.caller is not None
    table = tables.ask(house, link.caller, request.id, request.seat, request.plan())
    return _at(table, for_owner=True)


@words.handles("close_table", OptionalTableId)
def _close_table(house: House, link: Link, request: OptionalTableId, _: Any) -> Result:
    assert link.caller is not None
    tables.close(house, link.caller, request.id)
    return Result()


@words.handles("challenge", Challenge)
def _challenge(house: House, link: Link, request: Challenge, _: Any) -> Result:
    assert link.caller is not None
    row = tables.challenge(
        house,
        link.caller,
        request.player,
        request.setup,
        seat=request.seat,
        private=request.private,
    )
    return _at(row, for_owner=True)


@words.handles("accept_challenge", TableId)
def _accept(house: House, link: Link, request: TableId, _: Any) -> Result:
    assert link.caller is not None
    return _at(tables.accept(house, link.caller, request.id))


@words.handles("decline_challenge", TableId)
def _decline(house: House, link: Link, request: TableId, _: Any) -> Result:
    assert link.caller is not None
    tables.decline(house, link.caller, request.id)
    return Result()


@words.handles("withdraw_challenge", TableId)
def _withdraw(house: House, link: Link, request: TableId, _: Any) -> Result:
    assert link.caller is not None
    tables.withdraw(house, link.caller, request.id)
    return Result()


def _at(place: TableRow | MatchRecord, *, for_owner: bool = False) -> Result:
    """Where the caller is now: at a table that waits, or in its match."""
    if isinstance(place, MatchRecord):
        return Result(more={"match": place.id})
    return Result(more={"table": place.json(for_owner=for_owner)})
