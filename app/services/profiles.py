"""What the house knows of a player, for their page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Unit
from sqlalchemy.orm import aliased

from app.games import DEFAULT, GAMES
from app.services import reach
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load_all, matches_of
from app.services.records import MatchRecord
from app.store import Match, Rating, RatingChange, Seat
from app.store.people import user_named
from app.store.ratings import rank_of

PAGE = 20
HISTORY = 500  # the chart's points: the last so many rated matches

_LAST_FIRST = Match.ended_at.desc(), Match.id


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
            played = ended.with_only_columns(Match.game).order_by(*_LAST_FIRST).limit(1)
            game = unit.scalar(played) or DEFAULT
        ended = ended.where(Match.game == game)
        count = unit.scalar(ended.with_only_columns(func.count())) or 0
        pages = max(1, ceil(count / PAGE))
        page = min(max(page, 1), pages)
        shown = ended.order_by(*_LAST_FIRST).limit(PAGE).offset((page - 1) * PAGE)
        found = load_all(unit, shown)
        standing = _ratings(unit, user.id)
        history = _history(unit, user.id, game)
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
    last_first = _ended(user_id, viewer_id).order_by(*_LAST_FIRST)
    with house.store.read() as unit:
        return load_all(unit, last_first.limit(limit))


def _ended(user_id: int, viewer_id: int | None) -> Select[Match]:
    """The ended matches of a user that the viewer may see."""
    theirs = aliased(Seat)
    played = select(theirs.seat).where(theirs.match_id == Match.id, theirs.user_id == viewer_id)
    return matches_of(user_id, ~Seat.open, Match.code.is_(None) | played.exists())


def _ratings(unit: Unit, user_id: int) -> list[GameRating]:
    """In the order of the games, the default one first."""
    rows = {row.game: row for row in unit.scalars(select(Rating).where(Rating.user_id == user_id))}
    games = sorted(GAMES, key=lambda game: game != DEFAULT)
    known = [
        GameRating(
            r.game,
            r.value,
            rank_of(unit, r.game, r.value, automatic=r.automatic),
            r.won,
            r.drawn,
            r.lost,
        )
        for r in (rows[game] for game in games if game in rows)
    ]
    return [rating for rating in known if rating.game == DEFAULT or rating.played]


def _history(unit: Unit, user_id: int, game: str) -> list[tuple[datetime, int]]:
    rows = unit.execute(
        select(RatingChange.at, RatingChange.after)
        .where(RatingChange.user_id == user_id, RatingChange.game == game)
        .order_by(RatingChange.id.desc())
        .limit(HISTORY)
    )
    return [(at, value) for at, value in rows][::-1]
