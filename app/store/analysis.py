"""What the computer thinks of matches that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base


class Analysis(Base):
    """A match looked at position by position, as far as that has come.

    `positions` counts those there are to look at, `found` is JSON: what was found of each so far,
    in their order (see `app.services.analysis`). The worker at work on it is its `holder` and
    renews `beat_at`; where that is long past, or nobody holds it, another may go on. `asked_by` is
    who asked for it, until it is done.
    """

    __tablename__ = "analysis"

    match_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("match.id", ondelete="CASCADE"), primary_key=True
    )
    positions: Mapped[int]
    done: Mapped[bool] = mapped_column(default=False)
    found: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime]
    holder: Mapped[str | None] = mapped_column(String(32))

    __table_args__ = (
        Index(
            "ix_analysis_waiting",
            "beat_at",
            sqlite_where=text("done = 0"),
            postgresql_where=text("NOT done"),
        ),
    )
