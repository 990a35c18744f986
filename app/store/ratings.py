"""What players are worth, now and over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    false,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, RowId
from app.store.people import User
from app.store.query import Query


class Rating(Base):
    """An account's rating and record in one game. Points are whole numbers.

    `automatic` repeats the account's own: programs have a list to themselves.
    """

    __tablename__ = "rating"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    game: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int]
    won: Mapped[int] = mapped_column(default=0)
    drawn: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    automatic: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (Index("ix_rating_order", "game", "automatic", text("value DESC"), "user_id"),)


class RatingChange(Base):
    """One rated match's effect on one account: at most one a match and user."""

    __tablename__ = "rating_change"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    match_id: Mapped[str] = mapped_column(String(32), ForeignKey("match.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    game: Mapped[str] = mapped_column(String(16))
    before: Mapped[int]
    after: Mapped[int]
    at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("match_id", "user_id", name="uq_rating_change_match_user"),
        Index("ix_rating_change_history", "user_id", "game", "id"),
    )


class Standing(NamedTuple):
    """Somebody with a rating: `value` in points."""

    user_id: int
    name: str
    value: int


class Changed(NamedTuple):
    """A rating that has changed from `before`, or is new (`id` 0), among bots if `automatic`.

    `who` has it as the change has left it.
    """

    id: int
    game: str
    automatic: bool
    before: int
    who: Standing


class Placed(NamedTuple):
    """A line of a ranking: `value` in points, `played` rated matches."""

    name: str
    value: int
    played: int


# A ladder follows the log at the end of every rated match.
_CHANGES: Final = (
    select(
        RatingChange.id,
        RatingChange.game,
        Rating.automatic,
        RatingChange.before,
        RatingChange.user_id,
        User.name,
        RatingChange.after,
    )
    .join(User, User.id == RatingChange.user_id)
    .join(Rating, (Rating.user_id == RatingChange.user_id) & (Rating.game == RatingChange.game))
    .order_by(RatingChange.id)
)
_LATER: Final = Query(_CHANGES.where(RatingChange.id > bindparam("last")))
_LATE: Final = Query(_CHANGES.where(RatingChange.id.in_(bindparam("late", expanding=True))))
_NEWER: Final = Query(
    select(Rating.game, Rating.automatic, Rating.user_id, User.name, Rating.value)
    .join(User, User.id == Rating.user_id)
    .where(Rating.user_id > bindparam("newest"))
)
_LAST: Final = select(func.max(RatingChange.id))
_NEWEST: Final = select(func.max(Rating.user_id))
_STANDING: Final = Query(
    select(Rating.user_id, Rating.value, Rating.automatic).where(
        Rating.game == bindparam("of_game"),
        Rating.user_id.in_(bindparam("users", expanding=True)),
    )
)
_BEST: Final = (
    select(Rating.user_id, User.name, Rating.value)
    .join(User, User.id == Rating.user_id)
    .where(Rating.game == bindparam("of_game"), Rating.automatic == bindparam("of_bots"))
    .order_by(Rating.value.desc(), Rating.user_id)
    .limit(bindparam("most"))
)


def counts(connection: Connection, game: str, *, automatic: bool) -> dict[int, int]:
    """How many people stand at each rating in a game's list; `automatic`: how many bots."""
    listed = Rating.game == game, Rating.automatic == automatic
    query = select(Rating.value, func.count()).where(*listed).group_by(Rating.value)
    # dict() would take the result for a mapping.
    return {value: count for value, count in connection.execute(query)}  # noqa: C416


def best(connection: Connection, game: str, limit: int, *, automatic: bool) -> list[Standing]:
    """People by rating, the best first; of equals, who came first. `automatic`: bots instead."""
    asked = {"of_game": game, "of_bots": automatic, "most": limit}
    return [Standing(*row) for row in connection.execute(_BEST, asked)]


def last_change(connection: Connection) -> int:
    """The number of the last rating change; 0: there has been none."""
    return connection.scalar(_LAST) or 0


def newest(connection: Connection) -> int:
    """The highest number of an account with a rating."""
    return connection.scalar(_NEWEST) or 0


def changes(connection: Connection, last: int, late: Sequence[int]) -> list[Changed]:
    """The rating changes after the one of that number, and those of the numbers `late`."""
    rows = list(_LATE.rows(connection, late=late)) if late else []
    rows += _LATER.rows(connection, last=last)
    return [_changed(*row) for row in rows]


def newer(connection: Connection, user_id: int) -> list[Changed]:
    """The ratings of the accounts with higher numbers than that."""
    rows = _NEWER.rows(connection, newest=user_id)
    return [
        _changed(0, game, kind, value, user_id, name, value)
        for game, kind, user_id, name, value in rows
    ]


def _changed(
    id: int, game: str, automatic: bool, before: int, user_id: int, name: str, value: int
) -> Changed:
    return Changed(id, game, bool(automatic), before, Standing(user_id, name, value))


def standing(
    connection: Connection, user_ids: Sequence[int], game: str
) -> dict[int, tuple[int, bool]]:
    """The ratings of those of these users who have one, and whether they are bots."""
    rows = _STANDING.rows(connection, of_game=game, users=user_ids)
    return {row[0]: (row[1], bool(row[2])) for row in rows}


def placed(
    connection: Connection, game: str, value: int, offset: int, limit: int, *, automatic: bool
) -> list[Placed]:
    """People rated no higher than `value`, the best first, after the first `offset` of them.

    Those that are passed over are counted in the index alone.
    """
    listed = Rating.game == game, Rating.automatic == automatic, Rating.value <= value
    order = Rating.value.desc(), Rating.user_id
    shown = (
        select(Rating.user_id).where(*listed).order_by(*order).limit(limit).offset(offset)
    ).subquery()
    rows = connection.execute(
        select(User.name, Rating.value, Rating.won + Rating.drawn + Rating.lost)
        .join(shown, shown.c.user_id == Rating.user_id)
        .join(User, User.id == Rating.user_id)
        .where(Rating.game == game)
        .order_by(*order)
    )
    return [Placed(*row) for row in rows]
