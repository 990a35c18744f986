"""What a command answers: one JSON value (or, once, text), and what it comes to in HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import msgspec

from app.services.errors import ServiceError

JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"

BAD_TOKEN: Final = "Invalid or non-existence token!"
ALREADY_JOINED: Final = "You have already joined a game"
NOT_JOINED: Final = "You have not joined a game"
WRONG_CODE: Final = "Incorrect code for private game"
NO_GAME: Final = "Game does not exist"
NO_SUCH_NICK: Final = "No such nick"
NO_SUCH_GAME: Final = "No such game"
TOO_FAST: Final = "Wait a little and retry sending message!"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer ready for the wire. `status` is HTTP's; over a WebSocket it is not said."""

    status: int
    body: bytes
    media: str = JSON


class Refused(Exception):
    """A command that is not done: the text of its error, and the status that goes with it."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def done(value: Any) -> Answer:
    """The answer to a command that was done."""
    return value if isinstance(value, Answer) else Answer(200, msgspec.json.encode(value))


def text(lines: str) -> Answer:
    """The one answer that is not JSON."""
    return Answer(200, lines.encode(), TEXT)


def error(status: int, text: str) -> Answer:
    """`{"error": text}`."""
    return Answer(status, msgspec.json.encode({"error": text}))


def refusal(problem: Refused | ServiceError) -> Answer:
    """The error for a command that was refused, here or by a service.

    Services' refusals that the seed has a text for get that one.
    """
    if isinstance(problem, Refused):
        return error(problem.status, problem.text)
    status, own = _REFUSALS.get(problem.code, (409, None))
    return error(status, own or problem.msg)


def internal() -> Answer:
    """The error for what is our own fault."""
    return error(500, "Something went wrong here. It has been logged.")


# The code of a service's refusal -> its status, and the text where it is not the service's own.
_REFUSALS: Final[Mapping[str, tuple[int, str | None]]] = MappingProxyType(
    {
        "already_joined": (409, ALREADY_JOINED),
        "bad_address": (400, None),
        "bad_code": (400, None),
        "bad_name": (400, None),
        "bad_number": (400, None),
        "banned": (403, None),
        "empty": (400, None),
        "malformed": (400, None),
        "no_address": (400, None),
        "no_such_game": (404, NO_SUCH_GAME),
        "no_such_match": (404, NO_GAME),
        "no_such_table": (404, NO_GAME),
        "own_address": (400, None),
        "table_open": (409, ALREADY_JOINED),
        "too_fast": (429, TOO_FAST),
        "too_long": (400, None),
        "too_many": (429, None),
        "too_many_addresses": (400, None),
        "unavailable": (503, None),
        "unknown_user": (404, NO_SUCH_NICK),
        "wrong_code": (403, WRONG_CODE),
    }
)
