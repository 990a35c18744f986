"""Matches: moves, endings, and looking at them.

A match is its log. A move is checked by the game's rules against one version of the match and
saved only if that is still the version stored (compare-and-set), so of two moves made at once,
in two tabs or through two workers, one wins and the other is refused.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Integer, bindparam, select, update
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import Seat, Step
from app.services import computer, grace, moves, offers, players, saving
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load_all, matches_of, seats_of
from app.services.moves import close_for, end_by_house, expire, get, submit_for
from app.services.records import Bot, MatchRecord, Setup
from app.services.rounds import one_by_one
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import Match, Move
from app.store import Seat as SeatRow
from app.store.base import RowId

__all__ = [
    "LoggedMove",
    "Setup",
    "begun",
    "close_for",
    "end",
    "end_by_house",
    "expire",
    "expired_ids",
    "get",
    "log",
    "mark_seen",
    "not_yours",
    "open_of",
    "replay",
    "set_timers",
    "setup_of",
    "start",
    "started",
    "steps",
    "submit",
    "submit_for",
    "unseen_of",
    "view",
    "wake_computers",
]

SOON: Final = 3_600  # seconds: what is due later is left to housekeeping
TOLD: Final = 50  # how many endings a player hears of when they come back

# Built once: asked whenever somebody comes back.
_user: Final = bindparam("user", type_=RowId)
_most: Final = bindparam("most", type_=Integer)
_OPEN: Final = matches_of(_user, SeatRow.open).order_by(Match.moved_at, Match.id)
_untold: Final = (SeatRow.user_id == _user, ~SeatRow.open, ~SeatRow.told)
_untold_of: Final = (*_untold, SeatRow.game == bindparam("of"))
_UNTOLD: Final = select(SeatRow.match_id).where(*_untold)
_UNTOLD_OF: Final = select(SeatRow.match_id).where(*_untold_of)
_UNSEEN: Final = matches_of(_user, *_untold).order_by(Match.ended_at.desc()).limit(_most)
_UNSEEN_OF: Final = matches_of(_user, *_untold_of).order_by(Match.ended_at.desc()).limit(_most)
ATTEMPTS: Final = 5  # how often a move is tried when others keep saving first
THOUGHT: Final = timedelta(seconds=5)  # far longer than the computer thinks about a move


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """An entry of the log: `seat` is None for what the house did itself; `move` is JSON."""

    number: int
    seat: Seat | None
    move: Any
    at: datetime


def start(
    house: House,
    unit: Unit | Connection,
    setup: Setup,
    players: Sequence[int | Bot],
    *,
    match_id: str | None = None,
    previous_id: str | None = None,
    seed: bytes | None = None,
) -> str:
    """As `started`; the new match's id."""
    return started(
        house, unit, setup, players, match_id=match_id, previous_id=previous_id, seed=seed
    ).id


def started(
    house: House,
    unit: Unit | Connection,
    setup: Setup,
    players: Sequence[int | Bot],
    *,
    match_id: str | None = None,
    previous_id: str | None = None,
    seed: bytes | None = None,
) -> MatchRecord:
    """Store a new match inside a transaction, seats in the order of `players`; its record.

    A player is a user, by id, or the computer. It is rated if that was agreed, the variant can be
    and every player has an account. Its clocks run from now on. `seed` None: a new one. Raises
    `unknown_user` for one who is gone.
    """
    engine = GAMES[setup.game]
    options = engine.parse_options({**setup.options, "variant": setup.variant})
    seed = secrets.token_bytes(32) if seed is None else seed
    state = engine.initial(options, seed).state
    time = setup.time or TimeControl(house.config.MATCH_TTL)
    left = time.full(len(players))
    now = house.clock()
    seats = seats_of(unit, players)
    may_be_rated = setup.rated and engine.info.can_rate(options.variant)
    record = MatchRecord(
        id=match_id or secrets.token_hex(16),
        game=setup.game,
        variant=options.variant,
        rated=may_be_rated and all(info.registered for info in seats),
        version=0,
        revision=0,
        state=state,
        seats=seats,
        created_at=now,
        moved_at=now,
        time=time,
        left=left,
        deadline=time.deadline(left, engine.actors(state), now),
        over=False,
        outcome=engine.outcome(state),
        ratings=(None,) * len(seats),
        previous_id=previous_id,
        code=setup.code,
        options=options,
        seed=seed,
        grace=setup.grace,
        board_id=setup.board_id,
        table_id=setup.table_id,
    )
    saving.add(unit, record)
    return record


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


