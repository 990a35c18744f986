"""Matches: moves, endings, and looking at them.

A match is its log. A move is checked by the game's rules against one version of the match and
saved only if that is still the version stored (compare-and-set), so of two moves made at once,
in two tabs or through two workers, one wins and the other is refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import SYSTEM, Event, RuleError, Seat, Step, SystemMove, system_json
from app.services import offers, presence, ratings, saving, watching
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load, load_all, matches_of
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.services.stakes import both_moved
from app.services.time_control import TimeControl
from app.store import Match, Move
from app.store import Seat as SeatRow

SOON = 3_600  # seconds: what is due later is left to housekeeping
TOLD = 50  # how many endings a player hears of when they come back
ATTEMPTS = 5  # how often a move is tried when others keep saving first


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """An entry of the log: `seat` is None for what the house did itself; `move` is JSON."""

    number: int
    seat: Seat | None
    move: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class Setup:
    """What is agreed on before a match.

    `time` None: `MATCH_TTL` a move. With a `code`: private. `options`: the game's own, beside the
    variant, the number of players among them. `grace`: seconds a player may be away; None: ever so
    long.
    """

    game: str
    variant: str = "standard"
    rated: bool = True
    time: TimeControl | None = None
    code: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    grace: int | None = None


def start(
    house: House,
    unit: Unit,
    setup: Setup,
    players: Sequence[int | Bot],
    *,
    match_id: str | None = None,
    previous_id: str | None = None,
) -> str:
    """Store a new match inside a transaction, seats in the order of `players`; its id.

    A player is a user, by id, or the computer. It is rated if that was agreed, the variant can be
    and every player has an account. Its clocks run from now on.
    """
    engine = GAMES[setup.game]
    options = engine.parse_options({**setup.options, "variant": setup.variant})
    seed = secrets.token_bytes(32)
    step = engine.initial(options, seed)
    time = setup.time or TimeControl(house.config.MATCH_TTL)
    left = time.full(len(players))
    now = house.clock()
    return saving.add(
        unit,
        Match(
            id=match_id or secrets.token_hex(16),
            game=setup.game,
            variant=options.variant,
            rules_version=engine.info.rules_version,
            options=json.dumps(asdict(options)),
            seed=seed,
            rated=setup.rated
            and engine.info.can_rate(options.variant)
            and saving.all_registered(unit, players),
            version=0,
            state=json.dumps(engine.dump(step.state)),
            created_at=now,
            moved_at=now,
            deadline=time.deadline(left, engine.actors(step.state), now),
            per_move=time.per_move,
            base=time.base,
            increment=time.increment if time.is_clock else None,
            left=None if left is None else json.dumps(left),
            code=setup.code,
            grace=setup.grace,
            previous_id=previous_id,
        ),
        players,
    )


def setup_of(record: MatchRecord) -> Setup:
    """What was agreed on for a match, to play it again."""
    assert record.options is not None
    options = asdict(record.options)
    del options["variant"]
    return Setup(
        record.game,
        record.variant,
        record.rated,
        record.time,
        record.code,
        options,
        record.grace,
    )


def begun(house: House, match_id: str) -> MatchRecord:
    """Tell the players of a match that has just been stored; its record."""
    record = get(house, match_id)
    house.matches.put(record)
    _set_timer(house, record)
    house.publish.match(record)
    offers.clear(house, record)
    return record


def submit(
    house: House, caller: Caller, match_id: str, raw_move: Any, version: int | None = None
) -> MatchRecord:
    """Make a move; the match after it. Committed before this returns, told to everyone after.

    `raw_move` is the game's JSON for it. `version`, where given, must be the one the player saw.
    A move that comes when the time for it is up ends the match instead. Raises ServiceError:
    `no_such_match`, `not_your_match`, `game_over`, `not_your_turn`, `stale`, `malformed`,
    `illegal`.
    """
    record = house.matches.get(match_id)
    if record is not None:
        done = _try(house, caller, record, raw_move, version)
        if done is not None:
            return done
    for _ in range(ATTEMPTS):
        record = get(house, match_id)
        house.matches.put(record)
        checked = _check(caller, record, raw_move, version)
        if record.deadline <= house.clock():
            if expire(house, match_id) is None:  # over by now, or moved on in time
                continue
            raise ServiceError("game_over", "The time for this move has run out.")
        done = _save(house, record, *checked)
        if done is not None:
            return done
    raise ServiceError("stale", "The match has moved on. Look again.")


def end(house: House, caller: Caller, match_id: str) -> MatchRecord:
    """Leave a match, which ends it: a loss if both have moved, else without a result.

    Raises `no_such_match`, `not_your_match`, `game_over`.
    """
    record = get(house, match_id)
    if record.seat_of(caller.user_id) is None:
        raise not_yours(record)
    ended = close_for(house, match_id, caller.user_id)
    if ended is None:
        raise ServiceError("game_over", "This match is over.")
    return ended


def close_for(house: House, match_id: str, user_id: int) -> MatchRecord | None:
    """End a match on behalf of one of its players; None if it was over already."""

    def leaving(record: MatchRecord) -> SystemMove:
        kind: Literal["resign", "abort"] = "resign" if both_moved(house, record) else "abort"
        return SystemMove(kind, record.seat_of(user_id))

    return _end(house, match_id, leaving)


def expire(house: House, match_id: str) -> MatchRecord | None:
    """End a match whose time is up: whoever was to move loses if both have moved.

    None if it is over already, or somebody has moved in time after all.
    """

    def running_out(record: MatchRecord) -> SystemMove | None:
        if record.deadline > house.clock():
            return None
        if both_moved(house, record):
            return SystemMove("timeout", min(record.actors))
        return SystemMove("abort", None)

    return _end(house, match_id, running_out)


def end_by_house(house: House, match_id: str) -> MatchRecord | None:
    """End a match without a result, as an admin may; None if it was over already."""
    return _end(house, match_id, lambda _: SystemMove("abort", None))


def expired_ids(house: House, most: int) -> list[str]:
    """The open matches in which the time for a move is up, at most so many."""
    due = select(Match.id).where(~Match.over, Match.deadline <= house.clock())
    with house.store.read() as unit:
        return list(unit.scalars(due.order_by(Match.deadline).limit(most)))


def set_timers(house: House) -> None:
    """Have this worker end, to the moment, the running matches whose time may soon be up."""
    soon = house.clock() + timedelta(seconds=SOON)
    query = select(Match).where(~Match.over, Match.deadline <= soon)
    with house.store.read() as unit:
        records = load_all(unit, query)
    for record in records:
        _set_timer(house, record)


def get(house: House, match_id: str) -> MatchRecord:
    """The match as it is stored now. Raises `no_such_match`."""
    with house.store.read() as unit:
        return load(unit, match_id)


def open_of(house: House, user_id: int) -> list[MatchRecord]:
    """A user's running matches, the one that waits longest first."""
    query = matches_of(user_id, SeatRow.open).order_by(Match.moved_at, Match.id)
    with house.store.read() as unit:
        return load_all(unit, query)


