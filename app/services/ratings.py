"""Elo: what a result is worth, and the lists that come of it.

A. E. Elo, *The Rating of Chessplayers, Past and Present* (1978), with one K for everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games import DEFAULT
from app.games.api import Outcome
from app.services.house import House
from app.store import Rating
from app.store.ratings import placed, standing

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
    means = [fmean(values[team :: len(shares)]) for team in range(len(shares))]
    k = house.config.RATING_K
    gains = [
        k * (share - expected(own, other))
        for own, other, share in zip(means, means[::-1], shares, strict=True)
    ]
    return tuple(round(value + gains[seat % len(gains)]) for seat, value in enumerate(values))


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
    with house.ladders.look(house) as look:
        known = standing(look.connection, user_ids, game)
        found = {}
        for user_id in user_ids:
            value, kind = known.get(user_id, (None, False))
            ladder = look.of(game, kind)
            names, values = ladder.best()
            rank = None if value is None else ladder.rank(value)
            found[user_id] = {"elo": value, "rank": rank, "top_names": names, "top_elos": values}
        return found


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
    with house.ladders.look(house) as look:
        ladder = look.of(game, automatic)
        pages = max(1, ceil(ladder.total / PAGE))
        number = min(max(number, 1), pages)
        first = (number - 1) * PAGE
        value, higher = ladder.at(first)
        offset = first - higher
        found = placed(look.connection, game, value, offset, PAGE, automatic=automatic)
        ranks = {value: ladder.rank(value) for value in {row.value for row in found}}
        rows = [RankingRow(ranks[row.value], row.name, row.value, row.played) for row in found]
        return RankingPage(rows, number, pages, ladder.total)


def place(house: House, game: str, user_id: int) -> tuple[int, int] | None:
    """An account's `(rank, rating)` among people, a bot's among bots; None for a guest."""
    return places(house, user_id).get(game)


def places(house: House, user_id: int) -> dict[str, tuple[int, int]]:
    """`place` in each game in which there is one."""
    with house.store.read() as unit:
        rows = list(unit.scalars(select(Rating).where(Rating.user_id == user_id)))
    ranked = ranks(house, rows)
    return {row.game: (rank, row.value) for row, rank in zip(rows, ranked, strict=True)}


def ranks(house: House, rows: Sequence[Rating]) -> list[int]:
    """The ranks that these ratings give."""
    with house.ladders.look(house) as look:
        return [look.of(row.game, row.automatic).rank(row.value) for row in rows]
