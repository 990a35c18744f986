"""What the computer thinks of matches that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base


class Analysis(Base):
    """A match looked at position by position, as far as that has come.

    `positions` counts those there are to look at, `found` is JSON: what was found of each so far,
    in their order (see `app.services.analysis`). Whoever is at work on it renews `beat_at`; where
    that is long past, another may go on.
    """

    __tablename__ = "analysis"

    match_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("match.id", ondelete="CASCADE"), primary_key=True
    )
    positions: Mapped[int]
    done: Mapped[bool] = mapped_column(default=False)
    found: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    beat_at: Mapped[datetime]