def unseen_of(house: House, user_id: int) -> list[MatchRecord]:
    """A user's matches that ended while they were away and that they have not been told of.

    The last `TOLD` of them, in their order, if there are more.
    """
    query = matches_of(user_id, ~SeatRow.open, ~SeatRow.told).order_by(Match.ended_at.desc())
    with house.store.read() as unit:
        return load_all(unit, query.limit(TOLD))[::-1]


def mark_seen(house: House, user_id: int) -> None:
    """Note that a user knows how their matches ended."""
    with house.store.write() as unit:
        unit.execute(
            update(SeatRow)
            .where(SeatRow.user_id == user_id, ~SeatRow.open, ~SeatRow.told)
            .values(told=True)
        )


def featured(house: House) -> MatchRecord | None:
    """The match worth showing to a stranger: a public one in which a move was made last."""
    public = select(Match).where(~Match.over, Match.version > 0, Match.code.is_(None))
    query = public.order_by(Match.moved_at.desc()).limit(1)
    with house.store.read() as unit:
        return next(iter(load_all(unit, query)), None)


def log(house: House, match_id: str) -> list[LoggedMove]:
    """All moves of a match in their order."""
    with house.store.read() as unit:
        rows = unit.scalars(select(Move).where(Move.match_id == match_id).order_by(Move.number))
        return [LoggedMove(row.number, row.seat, json.loads(row.move), row.at) for row in rows]


