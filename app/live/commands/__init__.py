"""The vocabulary: what a client may ask, whichever transport it asks through.

A request is `{"type", "data"}`. It is decoded here, once, into a typed value, handed to a
service, and answered with messages for its sender alone. What everyone else hears of it comes
from the service, through the publisher.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.live.commands import bridge, cards, glance, hall, people, play, talk, watch
from app.live.commands.base import Reply, Request, Result, error_reply, read
from app.live.commands.hall import asked
from app.live.commands.play import greeting
from app.live.links import Link
from app.services import trouble
from app.services.errors import ServiceError
from app.services.house import House

__all__ = [
    "LONGEST_SHOWN",
    "OLD_TYPES",
    "TYPES",
    "Reply",
    "Result",
    "asked",
    "error_reply",
    "greeting",
    "handle",
    "leave",
]

LONGEST_SHOWN: Final = 40  # characters of a client's own word, in an answer to it

# What the old clients of the raw protocol know to ask (`logout` is the transport's own).
OLD_TYPES: Final = frozenset(
    {
        "match_request",
        "move",
        "end_match",
        "match_states_request",
        "friend_request",
        "unfriend_request",
    }
)

_PARTS: Final = (bridge, play, cards, people, watch, glance, hall, talk)
_REQUESTS: Final[Mapping[str, Request]] = MappingProxyType(
    {type: request for part in _PARTS for type, request in part.words.requests.items()}
)

# What names a bridge table is about it, whatever else is called the same (`move`).
_AT_TABLES: Final = bridge.words.requests

TYPES: Final = frozenset(_REQUESTS)
"""All that can be asked."""


def handle(house: House, link: Link, type: str, data: object) -> Result:
    """Do what was asked. A refusal is a Result too, never an exception."""
    shown = type[:LONGEST_SHOWN]
    request = _request(type, data)
    try:
        if request is None:
            raise ServiceError("unknown_type", f"There is no request of type {shown!r}.")
        if link.caller is None and not request.strangers:
            raise ServiceError("sign_in", "Sign in to do that.")
        return request.handler(house, link, read(type, data, request.shape), data)
    except trouble.REFUSALS as failed:
        error = trouble.said(failed)
        return Result([error_reply(error, shown)], error)


def leave(house: House, link: Link) -> None:
    """The connection is over: it watches nothing any more."""
    try:
        watch.stop(house, link)
    finally:
        bridge.stop(house, link)


def _request(type: str, data: object) -> Request | None:
    if isinstance(data, dict) and "tid" in data and type in _AT_TABLES:
        return _AT_TABLES[type]
    return _REQUESTS.get(type)
