"""Looking on: a match from outside, its log, and the lobby."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import msgspec

from app.live.commands.base import Reply, Result, Vocabulary
from app.live.links import Link
from app.live.names import LOBBY, watch_room
from app.live.views import match_update
from app.services import access, lobby, matches, offers, presence, tables, watching
from app.services.errors import ServiceError
from app.services.house import House

words = Vocabulary()

MOST: Final = 50  # matches a connection may watch at once


class Watch(msgspec.Struct):
    """A match, with its code if it is a private one."""

    id: str
    code: str | None = None


class Lobby(msgspec.Struct):
    """Nothing is asked but the lobby."""


@words.handles("watch", Watch, strangers=True)
def _watch(house: House, link: Link, request: Watch, _: Any) -> Result:
    viewer = link.viewer(request.code)
    record = access.look(house, viewer, request.id)
    seat = record.seat_of(viewer.user_id)
    if seat is None:
        _enter(house, link, record.id)
        record = matches.get(house, record.id)
    watchers = {"id": record.id, "count": watching.count(house, record.id)}
    update = match_update(record, seat, house.clock())
    return Result([Reply("match_update", update), Reply("watchers", watchers)])


@words.handles("unwatch", Watch, strangers=True)
def _unwatch(house: House, link: Link, request: Watch, _: Any) -> Result:
    link.leave(watch_room(request.id))
    watching.leave(house, link.watching.values(), request.id)
    link.watching.pop(request.id, None)
    return Result()


@words.handles("match_log", Watch, strangers=True)
def _match_log(house: House, link: Link, request: Watch, _: Any) -> Result:
    record = access.look(house, link.viewer(request.code), request.id)
    # The log of a deal has what some may not know: who has not been told of an alert, for one.
    if record.board_id is not None and not record.over:
        raise ServiceError("not_allowed", "This is not shown to you while it is played.")
    moves = [
        {"number": m.number, "seat": m.seat, "move": m.move, "at": m.at.isoformat()}
        for m in matches.log(house, record.id)
    ]
    return Result(more={"moves": moves})


@words.handles("lobby", Lobby)
def _lobby(house: House, link: Link, _request: Lobby, _: Any) -> Result:
    assert link.caller is not None
    link.join(LOBBY)
    here, total = presence.look(house)
    user_id = link.caller.user_id
    own = tables.own(house, user_id)
    incoming, outgoing = tables.challenges(house, user_id)
    state = {
        "online": [row.json() for row in here],
        "total": total,
        "seeking": lobby.is_seeking(house, user_id),
        "tables": [row.json() for row in tables.listed(house, user_id)],
        "live": [row.json() for row in watching.live(house, user_id)],
        "seated": [row.json() for row in tables.seated(house, user_id)],
        "own": own and own.json(for_owner=True),
        "challenges": {
            "incoming": [row.json() for row in incoming],
            "outgoing": [row.json(for_owner=True) for row in outgoing],
        },
    }
    return Result([Reply("lobby_state", state)], then=partial(_correct, house, user_id, state))


def stop(house: House, link: Link) -> None:
    """The connection is over: it watches nothing any more."""
    link.gone = True
    watching.leave(house, link.watching.values())
    link.watching.clear()


def _enter(house: House, link: Link, match_id: str) -> None:
    if match_id not in link.watching and len(link.watching) >= MOST:
        raise ServiceError("too_many_watched", f"You watch {MOST} matches already.")
    # The room first, then the state: what changes in between arrives twice, not never.
    link.join(watch_room(match_id))
    if match_id in link.watching:
        return
    user_id = link.caller.user_id if link.caller else None
    number = watching.enter(house, match_id, user_id, link.watching.values())
    if link.watching.setdefault(match_id, number) != number:  # asked for twice at once
        watching.leave(house, [number])
    if link.gone:  # in the meantime, and nobody else would note it
        stop(house, link)


def _correct(house: House, user_id: int, state: dict[str, Any]) -> None:
    """Take back what went away while the lobby was described."""
    told = [row["id"] for row in (*state["tables"], *state["seated"])]
    for table_id in set(told) - offers.still_open(house, told):
        house.publish.user(user_id, "table_gone", {"id": table_id})
    shown = [row["id"] for row in state["live"]]
    for match_id in set(shown) - watching.still_live(house, shown):
        house.publish.user(user_id, "live_gone", {"id": match_id})
