"""Analysis of finished matches: each position looked at in the background, and kept.

Somebody asks for it, once for everybody. What has been asked for stands in the database, and each
worker has one at a time in hand, the one that has waited longest first. What it finds of a position
it saves at once, and renews its lease on the match with it: a worker that was killed loses no more
than the position it was at, and another goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from app.games.api import Json, RuleError, Seat
from app.services import access, matches, saving
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.judgement import Finding
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import Analysis, Worker, locks
from app.store.base import affected

GAMES: Final = frozenset({"uttt"})
"""Whose matches `House.thinking.study` knows how to look at."""

LEASE: Final = timedelta(minutes=2)  # far longer than a position takes
STUCK: Final = timedelta(hours=1)  # what has not ended after so long keeps nobody from asking again
DIGITS: Final = 4  # of a chance

_QUEUE: Final = "analysis"  # what `House.thinking` knows a worker's queue by: no match has that id


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the analysis of a match has come.

    positions: how many there are, one before each move and one after the last. found: what was
    found of the first of them. before: how many others wait for longer; 0 once it has begun.
    """

    positions: int
    found: tuple[Finding, ...]
    done: bool
    begun: bool
    before: int = 0


@dataclass(frozen=True, slots=True)
class _Position:
    state: Any
    seat: Seat
    played: Json | None


def can_be_asked(record: MatchRecord) -> bool:
    """Whether a match is of a kind that is analysed: over, and somebody has moved."""
    only_ended = record.version == 1 and record.ended_by is not None
    return record.game in GAMES and record.over and record.version > 0 and not only_ended


def progress(house: House, match_id: str) -> Progress | None:
    """The analysis of a match that one may see, as far as it has come; None: nobody has asked."""
    with house.store.read() as unit:
        row = unit.get(Analysis, match_id)
        if row is None:
            return None
        found = _load(row.found)
        begun = row.done or bool(found) or row.holder is not None
        earlier = ~Analysis.done, Analysis.asked_at < row.asked_at
        count = select(func.count()).select_from(Analysis).where(*earlier)
        before = 0 if begun else unit.scalar(count) or 0
    return Progress(row.positions, found, row.done, begun, before)


def want(house: House, viewer: Viewer, caller: Caller, match_id: str) -> None:
    """Have a match analysed in the background, unless it has been, or is to be.

    Raises what `access.look` does for a match the viewer may not see, `not_over`, `no_analysis`,
    `other_rules`, `being_analysed` while the caller waits for another match, and `too_many`.
    """
    record = access.look(house, viewer, match_id)
    if not record.over:
        raise ServiceError("not_over", "This match is still being played.")
    if not can_be_asked(record):
        raise ServiceError("no_analysis", "There is nothing in this match to analyse.")
    if progress(house, match_id) is None:
        house.limits.hit("analysis", str(caller.user_id))
        _note(house, caller, match_id, len(_positions(house, record)))
    begin(house)


def begin(house: House) -> bool:
    """Have this worker, in the background, do whatever is to be analysed; whether it was idle."""
    idle = house.thinking.begin(_QUEUE)
    if idle:
        house.thinking.spawn(_work, house)
    return idle


def catch_up(house: House) -> int:
    """Go on with what nobody has in hand, as a worker that was killed has left it; how much.

    0 where this worker is at work anyway.
    """
    with house.store.read() as unit:
        left = unit.scalar(select(func.count()).select_from(Analysis).where(*_free(house))) or 0
    return left if left and begin(house) else 0


def _note(house: House, caller: Caller, match_id: str, positions: int) -> None:
    """Put a match among those that are to be analysed, if it is not there by now."""
    now = house.clock()
    theirs = Analysis.asked_by == caller.user_id, ~Analysis.done, Analysis.asked_at > now - STUCK
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.ANALYSES)
        if unit.get(Analysis, match_id) is not None:
            return
        if unit.scalar(select(Analysis.match_id).where(*theirs).limit(1)) is not None:
            raise ServiceError("being_analysed", "Another match is being analysed for you.")
        unit.execute(
            insert(Analysis).values(
                match_id=match_id,
                positions=positions,
                done=False,
                found="[]",
                asked_by=caller.user_id,
                asked_at=now,
                beat_at=now,
            )
        )


