"""A client as the parts of the protocol have it: who it is, what it is told, what it is in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.legacy.connection import Connection
from app.legacy.registry import Means
from app.legacy.scopa.dialect import Dialect
from app.legacy.scopa.inbox import Inbox
from app.legacy.scopa.sequence import Sequence
from app.live.frames import text_frame
from app.live.links import Link
from app.services.house import House
from app.services.sessions import Caller
from app.services.tables import TableRow

_ENCODER: Final = msgspec.json.Encoder()


@dataclass(slots=True)
class Proposal:
    """A table that this client has proposed, or is asked to. `answered`: it has said yes."""

    row: TableRow
    answered: bool


@dataclass(slots=True)
class Game:
    """The match that this client is in: how far it has been told, and who plays.

    `ends_at` is the version in which it ends, once that is known; it is `over` when that has been
    told, while an old client is still shown it.
    """

    id: str
    told: Sequence
    names: list[str] = field(default_factory=list)
    ends_at: int | None = None
    over: bool = False


class Client(Link):
    """One connection. `caller` is None before the sign-in; then `met` has whom they have met."""

    __slots__ = (
        "address",
        "caller",
        "connection",
        "dialect",
        "game",
        "inbox",
        "means",
        "met",
        "presence_id",
        "proposal",
        "roll",
        "watching",
    )

    def __init__(self, connection: Connection, means: Means, dialect: Dialect) -> None:
        self.connection = connection
        self.means = means
        self.dialect = dialect
        self.address = connection.address
        self.caller: Caller | None = None
        self.presence_id: int | None = None
        self.watching: dict[str, int] = {}
        self.gone = False
        self.met: list[str] = []
        self.roll = b""  # the last list of players it was told
        self.proposal: Proposal | None = None
        self.game: Game | None = None
        self.inbox: Inbox

    @property
    def house(self) -> House:
        return self.means.house

    @property
    def user(self) -> Caller:
        """The caller, where there must be one."""
        assert self.caller is not None
        return self.caller

    def join(self, room: str) -> None:
        self.means.rooms.join(self.connection, room)

    def leave(self, room: str) -> None:
        self.means.rooms.leave(self.connection, room)

    def say(self, control: str, data: Any = None) -> None:
        """Tell the client something in the protocol's own form."""
        frame = _ENCODER.encode({"control": control, "data": data})
        self.connection.send(text_frame(frame))

    def error(self, code: str, msg: str) -> None:
        """Tell the client what was wrong where the protocol has no word for it."""
        frame = _ENCODER.encode({"type": "error", "data": {"code": code, "msg": msg}})
        self.connection.send(text_frame(frame))

    def show(self, roll: bytes) -> None:
        """Tell the client who is there to play with, unless it knows."""
        if roll != self.roll:
            self.roll = roll
            self.connection.send(roll)
