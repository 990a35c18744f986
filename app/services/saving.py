"""How a match gets into the database: one transaction a move, compare-and-set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final, TypeAlias

import msgspec
from sqlalchemy import Connection, update
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import (
    SYSTEM,
    Game,
    Seat,
    Step,
    System,
    SystemMove,
    parse_system,
    replay,
    system_json,
)
from app.services import settling
from app.services.bridge import results
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Bot, EndedBy, MatchRecord
from app.store import Match
from app.store import Seat as SeatRow
from app.store.advance import Advance, Told, advance, tell
from app.store.bulk import Bulk, times

_NEW_MATCH: Final = Bulk.inserting(Match)
_NEW_SEATS: Final = Bulk.inserting(SeatRow)


def add(unit: Unit | Connection, record: MatchRecord) -> None:
    """Store a new match and its seats."""
    connection = unit if isinstance(unit, Connection) else unit.connection()
    moment = times(connection.dialect)
    engine, time = record.engine, record.time
    match = {
        "id": record.id,
        "game": record.game,
        "variant": record.variant,
        "rules_version": engine.info.rules_version,
        "options": _encode(asdict(record.options)) if record.options else "{}",
        "seed": record.seed,
        "rated": record.rated,
        "version": record.version,
        "revision": record.revision,
        "state": _encode(engine.dump(record.state)),
        "created_at": moment(record.created_at),
        "moved_at": moment(record.moved_at),
        "deadline": moment(record.deadline),
        "per_move": time.per_move,
        "base": time.base,
        "increment": time.increment if time.is_clock else None,
        "left": None if record.left is None else _encode(record.left),
        "code": record.code,
        "grace": record.grace,
        "board_id": record.board_id,
        "table_id": record.table_id,
        "over": record.over,
        "ended_at": None,
        "previous_id": record.previous_id,
    }
    _NEW_MATCH.run_named(connection, [match])
    common = {"match_id": record.id, "open": True, "told": False, "game": record.game}
    common |= {"private": record.private, "ended_at": None}
    _NEW_SEATS.run_named(
        connection,
        [
            common
            | {"seat": seat, "user_id": info.user_id, "bot": info.bot}
            | {"bot_name": None if info.bot is None else info.name}
            for seat, info in enumerate(record.seats)
        ],
    )


def _whose(player: int | Bot) -> dict[str, Any]:
    """The columns of a seat that say whose it is."""
    if isinstance(player, Bot):
        return {"user_id": None, "bot": player.strength, "bot_name": player.name}
    return {"user_id": player, "bot": None, "bot_name": None}


def ended(record: MatchRecord, ending: SystemMove | None) -> MatchRecord:
    """The record of a match that is over, by `ending` or (None) on the board."""
    ended_by = None
    if ending is not None:
        name = None if ending.seat is None else record.seats[ending.seat].name
        ended_by = EndedBy(ending.kind, name)
    return record.changed(over=True, ended_by=ended_by)


def save(
    house: House, before: MatchRecord, after: MatchRecord, seat: Seat | None, move_json: Any
) -> settling.Steps | None:
    """Store one logged move, and with the last one the result and what it does to the ratings.

    The rating steps by seat (empty while the match runs), or None if the match is no longer
    what `before` says: then nothing was stored.
    """
    row = _row(before, after, seat, move_json)
    if after.over and after.engine.info.rating in _APART:
        with house.store.write() as unit:
            if not advance(unit.connection(), [row]):
                return None
            assert after.outcome is not None
            return _APART[after.engine.info.rating](house, unit, after, after.outcome)
    return house.store.group.run_bulk(before.id, _MOVES, (house, after, row))


_APART: Final[Mapping[str | None, Callable[..., settling.Steps]]] = MappingProxyType(
    {"imps": results.settle}
)
"""By kind of rating: what settles an end that takes a transaction of its own."""

_Saved: TypeAlias = tuple[House, MatchRecord, Advance]


class _Moves:
    """How moves that share a commit are stored: with a few statements for all of them."""

    def together(
        self, connection: Connection, items: Sequence[_Saved]
    ) -> list[settling.Steps | None] | None:
        """The rating steps of each match, by seat; None if one of them has moved on."""
        if not advance(connection, [row for _, _, row in items]):
            return None
        found: list[settling.Steps | None] = [()] * len(items)
        over = [number for number, (_, after, _) in enumerate(items) if after.over]
        if over:
            ended = [items[number][1] for number in over]
            for number, steps in zip(
                over, settling.settle(items[0][0], connection, ended), strict=True
            ):
                found[number] = steps
        return found

    def alone(self, connection: Connection, item: _Saved) -> settling.Steps | None:
        """The rating steps of one match, by seat; None if it has moved on."""
        done = self.together(connection, [item])
        return None if done is None else done[0]


_MOVES: Final = _Moves()


class _Told:
    """How it is stored who has seen matches end."""

    def together(self, connection: Connection, items: Sequence[Told]) -> list[None]:
        tell(connection, [seat for seats in items for seat in seats])
        return [None] * len(items)

    def alone(self, connection: Connection, item: Told) -> None:
        tell(connection, item)


_TOLD: Final = _Told()


def note_told(house: House, match_id: str, user_ids: Sequence[int]) -> None:
    """Store that these players have seen how their match ended."""
    if user_ids:
        seats = [(match_id, user_id) for user_id in sorted(user_ids)]
        house.store.group.run_bulk(f"told:{match_id}", _TOLD, seats)


def pass_on(
    unit: Unit, before: MatchRecord, after: MatchRecord, seat: Seat, player: int | Bot
) -> bool:
    """Store, inside a transaction, that `player` has a seat now, a user by id or the computer.

    It is a logged move, and the match is not rated any more. False, and nothing is stored, if the
    match is no longer what `before` says.
    """
    move_json = system_json(SystemMove("replace", seat))
    if not advance(unit.connection(), [_row(before, after, None, move_json)]):
        return False
    theirs = update(SeatRow).where(SeatRow.match_id == before.id, SeatRow.seat == seat)
    theirs = theirs.values(**_whose(player))
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


def _row(before: MatchRecord, after: MatchRecord, seat: Seat | None, move_json: Any) -> Advance:
    return Advance(
        before.id,
        before.version,
        before.revision,
        _encode(after.engine.dump(after.state)),
        after.moved_at,
        after.deadline,
        None if after.left is None else _encode(after.left),
        after.over,
        seat,
        _encode(move_json),
    )


def _encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()