def begun(house: House, match: MatchRecord | str) -> MatchRecord:
    """Tell the players of a match that has just been stored, as it was or by its id; its record.

    What happened before the first move, as the first deal, is told with it. Then the computer
    moves, if it is to, and whoever is gone from a match that does not wait is waited for so long.
    """
    record = get(house, match) if isinstance(match, str) else match
    house.matches.put(record)
    moves.set_timer(house, record)
    assert record.options is not None
    first = record.engine.initial(record.options, record.seed)
    house.publish.match(record, () if record.version else first.events)
    if record.grace is not None:
        players.changed(house)
        grace.gone(house, record.user_ids)
    offers.clear(house, record)
    computer.wake(house, record)
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
    done = _submit(house, caller, match_id, raw_move, version)
    computer.wake(house, done)
    return done


def end(house: House, caller: Caller, match_id: str) -> MatchRecord:
    """Leave a match, which ends it: a loss if both have moved, else without a result.

    Raises `no_such_match`, `not_your_match`, `game_over`; `not_allowed` at a table where matches
    are played one after another, which is left instead.
    """
    record = get(house, match_id)
    if record.seat_of(caller.user_id) is None:
        raise not_yours(record)
    if record.engine.info.own_hall:
        raise ServiceError("not_allowed", "Leave the table instead.")
    ended = close_for(house, match_id, caller.user_id)
    if ended is None:
        raise ServiceError("game_over", "This match is over.")
    return ended


def expired_ids(house: House, most: int) -> list[str]:
    """The open matches in which the time for a move is up, at most so many."""
    due = select(Match.id).where(~Match.over, Match.deadline <= house.clock())
    with house.store.read() as unit:
        return list(unit.scalars(due.order_by(Match.deadline).limit(most)))


def set_timers(house: House) -> None:
    """Have this worker do what was to be done soon when it, or another, was last stopped.

    It ends, to the moment, the running matches whose time may soon be up, lets the computer move
    where it is to, and waits for players who are away.
    """
    soon = house.clock() + timedelta(seconds=SOON)
    # Not decoded: of all these, one that cannot be read must not keep the others from their end.
    query = select(Match.id, Match.deadline, Match.per_move, Match.base)
    with house.store.read() as unit:
        due = list(unit.execute(query.where(~Match.over, Match.deadline <= soon)))
    for match_id, deadline, per_move, base in due:
        if TimeControl(per_move, base).needs_presence:
            moves.expire_at(house, match_id, deadline)
    grace.sweep(house)
    # Another worker may think about the same: of two moves one is saved.
    wake_computers(house, still=timedelta(0))


def wake_computers(house: House, since: timedelta | None = None, still: timedelta = THOUGHT) -> int:
    """Let the computer move wherever it has been its turn for longer than it ever thinks.

    How many matches there are. `since`: only in those that have stood still for less than that;
    `still`: and for as long at least.
    """
    seated = select(SeatRow.seat).where(SeatRow.match_id == Match.id, SeatRow.bot.is_not(None))
    now = house.clock()
    where = [~Match.over, seated.exists(), Match.moved_at <= now - still]
    if since is not None:
        where.append(Match.moved_at > now - since)
    with house.store.read() as unit:
        ids = list(unit.scalars(select(Match.id).where(*where).order_by(Match.moved_at)))

    def wake(match_id: str) -> MatchRecord | None:
        record = get(house, match_id)
        if all(record.seats[seat].bot is None for seat in record.actors):
            return None
        computer.wake(house, record)
        return record

    return one_by_one(house, ids, wake)


def open_of(house: House, user_id: int) -> list[MatchRecord]:
    """A user's running matches, the one that waits longest first."""
    with house.store.read() as unit:
        return load_all(unit, _OPEN, {"user": user_id})


