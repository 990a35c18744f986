"""A match goes on: one step of it checked, saved, and told to everyone.

What users ask for is in `app.services.matches`; the house's own steps, and the computer's, begin
here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any, Literal

from app.games.api import SYSTEM, Event, RuleError, Seat, Step, SystemMove, system_json
from app.services import glimpses, loading, players, ratings, reach, saving, trouble, watching
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.stakes import all_moved


def get(house: House, match_id: str) -> MatchRecord:
    """The match as it is stored now. Raises `no_such_match`."""
    with house.store.read() as unit:
        return loading.load(unit, match_id)


def latest(house: House, record: MatchRecord) -> MatchRecord:
    """As `get`, of a match of which some version is known: what it costs less to ask for."""
    with house.store.look() as connection:
        found = loading.latest(connection, record)
    return get(house, record.id) if found is None else found


def checked(record: MatchRecord, seat: Seat, raw_move: Any) -> tuple[Any, Step[Any]]:
    """A move's own JSON and where it leads, if that seat may make it.

    Raises ServiceError: `game_over`, `not_your_turn`, `malformed`, `illegal`.
    """
    engine = record.engine
    try:
        move = engine.parse_move(raw_move)
        return engine.move_json(move), engine.apply(record.state, seat, move)
    except RuleError as error:
        raise ServiceError(error.code, error.msg) from None


def make(
    house: House,
    record: MatchRecord,
    seat: Seat | None,
    move_json: Any,
    step: Step[Any],
    ending: SystemMove | None = None,
) -> MatchRecord | None:
    """Commit one step and tell everyone; None if somebody else was first.

    `seat` None: the house's own, the `ending` of the match.
    """
    now, began = house.clock(), perf_counter()
    engine, time = record.engine, record.time
    if seat is None:
        left = record.clocks_at(now)
    else:
        left = time.moved(record.left, seat, record.moved_at, now)
    saved = record.changed(
        version=record.version + 1,
        state=step.state,
        moved_at=now,
        left=left,
        deadline=time.deadline(left, engine.actors(step.state), now),
        outcome=engine.outcome(step.state),
    )
    if saved.outcome is not None:
        saved = saving.ended(saved, ending)
    steps = saving.save(house, record, saved, seat, move_json)
    if steps is None:
        house.matches.drop(record.id)
        return None
    saved = saved.changed(ratings=steps) if saved.over else saved
    house.matches.put(saved)
    set_timer(house, saved)
    try:
        _tell(house, saved, step.events)
    except trouble.ERRORS as failed:  # it is saved: that must not be refused
        trouble.said(failed)
    house.tally.moved(saved.game, perf_counter() - began)
    return saved


def submit_for(house: House, record: MatchRecord, seat: Seat, raw_move: Any) -> MatchRecord | None:
    """Make the computer's move in a seat; the match after it.

    None if it is not what `record` says any more, or the time for the move is up. Raises what
    `checked` does.
    """
    move_json, step = checked(record, seat, raw_move)
    if record.deadline <= house.clock():
        expire(house, record.id)
        return None
    return make(house, record, seat, move_json, step)


def close_for(house: House, match_id: str, user_id: int) -> MatchRecord | None:
    """End a match on behalf of one of its players; None if it was over already."""

    def leaving(record: MatchRecord) -> SystemMove:
        kind: Literal["resign", "abort"] = "resign" if all_moved(house, record) else "abort"
        return SystemMove(kind, record.seat_of(user_id))

    return _end(house, match_id, leaving)


def expire(house: House, match_id: str) -> MatchRecord | None:
    """End a match whose time is up: whoever was to move loses if all have moved.

    None if it is over already, or somebody has moved in time after all.
    """

    def running_out(record: MatchRecord) -> SystemMove | None:
        if record.deadline > house.clock():
            return None
        if all_moved(house, record):
            return SystemMove("timeout", min(record.actors))
        return SystemMove("abort", None)

    return _end(house, match_id, running_out)


def end_by_house(house: House, match_id: str) -> MatchRecord | None:
    """End a match without a result, as an admin may; None if it was over already."""
    return _end(house, match_id, lambda _: SystemMove("abort", None))


def set_timer(house: House, record: MatchRecord) -> None:
    """End the match to the moment when its time is up, unless it is moved on before."""
    if record.over:
        house.timers.cancel(("flag", record.id))
    elif record.time.needs_presence:
        expire_at(house, record.id, record.deadline)


def expire_at(house: House, match_id: str, deadline: datetime) -> None:
    """`expire` a match when that moment has come."""
    house.timers.at(("flag", match_id), deadline, lambda: expire(house, match_id))


def _end(
    house: House, match_id: str, decide: Callable[[MatchRecord], SystemMove | None]
) -> MatchRecord | None:
    """Log the house's own last move, as `decide(record)` gives it, however often others save."""
    while True:
        record = get(house, match_id)
        if record.over:
            return None
        move = decide(record)
        if move is None:
            return None
        step = record.engine.apply(record.state, SYSTEM, move)
        done = make(house, record, None, system_json(move), step, ending=move)
        if done is not None:
            return done


def _tell(house: House, record: MatchRecord, events: Sequence[Event]) -> None:
    user_ids = record.user_ids
    # Asked before the message goes out: who comes after it is told by their greeting.
    told = _reachable(house, user_ids) if record.over else []
    house.publish.match(record, events)
    glimpses.changed(house, record)
    if record.over or record.version == watching.SHOWN_FROM:
        watching.show(house, record)
    if not record.over:
        return
    if record.grace is not None:
        players.changed(house)
    if any(record.ratings):
        ratings.tell(house, user_ids, record.game)
    saving.note_told(house, record.id, told)
    if record.game in house.after:
        house.after[record.game](house, record)


def _reachable(house: House, user_ids: Sequence[int]) -> Sequence[int]:
    """Whom the end of a match is sure to reach: nobody, if the database does not say."""
    try:
        return reach.reachable(house, user_ids)
    except trouble.ERRORS as failed:
        trouble.said(failed)
        return ()
