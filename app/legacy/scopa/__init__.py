"""Scopa as its old clients speak it: `{"control": …, "data": …}` on a raw WebSocket.

There are two kinds of them (`dialect`): those written to the documented protocol, and the old
browser client, which offers a subprotocol. What a client may ask is in `signing_in`, `negotiation`
and `table`; what rooms bring for it comes through its `Inbox`, in order with what it asks.
"""

from app.legacy.scopa.dialect import DOCUMENTED, OLD
from app.legacy.scopa.handler import SILENT, opener

__all__ = ["DOCUMENTED", "OLD", "SILENT", "opener"]
