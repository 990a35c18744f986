"""Frames a server sends, ready for the wire.

A server's frames are not masked, so that one text frame can be built once and sent to many.
"""

from __future__ import annotations

import struct
from typing import Final

from wsproto.frame_protocol import FrameProtocol

_FIN_TEXT: Final = 0x81
_SHORT: Final = 125
_TWO_BYTES: Final = 0xFFFF

# Control frames depend on no state of a connection: one encoder serves all of them.
_CONTROL: Final = FrameProtocol(client=False, extensions=[])
PING: Final = bytes(_CONTROL.ping())


def text_frame(payload: bytes) -> bytes:
    """One whole text message of UTF-8 `payload` (RFC 6455, section 5.2).

    >>> text_frame(b"Hello").hex(" ")
    '81 05 48 65 6c 6c 6f'
    """
    size = len(payload)
    if size <= _SHORT:
        return struct.pack("!BB", _FIN_TEXT, size) + payload
    if size <= _TWO_BYTES:
        return struct.pack("!BBH", _FIN_TEXT, 126, size) + payload
    return struct.pack("!BBQ", _FIN_TEXT, 127, size) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping, with the ping's own payload."""
    return bytes(_CONTROL.pong(payload))


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame; a reason that is too long for a control frame is cut."""
    return bytes(_CONTROL.close(code, reason or None))
