"""What a page about a match of ultimate tic-tac-toe shows, gathered for its templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.games.api import parse_system
from app.games.uttt.notation import parse_square, transcript, turn_name
from app.games.uttt.swap import SWAP_FIELDS
from app.services import friends, matches
from app.services.matches import LoggedMove
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.web.analysis_panel import panel
from app.web.coach import coaching
from app.web.context import house
from app.web.results import ratings_of, result_words, unrated_words
from app.web.why import why_words
from app.web.words import say, time_left, where_words

TEMPLATES = {"match": "play/uttt.html", "replay": "play/uttt_replay.html"}


def raw_move(form: Any) -> Any:
    """The move in a posted form: a `square` ("e5"), the four numbers of the protocol, or two
    boards to swap, `first` and `second`, from 0 to 8.

    Raises RuleError for a square that is none.
    """
    if "first" in form:
        return {"swap": [form["first"], form.get("second")]}
    if "square" in form:
        move = parse_square(form["square"])
        return {
            "sub_x": move.board % 3,
            "sub_y": move.board // 3,
            "x": move.cell % 3,
            "y": move.cell // 3,
        }
    return {key: form.get(key) for key in ("sub_x", "sub_y", "x", "y")}


def move_names(record: MatchRecord, log: Sequence[LoggedMove]) -> list[str]:
    """The moves by name ("e5", "1=5"), in their order; what the house did itself is left out."""
    parse = record.engine.parse_move
    return [turn_name(parse(entry.move)) for entry in log if entry.seat is not None]


def notation(record: MatchRecord, log: Sequence[LoggedMove]) -> str:
    """The match in notation, a line for each pair of moves."""
    parse = record.engine.parse_move
    return transcript(
        parse_system(entry.move) if entry.seat is None else parse(entry.move) for entry in log
    )


def match_page(record: MatchRecord, caller: Caller | None, ply: int | None) -> dict[str, Any]:
    """Everything the play page shows. `ply`: an earlier position to look at, or None."""
    seat = record.seat_of(caller.user_id) if caller else None
    moves = move_names(record, matches.log(house(), record.id))
    ply = None if ply is None or not 0 <= ply < len(moves) else ply
    now = matches.view(house(), record, caller.user_id if caller else None)
    view = now if ply is None else matches.replay(house(), record.id, ply)[1]
    shown = len(moves) if ply is None else ply
    return {
        "record": record,
        "seat": seat,
        "view": view,
        "moves": moves,
        "ply": shown,
        "looking": ply is not None,
        "caption": caption(shown, len(moves)),
        "active": None if record.over else now["active"],
        "can_swap": ply is None and seat == now["active"] and can_swap(now),
        "turn": "" if record.over else turn_words(record, now, seat),
        "why": why_words(now, seat, record.seats),
        "coach": coaching(record, now, seat, caller),
        "result": result_words(record, seat),
        "unrated": "" if record.rated else unrated_words(record),
        "ratings": ratings_of(record),
        "left": time_left(record.deadline, house().clock()),
        "is_friend": caller is not None and seat is not None and _is_friend(record, caller),
        "data": {
            "id": record.id,
            "seat": seat,
            "names": [info.name for info in record.seats],
            "bots": [info.bot is not None for info in record.seats],
            "version": record.version,
            "deadline": record.deadline.isoformat(),
            "moves": moves,
            "active": now["active"],
            "ply": ply,
            "state": _state(now),
        },
    }


def replay_page(record: MatchRecord, ply: int | None) -> dict[str, Any]:
    """Everything the replay shows, at the position after `ply` moves (None: the last)."""
    log = matches.log(house(), record.id)
    moves = move_names(record, log)
    last = matches.view(house(), record, None)
    ply = len(moves) if ply is None else min(max(ply, 0), len(moves))
    view = last if ply == len(moves) else matches.replay(house(), record.id, ply)[1]
    analysis = panel(record, moves, ply)
    return {
        "record": record,
        "view": view,
        "moves": moves,
        "ply": ply,
        "caption": caption(ply, len(moves)),
        "result": result_words(record, None),
        "ratings": ratings_of(record),
        "notation": notation(record, log),
        "analysis": analysis,
        "data": {
            "moves": moves,
            "ply": ply,
            "last": _state(last),
            "analysis": analysis and analysis.data,
        },
    }


def caption(ply: int, plies: int) -> str:
    """Which position one is looking at."""
    return say("past", ply=ply, plies=plies) if ply else say("start")


def turn_words(record: MatchRecord, view: Any, seat: int | None) -> str:
    """Whose turn it is and where, as static/js/play.js says it after every move."""
    mine, mover = seat == view["active"], record.seats[view["active"]]
    key = "yours" if mine else "theirs"
    if record.version == 0:
        key += "_anywhere"
    elif mine and can_swap(view):
        key += "_or_swap"
    if mover.bot is not None:
        key += "_bot"
    return say(key, where=where_words(view), name=mover.name)


def can_swap(view: Any) -> bool:
    """Whether the player to move may swap boards."""
    return not view["over"] and bool(view.get("swaps_left", (0, 0))[view["active"]])


def _is_friend(record: MatchRecord, caller: Caller) -> bool:
    opponent = record.opponent_of(caller.user_id)
    if opponent.user_id is None:
        return False
    return any(row.name == opponent.name for row in friends.list_of(house(), caller.user_id))


def _state(view: Any) -> dict[str, Any]:
    return {
        "complete_field": view["complete_field"],
        "global_field": view["global_field"],
        "last_move": view["last_move"],
        "game_over": view["over"],
        **{field: view[field] for field in SWAP_FIELDS if field in view},
    }
