"""What goes out about a match: the one place that decides what a viewer gets to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from app.games.api import Seat
from app.games.bridge import SIDES
from app.games.uttt.swap import SWAP_FIELDS, Swapping
from app.live import bridge, scopa
from app.live.names import bridge_room, kibitz_room, user_room, watch_room
from app.services.records import MatchRecord

UNNAMED: Final = "uttt"  # the game of those clients that know no other
# Endings at which nobody "has won" on the board: an old client would show a name as "you won".
_CLOSED = {"resign", "abort"}


def wire_time(moment: datetime) -> str:
    """A UTC time as the old clients read it, `YYYY-MM-DD HH:MM:SS`."""
    date = moment.year, moment.month, moment.day
    return _wire_time(*date, moment.hour, moment.minute, moment.second)


@lru_cache(maxsize=256)  # the many moves of one second share their deadline's, too
def _wire_time(*fields: int) -> str:
    return "{:04}-{:02}-{:02} {:02}:{:02}:{:02}".format(*fields)


class Listeners(NamedTuple):
    """Those who see a match from one place, and where they are told of it.

    `viewer`: from which seat, None from none. `kibitz`: they look on at the table without playing,
    perhaps over the shoulder of that seat. `rooms` get how the match stands, `stream_rooms` what
    happens in it.
    """

    viewer: Seat | None
    rooms: Sequence[str]
    stream_rooms: Sequence[str]
    kibitz: bool = False


def match_update(
    record: MatchRecord, viewer: Seat | None, now: datetime, *, kibitz: bool = False
) -> dict[str, Any]:
    """The data of `match_update` for the player in seat `viewer`, or for a spectator (None).

    Where there are clocks, they come as they stand `now`. Once the match is over nothing is hidden
    any more; but a board of bridge, which others may yet be dealt, is opened to those at the table
    alone: its players, and who looks on there (`kibitz`). Old clients know one game, whose updates
    do not name it; those of all others do.
    """
    engine, state = record.engine, record.state
    opened = record.over and (record.board_id is None or viewer is not None or kibitz)
    view = engine.open_view(state) if opened else engine.view(state, viewer)
    data = {
        "id": record.id,
        "revoke_time": wire_time(record.deadline),
        "ranked": record.rated,
        "version": record.version,
        "variant": record.variant,
        "match_state": _STATES[record.game](record, view),
    }
    if record.game != UNNAMED:
        data["game"] = record.game
    clocks = record.clocks_at(now)
    if clocks is not None:
        data["clock"] = {
            "left": list(clocks),
            "running": min(record.actors, default=None),
            "base": record.time.base,
            "increment": record.time.increment,
        }
    if record.private:
        data["private"] = True
    return data


def audiences(record: MatchRecord) -> Sequence[Listeners]:
    """Who is to be told about a match: those who see the same, together.

    Where a game hides nothing, that is everybody, and it is encoded once.
    """
    if not record.engine.info.hidden:
        return _everybody(record.id, record.user_ids)
    if record.table_id is not None:
        return _around(record, record.table_id)
    seats = [
        Listeners(seat, [user_room(info.user_id)], [user_room(info.user_id)])
        for seat, info in enumerate(record.seats)
        if info.user_id is not None
    ]
    watchers = [watch_room(record.id)]
    return [*seats, Listeners(None, watchers, watchers)]


@lru_cache(maxsize=1024)  # they are the same from move to move
def _everybody(match_id: str, user_ids: tuple[int, ...]) -> Sequence[Listeners]:
    rooms = (*map(user_room, user_ids), watch_room(match_id))
    return (Listeners(None, rooms, rooms),)


def _around(record: MatchRecord, table_id: str) -> list[Listeners]:
    """Who is to be told about a deal of bridge: its players, and who looks on at their table.

    A player's own connections are all told how it stands; what happens, those that speak bridge.
    """
    found = []
    for seat, info in enumerate(record.seats):
        if info.user_id is not None:
            own = [user_room(info.user_id)], [bridge_room(info.user_id)]
            found.append(Listeners(seat, *own))
        over = [kibitz_room(table_id, SIDES[seat])]
        found.append(Listeners(seat, over, over, kibitz=True))
    at_table = [kibitz_room(table_id)]
    found.append(Listeners(None, at_table, at_table, kibitz=True))
    return [*found, Listeners(None, [watch_room(record.id)], [])]


def _uttt_state(record: MatchRecord, view: dict[str, Any]) -> dict[str, Any]:
    """`match_state` of ultimate tic-tac-toe, field by field as in seed 000 and its successors."""
    names = [info.name for info in record.seats]
    outcome = record.outcome
    to_move = names[view["active"]]
    won = None
    if outcome is not None and outcome.winners and outcome.reason not in _CLOSED:
        won = names[outcome.winners[0]]
    state = {
        "complete_field": view["complete_field"],
        "global_field": view["global_field"],
        "last_move": view["last_move"],
        "game_over": record.over,
        "is_draw": outcome is not None and outcome.reason == "draw",
        "player_won": won,
        "current_player": None if record.over else to_move,
        "active_player": to_move,
        "player_a": names[0],
        "player_b": names[1],
    }
    # Only in matches with swaps: the messages of the others stay as old clients know them.
    if record.variant == Swapping.key:
        state |= {field: view[field] for field in SWAP_FIELDS}
    if record.ended_by is not None:
        state["ended_by"] = {"reason": record.ended_by.reason, "user": record.ended_by.user}
    return state


_STATES: dict[str, Callable[[MatchRecord, dict[str, Any]], dict[str, Any]]] = {
    "uttt": _uttt_state,
    "scopa": scopa.match_state,
    "bridge": bridge.match_state,
}
