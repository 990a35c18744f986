"""The hall: opening tables and sitting down at them, challenges and what becomes of them."""

from __future__ import annotations

from typing import Any

import msgspec

from app.live.commands.base import Result, Vocabulary
from app.live.links import Link
from app.services import tables
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.time_control import TimeControl

words = Vocabulary()


class Terms(msgspec.Struct):
    """What is to be agreed on, `time` as in "86400" or "180+2". A private table may have a code
    of its owner's choice.
    """

    game: str = tables.GAME
    variant: str = "standard"
    rated: bool = True
    time: str | None = None
    private: bool = False
    code: str | None = None

    def agreed(self) -> dict[str, Any]:
        """The same as `services.tables` takes it. Raises `bad_time`."""
        return {
            "game": self.game,
            "variant": self.variant,
            "rated": self.rated,
            "time": None if self.time is None else TimeControl.parse(self.time),
            "private": self.private,
            "code": self.code,
        }


class Challenge(Terms, kw_only=True):
    player: str


class JoinTable(msgspec.Struct):
    """A table by its id or by its owner's name, with its code if it is a private one."""

    id: str | None = None
    owner: str | None = None
    code: str | None = None


class OptionalTableId(msgspec.Struct):
    id: str | None = None


class ChallengeId(msgspec.Struct):
    id: str


@words.handles("open_table", Terms)
def _open_table(house: House, link: Link, request: Terms, _: Any) -> Result:
    assert link.caller is not None
    row = tables.open(house, link.caller, **request.agreed())
    return Result(more={"table": row.json(for_owner=True)})


@words.handles("join_table", JoinTable)
def _join_table(house: House, link: Link, request: JoinTable, _: Any) -> Result:
    assert link.caller is not None
    caller, code = link.caller, request.code
    if request.id is not None and request.owner is None:
        return _begun(tables.join(house, caller, request.id, code, link.address))
    if request.owner is not None and request.id is None:
        return _begun(tables.join_named(house, caller, request.owner, code, link.address))
    raise ServiceError("malformed", "join_table: name either the table's id or its owner.")


@words.handles("close_table", OptionalTableId)
def _close_table(house: House, link: Link, request: OptionalTableId, _: Any) -> Result:
    assert link.caller is not None
    tables.close(house, link.caller, request.id)
    return Result()


@words.handles("challenge", Challenge)
def _challenge(house: House, link: Link, request: Challenge, _: Any) -> Result:
    assert link.caller is not None
    row = tables.challenge(house, link.caller, request.player, **request.agreed())
    return Result(more={"table": row.json(for_owner=True)})


@words.handles("accept_challenge", ChallengeId)
def _accept(house: House, link: Link, request: ChallengeId, _: Any) -> Result:
    assert link.caller is not None
    return _begun(tables.accept(house, link.caller, request.id))


@words.handles("decline_challenge", ChallengeId)
def _decline(house: House, link: Link, request: ChallengeId, _: Any) -> Result:
    assert link.caller is not None
    tables.decline(house, link.caller, request.id)
    return Result()


@words.handles("withdraw_challenge", ChallengeId)
def _withdraw(house: House, link: Link, request: ChallengeId, _: Any) -> Result:
    assert link.caller is not None
    tables.withdraw(house, link.caller, request.id)
    return Result()


def _begun(record: MatchRecord) -> Result:
    return Result(more={"match": record.id})
