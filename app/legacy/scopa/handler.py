"""One connection: what it asks goes to whoever deals with it, and its end is its user's leaving."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from app.legacy.connection import Connection
from app.legacy.envelope import Malformed
from app.legacy.registry import Means
from app.legacy.scopa import negotiation, roll, signing_in, table
from app.legacy.scopa.client import Client
from app.legacy.scopa.controls import Control, Request, decode
from app.legacy.scopa.dialect import Dialect
from app.legacy.scopa.inbox import Inbox
from app.legacy.scopa.names import shown
from app.services import presence, reach, sessions, trouble
from app.services.errors import ServiceError

log = logging.getLogger(__name__)


class Silence:
    """The wire of a connection before it is opened: it is in no room."""

    def encode(self, type: str, data: Any) -> None:
        return None


class ScopaWire:
    """What rooms bring goes to the client's own inbox: each is told something else."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def encode(self, type: str, data: Any) -> None:
        if type in HEARD:
            self._inbox.put(type, data)


class ScopaHandler(Client):
    """One client, from its first word to its end."""

    __slots__ = ()

    def __init__(self, connection: Connection, means: Means, dialect: Dialect) -> None:
        super().__init__(connection, means, dialect)
        self.inbox = Inbox(self._hear)
        connection.wire = ScopaWire(self.inbox)
        # Behind it somebody fills in a form, as slowly as they like.
        connection.signed_in()

    def message(self, text: str) -> None:
        with self.inbox.asking():
            try:
                self._ask(decode(text))
            except (Malformed, ServiceError) as error:
                log.info("scopa client %s: %s", self.address, error.code)
                self.error(error.code, error.msg)
            except trouble.ERRORS as failed:
                refusal = trouble.said(failed)
                self.error(refusal.code, refusal.msg)

    def refuse(self, code: str, msg: str) -> None:
        self.error(code, msg)

    def closed(self) -> None:
        self.means.rooms.leave_all(self.connection)
        with self.inbox.asking():
            self.gone = True
            if self.caller is not None:
                self._depart()

    def _ask(self, control: Control) -> None:
        request = CONTROLS.get(control.name)
        if request is None:
            raise ServiceError("unknown_control", f"There is no control {shown(control.name)!r}.")
        if request.strangers and self.caller is not None:
            raise ServiceError("already_signed_in", f"You are signed in as {self.caller.name}.")
        if not request.strangers and self.caller is None:
            raise ServiceError("not_signed_in", "Sign in first: login.")
        if self.game is not None and self.game.over:
            table.finish(self)  # it asks for something else: it has seen the end
        request.handler(self, control)

    def _hear(self, type: str, data: Any) -> None:
        if self.caller is not None and not self.gone:
            HEARD[type](self, data)

    def _depart(self) -> None:
        """Sign out. What cannot wait for a user who has no other connection ends with this one.

        A worker that stops has forgotten its connections before it ends them: then nobody left.
        """
        here, self.presence_id = self.presence_id, None
        if here is None or here not in self.house.connections:
            return
        presence.disconnect(self.house, here)
        if not reach.is_here(self.house, self.user.user_id):
            negotiation.leave(self)
            table.leave(self)
        sessions.sign_out(self.house, self.user)


def opener(dialect: Dialect) -> Callable[[Connection, Means], ScopaHandler]:
    """How a connection of that kind of client is opened."""
    return lambda connection, means: ScopaHandler(connection, means, dialect)


def _hear_roll(client: Client, news: roll.Roll) -> None:
    client.show(news.frame(client.met))


def _hear_offer(client: Client, _: Any) -> None:
    negotiation.look(client)


SILENT: Final = Silence()
CONTROLS: Final[Mapping[str, Request]] = MappingProxyType(
    {
        name: request
        for part in (signing_in, negotiation, table)
        for name, request in part.words.requests.items()
    }
)
HEARD: Final[Mapping[str, Callable[[Client, Any], None]]] = MappingProxyType(
    {
        "match_data": table.hear_data,
        "match_update": table.hear_update,
        "chat_message": table.hear_chat,
        "challenge": _hear_offer,
        "table_update": _hear_offer,
        "challenge_gone": negotiation.gone,
        "table_gone": negotiation.gone,
        roll.TOLD: _hear_roll,
        table.END_DUE: table.end_due,
        table.GAP_DUE: table.gap_due,
    }
)
