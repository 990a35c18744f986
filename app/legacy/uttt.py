"""Ultimate tic-tac-toe as its old clients speak it, on a raw WebSocket: see `app.legacy.links`."""

from __future__ import annotations

from typing import Final

from app.legacy.links import EnvelopeHandler, Wire
from app.live import commands
from app.live.views import UNNAMED
from app.services.sessions import Caller

SENT: Final = frozenset(
    {
        "login_response",
        "reconnect_response",
        "elo_update",
        "friends_update",
        "match_update",
        "match_request",
        "match_request_response",
        "friend_request_response",
        "unfriend_request_response",
        "error",
    }
)
UTTT_WIRE: Final = Wire(SENT)


class UtttHandler(EnvelopeHandler):
    """A client of ultimate tic-tac-toe."""

    old_types = commands.OLD_TYPES

    __slots__ = ()

    def greet(self, caller: Caller) -> list[commands.Reply]:
        """Ratings, friends and matches; to a new client of every game, and what it is asked to."""
        if not self.is_new:
            return commands.greeting(self.house, caller, UNNAMED)
        return [*commands.greeting(self.house, caller), *commands.asked(self.house, caller)]
