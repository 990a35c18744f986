"""OLD CLIENTS: the protocols of the past, each on a raw WebSocket; the commands over HTTP, too.

A protocol module knows its messages; `connection` runs the loop all of them live on. They act
through `app.services` and `app.live.commands` as the website does, and are members of the same
rooms.
"""

from __future__ import annotations

from app.legacy.bridge import BRIDGE_WIRE, BridgeHandler
from app.legacy.commands.websocket import MUTE, CommandHandler
from app.legacy.registry import Protocol
from app.legacy.scopa import DOCUMENTED, OLD, SILENT, opener
from app.legacy.uttt import UTTT_WIRE, UtttHandler

PROTOCOLS: tuple[Protocol, ...] = (
    Protocol("uttt", paths=("/", "/ws/uttt"), wire=UTTT_WIRE, open=UtttHandler),
    Protocol("commands", paths=("/api/ws",), wire=MUTE, open=CommandHandler),
    Protocol("scopa", paths=("/ws/scopa",), wire=SILENT, open=opener(DOCUMENTED)),
    # The old browser client, which says so wherever it connects.
    Protocol("old scopa", paths=(), wire=SILENT, open=opener(OLD), subprotocol="scopa"),
    Protocol(
        "bridge", paths=("/ws/bridge",), wire=BRIDGE_WIRE, open=BridgeHandler, subprotocol="bridge"
    ),
)  # fmt: skip

__all__ = ["PROTOCOLS", "Protocol"]
