"""What is offered before a match begins: open tables and challenges; and where API clients sit."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base

_ID = re.compile(r"[0-9a-f]{32}")


class OpenTable(Base):
    """A match that waits for its players, and will be played under the same `id`.

    With an `invitee_id` it is a challenge to that user alone; with a `code`, private. `options` are
    the game's, JSON. Time and `grace` as in `Match`; with a `grace` it is a proposal, which those
    asked answer at once or never. Who sits there, or is asked to, is in `TableSeat`. Nobody has
    two open tables, nor two challenges to the same user, nor two proposals.
    """

    __tablename__ = "open_table"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    invitee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    game: Mapped[str] = mapped_column(String(16))
    variant: Mapped[str] = mapped_column(String(32))
    rated: Mapped[bool]
    options: Mapped[str] = mapped_column(Text)
    players: Mapped[int]  # how many seats there are
    grace: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(32))
    per_move: Mapped[int | None]
    base: Mapped[int | None]
    increment: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        Index(
            "uq_open_table_owner",
            "owner_id",
            unique=True,
            sqlite_where=text("invitee_id IS NULL AND grace IS NULL"),
            postgresql_where=text("invitee_id IS NULL AND grace IS NULL"),
        ),
        Index("uq_open_table_challenge", "owner_id", "invitee_id", unique=True),
        Index(
            "uq_open_table_proposal",
            "owner_id",
            unique=True,
            sqlite_where=text("grace IS NOT NULL"),
            postgresql_where=text("grace IS NOT NULL"),
        ),
    )


class TableSeat(Base):
    """A seat of an open table that is not free: taken by a user, kept for an invitee, or a bot's.

    Exactly one of the three. A seat without a row is free. The owner's is among them.
    """

    __tablename__ = "table_seat"

    table_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("open_table.id", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    invitee_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    bot: Mapped[str | None] = mapped_column(String(16))
    bot_name: Mapped[str | None] = mapped_column(String(32))


def is_table(table_id: str) -> ColumnElement[bool]:
    """The condition that a table has that id; met by none where it can be no id: see `is_named`."""
    return OpenTable.id == table_id if _ID.fullmatch(table_id) else false()


class Joined(Base):
    """The one game that a client of the command API is in: a table, a match, or one it watches."""

    __tablename__ = "joined"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    game_id: Mapped[str] = mapped_column(String(32), index=True)  # of an OpenTable or a Match
    spectating: Mapped[bool]
