"""OLD CLIENTS: the protocols of the past, each on a raw WebSocket.

A protocol module knows its messages; `connection` runs the loop all of them live on. They act
through `app.services` and `app.live.commands` as the website does, and are members of the same
rooms.
"""

from __future__ import annotations

from app.legacy.registry import Protocol
from app.legacy.uttt import UTTT_WIRE, UtttHandler

PROTOCOLS: tuple[Protocol, ...] = (
    Protocol("uttt", paths=("/", "/ws/uttt"), wire=UTTT_WIRE, open=UtttHandler),
)  # fmt: skip

__all__ = ["PROTOCOLS", "Protocol"]