def _free(house: House) -> tuple[Any, ...]:
    """The conditions under which an analysis may be taken in hand."""
    silent = Analysis.beat_at < house.clock() - LEASE
    gone = Analysis.holder.not_in(select(Worker.id))
    return ~Analysis.done, or_(Analysis.holder.is_(None), silent, gone)


def _work(house: House) -> None:
    """Analyse what there is to analyse, one after another, as long as somebody can tell."""
    try:
        while True:
            taken = _take(house)
            if taken is None:
                if not house.thinking.again(_QUEUE):
                    return
            elif not _analyse(house, *taken):
                house.thinking.leave(_QUEUE)
                return
            house.pause()
    except BaseException:
        house.thinking.leave(_QUEUE)
        raise


def _take(house: House) -> tuple[str, tuple[Finding, ...]] | None:
    """Take the analysis in hand that has waited longest, with what was found so far."""
    query = select(Analysis).where(*_free(house)).order_by(Analysis.beat_at, Analysis.match_id)
    while True:
        with house.store.read() as unit:
            row = unit.scalar(query.limit(1))
        if row is None:
            return None
        unchanged = (
            Analysis.match_id == row.match_id,
            Analysis.beat_at == row.beat_at,
            Analysis.holder.is_not_distinct_from(row.holder),
        )
        ours = update(Analysis).where(~Analysis.done, *unchanged)
        with house.store.write() as unit:
            if affected(unit, ours.values(holder=house.worker_id, beat_at=house.clock())):
                return row.match_id, _load(row.found)


def _analyse(house: House, match_id: str, before: tuple[Finding, ...]) -> bool:
    """Look at the positions of a match that has been taken in hand; False: nobody can tell now."""
    try:
        record = matches.get(house, match_id)
        positions = _positions(house, record)
    except (ServiceError, RuleError):
        # The rules are others by now, and nobody can say any more what was played.
        with house.store.write() as unit:
            unit.execute(delete(Analysis).where(Analysis.match_id == match_id))
        return True
    found = list(before)
    for position in positions[len(found) :]:
        finding = _look(house, record.engine, position)
        if finding is None:
            _save(house, match_id, found, holder=None)
            return False
        found.append(finding)
        if len(found) < len(positions) and not _save(house, match_id, found):
            return True  # somebody else has it in hand: this worker was thought to be gone
    _save(house, match_id, found, holder=None, done=True, asked_by=None)
    return True


def _look(house: House, engine: Any, position: _Position) -> Finding | None:
    outcome = engine.outcome(position.state)
    if outcome is not None:
        return Finding(position.seat, None, outcome.scores[position.seat], None)
    view = engine.view(position.state, position.seat)
    told = house.thinking.study(engine.info.key, view, position.played)
    if told is None:
        return None
    played = None if told["played"] is None else round(told["played"], DIGITS)
    return Finding(position.seat, told["best"], round(told["chance"], DIGITS), played)


def _save(house: House, match_id: str, found: Sequence[Finding], **values: Any) -> bool:
    """Save what was found, and renew the lease; False if it is another's by now."""
    held = Analysis.match_id == match_id, Analysis.holder == house.worker_id, ~Analysis.done
    text = json.dumps([asdict(finding) for finding in found])
    changed = {"found": text, "beat_at": house.clock(), **values}
    with house.store.write() as unit:
        return bool(affected(unit, update(Analysis).where(*held).values(changed)))


def _positions(house: House, record: MatchRecord) -> list[_Position]:
    """The positions of a match in which somebody moved, and the one after that.

    What the house did itself, as to end it by a resignation, leads to no other position. Raises
    `other_rules`.
    """
    log = matches.log(house, record.id)
    steps = saving.steps(house, record.id, log)
    turns = [entry for entry in log if entry.seat is not None]
    positions = [
        _Position(steps[entry.number - 1].state, entry.seat, entry.move)
        for entry in turns
        if entry.seat is not None
    ]
    last = steps[turns[-1].number].state
    seat = min(record.engine.actors(last), default=0)
    return [*positions, _Position(last, seat, None)]


def _load(text: str) -> tuple[Finding, ...]:
    return tuple(Finding(**fields) for fields in json.loads(text))
