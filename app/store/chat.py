"""What people say, how far they have read, and what they object to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, RowId


class Message(Base):
    """Something said in a room: `lobby`, `match:<id>`, `watch:<id>` or `dm:<user id>:<user id>`.

    `user_id` is null for the house itself and for who has left nothing else behind; `name` is the
    one it was said under. What an admin has taken away is `hidden`.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    room: Mapped[str] = mapped_column(String(48))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    hidden: Mapped[bool] = mapped_column(default=False)

    # A number is never given twice: how far somebody has read is one.
    __table_args__ = (Index("ix_message_room", "room", "id"), {"sqlite_autoincrement": True})


class ReadMark(Base):
    """The last message of a room that a user has seen."""

    __tablename__ = "read_mark"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    room: Mapped[str] = mapped_column(String(48), primary_key=True, index=True)
    message_id: Mapped[int] = mapped_column(RowId)


class Report(Base):
    """Somebody wants an admin to look at a message; closed once one has."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    reporter_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str | None] = mapped_column(String(16))

    __table_args__ = (Index("uq_report_message", "message_id", "reporter_id", unique=True),)
