"""Answers at a bridge table, to claims and to requests to take something back."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import select

from app.services import computer, matches, moves
from app.services.bridge import tables
from app.services.bridge.rows import KEY
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.rounds import SIZE, one_by_one
from app.services.sessions import Caller
from app.store import Match

PATIENCE: Final = timedelta(seconds=30)  # with opponents who do not say whether one may take back


def answer(
    house: House, caller: Caller, table_id: str, about: Literal["claim", "undo"], *, agreed: bool
) -> MatchRecord:
    """Say yes or no to a claim, or to a request to take a call or card back.

    Raises `not_now` where there is none, and what `tables.play` does.
    """
    if not _is_open(house, caller, tables.row(house, table_id).match_id, about):
        raise ServiceError("not_now", _NOTHING[about])
    return tables.play(house, caller, table_id, {"answer": agreed})


def take_back(
    house: House, caller: Caller, table_id: str, version: int | None = None
) -> MatchRecord:
    """Ask for one's last call or card back; the match after it.

    The match waits for an answer of the opponents'. Some have clients that cannot give one: after
    `PATIENCE` the answer is no. Raises what `tables.play` does.
    """
    record = tables.play(house, caller, table_id, {"undo": True}, version)
    key, due = ("undo", record.id), house.clock() + PATIENCE
    house.timers.at(key, due, lambda: _let_it_stand(house, record.id))
    return record


def sweep(house: House) -> int:
    """Decline for opponents what a killed worker was to decline for them; how often."""
    stood = Match.moved_at <= house.clock() - PATIENCE, Match.version > 0
    # The stored form of a state names what is asked for: most matches need not be decoded.
    asked = Match.state.not_like('%"undo":null%')
    forgotten = select(Match.id).where(Match.game == KEY, ~Match.over, *stood, asked)
    with house.store.read() as unit:
        ids = list(unit.scalars(forgotten.limit(SIZE)))
    return one_by_one(house, ids, lambda match_id: _let_it_stand(house, match_id))


def _is_open(house: House, caller: Caller, match_id: str | None, about: str) -> bool:
    """Whether there is something to answer, as far as that is for the caller to know."""
    if match_id is None:
        return False
    record = matches.get(house, match_id)
    seated = record.seat_of(caller.user_id) is not None
    return not seated or matches.view(house, record, caller.user_id)[about] is not None


def _let_it_stand(house: House, match_id: str) -> MatchRecord | None:
    """Decline for the opponents what they have not answered; the match after it, None if they
    have."""
    record = matches.get(house, match_id)
    if record.over or record.engine.view(record.state, None)["undo"] is None:
        return None
    done = moves.submit_for(house, record, min(record.actors), {"answer": False})
    if done is not None:
        computer.wake(house, done)
    return done


_NOTHING: Final = {
    "claim": "There is no claim to answer.",
    "undo": "Nobody has asked to take anything back.",
}
