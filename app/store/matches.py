"""Matches as they are stored: the log of moves, and a snapshot of where it leads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base


class Match(Base):
    """A match. `state` is the snapshot after `version` logged moves.

    `revision` counts what changes about the match besides its moves (a player's new name),
    so that a save can tell that what it was built on is still true.

    Time is either `per_move` seconds for each move, or a clock for each seat: `base` seconds and
    `increment` more after each move, with `left` (JSON, milliseconds by seat) as of `moved_at`.
    Whoever is to move has until `deadline`. With a `code` the match is private. With a `grace` a
    player who is away for so many seconds has left. A deal of bridge has its board and its table.
    """

    __tablename__ = "match"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    game: Mapped[str] = mapped_column(String(16))
    variant: Mapped[str] = mapped_column(String(32))
    rules_version: Mapped[int]
    options: Mapped[str] = mapped_column(Text)  # JSON
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    rated: Mapped[bool]
    version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(Text)  # JSON, as the game dumps it
    created_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    deadline: Mapped[datetime]
    per_move: Mapped[int | None]
    base: Mapped[int | None]
    increment: Mapped[int | None]
    left: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(String(32))
    grace: Mapped[int | None]
    board_id: Mapped[str | None] = mapped_column(String(32), index=True)
    table_id: Mapped[str | None] = mapped_column(String(32))
    over: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    previous_id: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("match.id"), unique=True
    )  # the match this one is the rematch of

    __table_args__ = (
        Index(
            "ix_match_open",
            "moved_at",
            sqlite_where=text("over = 0"),
            postgresql_where=text("NOT over"),
        ),
        Index(
            "ix_match_due",
            "deadline",
            sqlite_where=text("over = 0"),
            postgresql_where=text("NOT over"),
        ),
    )


class Seat(Base):
    """Who sits where in a match: a user, or the computer (`bot`: how strong) by a name.

    `game`, `private` (it has a code) and `ended_at` repeat the match's own, so that whatever a
    user has played lies together in one index, the last first, however much that is.
    """

    __tablename__ = "seat"

    match_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("match.id", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    bot: Mapped[str | None] = mapped_column(String(16))
    bot_name: Mapped[str | None] = mapped_column(String(32))
    open: Mapped[bool] = mapped_column(default=True)  # the match still runs
    told: Mapped[bool] = mapped_column(default=False)  # has seen how it ended
    game: Mapped[str] = mapped_column(String(16), default="", server_default="")
    private: Mapped[bool] = mapped_column(default=False, server_default=false())
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_seat_user", "user_id", "match_id"),
        Index(
            "ix_seat_ended",
            "user_id",
            "ended_at",
            "match_id",
            "game",
            "private",
            sqlite_where=text("open = 0"),
            postgresql_where=text("NOT open"),
        ),
        Index(
            "ix_seat_open",
            "user_id",
            sqlite_where=text("open = 1"),
            postgresql_where=text("open"),
        ),
        Index(
            "ix_seat_untold",
            "user_id",
            sqlite_where=text("open = 0 AND told = 0"),
            postgresql_where=text("NOT open AND NOT told"),
        ),
    )


class Move(Base):
    """One entry of a match's log: numbered from 1; `seat` is null for the house itself."""

    __tablename__ = "move"

    match_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("match.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    seat: Mapped[int | None]
    move: Mapped[str] = mapped_column(Text)  # JSON
    at: Mapped[datetime]
