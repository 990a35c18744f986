"""The one game that a client of the command API is in: a table, a match, or one it watches.

Kept as a row, so that it is the same on every worker and for every program that shows the token.
Who has joined nothing this way but plays, from the website or through the queue, is in their
newest running match, one of the API's own game before any other. Of tables only that game's are
known here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.services import access, matches
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load
from app.services.records import MatchRecord
from app.store import Joined, Match, OpenTable, Seat, User
from app.store.people import blocked_between, user_named

GAME: Final = "uttt"  # what is opened and joined through the API


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that waits for its second player."""

    id: str
    owner_id: int
    owner: str
    game: str
    variant: str
    code: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: `game` is a match, or a table as long as it is open."""

    game: Opened | MatchRecord
    spectating: bool

    @property
    def id(self) -> str:
        return self.game.id

    @property
    def player_ids(self) -> tuple[int, ...]:
        """Who plays in it, as far as they have come."""
        if isinstance(self.game, Opened):
            return (self.game.owner_id,)
        return self.game.user_ids

    @property
    def owner(self) -> str:
        """Who has opened the game: the first player."""
        return self.game.owner if isinstance(self.game, Opened) else self.game.seats[0].name


def place_of(house: House, user_id: int) -> Place | None:
    """Where that user is, or None. Who sits in a game plays it, even if they came to look on.

    A game that is over stays theirs to look at until they leave it, join another, or sit in one
    that runs.
    """
    plays = select(Seat.match_id).where(Seat.user_id == user_id, Seat.open).exists()
    known = (
        select(Joined.game_id, _own_table(user_id).scalar_subquery(), plays)
        .select_from(User)
        .outerjoin(Joined, Joined.user_id == User.id)
        .where(User.id == user_id)
    )
    with house.store.read() as unit:
        # One question for those, by far the most, who are nowhere.
        found = unit.execute(known).first()
        if found is None or not any(found):
            return None
        game_id, table_id, is_playing = found
        game = None if game_id is None else game_of(unit, game_id)
        place = None if game is None else _place_in(game, user_id)
        if place is not None and not _is_over(place):
            return place
        table = None if place is not None or table_id is None else game_of(unit, table_id)
    if is_playing:
        running = matches.open_of(house, user_id)
        newest = max(
            running, key=lambda record: (record.game == GAME, record.created_at), default=None
        )
        if newest is not None:  # it may have ended just now
            return Place(newest, spectating=False)
    return place or (None if table is None else Place(table, spectating=False))


def game_of(unit: Unit, game_id: str) -> Opened | MatchRecord | None:
    """The table or the match of that id, as it is stored now."""
    found = unit.execute(
        select(OpenTable, User.name)
        .join(User, User.id == OpenTable.owner_id)
        .where(OpenTable.id == game_id)
    ).first()
    if found is not None:
        table, owner = found
        return Opened(
            id=table.id,
            owner_id=table.owner_id,
            owner=owner,
            game=table.game,
            variant=table.variant,
            code=table.code,
            created_at=table.created_at,
        )
    try:
        return load(unit, game_id)
    except ServiceError:
        return None


def find_to_watch(house: House, viewer: Viewer, name: str) -> Place:
    """A game that the user of that name plays or has opened, for somebody else to look at.

    A public one, the newest; else a private one of the viewer's code. The blocked find no tables.
    A deal of bridge is looked at from its table alone: whoever does is not dealt the board.
    Raises `no_such_match`, and where a code is given that opens nothing `wrong_code` and
    `too_many`, whether there is a private game or not.
    """
    name = name.strip().lower()
    with house.store.read() as unit:
        user = user_named(unit, name)
        table_id = None if user is None else unit.scalar(_own_table(user.id))
        if user is not None and viewer.user_id is not None:
            table_id = None if blocked_between(unit, viewer.user_id, user.id) else table_id
        table = None if table_id is None else game_of(unit, table_id)
    games: list[Opened | MatchRecord] = [] if table is None else [table]
    if user is not None:
        running = [record for record in matches.open_of(house, user.id) if not record.board_id]
        games += sorted(running, key=lambda record: record.created_at, reverse=True)
    public = next((game for game in games if game.code is None), None)
    if public is not None:
        return Place(public, spectating=True)
    if not viewer.code:
        raise ServiceError("no_such_match", "Game does not exist")
    codes = {game.id: game.code for game in games if game.code is not None}
    found_id = access.check_named(house, viewer.address, name, codes, viewer.code)
    return Place(next(game for game in games if game.id == found_id), spectating=True)


def check_free(house: House, user_id: int) -> None:
    """Raise `already_joined` for who is in a game that is not over."""
    with house.store.read() as unit:
        _check_free(unit, user_id)


def enter(house: House, user_id: int, game_id: str, *, spectating: bool = False) -> None:
    """Note that a user is in that game now. Raises `already_joined`."""
    with house.store.write() as unit:
        put(unit, user_id, game_id, spectating=spectating)


def put(unit: Unit, user_id: int, game_id: str, *, spectating: bool = False) -> None:
    """`enter` inside a transaction: the one in which the game begins, so that of two joins at
    once only one begins anything.
    """
    row = _check_free(unit, user_id)
    if row is None:
        row = Joined(user_id=user_id)
        unit.add(row)
    row.game_id, row.spectating = game_id, spectating
    try:
        unit.flush()
    except IntegrityError:  # by another request of theirs, just now
        raise _already_joined() from None


def leave(house: House, user_id: int, game_id: str) -> None:
    """Note that a user is not in that game any more."""
    theirs = (Joined.user_id == user_id, Joined.game_id == game_id)
    with house.store.write() as unit:
        unit.execute(delete(Joined).where(*theirs))


def _place_in(game: Opened | MatchRecord, user_id: int) -> Place:
    """Where a user is who has joined that game, on whatever terms: they may have sat down since,
    on the website.
    """
    place = Place(game, spectating=False)
    return place if user_id in place.player_ids else replace(place, spectating=True)


def _is_over(place: Place) -> bool:
    return isinstance(place.game, MatchRecord) and place.game.over


def _own_table(user_id: int) -> Select[str]:
    mine = OpenTable.owner_id == user_id, OpenTable.invitee_id.is_(None), OpenTable.grace.is_(None)
    return select(OpenTable.id).where(*mine, OpenTable.game == GAME)


def _check_free(unit: Unit, user_id: int) -> Joined | None:
    row = unit.get(Joined, user_id, with_for_update=True)
    if row is not None and _lives(unit, row.game_id):
        raise _already_joined()
    return row


def _lives(unit: Unit, game_id: str) -> bool:
    running = select(Match.id).where(Match.id == game_id, ~Match.over)
    table = select(OpenTable.id).where(OpenTable.id == game_id)
    return unit.scalar(running.union_all(table)) is not None


def _already_joined() -> ServiceError:
    return ServiceError("already_joined", "You have already joined a game")
