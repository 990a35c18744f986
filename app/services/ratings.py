"""Elo: what a result is worth, and the lists that come of it.

A. E. Elo, *The Rating of Chessplayers, Past and Present* (1978), with one K for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import mean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games import DEFAULT
from app.games.api import Outcome
from app.services.house import House
from app.services.records import MatchRecord, RatingStep
from app.store import Rating, RatingChange
from app.store.people import User
from app.store.ratings import best, rank_of, rated

TOP = 100
PAGE = 100


@dataclass(frozen=True, slots=True)
class RankingRow:
    """A line of the rankings; equals share a rank."""

    rank: int
    name: str
    value: int
    played: int


@dataclass(frozen=True, slots=True)
class RankingPage:
    """A page of the rankings, of `total` people (or bots) on `pages` pages counted from 1."""

    rows: list[RankingRow]
    page: int
    pages: int
    total: int


def expected(own: float, opponent: float) -> float:
    """The score Elo expects, between 0 and 1.

    >>> expected(1000, 1000)
    0.5
    >>> round(expected(1200, 1000), 3)
    0.76
    """
    return 1 / (1 + 10 ** ((opponent - own) / 400))


def elo(own: int, opponent: int, score: float, k: int) -> int:
    """The rating after a match, in whole points. `score`: 1 won, ½ drawn, 0 lost.

    >>> elo(1000, 1000, 1, 20), elo(1000, 1000, 0, 20), elo(1000, 1400, 0.5, 20)
    (1010, 990, 1008)
    """
    return round(own + k * (score - expected(own, opponent)))


def after(house: House, values: Sequence[int], outcome: Outcome) -> tuple[int, ...]:
    """The ratings after a match, by seat, from those before it: what `shared` makes of who won."""
    return shared(house, values, outcome.scores)


def shared(house: House, values: Sequence[int], shares: Sequence[float]) -> tuple[int, ...]:
    """The ratings after two teams have shared a point, by seat, from those before.

    `shares` by team: 1 for all of it. A team of several counts as one player of their mean rating,
    and what that would win or lose each of them does.
    """
    means = [mean(values[team :: len(shares)]) for team in range(len(shares))]
    k = house.config.RATING_K
    gains = [
        k * (share - expected(own, other))
        for own, other, share in zip(means, means[::-1], shares, strict=True)
    ]
    return tuple(round(value + gains[seat % len(gains)]) for seat, value in enumerate(values))


def settle(
    house: House, unit: Unit, record: MatchRecord, outcome: Outcome
) -> tuple[RatingStep | None, ...]:
    """Change all ratings for a result, inside the transaction that stores it.

    Nothing changes for an unrated match or one that ended without a result.
    """
    if not record.rated or not any(outcome.scores):
        return (None,) * len(record.seats)
    return rate(house, unit, record, outcome.scores, outcome.scores)


def rate(
    house: House,
    unit: Unit,
    record: MatchRecord,
    shares: Sequence[float],
    scores: Sequence[float],
) -> tuple[RatingStep, ...]:
    """Change the ratings of a match's players, inside the transaction that stores its result.

    Both by team: `shares` is what `shared` goes by, `scores` what is counted: 1 won, 0.5 drawn,
    0 lost. Every seat is a user's.
    """
    now = house.clock()
    ids = record.user_ids  # of every seat: where the computer plays nothing is rated
    # Locked in the order of the ids: two results at once cannot wait for each other.
    rows = {
        row.user_id: row
        for row in unit.scalars(
            select(Rating)
            .where(Rating.game == record.game, Rating.user_id.in_(ids))
            .order_by(Rating.user_id)
            .with_for_update()
        )
    }
    seats = [rows.get(user_id) or _first(house, unit, user_id, record.game) for user_id in ids]
    new_values = shared(house, [rating.value for rating in seats], shares)
    steps = []
    for seat, (rating, value) in enumerate(zip(seats, new_values, strict=True)):
        score = scores[seat % len(scores)]
        steps.append(RatingStep(rating.value, value))
        unit.add(
            RatingChange(
                match_id=record.id,
                user_id=rating.user_id,
                game=record.game,
                before=rating.value,
                after=value,
                at=now,
            )
        )
        rating.value = value
        rating.won += score == 1
        rating.drawn += score == 0.5
        rating.lost += score == 0
    return tuple(steps)


def _first(house: House, unit: Unit, user_id: int, game: str) -> Rating:
    """The rating of somebody whose first rated match of a game this is."""
    rating = Rating(
        user_id=user_id,
        game=game,
        value=house.config.RATING_START,
        won=0,
        drawn=0,
        lost=0,
        automatic=unit.scalar(select(User.automatic).where(User.id == user_id)) or False,
    )
    unit.add(rating)
    return rating


def value_of(unit: Unit, user_id: int, game: str) -> int | None:
    """An account's rating; None for a guest."""
    return unit.scalar(select(Rating.value).where(Rating.user_id == user_id, Rating.game == game))


