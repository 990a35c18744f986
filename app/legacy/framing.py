"""The frames a client sends: whole short messages are read here, everything else by wsproto.

Nearly all that clients send is one text frame a message, and all of it is there at once. wsproto
takes five times as long over such a frame as it takes to read one that is known to be nothing
else. Whatever has anything particular about it, an extension's bit, a fragment, a control frame,
bad UTF-8, a missing mask, a length that is longer than need be, is wsproto's to read, or to refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wsproto.connection import Connection as Framing
from wsproto.events import CloseConnection, Event

_FIN: Final = 0x80
_FIN_TEXT: Final = 0x81
_MASKED: Final = 0x80
_CONTROL: Final = 0x08
_LENGTH: Final = 0x7F
_KEY: Final = 4  # bytes of a mask


class Frames:
    """One client's bytes, cut into frames.

    wsproto is given whole frames, or the rest of one it has the beginning of: so it is known, at
    any time, whether the next byte begins a frame and whether that may begin a message.
    """

    __slots__ = ("_begun", "_framing", "_left", "_message_open")

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._begun = b""  # of a frame whose header is not all here
        self._left = 0  # bytes that wsproto has yet to get of the frame it is reading
        self._message_open = False  # further fragments of a message are to come

    def message(self, data: bytes, limit: int) -> str | None:
        """The message, if these bytes are exactly one short one: see `text_of`."""
        if self._left or self._begun or self._message_open or data[0] != _FIN_TEXT:
            return None
        start, end = _extent(data, 0)
        return text_of(data, start, end) if end == len(data) and end - start <= limit else None

    def events(self, data: bytes) -> Iterator[Event]:
        """What has come with these bytes, after those before, in its order."""
        if self._begun:
            data, self._begun = self._begun + data, b""
        at = 0
        while at < len(data):
            if not self._left:
                _, end = _extent(data, at)
                if not end:
                    self._begun = data[at:]
                    return
                self._left = end - at
                if not data[at] & _CONTROL:
                    self._message_open = not data[at] & _FIN
            piece = data[at : at + self._left]
            at += len(piece)
            self._left -= len(piece)
            self._framing.receive_data(piece)
            for event in self._framing.events():
                yield event
                if isinstance(event, CloseConnection):  # meant, or a broken frame: the last
                    return


def text_of(data: bytes, start: int, end: int) -> str | None:
    """The text in the frame whose masked payload is `data[start:end]`, its key before it.

    None unless it is a whole message of UTF-8, with a length in its shortest form.

    >>> frame = bytes.fromhex("81 85 37 fa 21 3d 7f 9f 4d 51 58")
    >>> text_of(frame, 6, 11)
    'Hello'
    """
    size = end - start
    header = 2 if size <= 125 else 4  # bytes, with a length of at most two
    if not data[1] & _MASKED or start != header + _KEY:
        return None
    if not size:
        return ""
    # As numbers: one operation for all bytes, where they are few.
    key = data[start - _KEY : start] * (size // _KEY + 1)
    masked = int.from_bytes(data[start:end], "big")
    plain = masked ^ int.from_bytes(key[:size], "big")
    try:
        return plain.to_bytes(size, "big").decode()
    except UnicodeDecodeError:
        return None


def _extent(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload of the frame at `at` begins and ends; 0, 0 if its header is not all here.

    RFC 6455, section 5.2.
    """
    have = len(data) - at
    if have < 2:
        return 0, 0
    second = data[at + 1]
    size, start = second & _LENGTH, 2
    if size >= 126:
        start = 4 if size == 126 else 10
        if have < start:
            return 0, 0
        size = int.from_bytes(data[at + 2 : at + start], "big")
    start += at + (_KEY if second & _MASKED else 0)
    return start, start + size
