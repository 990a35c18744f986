"""What is said, as it is kept and as it is handed around."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from app.store import Block, Message

HOUSE: Final = "admin"  # whose lines the house's own are; no user can have that name
LAST: Final = 2**62  # more than any line's number, and no more than a database can compare

# What turns text around, or cannot be seen and only serves to make it look like another.
_INVISIBLE: Final = {
    *map(chr, (0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF)),
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
}
_NEVER: Final = {"Cc", "Cs"}  # controls, and halves of characters


@dataclass(frozen=True, slots=True)
class ChatLine:
    """Something said in the channel that its reader calls `room`, under the `name` of then.

    `user_id` is None for the house itself, and for whoever has been deleted. `automatic`: by a
    program.
    """

    id: int
    room: str
    name: str
    text: str
    at: datetime
    user_id: int | None
    automatic: bool = False

    @property
    def by_house(self) -> bool:
        """Whether the house itself has said it."""
        return self.user_id is None and self.name == HOUSE

    def json(self, viewer_id: int | None = None) -> dict[str, Any]:
        """The line on the wire. Told to many at once (no viewer), it does not say whose it is."""
        line: dict[str, Any] = {
            "id": self.id,
            "room": self.room,
            "name": self.name,
            "text": self.text,
            "at": self.at.isoformat(timespec="seconds"),
        }
        if self.by_house:
            line["house"] = True
        if self.automatic:
            line["automatic"] = True
        if viewer_id is not None:
            line["mine"] = self.user_id == viewer_id
        return line


def line_of(message: Message, room: str, *, automatic: bool | None = False) -> ChatLine:
    """A stored line, in the channel that its reader calls `room`; `automatic`: a program's."""
    return ChatLine(
        message.id,
        room,
        message.name,
        message.text,
        message.at,
        message.user_id,
        bool(automatic),
    )


def clean(text: str) -> str:
    """Text as it is kept: one line, in composed form, without what is not meant to be read.

    Empty if nothing of it can be seen.

    >>> clean("  a\\x00b\\n\\u202ec ")
    'ab c'
    """
    text = unicodedata.normalize("NFC", re.sub(r"\s+", " ", text))
    kept = [c for c in text if c not in _INVISIBLE and unicodedata.category(c) not in _NEVER]
    if not any(unicodedata.category(char)[0] not in "ZCM" for char in kept):
        return ""
    return "".join(kept).strip()


def heard_by(user_id: int | None) -> Sequence[ColumnElement[bool]]:
    """What of a channel somebody gets to see: nothing hidden, nobody they have blocked."""
    if user_id is None:
        return [~Message.hidden]
    blocked = select(Block.blocked_id).where(Block.user_id == user_id)
    return [~Message.hidden, or_(Message.user_id.is_(None), Message.user_id.not_in(blocked))]
