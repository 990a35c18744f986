"""How a match gets into the database: one transaction a move, compare-and-set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import (
    SYSTEM,
    Game,
    Outcome,
    Seat,
    Step,
    System,
    SystemMove,
    parse_system,
    replay,
    system_json,
)
from app.services import ratings
from app.services.bridge import results
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Bot, EndedBy, MatchRecord, RatingStep
from app.store import Match, Move, User
from app.store import Seat as SeatRow

# Built once: on the path of every move, SQLAlchemy Core without the ORM's objects.
_MATCH = Match.__table__.c
_ADVANCE = (
    update(Match.__table__)  # type: ignore[arg-type]
    .where(
        _MATCH.id == bindparam("match_id"),
        _MATCH.version == bindparam("was_version"),
        _MATCH.revision == bindparam("was_revision"),
    )
    .values(
        version=bindparam("new_version"),
        state=bindparam("new_state"),
        moved_at=bindparam("now"),
        deadline=bindparam("due"),
        left=bindparam("clocks"),
        over=bindparam("is_over"),
        ended_at=bindparam("end"),
    )
)
_APPEND = insert(Move.__table__)  # type: ignore[arg-type]


def add(unit: Unit, match: Match, players: Sequence[int | Bot]) -> str:
    """Store a new match and its seats, by a user's id or the computer's; its id."""
    unit.add(match)
    unit.flush()
    unit.add_all(
        SeatRow(match_id=match.id, seat=seat, bot=player.strength, bot_name=player.name)
        if isinstance(player, Bot)
        else SeatRow(match_id=match.id, seat=seat, user_id=player)
        for seat, player in enumerate(players)
    )
    unit.flush()
    return match.id


def all_registered(unit: Unit, players: Sequence[int | Bot]) -> bool:
    """Whether every one of these has an account, which the computer has not."""
    count = select(func.count()).where(User.id.in_(players), User.registered)
    if any(isinstance(player, Bot) for player in players):
        return False
    return unit.scalar(count) == len(set(players))


def ended(record: MatchRecord, ending: SystemMove | None) -> MatchRecord:
    """The record of a match that is over, by `ending` or (None) on the board."""
    ended_by = None
    if ending is not None:
        name = None if ending.seat is None else record.seats[ending.seat].name
        ended_by = EndedBy(ending.kind, name)
    return replace(record, over=True, ended_by=ended_by)


def save(
    house: House, before: MatchRecord, after: MatchRecord, seat: Seat | None, move_json: Any
) -> tuple[RatingStep | None, ...] | None:
    """Store one logged move, and with the last one the result and what it does to the ratings.

    The rating steps by seat (empty while the match runs), or None if the match is no longer
    what `before` says: then nothing was stored.
    """
    if not after.over:
        advanced = house.store.group.run(
            before.id, lambda connection: _advance(connection, before, after, seat, move_json)
        )
        return () if advanced else None
    with house.store.write() as unit:
        if not _advance(unit.connection(), before, after, seat, move_json):
            return None
        unit.execute(update(SeatRow).where(SeatRow.match_id == before.id).values(open=False))
        assert after.outcome is not None
        settle = _SETTLE.get(after.engine.info.rating, _unrated)
        return settle(house, unit, after, after.outcome)


def _unrated(
    house: House, unit: Unit, record: MatchRecord, outcome: Outcome
) -> tuple[RatingStep | None, ...]:
    return (None,) * len(record.seats)


_SETTLE: Final[Mapping[str | None, Callable[..., tuple[RatingStep | None, ...]]]] = (
    MappingProxyType({"elo": ratings.settle, "imps": results.settle})
)


def pass_on(
    unit: Unit, before: MatchRecord, after: MatchRecord, seat: Seat, player: int | Bot
) -> bool:
    """Store, inside a transaction, that `player` has a seat now, a user by id or the computer.

    It is a logged move, and the match is not rated any more. False, and nothing is stored, if the
    match is no longer what `before` says.
    """
    move_json = system_json(SystemMove("replace", seat))
    if not _advance(unit.connection(), before, after, None, move_json):
        return False
    theirs = update(SeatRow).where(SeatRow.match_id == before.id, SeatRow.seat == seat)
    if isinstance(player, Bot):
        theirs = theirs.values(user_id=None, bot=player.strength, bot_name=player.name)
    else:
        theirs = theirs.values(user_id=player, bot=None, bot_name=None)
    unrated = update(Match).where(Match.id == before.id).values(rated=False)
    for statement in (theirs, unrated):
        unit.execute(statement.execution_options(synchronize_session=False))
    return True


def steps(house: House, match_id: str, moves: Sequence[Any]) -> list[Step[Any]]:
    """The steps of a match from its start through each logged move: its log, replayed.

    Raises `other_rules` for a match played by another version of the rules: the same moves
    could lead elsewhere.
    """
    with house.store.read() as unit:
        match = unit.get_one(Match, match_id)
    engine = GAMES[match.game]
    if match.rules_version != engine.info.rules_version:
        raise ServiceError(
            "other_rules",
            f"This match was played by version {match.rules_version} of the rules; "
            f"version {engine.info.rules_version} cannot replay it.",
        )
    options = engine.parse_options(msgspec.json.decode(match.options))
    return list(replay(engine, options, match.seed, (_logged(engine, entry) for entry in moves)))


def _logged(engine: Game[Any, Any], entry: Any) -> tuple[Seat | System, Any]:
    if entry.seat is None:
        return SYSTEM, parse_system(entry.move)
    return entry.seat, engine.parse_move(entry.move)


def _advance(
    connection: Connection,
    before: MatchRecord,
    after: MatchRecord,
    seat: Seat | None,
    move_json: Any,
) -> bool:
    advanced = connection.execute(
        _ADVANCE,
        {
            "match_id": before.id,
            "was_version": before.version,
            "was_revision": before.revision,
            "new_version": after.version,
            "new_state": _encode(after.engine.dump(after.state)),
            "now": after.moved_at,
            "due": after.deadline,
            "clocks": None if after.left is None else _encode(after.left),
            "is_over": after.over,
            "end": after.moved_at if after.over else None,
        },
    )
    if advanced.rowcount != 1:
        return False
    connection.execute(
        _APPEND,
        {
            "match_id": before.id,
            "number": after.version,
            "seat": seat,
            "move": _encode(move_json),
            "at": after.moved_at,
        },
    )
    return True


def _encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()