def view(house: House, record: MatchRecord, user_id: int | None) -> Any:
    """What that user (None: a spectator) may see of a match, as the game's own JSON."""
    return record.engine.view(record.state, record.seat_of(user_id))


def replay(house: House, match_id: str, ply: int | None = None) -> tuple[MatchRecord, Any]:
    """A match and what a spectator saw of it after `ply` moves (None: after the last).

    A ply out of range gives the nearest one.
    """
    record = get(house, match_id)
    states = saving.states(house, match_id, log(house, match_id))
    ply = len(states) - 1 if ply is None else min(max(ply, 0), len(states) - 1)
    return record, record.engine.view(states[ply], None)


def _try(
    house: House, caller: Caller, record: MatchRecord, raw_move: Any, version: int | None
) -> MatchRecord | None:
    """The move on a remembered version; None if the database must be asked before saying no."""
    try:
        checked = _check(caller, record, raw_move, version)
    except ServiceError:
        return None
    if record.deadline <= house.clock():
        return None
    return _save(house, record, *checked)


def _check(
    caller: Caller, record: MatchRecord, raw_move: Any, version: int | None
) -> tuple[Seat, Any, Step[Any]]:
    """The caller's seat, the move's own JSON and where it leads, if it may be made."""
    seat = record.seat_of(caller.user_id)
    if seat is None:
        raise not_yours(record)
    if record.over:
        raise ServiceError("game_over", "This match is over.")
    if version is not None and version != record.version:
        raise ServiceError("stale", "The match has moved on. Look again.")
    engine = record.engine
    try:
        move = engine.parse_move(raw_move)
        return seat, engine.move_json(move), engine.apply(record.state, seat, move)
    except RuleError as error:
        raise ServiceError(error.code, error.msg) from None


def _end(house: House, match_id: str, decide: Any) -> MatchRecord | None:
    """Log the house's own last move, as `decide(record)` gives it, however often others save."""
    while True:
        record = get(house, match_id)
        if record.over:
            return None
        move = decide(record)
        if move is None:
            return None
        step = record.engine.apply(record.state, SYSTEM, move)
        done = _save(house, record, None, system_json(move), step, ending=move)
        if done is not None:
            return done


def _save(
    house: House,
    record: MatchRecord,
    seat: Seat | None,
    move_json: Any,
    step: Step[Any],
    ending: SystemMove | None = None,
) -> MatchRecord | None:
    """Commit one step and tell everyone; None if somebody else was first."""
    now = house.clock()
    engine, time = record.engine, record.time
    if seat is None:
        left = record.clocks_at(now)
    else:
        left = time.moved(record.left, seat, record.moved_at, now)
    saved = replace(
        record,
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
    saved = replace(saved, ratings=steps) if saved.over else saved
    house.matches.put(saved)
    _set_timer(house, saved)
    _tell(house, saved, step.events)
    return saved


def _set_timer(house: House, record: MatchRecord) -> None:
    """End the match to the moment when its time is up, unless it is moved on before."""
    key = ("flag", record.id)
    if record.over:
        house.timers.cancel(key)
    elif record.time.needs_presence:
        house.timers.at(key, record.deadline, lambda: expire(house, record.id))


def _tell(house: House, record: MatchRecord, events: Sequence[Event]) -> None:
    players = record.user_ids
    # Asked before the message goes out: who comes after it is told by their greeting.
    told = presence.reachable(house, players) if record.over else []
    house.publish.match(record, events)
    if record.over or record.version == watching.SHOWN_FROM:
        watching.show(house, record)
    if not record.over:
        return
    if any(record.ratings):
        for user_id, data in ratings.snapshots(house, players, record.game).items():
            house.publish.user(user_id, "elo_update", data)
    with house.store.write() as unit:
        unit.execute(
            update(SeatRow)
            .where(SeatRow.match_id == record.id, SeatRow.user_id.in_(told))
            .values(told=True)
        )


def not_yours(record: MatchRecord) -> ServiceError:
    """The refusal for who has no seat in a match; of a private one they hear nothing."""
    if record.private:
        return ServiceError("no_such_match", "There is no such match.")
    return ServiceError("not_your_match", "You do not play in this match.")
