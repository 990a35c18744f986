"""What players are worth, now and over time."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.store.base import Base, RowId
from app.store.people import User


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


def rank_of(unit: Session, game: str, value: int, *, automatic: bool) -> int:
    """1 + the number of people rated higher than `value` points in `game`; `automatic`: of bots."""
    listed = Rating.game == game, Rating.automatic == automatic
    higher = select(func.count()).select_from(Rating).where(*listed, Rating.value > value)
    return 1 + (unit.scalar(higher) or 0)


def rated(unit: Session, game: str, *, automatic: bool) -> int:
    """How many people stand in a game's list; `automatic`: how many bots in theirs."""
    listed = Rating.game == game, Rating.automatic == automatic
    return unit.scalar(select(func.count()).select_from(Rating).where(*listed)) or 0


class Placed(NamedTuple):
    """A line of a ranking: `value` in points, `played` rated matches."""

    name: str
    value: int
    played: int


def best(unit: Session, game: str, limit: int, offset: int = 0, *, automatic: bool) -> list[Placed]:
    """People by rating, the best first; of equals, who came first. `automatic`: bots instead."""
    rows = unit.execute(
        select(User.name, Rating.value, Rating.won + Rating.drawn + Rating.lost)
        .join(Rating, Rating.user_id == User.id)
        .where(Rating.game == game, Rating.automatic == automatic)
        .order_by(Rating.value.desc(), Rating.user_id)
        .limit(limit)
        .offset(offset)
    )
    return [Placed(*row) for row in rows]
