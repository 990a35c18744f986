"""Bridge as its first clients speak it, on a raw WebSocket: see `app.legacy.links`.

They are told of the hall and of their deals in fifteen types of message (`app.live.bridge.TYPES`),
which the rooms bring as they are: on Socket.IO the same ones are heard.
"""

from __future__ import annotations

from typing import Final

from app.legacy.envelope import Envelope
from app.legacy.links import EnvelopeHandler, Wire
from app.live import bridge
from app.live.commands import Reply
from app.live.commands import bridge as requests
from app.services.sessions import Caller

BRIDGE_WIRE: Final = Wire(bridge.TYPES | {"login_response", "reconnect_response", "error"})


class BridgeHandler(EnvelopeHandler):
    """A client of bridge."""

    transport = "bridge"
    old_types = requests.OLD_TYPES

    __slots__ = ()

    def greet(self, caller: Caller) -> list[Reply]:
        """The hall, and one's own table."""
        return requests.greeting(self.house, self)

    def _request(self, caller: Caller, message: Envelope) -> None:
        """An answer comes before what came of it: who sits down, say, before the deal."""
        self._connection.hold()
        try:
            super()._request(caller, message)
        finally:
            self._connection.release()
