"""What a request is: its shape, its answer, and the table that says who handles it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from app.live.links import Link
from app.services.errors import ServiceError
from app.services.house import House


class Reply(NamedTuple):
    """A message for the sender alone."""

    type: str
    data: Any


def _nothing() -> None:
    """There is nothing more to be told."""


@dataclass(slots=True)
class Result:
    """How a request went: messages for the sender, the refusal if any, and the acknowledgement.

    `then` is for the transport to call once the replies are on their way: it tells everyone,
    the sender too, what an old client must not hear before its answer.
    """

    replies: list[Reply] = field(default_factory=list)
    error: ServiceError | None = None
    more: dict[str, Any] = field(default_factory=dict)
    then: Callable[[], None] = _nothing

    @property
    def ack(self) -> dict[str, Any]:
        """`{"ok": true, …}` or `{"ok": false, "error": {"code", "msg"}}`."""
        if self.error is None:
            return {"ok": True, **self.more}
        return {"ok": False, "error": {"code": self.error.code, "msg": self.error.msg}}


Handler = Callable[[House, Link, Any, Any], Result]


@dataclass(frozen=True, slots=True)
class Request:
    """A request's shape, its handler, and whether strangers may make it, too.

    `handler(house, link, request, data)`: `request` is the data as that shape, `data` as it came.
    """

    shape: type[msgspec.Struct]
    handler: Handler
    strangers: bool


class Vocabulary:
    """A part of the requests, filled by decorators: `@words.handles("move", MoveRequest)`."""

    def __init__(self) -> None:
        self._requests: dict[str, Request] = {}

    def handles(
        self, type: str, shape: type[msgspec.Struct], *, strangers: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register a handler. Unless `strangers` may ask, the link has a caller."""

        def register(handler: Handler) -> Handler:
            self._requests[type] = Request(shape, handler, strangers)
            return handler

        return register

    @property
    def requests(self) -> Mapping[str, Request]:
        return MappingProxyType(self._requests)


def error_reply(error: ServiceError, request: str | None) -> Reply:
    """The `error` message for a refused request of that type."""
    return Reply("error", {"code": error.code, "msg": error.msg, "request": request})


def read(type: str, data: Any, shape: Any) -> Any:
    """The data of a request, or a part of them, as that shape. Raises `malformed`."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as problem:
        raise ServiceError("malformed", f"{type}: {problem}") from None
