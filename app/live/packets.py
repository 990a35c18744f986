"""Socket.IO's packets, written once for everyone who gets them."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from engineio.packet import MESSAGE
from engineio.packet import Packet as Frame
from socketio.packet import ACK, EVENT

from app.live.frames import text_frame

_encode: Final = msgspec.json.Encoder().encode
_MESSAGE: Final = b"%d" % MESSAGE
# An event of the one namespace there is, without attachments: `2`, perhaps a number, a list.
_EVENT: Final = re.compile(rf"{EVENT}(\d{{0,15}})(?=\[)", re.ASCII)


class Encoded(Frame):
    """A Socket.IO packet that is bytes already, as Engine.IO's.

    python-socketio goes through all the data of a packet in search of binary attachments, of which
    the house has none, and puts it together as text; so does Engine.IO, and then the WebSocket.
    """

    def __init__(self, packet: bytes) -> None:
        self.packet_type = MESSAGE
        self.binary = False
        self.body = packet
        self.encode_cache = None
        self._frame: bytes | None = None

    @property
    def data(self) -> str:
        """The Socket.IO packet."""
        return self.body.decode()

    def encode(self, b64: bool = False) -> str:
        """The Engine.IO packet, for those who ask for it by plain HTTP."""
        return f"{MESSAGE}{self.data}"

    @property
    def frame(self) -> bytes:
        """It all, ready for a WebSocket."""
        if self._frame is None:
            self._frame = text_frame(_MESSAGE + self.body)
        return self._frame


def event(type: str, envelope: Any) -> Encoded:
    """An event with its one argument.

    >>> event("hi", {"type": "hi", "data": 1}).encode()
    '42["hi",{"type":"hi","data":1}]'
    """
    return Encoded(b"%d%b" % (EVENT, _encode((type, envelope))))


def acknowledgement(number: int, answer: Any) -> Encoded:
    """The answer to the event that asked for one by this number.

    >>> acknowledgement(7, {"ok": True}).encode()
    '437[{"ok":true}]'
    """
    return Encoded(b"%d%d%b" % (ACK, number, _encode((answer,))))


def read_event(packet: str) -> tuple[int | None, Any] | None:
    """The number to acknowledge and the list of a plain event; None if it is anything else.

    Raises ValueError for what is not JSON.

    >>> read_event('27["move",{}]'), read_event('2/admin,["move"]')
    ((7, ['move', {}]), None)
    """
    found = _EVENT.match(packet)
    if found is None:
        return None
    number = found[1]
    try:
        return (int(number) if number else None), msgspec.json.decode(packet[found.end() :])
    except RecursionError:
        raise ValueError("nested too deeply") from None


def frame_of(packet: Frame) -> bytes:
    """An Engine.IO packet of text, ready for a WebSocket."""
    if isinstance(packet, Encoded):
        return packet.frame
    return text_frame(packet.encode().encode())
