"""The vocabulary: what a signed-in client may ask, whichever transport it asks through.

A request is `{"type", "data"}`. It is decoded here, once, into a typed value, handed to a
service, and answered with messages for its sender alone. What everyone else hears of it comes
from the service, through the publisher.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import msgspec

from app.live.views import match_update
from app.services import friends, lobby, matches, ratings
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller


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


class MatchRequest(msgspec.Struct):
    player: str | None = None
    cancel: bool = False


class MatchId(msgspec.Struct):
    id: str


class OptionalMatchId(msgspec.Struct):
    id: str | None = None


class MoveRequest(msgspec.Struct):
    id: str
    version: Any = None  # read by `_move`, whose refusals show the board


class UserName(msgspec.Struct):
    user: str


Handler = Callable[[House, Caller, Any, Any], Result]
_HANDLERS: dict[str, tuple[type[msgspec.Struct], Handler]] = {}

# What an old client may send after sign-in (`logout` is the transport's own).
RAW_TYPES = frozenset(
    {
        "match_request",
        "move",
        "end_match",
        "match_states_request",
        "friend_request",
        "unfriend_request",
    }
)


def error_reply(error: ServiceError, request: str | None) -> Reply:
    """The `error` message for a refused request of that type."""
    return Reply("error", {"code": error.code, "msg": error.msg, "request": request})


def handle(house: House, caller: Caller, type: str, data: Any) -> Result:
    """Do what was asked. A refusal is a Result too, never an exception."""
    shape_and_handler = _HANDLERS.get(type)
    if shape_and_handler is None:
        error = ServiceError("unknown_type", f"There is no request of type {type[:40]!r}.")
        return Result([error_reply(error, type[:40])], error)
    shape, handler = shape_and_handler
    try:
        return handler(house, caller, _read(type, data, shape), data)
    except ServiceError as error:
        return Result([error_reply(error, type)], error)


def greeting(house: House, caller: Caller) -> list[Reply]:
    """What follows a sign-in, in this order: ratings, friends, open matches, ended ones."""
    ended = matches.unseen_of(house, caller.user_id)
    running = matches.open_of(house, caller.user_id)
    matches.mark_seen(house, caller.user_id)
    return [
        Reply("elo_update", ratings.snapshot(house, caller.user_id)),
        Reply("friends_update", friends.update_of(house, caller.user_id)),
        *(_update(record, caller) for record in (*running, *ended)),
    ]


def _handles(type: str, shape: type[msgspec.Struct]) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _HANDLERS[type] = (shape, handler)
        return handler

    return register


@_handles("match_request", MatchRequest)
def _match_request(house: House, caller: Caller, request: MatchRequest, _: Any) -> Result:
    answer = "match_request_response"
    try:
        if request.cancel:
            waited = lobby.cancel(house, caller.user_id)
            msg = "stopped searching" if waited else "you are not searching for a match"
            return Result([Reply(answer, {"success": waited, "msg": msg})])
        if request.player is None:
            record = lobby.seek(house, caller)
            msg = "created match request"
        else:
            record = lobby.invite(house, caller, request.player)
            msg = f"started match against {record.opponent_of(caller.user_id).name}"
    except ServiceError as error:
        return Result([Reply(answer, {"success": False, "msg": error.msg})], error)
    more = {} if record is None else {"match": record.id}
    return Result([Reply(answer, {"success": True, "msg": msg})], more=more)


@_handles("move", MoveRequest)
def _move(house: House, caller: Caller, request: MoveRequest, data: Any) -> Result:
    try:
        version = _read("move", request.version, int | None)
        record = matches.submit(house, caller, request.id, data, version)
    except ServiceError as error:
        # An old client locked its board on sending: the unchanged state unlocks it.
        replies = [error_reply(error, "move"), *_as_it_stands(house, caller, request.id)]
        return Result(replies, error)
    return Result(more={"version": record.version})


@_handles("end_match", MatchId)
def _end_match(house: House, caller: Caller, request: MatchId, _: Any) -> Result:
    matches.end(house, caller, request.id)
    return Result()


@_handles("rematch", MatchId)
def _rematch(house: House, caller: Caller, request: MatchId, _: Any) -> Result:
    return Result(more={"match": lobby.rematch(house, caller, request.id).id})


@_handles("match_states_request", OptionalMatchId)
def _match_states(house: House, caller: Caller, request: OptionalMatchId, _: Any) -> Result:
    if request.id is None:
        return Result([_update(r, caller) for r in matches.open_of(house, caller.user_id)])
    record = matches.get(house, request.id)
    if record.seat_of(caller.user_id) is None:
        raise ServiceError("not_your_match", "You do not play in this match.")
    return Result([_update(record, caller)])


@_handles("friend_request", UserName)
def _friend_request(house: House, caller: Caller, request: UserName, _: Any) -> Result:
    return _befriend(house, caller, request.user, "friend_request_response", friends.add,
                     "added '{}' as a friend")  # fmt: skip


@_handles("unfriend_request", UserName)
def _unfriend_request(house: House, caller: Caller, request: UserName, _: Any) -> Result:
    return _befriend(house, caller, request.user, "unfriend_request_response", friends.remove,
                     "removed '{}' from your friend list")  # fmt: skip


def log_of(house: House, match_id: str) -> dict[str, Any]:
    """A match's moves: `{"moves": [{number, seat, move, at}]}`. Raises `no_such_match`."""
    matches.get(house, match_id)
    return {
        "moves": [
            {"number": m.number, "seat": m.seat, "move": m.move, "at": m.at.isoformat()}
            for m in matches.log(house, match_id)
        ]
    }


def _befriend(
    house: House,
    caller: Caller,
    name: str,
    answer: str,
    action: Callable[[House, Caller, str], list[int]],
    done: str,
) -> Result:
    try:
        changed = action(house, caller, name)
    except ServiceError as error:
        return Result([Reply(answer, {"success": False, "msg": error.msg})], error)
    msg = done.format(name.strip().lower())
    answered = Reply(answer, {"success": True, "msg": msg})
    return Result([answered], then=partial(friends.tell, house, changed))


def _as_it_stands(house: House, caller: Caller, match_id: str) -> list[Reply]:
    """The state of a match, as much as the caller may see; nothing where there is no such match."""
    try:
        return [_update(matches.get(house, match_id), caller)]
    except ServiceError:
        return []


def _read(type: str, data: Any, shape: Any) -> Any:
    """The data of a request, or a part of them, as that shape. Raises `malformed`."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as problem:
        raise ServiceError("malformed", f"{type}: {problem}") from None


def _update(record: MatchRecord, caller: Caller) -> Reply:
    return Reply("match_update", match_update(record, record.seat_of(caller.user_id)))
