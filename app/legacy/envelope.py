"""The envelope `{"type": …, "data": {…}}` of the old protocols, read once, at the edge."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")


class Malformed(Exception):
    """A message that cannot be read. `request`: its type, as far as it could be told."""

    def __init__(self, code: str, msg: str, request: str | None = None) -> None:
        super().__init__(msg)
        self.code = code
        self.msg = msg
        self.request = request


class Envelope(msgspec.Struct):
    """A message as it came: its type, and its data still unread.

    Old clients leave out the data of a message that has none, or send null.
    """

    type: str
    data: dict[str, Any] = {}


_decode: Final = msgspec.json.Decoder(Envelope).decode


def decode(text: str) -> Envelope:
    """The envelope in a text message. Raises Malformed: `bad_json`, or `malformed`."""
    try:
        return _decode(text)
    except (msgspec.DecodeError, RecursionError):
        return _decode_odd(text)


def _decode_odd(text: str) -> Envelope:
    """As `decode`, what is not as plain as nearly all is, or wrong: it takes longer to say how."""
    try:
        message = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad_json", f"This is not JSON: {error}.") from None
    if not isinstance(message, dict):
        raise Malformed("malformed", "A message is an object with type and data.")
    kind = message.get("type")
    if not isinstance(kind, str):
        raise Malformed("malformed", "A message has a type, a string.")
    data = message.get("data")
    if not isinstance(data, dict | None):
        raise Malformed("malformed", "A message's data is an object.", kind)
    return Envelope(kind, data or {})


def read(message: Envelope, shape: type[T]) -> T:
    """The data of a message as a `shape`, a msgspec struct. Raises Malformed: `malformed`."""
    try:
        return msgspec.convert(message.data, shape)
    except msgspec.ValidationError as error:
        raise Malformed("malformed", f"{error}.", message.type) from None
