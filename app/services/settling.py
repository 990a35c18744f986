"""What a result does to ratings, inside the transaction that stores it: of many matches at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update

from app.services import ratings
from app.services.house import House
from app.services.records import MatchRecord, RatingStep
from app.store import Rating, RatingChange, User
from app.store.bulk import Bulk, times
from app.store.query import Query

Steps = tuple[RatingStep | None, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """A match whose result is rated; every seat is a user's.

    Both by team: `shares` is what `ratings.shared` goes by, `scores` what is counted: 1 won,
    0.5 drawn, 0 lost.
    """

    record: MatchRecord
    shares: Sequence[float]
    scores: Sequence[float]


@dataclass(slots=True)
class _Standing:
    """A user's rating and record in a game, in the middle of being changed; perhaps the first."""

    new: bool
    value: int
    won: int = 0
    drawn: int = 0
    lost: int = 0

    def count(self, score: float) -> None:
        self.won += score == 1
        self.drawn += score == 0.5
        self.lost += score == 0


# Held in this order, whatever the matches: two transactions cannot wait for each other.
_HELD: Final = Query(
    select(Rating.user_id, Rating.game, Rating.value, Rating.won, Rating.drawn, Rating.lost)
    .where(
        Rating.user_id.in_(bindparam("users", expanding=True)),
        Rating.game.in_(bindparam("games", expanding=True)),
    )
    .order_by(Rating.user_id, Rating.game)
    .with_for_update()
)
_PROGRAMS: Final = Query(
    select(User.id).where(User.id.in_(bindparam("users", expanding=True)), User.automatic)
)

_RATING: Any = Rating.__table__
_WORTH: Final = ("value", "won", "drawn", "lost")
_CHANGE: Final = Bulk(
    update(_RATING)
    .where(_RATING.c.user_id == bindparam("whose"), _RATING.c.game == bindparam("of_game"))
    .values({name: bindparam(f"new_{name}") for name in _WORTH}),
    [*(f"new_{name}" for name in _WORTH), "whose", "of_game"],
)
_FIRST: Final = Bulk.inserting(Rating, [*_WORTH, "user_id", "game", "automatic"])
_STEP: Final = Bulk.inserting(
    RatingChange, ["match_id", "user_id", "game", "before", "after", "at"]
)


def settle(house: House, connection: Connection, ended: Sequence[MatchRecord]) -> list[Steps]:
    """Change all ratings by Elo for the results of matches; what they did, by match and seat.

    Nothing changes for an unrated match or one that ended without a result.
    """
    found: list[Steps] = [(None,) * len(record.seats) for record in ended]
    rated = {
        number: Rated(record, record.outcome.scores, record.outcome.scores)
        for number, record in enumerate(ended)
        if record.outcome is not None and record.rated and any(record.outcome.scores)
        if record.engine.info.rating == "elo"
    }
    for number, steps in zip(rated, rate(house, connection, list(rated.values())), strict=True):
        found[number] = steps
    return found


def rate(house: House, connection: Connection, rated: Sequence[Rated]) -> list[Steps]:
    """Change the ratings of the players of these matches, in their order; `Steps` of each."""
    if not rated:
        return []
    standings = _held(house, connection, rated)
    now = times(connection.dialect)(house.clock())
    changes: list[tuple[Any, ...]] = []
    found: list[Steps] = []
    for match in rated:
        record = match.record
        seats = [standings[user_id, record.game] for user_id in record.user_ids]
        values = ratings.shared(house, [standing.value for standing in seats], match.shares)
        steps = []
        for seat, (user_id, standing, value) in enumerate(
            zip(record.user_ids, seats, values, strict=True)
        ):
            steps.append(RatingStep(standing.value, value))
            changes.append((record.id, user_id, record.game, standing.value, value, now))
            standing.value = value
            standing.count(match.scores[seat % len(match.scores)])
        found.append(tuple(steps))
    _store(connection, standings)
    _STEP.run(connection, changes)
    return found


def _held(
    house: House, connection: Connection, rated: Sequence[Rated]
) -> dict[tuple[int, str], _Standing]:
    """How everybody in these matches stands in its game, by user and game, and held."""
    wanted = sorted({(user, each.record.game) for each in rated for user in each.record.user_ids})
    users = list(dict.fromkeys(user for user, _ in wanted))
    games = sorted({game for _, game in wanted})
    held = _HELD.rows(connection, users=users, games=games)
    known = {(row[0], row[1]): _Standing(False, *row[2:]) for row in held}
    start = house.config.RATING_START
    return {each: known.get(each) or _Standing(True, start) for each in wanted}


def _store(connection: Connection, standings: dict[tuple[int, str], _Standing]) -> None:
    rows = [
        (each.value, each.won, each.drawn, each.lost, user_id, game, each.new)
        for (user_id, game), each in standings.items()
    ]
    known = [row[:-1] for row in rows if not row[-1]]
    first = [row[:-1] for row in rows if row[-1]]
    if known:
        _CHANGE.run(connection, known)
    if first:
        found = _PROGRAMS.rows(connection, users=[user_id for *_, user_id, _ in first])
        programs = {row[0] for row in found}
        _FIRST.run(connection, [(*row, row[-2] in programs) for row in first])
