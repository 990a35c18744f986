"""What the house knows of a player, for their page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.games import DEFAULT, GAMES
from app.services import ratings, reach
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load_all
from app.services.records import MatchRecord
from app.store import Match, Rating, RatingChange, Seat
from app.store.people import user_named

PAGE = 20
HISTORY = 500  # the chart's points: the last so many rated matches

_LAST_FIRST = Seat.ended_at.desc(), Seat.match_id.desc()


@dataclass(frozen=True, slots=True)
class GameRating:
    """A player's standing in one game."""

    game: str
    value: int
    rank: int
    won: int
    drawn: int
    lost: int

    @property
    def played(self) -> int:
        """The number of rated matches."""
        return self.won + self.drawn + self.lost


@dataclass(frozen=True, slots=True)
class Profile:
    """A player's page, as far as it is about one `game`: its `history`, rating points over time,
    and its `recent` matches, those that ended last first. `ratings`: in the default game, and in
    those in which they have been rated. `bridge_system`: what they bid, in their words.
    `automatic`: a program, which has its rank among bots.
    """

    user_id: int
    name: str
    registered: bool
    since: datetime
    online: bool
    game: str
    ratings: list[GameRating]
    history: list[tuple[datetime, int]]
    recent: list[MatchRecord]
    page: int
    pages: int
    bridge_system: str = ""
    automatic: bool = False


def player(
    house: House,
    name: str,
    page: int = 1,
    viewer_id: int | None = None,
    game: str | None = None,
) -> Profile:
    """The player of that name, and one page of their ended matches of a game.

    Without a `game` it is the one that they have played last. Of private matches the viewer sees
    those they played themselves. Raises `unknown_user`.
    """
    with house.store.read() as unit:
        user = user_named(unit, name.strip().lower())
        if user is None:
            raise ServiceError("unknown_user", "Nobody plays here under that name.")
        ended = _ended(user.id, viewer_id)
        if game is None:
            game = unit.scalar(ended.with_only_columns(Seat.game).limit(1)) or DEFAULT
        ended = ended.where(Seat.game == game)
        counted = ended.with_only_columns(func.count()).order_by(None)
        pages = max(1, ceil((unit.scalar(counted) or 0) / PAGE))
        page = min(max(page, 1), pages)
        shown = ended.limit(PAGE).offset((page - 1) * PAGE)
        found = load_all(unit, _matches(shown))
        rows = list(unit.scalars(select(Rating).where(Rating.user_id == user.id)))
        history = _history(unit, user.id, game)
    standing = _ratings(house, rows)
    online = reach.is_here(house, user.id)
    return Profile(
        user.id,
        user.name,
        user.registered,
        user.created_at,
        online,
        game,
        standing,
        history,
        found,
        page,
        pages,
        user.bridge_system,
        user.automatic,
    )


def recent(
    house: House, user_id: int, limit: int = PAGE, viewer_id: int | None = None
) -> list[MatchRecord]:
    """A user's last ended matches, the latest first; private ones as in `player`."""
    ended = _ended(user_id, viewer_id)
    with house.store.read() as unit:
        return load_all(unit, _matches(ended.limit(limit)))


def _ended(user_id: int, viewer_id: int | None) -> Select[str]:
    """The ids of a user's ended matches that the viewer may see, those that ended last first.

    Answered from `ix_seat_ended` alone, but for private matches: of whoever has played thousands,
    not one match is looked at that is not shown.
    """
    theirs = aliased(Seat)
    played = select(theirs.seat).where(
        theirs.match_id == Seat.match_id, theirs.user_id == viewer_id
    )
    return (
        select(Seat.match_id)
        .where(Seat.user_id == user_id, ~Seat.open, ~Seat.private | played.exists())
        .order_by(*_LAST_FIRST)
    )


def _matches(ended: Select[str]) -> Select[Match]:
    """The matches that `ended` gives the ids of, in its order."""
    shown = ended.add_columns(Seat.ended_at).subquery()
    query = select(Match).join(shown, shown.c.match_id == Match.id)
    return query.order_by(shown.c.ended_at.desc(), Match.id.desc())


def _ratings(house: House, rows: Sequence[Rating]) -> list[GameRating]:
    """In the order of the games, the default one first."""
    ranked = zip(rows, ratings.ranks(house, rows), strict=True)
    known = {
        row.game: GameRating(row.game, row.value, rank, row.won, row.drawn, row.lost)
        for row, rank in ranked
    }
    games = sorted(GAMES, key=lambda game: game != DEFAULT)
    found = (known[game] for game in games if game in known)
    return [rating for rating in found if rating.game == DEFAULT or rating.played]


def _history(unit: Unit, user_id: int, game: str) -> list[tuple[datetime, int]]:
    rows = unit.execute(
        select(RatingChange.at, RatingChange.after)
        .where(RatingChange.user_id == user_id, RatingChange.game == game)
        .order_by(RatingChange.id.desc())
        .limit(HISTORY)
    )
    return [(at, value) for at, value in rows][::-1]
