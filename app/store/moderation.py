"""What admins do: who must stay out, what is announced, and a record of it all."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, or_, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Unit

from app.store.base import Base, RowId


class Ban(Base):
    """An address range (`network`, as ipaddress writes it) or a user who must stay out.

    Until `until`; null: for good.
    """

    __tablename__ = "ban"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    network: Mapped[str | None] = mapped_column(String(43), unique=True)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), unique=True
    )
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    until: Mapped[datetime | None]


class Broadcast(Base):
    """A line that every page shows until `until`."""

    __tablename__ = "broadcast"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Audit(Base):
    """One thing an admin has done. Rows are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)


def ban_of(unit: Unit, user_id: int, now: datetime) -> Ban | None:
    """The ban that keeps this user out now, if there is one."""
    lasts = or_(Ban.until.is_(None), Ban.until > now)
    return unit.scalar(select(Ban).where(Ban.user_id == user_id, lasts))
