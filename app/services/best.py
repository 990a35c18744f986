"""The match to show to whoever would like to see a good one.

Of the public matches that were moved in last, `CANDIDATES` of them, the best is found by what
follows, the first thing that differs deciding:

1. whether it goes on: nobody's time is up within `SOON`;
2. how lively it is: moved in within `LIVELY`, within `TODAY`, or before;
3. who plays, by the humblest seat: accounts before guests, guests before the computer;
4. whether all of its players are rated in the game;
5. how much they are rated on the average;
6. which was moved in last.

The games that are played at tables of their own are looked for only by name: what a stranger may
see of them is little.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import mean
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session as Unit

from app.games import GAMES, OFFERED
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load
from app.services.records import MatchRecord
from app.services.watching import SHOWN_FROM
from app.store import Match, Rating, RatingChange, Seat, User

CANDIDATES: Final = 60
SOON: Final = timedelta(seconds=15)
LIVELY: Final = timedelta(minutes=5)
TODAY: Final = timedelta(days=1)
REMEMBERED: Final = 200  # how many of the last rated results are looked through for a great match

_COMPUTER, _GUEST, _ACCOUNT = range(3)


class Place(NamedTuple):
    """A seat of a candidate: how much of a player has it, and their rating in its game."""

    kind: int
    rating: int | None


def now(house: House, game: str | None = None, *, but: str | None = None) -> MatchRecord | None:
    """The best match that is being played, of one game or of all that are opened in the lobby.

    `but`: not that one. Private matches are never shown.
    """
    wanted = _games(game)
    moment = house.clock()
    query = (
        select(Match.id, Match.moved_at, Match.deadline)
        .where(~Match.over, Match.version >= SHOWN_FROM, Match.code.is_(None))
        .where(Match.game.in_(wanted), Match.id != (but or ""))
        .order_by(Match.moved_at.desc(), Match.id)
        .limit(CANDIDATES)
    )
    with house.store.read() as unit:
        found = unit.execute(query).all()
        places = _places(unit, [row.id for row in found])
        best = max(
            found,
            key=lambda row: _worth(places[row.id], row.moved_at, row.deadline, moment),
            default=None,
        )
        return None if best is None else _load(unit, best.id)


def shown(house: House, match_id: str, game: str | None = None) -> MatchRecord | None:
    """A public match by its id, as long as it could be one of `now`, or was; else None."""
    with house.store.read() as unit:
        record = _load(unit, match_id)
    if record is None or record.private or record.version < SHOWN_FROM:
        return None
    return record if record.game in _games(game) else None


def great(house: House, game: str | None = None) -> MatchRecord | None:
    """Of the rated matches that have ended lately, the one between the best players.

    Not of the games with tables of their own: whoever looks may yet be dealt what was played there.
    """
    wanted = [key for key in _games(game) if key in OFFERED]
    latest = (
        select(RatingChange.match_id, RatingChange.before, RatingChange.id)
        .where(RatingChange.game.in_(wanted))
        .order_by(RatingChange.id.desc())
        .limit(REMEMBERED)
        .subquery()
    )
    by_worth = (
        select(latest.c.match_id)
        .join(Match, Match.id == latest.c.match_id)
        .where(Match.code.is_(None))
        .group_by(latest.c.match_id)
        .order_by(func.avg(latest.c.before).desc(), func.max(latest.c.id).desc())
    )
    with house.store.read() as unit:
        match_id = unit.scalar(by_worth.limit(1))
        return None if match_id is None else _load(unit, match_id)


def _games(game: str | None) -> Sequence[str]:
    return list(OFFERED) if game is None else [game] if game in GAMES else []


def _load(unit: Unit, match_id: str) -> MatchRecord | None:
    try:
        return load(unit, match_id)
    except ServiceError:
        return None


def _places(unit: Unit, match_ids: Sequence[str]) -> dict[str, list[Place]]:
    """Who plays in each of these matches."""
    rows = unit.execute(
        select(Seat.match_id, Seat.bot, User.registered, Rating.value)
        .join(Match, Match.id == Seat.match_id)
        .outerjoin(User, User.id == Seat.user_id)
        .outerjoin(Rating, and_(Rating.user_id == Seat.user_id, Rating.game == Match.game))
        .where(Seat.match_id.in_(match_ids))
    )
    places: dict[str, list[Place]] = {match_id: [] for match_id in match_ids}
    for match_id, bot, registered, rating in rows:
        kind = _COMPUTER if bot is not None else _ACCOUNT if registered else _GUEST
        places[match_id].append(Place(kind, rating))
    return places


def _worth(
    places: Sequence[Place], moved_at: datetime, deadline: datetime, moment: datetime
) -> tuple[Any, ...]:
    """What a match is compared by; see above."""
    still = moment - moved_at
    rated = [place.rating for place in places if place.rating is not None]
    return (
        deadline - moment > SOON,
        (still <= LIVELY) + (still <= TODAY),
        min(place.kind for place in places),
        len(rated) == len(places),
        mean(rated) if rated else 0,
        moved_at,
    )