def snapshot(house: House, user_id: int, game: str = DEFAULT) -> dict[str, Any]:
    """What `elo_update` carries: `{elo, rank, top_names, top_elos}`.

    Of people, to a bot of bots: they have a list to themselves. A guest's elo and rank are null.
    """
    return snapshots(house, [user_id], game)[user_id]


def snapshots(
    house: House, user_ids: Sequence[int], game: str = DEFAULT
) -> dict[int, dict[str, Any]]:
    """`snapshot` of several users at one moment, by user."""
    with house.store.read() as unit:
        theirs = Rating.game == game, Rating.user_id.in_(user_ids)
        rows = {row.user_id: row for row in unit.scalars(select(Rating).where(*theirs))}
        kinds = {user_id: user_id in rows and rows[user_id].automatic for user_id in user_ids}
        lists = {kind: _top(unit, game, automatic=kind) for kind in set(kinds.values())}
        found = {}
        for user_id, kind in kinds.items():
            value = rows[user_id].value if user_id in rows else None
            rank = None if value is None else rank_of(unit, game, value, automatic=kind)
            found[user_id] = {"elo": value, "rank": rank, **lists[kind]}
        return found


def _top(unit: Unit, game: str, *, automatic: bool) -> dict[str, Any]:
    rows = best(unit, game, TOP, automatic=automatic)
    return {"top_names": [row.name for row in rows], "top_elos": [row.value for row in rows]}


def tell(house: House, user_ids: Sequence[int], game: str) -> None:
    """Tell these users what they are worth now in a game.

    Of the default game that is `elo_update`; of any other `rating_update`, which names it: clients
    that know one game only must not take its numbers for theirs.
    """
    for user_id, data in snapshots(house, user_ids, game).items():
        if game == DEFAULT:
            house.publish.user(user_id, "elo_update", data)
        else:
            house.publish.user(user_id, "rating_update", {"game": game, **data})


def page(house: House, game: str, number: int = 1, *, automatic: bool = False) -> RankingPage:
    """A page of a game's rankings of people, or `automatic`, of bots.

    A number out of range gives the nearest page.
    """
    with house.store.read() as unit:
        total = rated(unit, game, automatic=automatic)
        pages = max(1, ceil(total / PAGE))
        number = min(max(number, 1), pages)
        found = best(unit, game, PAGE, (number - 1) * PAGE, automatic=automatic)
        rows: list[RankingRow] = []
        for position, row in enumerate(found, (number - 1) * PAGE + 1):
            if rows and rows[-1].value == row.value:
                rank = rows[-1].rank
            else:
                rank = position if rows else rank_of(unit, game, row.value, automatic=automatic)
            rows.append(RankingRow(rank, row.name, row.value, row.played))
        return RankingPage(rows, number, pages, total)


def place(house: House, game: str, user_id: int) -> tuple[int, int] | None:
    """An account's `(rank, rating)` among people, a bot's among bots; None for a guest."""
    with house.store.read() as unit:
        row = unit.get(Rating, (user_id, game))
        if row is None:
            return None
        return rank_of(unit, game, row.value, automatic=row.automatic), row.value
