"""Bridge: boards, who has seen them, the tables at which they are played, and what came of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base


class Board(Base):
    """A deal with its number, which decides dealer and vulnerability.

    It is dealt to any number of tables until `open_until`; after that everybody may see its page.
    `analysis` is JSON, once it is known: `{"tricks", "par"}`, see `app.services.bridge.analysis`.
    """

    __tablename__ = "board"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    open_until: Mapped[datetime] = mapped_column(index=True)
    analysis: Mapped[str | None] = mapped_column(Text)


class BoardSeen(Base):
    """Somebody who has seen cards of a board, or its page, and will not be dealt it any more.

    `hand`: they have seen more than whoever looks on at a table over nobody's shoulder.
    """

    __tablename__ = "board_seen"

    board_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("board.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    hand: Mapped[bool] = mapped_column(default=True)


class BoardResult(Base):
    """How a board was played in one match. Seats are numbers from 0, North, clockwise.

    `contract` is as on the wire, `4SX`, or `pass`; `declarer`, `tricks` (declarer's) and `lead`
    (a card) are null where nothing was played. `score` is North and South's. `imps`, in hundredths,
    is what it was worth to them when the match ended, against the tables before or, without any,
    against par; null where there was neither.
    """

    __tablename__ = "board_result"

    match_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("match.id", ondelete="CASCADE"), primary_key=True
    )
    board_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("board.id", ondelete="CASCADE"), index=True
    )
    table_id: Mapped[str] = mapped_column(String(32), index=True)
    contract: Mapped[str] = mapped_column(String(8))
    declarer: Mapped[int | None]
    tricks: Mapped[int | None]
    lead: Mapped[int | None]
    score: Mapped[int]
    imps: Mapped[int | None]
    at: Mapped[datetime]


class BridgeTable(Base):
    """A table in the bridge hall. It stays while somebody sits at it, one deal after another.

    `robots`: the computer takes seats that nobody does; `kibitz`: who looks on may look over a
    player's shoulder. `match_id` is the deal being played, or the last one; `next_at` when the next
    one begins although not all have asked for it, null while one is played or seats are free.
    """

    __tablename__ = "bridge_table"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    robots: Mapped[bool]
    kibitz: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)
    match_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("match.id"), index=True)
    deals: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]


class BridgeSeat(Base):
    """A taken seat of a bridge table, 0 to 3 from North clockwise: a user's or the computer's.

    One without a row is free. `left_at`: its user left it in mid-deal, or (`gone`) lost the
    connection; it is kept for them for a while from then on. `ready`: they want the next deal.
    `swap_with`: the seat they would like to change theirs for.
    """

    __tablename__ = "bridge_seat"

    table_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("bridge_table.id", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    bot: Mapped[str | None] = mapped_column(String(16))
    bot_name: Mapped[str | None] = mapped_column(String(32))
    left_at: Mapped[datetime | None]
    gone: Mapped[bool] = mapped_column(default=False)
    ready: Mapped[bool] = mapped_column(default=False)
    swap_with: Mapped[int | None]

    # Nobody sits at two tables.
    __table_args__ = (
        Index(
            "uq_bridge_seat_user",
            "user_id",
            unique=True,
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )


class Kibitzer(Base):
    """Who looks on at a bridge table, over the shoulder of whom (`seat`) if of anybody."""

    __tablename__ = "kibitzer"

    table_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("bridge_table.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seat: Mapped[int | None]