def unseen_of(house: House, user_id: int, game: str | None = None) -> list[MatchRecord]:
    """A user's matches that ended while they were away and that they have not been told of.

    The last `TOLD` of them, in their order, if there are more. `game`: those of that one alone.
    """
    query = _UNSEEN if game is None else _UNSEEN_OF
    with house.store.read() as unit:
        return load_all(unit, query, {"user": user_id, "of": game, "most": TOLD})[::-1]


def mark_seen(house: House, user_id: int, game: str | None = None) -> None:
    """Note that a user knows how their matches ended, those of one game or all."""
    asked = {"user": user_id} if game is None else {"user": user_id, "of": game}
    theirs = _UNTOLD if game is None else _UNTOLD_OF
    with house.store.look() as connection:
        if connection.scalar(theirs, asked) is None:
            return
    with house.store.transaction() as connection:
        # Held in the order in which those who share a commit are noted as told.
        connection.execute(theirs.order_by(SeatRow.match_id).with_for_update(), asked)
        seen = update(SeatRow).where(*(_untold if game is None else _untold_of))
        connection.execute(seen.values(told=True), asked)


def log(house: House, match_id: str) -> list[LoggedMove]:
    """All moves of a match in their order."""
    with house.store.read() as unit:
        rows = unit.scalars(select(Move).where(Move.match_id == match_id).order_by(Move.number))
        return [LoggedMove(row.number, row.seat, json.loads(row.move), row.at) for row in rows]


def view(house: House, record: MatchRecord, user_id: int | None) -> Any:
    """What that user (None: a spectator) may see of a match, as the game's own JSON."""
    return record.engine.view(record.state, record.seat_of(user_id))


def steps(house: House, match_id: str) -> list[Step[Any]]:
    """The match after each number of logged moves, from none on: position and what led to it.

    With every secret in it. Raises `no_such_match`, `other_rules`.
    """
    get(house, match_id)
    return saving.steps(house, match_id, log(house, match_id))


def replay(house: House, match_id: str, ply: int | None = None) -> tuple[MatchRecord, Any]:
    """A match and what it looked like after `ply` moves (None: after the last).

    With nothing hidden once it is over, before that as a spectator saw it. A ply out of range
    gives the nearest one. Raises `no_such_match`, `other_rules`.
    """
    record = get(house, match_id)
    found = saving.steps(house, match_id, log(house, match_id))
    ply = len(found) - 1 if ply is None else min(max(ply, 0), len(found) - 1)
    state, engine = found[ply].state, record.engine
    return record, engine.open_view(state) if record.over else engine.view(state, None)


def _submit(
    house: House, caller: Caller, match_id: str, raw_move: Any, version: int | None
) -> MatchRecord:
    known = house.matches.get(match_id)
    if known is not None:
        done = _try(house, caller, known, raw_move, version)
        if done is not None:
            return done
    for _ in range(ATTEMPTS):
        record = get(house, match_id) if known is None else moves.latest(house, known)
        known = None
        house.matches.put(record)
        found = _check(caller, record, raw_move, version)
        if record.deadline <= house.clock():
            if expire(house, match_id) is None:  # over by now, or moved on in time
                continue
            raise ServiceError("game_over", "The time for this move has run out.")
        done = moves.make(house, record, *found)
        if done is not None:
            return done
    raise ServiceError("stale", "The match has moved on. Look again.")


def _try(
    house: House, caller: Caller, record: MatchRecord, raw_move: Any, version: int | None
) -> MatchRecord | None:
    """The move on a remembered version; None if the database must be asked before saying no."""
    try:
        found = _check(caller, record, raw_move, version)
    except ServiceError:
        return None
    if record.deadline <= house.clock():
        return None
    return moves.make(house, record, *found)


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
    return seat, *moves.checked(record, seat, raw_move)


def not_yours(record: MatchRecord) -> ServiceError:
    """The refusal for who has no seat in a match; of a private one they hear nothing."""
    if record.private:
        return ServiceError("no_such_match", "There is no such match.")
    return ServiceError("not_your_match", "You do not play in this match.")
