"""What a client may ask: read once, as a control's name and its data; and who deals with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from app.legacy.envelope import Malformed
from app.legacy.scopa.client import Client
from app.legacy.scopa.names import shown


class Control(NamedTuple):
    """A message as it came: what it is, and its data still unread."""

    name: str
    data: Any


Handler = Callable[[Client, Control], None]


@dataclass(frozen=True, slots=True)
class Request:
    """Who deals with a control, and whether it is for those who have not signed in."""

    handler: Handler
    strangers: bool


class Vocabulary:
    """A part of the controls, filled by decorators: `@words.handles("chat")`."""

    def __init__(self) -> None:
        self._requests: dict[str, Request] = {}

    def handles(self, name: str, *, strangers: bool = False) -> Callable[[Handler], Handler]:
        """Register a handler. It may raise Malformed and ServiceError, which the client is told."""

        def register(handler: Handler) -> Handler:
            self._requests[name] = Request(handler, strangers)
            return handler

        return register

    @property
    def requests(self) -> Mapping[str, Request]:
        return MappingProxyType(self._requests)


def decode(text: str) -> Control:
    """The control in a text message. Raises Malformed: `bad_json`, or `malformed`."""
    try:
        message = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("bad_json", f"This is not JSON: {error}.") from None
    if not isinstance(message, dict):
        raise Malformed("malformed", "A message is an object with control and data.")
    name = message.get("control")
    if not isinstance(name, str):
        raise Malformed("malformed", "A message has a control, a string.")
    return Control(name, message.get("data"))


def read(control: Control, shape: Any) -> Any:
    """The data of a control as a `shape`, any type msgspec knows. Raises Malformed: `malformed`."""
    try:
        return msgspec.convert(control.data, shape)
    except msgspec.ValidationError as error:
        raise Malformed("malformed", f"{shown(control.name)}: {error}.", control.name) from None
