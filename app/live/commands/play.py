"""Matches: finding an opponent, moving, leaving, and how one's own matches stand."""

from __future__ import annotations

from typing import Any

import msgspec

from app.games import DEFAULT
from app.live.commands.base import Reply, Result, Vocabulary, error_reply, read
from app.live.links import Link
from app.live.views import match_update
from app.services import access, friends, lobby, matches, ratings, trouble
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller

words = Vocabulary()


class MatchRequest(msgspec.Struct):
    player: str | None = None
    cancel: bool = False
    game: str = DEFAULT


class MatchId(msgspec.Struct):
    id: str


class OptionalMatchId(msgspec.Struct):
    id: str | None = None


class MoveRequest(msgspec.Struct):
    id: str
    version: Any = None  # read by `_move`, whose refusals show the board


def greeting(house: House, caller: Caller, game: str | None = None) -> list[Reply]:
    """What follows a sign-in, in this order: ratings, friends, open matches, ended ones.

    `game`: the one that the client knows, if it is an old one, which is told of no other.
    """
    ended = matches.unseen_of(house, caller.user_id, game)
    running = matches.open_of(house, caller.user_id)
    if game is not None:
        running = [record for record in running if record.game == game]
    matches.mark_seen(house, caller.user_id, game)
    return [
        Reply("elo_update", ratings.snapshot(house, caller.user_id)),
        Reply("friends_update", friends.update_of(house, caller.user_id)),
        *(_update(house, record, caller) for record in (*running, *ended)),
    ]


@words.handles("match_request", MatchRequest)
def _match_request(house: House, link: Link, request: MatchRequest, _: Any) -> Result:
    assert link.caller is not None
    caller, answer = link.caller, "match_request_response"
    try:
        if request.cancel:
            waited = lobby.cancel(house, caller.user_id)
            msg = "stopped searching" if waited else "you are not searching for a match"
            return Result([Reply(answer, {"success": waited, "msg": msg})])
        if request.player is None:
            record = lobby.seek(house, caller, request.game)
            msg = "created match request"
        else:
            record = lobby.invite(house, caller, request.player, request.game)
            msg = f"started match against {record.opponent_of(caller.user_id).name}"
    except trouble.REFUSALS as failed:
        error = trouble.said(failed)
        return Result([Reply(answer, {"success": False, "msg": error.msg})], error)
    more = {} if record is None else {"match": record.id}
    return Result([Reply(answer, {"success": True, "msg": msg})], more=more)


@words.handles("move", MoveRequest)
def _move(house: House, link: Link, request: MoveRequest, data: Any) -> Result:
    assert link.caller is not None
    try:
        version = request.version
        if version is not None and type(version) is not int:
            version = read("move", version, int | None)
        record = matches.submit(house, link.caller, request.id, data, version)
    except trouble.REFUSALS as failed:
        error = trouble.said(failed)
        # An old client locked its board on sending: the unchanged state unlocks it.
        replies = [error_reply(error, "move"), *_as_it_stands(house, link, request.id)]
        return Result(replies, error)
    return Result(more={"version": record.version})


@words.handles("end_match", MatchId)
def _end_match(house: House, link: Link, request: MatchId, _: Any) -> Result:
    assert link.caller is not None
    matches.end(house, link.caller, request.id)
    return Result()


@words.handles("rematch", MatchId)
def _rematch(house: House, link: Link, request: MatchId, _: Any) -> Result:
    assert link.caller is not None
    return Result(more={"match": lobby.rematch(house, link.caller, request.id).id})


@words.handles("match_states_request", OptionalMatchId)
def _match_states(house: House, link: Link, request: OptionalMatchId, _: Any) -> Result:
    assert link.caller is not None
    caller = link.caller
    if request.id is None:
        running = matches.open_of(house, caller.user_id)
        return Result([_update(house, record, caller) for record in running])
    record = access.look(house, link.viewer(), request.id)
    if record.seat_of(caller.user_id) is None:
        raise ServiceError("not_your_match", "You do not play in this match.")
    return Result([_update(house, record, caller)])


def _as_it_stands(house: House, link: Link, match_id: str) -> list[Reply]:
    """The state of a match, as much as the caller may see; nothing where there is no such match."""
    assert link.caller is not None
    try:
        return [_update(house, access.look(house, link.viewer(), match_id), link.caller)]
    except trouble.REFUSALS as failed:
        trouble.said(failed)
        return []


def _update(house: House, record: MatchRecord, caller: Caller) -> Reply:
    seat = record.seat_of(caller.user_id)
    return Reply("match_update", match_update(record, seat, house.clock()))
