"""Users, their sessions, and whom they like."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false, select, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import Session as Unit

from app.store.base import Base, RowId

DELETED_NAME: Final = "deleted player"
"""What whoever has been deleted is called from then on; nobody can have a name with a blank."""


class User(Base):
    """A person who plays: an account, or a guest while their session lasts.

    A guest who is gone, and whoever has been deleted (`DELETED_NAME`), keep their row for the
    matches they played; `active` is false then, and the name is free for somebody else.
    `play_singles`: a card that is the only one they may play is played for them. `bridge_system`:
    what they bid, in their words. `language`: the one they read, empty for that of their browser.
    `automatic`: a program plays under this name, for good; everybody is told so.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(16))
    registered: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)
    admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    play_singles: Mapped[bool] = mapped_column(default=False, server_default=false())
    bridge_system: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    automatic: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        Index(
            "uq_user_live_name",
            "name",
            unique=True,
            sqlite_where=text("active = 1"),
            postgresql_where=text("active"),
        ),
        Index("ix_user_seen", "registered", "seen_at"),
        Index(
            "ix_user_guest",
            "id",
            sqlite_where=text("registered = 0 AND active = 1"),
            postgresql_where=text("NOT registered AND active"),
        ),
        Index(
            "ix_user_removed",
            "registered",
            "active",
            sqlite_where=text("registered = 1 AND active = 0"),
            postgresql_where=text("registered AND NOT active"),
        ),
    )


class Session(Base):
    """A place where somebody is signed in. Its secret is kept as a hash only."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime] = mapped_column(index=True)

    # A number is never given twice: what is left of an ended session must not fit a new one.
    __table_args__ = {"sqlite_autoincrement": True}


class ApiToken(Base):
    """What an account shows at the command API instead of a password: one at a time.

    Looked up by hash; `cipher` is the token itself under the house's key, for admins to see.
    """

    __tablename__ = "api_token"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    cipher: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Friend(Base):
    """`user_id` has `friend_id` in their list; it says nothing about the other way."""

    __tablename__ = "friend"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    friend_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class Block(Base):
    """`user_id` wants to hear nothing of `blocked_id`."""

    __tablename__ = "block"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    blocked_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


def may_be_name(name: str) -> bool:
    """Whether it can be somebody's name: PostgreSQL would not even take a NUL to look for."""
    return name.isascii() and name.isprintable()


def is_named(name: str) -> ColumnElement[bool]:
    """The condition that a user has that name (lower case). Met by nobody where it can be none."""
    return User.name == name if may_be_name(name) else false()


def user_named(unit: Unit, name: str) -> User | None:
    """The active user of that name (lower case), if there is one."""
    return unit.scalar(select(User).where(is_named(name), User.active))


def blocked_between(unit: Unit, one: int, other: int) -> bool:
    """Whether either of the two has blocked the other."""
    pairs = ((Block.user_id == one) & (Block.blocked_id == other)) | (
        (Block.user_id == other) & (Block.blocked_id == one)
    )
    return unit.scalar(select(Block.user_id).where(pairs).limit(1)) is not None
