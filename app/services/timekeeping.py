"""One time for all workers, and what goes along with it when it leaps.

The worker that has been up the longest keeps the time: it follows the system's clock, and tells the
others every second what time it is. They go by that, whatever the clocks of their machines show and
whenever they were started.

The system's clock is found far off when a machine began with a wrong one and has it set later, or
stood still without noticing, as a virtual one does that is moved. If that lasts, the house leaps
there; deadlines and whatever else is being waited for leap along, so that everybody has as long
as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, bindparam, select, update

from app.services import matches, presence
from app.services.bridge import deals
from app.services.house import House
from app.services.steady import SteadyClock
from app.store import Base, BridgeSeat, BridgeTable, Match, Session, User, Worker

Columns = tuple[tuple[type[Base], str], ...]

TIME: Final = "time"  # an order: what time it is
SILENT: Final = 5.0  # seconds without a word from who keeps the time until another does
NEAR: Final = 1.0  # seconds between two workers that are made up for slowly
OVERLAP: Final = timedelta(seconds=5)  # so long workers may go by the old time after a leap
AGREEING: Final = 0.3  # two words in a row that differ by less are no accident of the way
EVER: Final = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
# What is only noted while somebody waits for it.
WAITED_FOR: Final[Columns] = ((BridgeTable, "next_at"), (BridgeSeat, "left_at"))
# What is thrown away when it is old; that it is kept for longer does no harm.
SEEN: Final[Columns] = ((Session, "used_at"), (User, "seen_at"))

log = structlog.get_logger(__name__)


class Timekeeper:
    """This worker's part in keeping the time: `tick` every second, `hear` what others say."""

    def __init__(self, house: House, clock: SteadyClock) -> None:
        self._house = house
        self._clock = clock
        self._shared = bool(house.config.REDIS_URL)
        self._heard_at: float | None = None  # by `age`, from who keeps the time
        self._apart: float | None = None  # what was last heard, if it was far from ours

    def tick(self) -> None:
        """Keep the time, unless another does."""
        if self._clock.stepped() < -NEAR:
            self._house.limits.start_afresh()  # they would count on for as long
        if self._heard_at is not None and self._clock.age - self._heard_at < SILENT:
            return
        by = self._clock.follow()
        if by:
            self._leap(by)
        elif self._shared:
            self._tell(0.0)

    def hear(self, data: dict[str, Any]) -> None:
        """Go by the time of a worker that has been up for longer. `leapt`: seconds, just now."""
        house, clock = self._house, self._clock
        if data["from"] == house.worker_id:
            return
        if (data["age"], data["from"]) < (clock.age, house.worker_id):
            return
        self._heard_at = clock.age
        apart = data["now"] - clock.seconds
        if data["leapt"]:
            self._go(apart, timedelta(seconds=data["leapt"]))
            presence.beat(house)
        elif abs(apart) <= NEAR:
            self._apart = None
            clock.approach(apart)
        elif self._apart is not None and abs(apart - self._apart) < AGREEING:
            self._go(apart, timedelta(seconds=apart))
            log.warning("another worker's time was taken over", by=f"{apart:+.0f} s")
            self._set_timers()
        else:  # late on its way, perhaps
            self._apart = apart

    def _leap(self, by: float) -> None:
        house, clock, apart = self._house, self._clock, timedelta(seconds=by)
        since, now = clock.began, clock()
        for model, column in SEEN if by > 0 else ():
            with house.store.write() as unit:  # each by itself: others lock them the other way
                _move_each(unit.connection(), model.__table__, column, (since, now), apart)
        with house.store.write() as unit:
            connection = unit.connection()
            moved = _move_matches(connection, since, now, apart)
            for model, column in WAITED_FOR:
                _move_each(connection, model.__table__, column, EVER, apart)
            connection.execute(update(Worker).values(beat_at=now + apart))
        until = clock()
        self._go(by, apart)
        if self._shared:
            self._tell(by)
        with house.store.write() as unit:
            # Moves that were made by the old time while all that went on.
            _move_matches(unit.connection(), now, until + OVERLAP, apart, moved)
        log.warning("the house's clock was set", by=f"{by:+.0f} s", now=clock().isoformat())
        presence.beat(house)
        self._set_timers()

    def _go(self, apart: float, by: timedelta) -> None:
        """Go by a time that is `apart` seconds away; what is waited for is `by` later now."""
        self._apart = None
        self._clock.leap(apart)
        self._house.matches.clear()
        self._house.timers.shift(by)

    def _set_timers(self) -> None:
        """Wait anew for what the database has moments of, by the time that is right now."""
        matches.set_timers(self._house)
        deals.set_timers(self._house)

    def _tell(self, leapt: float) -> None:
        clock = self._clock
        said = {"from": self._house.worker_id, "age": clock.age, "now": clock.seconds}
        self._house.publish.control(TIME, said | {"leapt": leapt})


def _move_matches(
    connection: Connection,
    since: datetime,
    until: datetime,
    by: timedelta,
    but: Mapping[str, datetime] | None = None,
) -> dict[str, datetime]:
    """The clocks of open matches last moved in from `since` to `until` run on `by` later.

    When each of them was last moved, by the time that is now right; those in `but` stay. What is
    from before `since` was left by a house whose clock nobody has found wrong. A move that is on
    its way finds another revision, and is made again by the time as it is then.
    """
    query = (
        select(Match.id, Match.moved_at, Match.deadline)
        .where(~Match.over, Match.moved_at.between(since, until))
        .order_by(Match.id)
        .with_for_update()
    )
    rows: list[dict[str, Any]] = [
        {"key": key, "moved": moved_at + by, "due": deadline + by}
        for key, moved_at, deadline in connection.execute(query)
        if but is None or but.get(key) != moved_at
    ]
    if rows:
        table = Match.__table__
        change = update(table).where(table.c.id == bindparam("key"))  # type: ignore[arg-type]
        change = change.values(
            moved_at=bindparam("moved"), deadline=bindparam("due"), revision=table.c.revision + 1
        )
        connection.execute(change, rows)
    return {row["key"]: row["moved"] for row in rows}


def _move_each(
    connection: Connection,
    table: Any,
    column: str,
    between: tuple[datetime, datetime],
    by: timedelta,
) -> None:
    """The times in a column of a table that are in a span are `by` later."""
    keys = list(table.primary_key.columns)
    query = select(table.c[column], *keys).where(table.c[column].between(*between))
    rows = [
        {"moment": moment + by}
        | {f"key_{part.name}": value for part, value in zip(keys, key, strict=True)}
        for moment, *key in connection.execute(query.order_by(*keys).with_for_update())
    ]
    if rows:
        these = [part == bindparam(f"key_{part.name}") for part in keys]
        change = update(table).where(*these).values({column: bindparam("moment")})
        connection.execute(change, rows)
