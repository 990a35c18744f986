"""From stored rows to `MatchRecord`s: many at a time, with a fixed number of queries."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import ENDINGS, Malformed, Outcome, parse_system
from app.services.errors import ServiceError
from app.services.records import Bot, EndedBy, MatchRecord, RatingStep, SeatInfo
from app.services.time_control import TimeControl
from app.store import Match, Move, RatingChange, Seat, User
from app.store.query import Query

_MATCH_ID = re.compile(r"[0-9a-f]{32}")
_Condition = ColumnElement[bool] | InstrumentedAttribute[bool]

DECODED: Final = 256  # positions that are remembered: lists show the same matches to many

# Built once, as all below: doing so takes longer than asking.
_ids: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_ONE: Final = select(Match).where(Match.id == bindparam("id"))
_LATEST: Final = select(
    Match.version,
    Match.revision,
    Match.state,
    Match.moved_at,
    Match.left,
    Match.deadline,
    Match.over,
).where(Match.id == bindparam("id"))
_SEATS: Final = (
    select(
        Seat.match_id,
        Seat.bot,
        Seat.bot_name,
        User.id,
        User.name,
        User.registered,
        User.play_singles,
        User.automatic,
    )
    .outerjoin(User, User.id == Seat.user_id)
    .where(Seat.match_id.in_(_ids))
    .order_by(Seat.match_id, Seat.seat)
)
_SYSTEM_MOVES: Final = (
    select(Move.match_id, Move.move)
    .where(Move.match_id.in_(_ids), Move.seat.is_(None))
    .order_by(Move.number)
)
_STEPS: Final = select(
    RatingChange.match_id, RatingChange.user_id, RatingChange.before, RatingChange.after
).where(RatingChange.match_id.in_(_ids))
_REMATCHES: Final = select(Match.previous_id, Match.id).where(Match.previous_id.in_(_ids))


def load(unit: Unit, match_id: str) -> MatchRecord:
    """The match as it is stored now. Raises `no_such_match`."""
    possible = _MATCH_ID.fullmatch(match_id)
    found = possible and load_all(unit, _ONE, {"id": match_id})
    if not found:
        raise ServiceError("no_such_match", "There is no such match.")
    return found[0]


def latest(connection: Connection, record: MatchRecord) -> MatchRecord | None:
    """As `load`, of a match of which an earlier version is known; None where that is not enough.

    While it runs, its moves change neither its `revision` nor who plays, but for a deal at a
    table, where somebody may take over a seat.
    """
    if record.table_id is not None:
        return None
    row = connection.execute(_LATEST, {"id": record.id}).one_or_none()
    if row is None or row.over or row.revision != record.revision:
        return None
    state, outcome = _decoded(record.game, row.state)
    return record.changed(
        version=row.version,
        state=state,
        moved_at=row.moved_at,
        left=_left(row.left),
        deadline=row.deadline,
        outcome=outcome,
    )


def load_all(
    unit: Unit, query: Select[Match], asked: Mapping[str, Any] | None = None
) -> list[MatchRecord]:
    """The matches that `query` selects, in its order. `asked`: the values of its parameters."""
    matches = list(unit.scalars(query, asked or {}))
    if not matches:
        return []
    ids = [match.id for match in matches]
    seats = _seats(unit, ids)
    ended = [match.id for match in matches if match.over]
    system = _system_moves(unit, ended)
    ratings = _rating_steps(unit, ended)
    rematches = _rematches(unit, ended)
    records = []
    for match in matches:
        game = GAMES[match.game]
        state, outcome = _decoded(match.game, match.state)
        players = tuple(seats[match.id])
        records.append(
            MatchRecord(
                id=match.id,
                game=match.game,
                variant=match.variant,
                rated=match.rated,
                version=match.version,
                revision=match.revision,
                state=state,
                seats=players,
                created_at=match.created_at,
                moved_at=match.moved_at,
                time=TimeControl(match.per_move, match.base, match.increment or 0),
                left=_left(match.left),
                deadline=match.deadline,
                over=match.over,
                outcome=outcome,
                ended_by=_ended_by(system.get(match.id), players),
                ratings=tuple(
                    None if info.user_id is None else ratings.get((match.id, info.user_id))
                    for info in players
                ),
                previous_id=match.previous_id,
                rematch_id=rematches.get(match.id),
                code=match.code,
                options=game.parse_options(json.loads(match.options)),
                seed=match.seed,
                grace=match.grace,
                board_id=match.board_id,
                table_id=match.table_id,
            )
        )
    return records


def _left(stored: str | None) -> tuple[int, ...] | None:
    return None if stored is None else tuple(json.loads(stored))


@lru_cache(maxsize=DECODED)
def _decoded(game: str, state: str) -> tuple[Any, Outcome | None]:
    """A stored position, which nothing ever changes, and its result. Raises Malformed."""
    try:
        raw = json.loads(state)
    except ValueError:
        raise Malformed("A stored position is an object.") from None
    loaded = GAMES[game].load(raw)
    return loaded, GAMES[game].outcome(loaded)


def matches_of(user_id: int | BindParameter[int], *where: _Condition) -> Select[Match]:
    """A query for the matches a user has a seat in, narrowed by conditions on both tables."""
    mine = select(Match).join(Seat, Seat.match_id == Match.id)
    return mine.where(Seat.user_id == user_id, *where)


_PLAYERS: Final = Query(
    select(User.id, User.name, User.registered, User.play_singles, User.automatic).where(
        User.id.in_(bindparam("ids", expanding=True))
    )
)


def seats_of(unit: Unit | Connection, players: Sequence[int | Bot]) -> tuple[SeatInfo, ...]:
    """The seats of a new match: users by their ids, under the names they have now.

    Raises `unknown_user` for one who is gone.
    """
    ids = [player for player in players if not isinstance(player, Bot)]
    rows = _PLAYERS.rows(unit, ids=ids) if ids else ()
    people = {
        row[0]: SeatInfo(row[0], row[1], bool(row[2]), None, bool(row[3]), bool(row[4]))
        for row in rows
    }
    if len(people) < len(set(ids)):
        raise ServiceError("unknown_user", "One of the players is no longer here.")
    return tuple(
        SeatInfo(None, player.name, False, player.strength)
        if isinstance(player, Bot)
        else people[player]
        for player in players
    )


def _seats(unit: Unit, ids: Sequence[str]) -> dict[str, list[SeatInfo]]:
    seats: dict[str, list[SeatInfo]] = defaultdict(list)
    rows = unit.execute(_SEATS, {"ids": ids})
    for match_id, bot, bot_name, user_id, name, registered, singles, automatic in rows:
        seats[match_id].append(
            SeatInfo(
                user_id,
                name or bot_name or "",
                bool(registered),
                bot,
                bool(singles),
                bool(automatic),
            )
        )
    return seats


def _system_moves(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    """The last move that the house itself made in each of these matches, as JSON text."""
    if not ids:
        return {}
    rows = unit.execute(_SYSTEM_MOVES, {"ids": ids})
    return {row.match_id: row.move for row in rows}


def _ended_by(move: str | None, players: tuple[SeatInfo, ...]) -> EndedBy | None:
    if move is None:
        return None
    ending = parse_system(json.loads(move))
    if ending.kind not in ENDINGS:
        return None
    name = None if ending.seat is None else players[ending.seat].name
    return EndedBy(ending.kind, name)


def _rating_steps(unit: Unit, ids: Sequence[str]) -> dict[tuple[str, int], RatingStep]:
    if not ids:
        return {}
    rows = unit.execute(_STEPS, {"ids": ids})
    return {
        (match_id, user_id): RatingStep(before, after) for match_id, user_id, before, after in rows
    }


def _rematches(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    if not ids:
        return {}
    rows = unit.execute(_REMATCHES, {"ids": ids})
    return {previous: rematch for previous, rematch in rows if previous is not None}
