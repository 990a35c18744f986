"""Logged moves on their way into the database: an entry of the log, and the match as it is then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, false, true, update

from app.store.bulk import Bulk, times
from app.store.matches import Match, Move, Seat


class Advance(NamedTuple):
    """A move made on a version (and a revision) of a match, and how the match stands after it.

    `state`, `left` and `move` are JSON; `seat` None: the house's own move.
    """

    match_id: str
    was_version: int
    was_revision: int
    state: str
    moved_at: datetime
    deadline: datetime
    left: str | None
    over: bool
    seat: int | None
    move: str


Told = Sequence[tuple[str, int]]
"""Seats, by match and user, whose users have seen how it ended."""


_MATCH: Final[Any] = Match.__table__
_SEAT: Final[Any] = Seat.__table__

_ADVANCE: Final = Bulk(
    update(_MATCH)
    .where(
        _MATCH.c.id == bindparam("match_id"),
        _MATCH.c.version == bindparam("was_version"),
        _MATCH.c.revision == bindparam("was_revision"),
    )
    .values(
        version=bindparam("new_version"),
        state=bindparam("new_state"),
        moved_at=bindparam("now"),
        deadline=bindparam("due"),
        left=bindparam("clocks"),
        over=bindparam("is_over"),
        ended_at=bindparam("end"),
    ),
    [
        *("new_version", "new_state", "now", "due", "clocks", "is_over", "end"),
        *("match_id", "was_version", "was_revision"),
    ],
)
_APPEND: Final = Bulk.inserting(Move, ["match_id", "number", "seat", "move", "at"])
_CLOSE: Final = Bulk(
    update(_SEAT)
    .where(_SEAT.c.match_id == bindparam("of_match"))
    .values(open=false(), ended_at=bindparam("end")),
    ["of_match", "end"],
)
_TELL: Final = Bulk(
    update(_SEAT)
    .where(_SEAT.c.match_id == bindparam("of_match"), _SEAT.c.user_id == bindparam("whose"))
    .values(told=true()),
    ["of_match", "whose"],
)


def advance(connection: Connection, moves: Sequence[Advance]) -> bool:
    """Store moves, in the order of their matches' ids; and that the seats of a match are closed
    with its last one.

    False if one of the matches is no longer what its move was made on: then what was stored of
    the others is to be rolled back. Of a single move nothing was stored.
    """
    time = times(connection.dialect)
    updates, entries, closed = [], [], []
    for move in moves:
        now, version = time(move.moved_at), move.was_version + 1
        end = now if move.over else None
        updates.append(
            (
                *(version, move.state, now, time(move.deadline), move.left, move.over, end),
                *(move.match_id, move.was_version, move.was_revision),
            )
        )
        entries.append((move.match_id, version, move.seat, move.move, now))
        if move.over:
            closed.append((move.match_id, now))
    if _ADVANCE.run(connection, updates) != len(moves):
        return False
    _APPEND.run(connection, entries)
    if closed:
        _CLOSE.run(connection, closed)
    return True


def tell(connection: Connection, seats: Told) -> None:
    """Store of at least one seat that its user has seen how the match ended."""
    _TELL.run(connection, seats)
