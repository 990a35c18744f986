"""What is shared between workers while they run: who waits, who is here, who serves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, RowId


class Seek(Base):
    """Somebody waits for the next opponent."""

    __tablename__ = "seek"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    game: Mapped[str] = mapped_column(String(16), index=True)
    since: Mapped[datetime]

    __table_args__ = {"sqlite_autoincrement": True}


class Worker(Base):
    """A server process. One that no longer beats is gone, and its connections with it."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    address: Mapped[str] = mapped_column(String(100))
    beat_at: Mapped[datetime]


class Presence(Base):
    """One live connection of a signed-in user."""

    __tablename__ = "presence"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    # No foreign key: a session may end first, and its connections are cut only after that.
    session_id: Mapped[int] = mapped_column(RowId)
    transport: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), server_default="")

    # A number is never given twice: a late goodbye must not end somebody else's connection.
    __table_args__ = {"sqlite_autoincrement": True}


class Watcher(Base):
    """One live connection that watches a match; `user_id` is null for a stranger's."""

    __tablename__ = "watcher"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"), index=True)
    match_id: Mapped[str] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = {"sqlite_autoincrement": True}
