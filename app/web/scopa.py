"""What a page about a match of scopa shows, gathered for its templates.

Positions come from the engine's view for who looks, and from nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint

from app.games.api import Seat
from app.services import friends, matches
from app.services.matches import LoggedMove
from app.services.records import MatchRecord, SeatInfo
from app.services.sessions import Caller
from app.web import scopa_summary, scopa_tale
from app.web.context import house
from app.web.results import ratings_of, result_words, unrated_words
from app.web.scopa_tale import card_number, card_words, cards_words, play_words
from app.web.sides import listed, sides
from app.web.verify import verify_page
from app.web.words import clock_words, say, time_left

__all__ = [
    "TEMPLATES",
    "init_blueprint",
    "match_page",
    "notation",
    "raw_move",
    "replay_page",
    "verify_page",
]

Json = Any

TEMPLATES: Final = {
    "match": "play/scopa.html",
    "replay": "play/scopa_replay.html",
    "verify": "play/verify.html",
}
PLACES: Final = {2: ("bottom", "top"), 4: ("bottom", "right", "top", "left")}
SLOTS: Final = (8, 15)  # how many places for cards a table has room for


def raw_move(form: Any) -> Any:
    """The move in a posted form: `card` from 0 to 39, and which capture in `take-<card>`, from 0.

    What is no number goes to the engine as it is, which refuses it.
    """
    card = form.get("card", "")
    take = form.get(f"take-{card}")
    return {"card": _number(card), "take": None if take is None else _number(take)}


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text


def notation(record: MatchRecord, log: Sequence[LoggedMove]) -> str:
    """The match as text: every deal with all its cards, and every play."""
    steps = matches.steps(house(), record.id)
    return "\n".join(scopa_tale.transcript(record, steps)).strip("\n") + "\n"


def match_page(record: MatchRecord, caller: Caller | None, _ply: int | None) -> dict[str, Any]:
    """Everything the play page shows. An earlier position is shown in the replay alone."""
    seat = record.seat_of(caller.user_id if caller else None)
    log = matches.log(house(), record.id)
    view = _view(record, seat)
    plays = [] if record.over else scopa_tale.plays_of_deal(record, log, seat)
    last = plays[-1] if plays else None
    return {
        **table_values(record, view, seat),
        "last": play_words(record, last, seat),
        "plays": [play_words(record, play, seat) for play in plays],
        "turn": "" if record.over else turn_words(record, view, seat),
        "result": result_words(record, seat),
        "unrated": "" if record.rated else unrated_words(record),
        "left": time_left(record.deadline, house().clock()),
        "strangers": _strangers(record, caller, seat),
        "moved": len({entry.seat for entry in log if entry.seat is not None}),
        "summary": _summary(record, log),
        "choices": _choices(view, seat),
        "data": {
            "id": record.id,
            "seat": seat,
            "version": record.version,
            "deadline": record.deadline.isoformat(),
            "state": {**_state(record, view), "last": last},
        },
    }


def table_values(record: MatchRecord, view: Json, seat: Seat | None) -> dict[str, Any]:
    """What the table itself is drawn from; `seat` sits at the bottom, or the first does."""
    bottom = seat or 0
    places = PLACES[len(record.seats)]
    around = [(bottom + turn) % len(record.seats) for turn in range(len(places))]
    return {
        "record": record,
        "seat": seat,
        "view": view,
        "places": {of: places[turn] for turn, of in enumerate(around)},
        "around": around,
        "own_team": bottom % record.engine.info.teams,
        "sides": [side_words(side) for side in sides(record)],
        "active": None if record.over else view["to_move"],
        "slots": next((size for size in SLOTS if size >= len(view["table"])), SLOTS[-1]),
        "ratings": ratings_of(record),
        "options": options_of(record),
    }


def side_words(side: Sequence[SeatInfo]) -> str:
    """A team by its players' names."""
    return listed([info.name for info in side])


def options_of(record: MatchRecord) -> dict[str, Any]:
    """What the table agreed on, beside the variant."""
    assert record.options is not None, "a match of scopa has its options"
    return {key: value for key, value in asdict(record.options).items() if key != "variant"}


def turn_words(record: MatchRecord, view: Json, seat: Seat | None) -> str:
    """Whose turn it is, as static/js/scopa-play.js says it after every play."""
    mine = seat == view["to_move"]
    name = record.seats[view["to_move"]].name
    return say("yours_card") if mine else say("theirs_card", name=name)


def replay_page(record: MatchRecord, ply: int | None) -> dict[str, Any]:
    """Everything the replay shows, at the position after `ply` plays (None: the last)."""
    steps = matches.steps(house(), record.id)
    names = scopa_tale.play_names(record, steps)
    ply = len(names) if ply is None else min(max(ply, 0), len(names))
    # What the house did at the end is no play: the last position is the one behind it.
    shown = len(steps) - 1 if ply == len(names) else ply
    engine = record.engine
    view = engine.open_view(steps[shown].state)
    play = scopa_tale.played_in(record, steps[ply])
    packed = scopa_tale.positions(record, [*steps[: len(names)], steps[-1]])
    packed[-1]["last"] = packed[-1]["last"] or (packed[-2]["last"] if len(packed) > 1 else None)
    return {
        **table_values(record, view, None),
        "last": play_words(record, play, None),
        "moves": names,
        "ply": ply,
        "caption": say("past", ply=ply, plies=len(names)) if ply else say("start"),
        "result": result_words(record, None),
        "data": {
            "ply": ply,
            "moves": names,
            "positions": packed,
            "common": {
                "seats": _seats(record),
                "players": view["players"],
                "target": view["target"],
                "variant": view["variant"],
                "points": [],
            },
        },
    }


def _view(record: MatchRecord, seat: Seat | None) -> Json:
    """The position as who sits there may see it; open once the match is over."""
    if record.over:
        return record.engine.open_view(record.state)
    return record.engine.view(record.state, seat)


def _seats(record: MatchRecord) -> list[Json]:
    return [info.json() for info in record.seats]


def _state(record: MatchRecord, view: Json) -> Json:
    """The position for the script, in the shape of a `match_state`."""
    return {**view, "seats": _seats(record), "game_over": record.over}


def _choices(view: Json, seat: Seat | None) -> list[Json]:
    """For each card of the hand that can take in several ways: `{"card", "takes"}`."""
    if seat is None or not view["takes"]:
        return []
    table = {card["place"]: card for card in view["table"]}
    return [
        {"card": card, "takes": [[table[place] for place in take] for take in takes]}
        for card, takes in zip(view["hands"][seat], view["takes"], strict=True)
        if len(takes) > 1
    ]


def _summary(record: MatchRecord, log: Sequence[LoggedMove]) -> Json | None:
    scored = scopa_summary.latest(record, log)
    if scored is None:
        return None
    return {
        "deal": scored["deal"],
        "teams": scored["teams"],
        "rows": scopa_summary.rows(scored["teams"]),
    }


def _strangers(record: MatchRecord, caller: Caller | None, seat: Seat | None) -> list[str]:
    """The accounts at the table that the player could make friends with."""
    if caller is None or seat is None or not caller.registered:
        return []
    known = {row.name for row in friends.list_of(house(), caller.user_id)}
    return [
        info.name
        for info in record.seats
        if info.registered and info.user_id != caller.user_id and info.name not in known
    ]


def init_blueprint(blueprint: Blueprint) -> None:
    """Make known to every template what the macros of play/_scopa.html need."""
    for function in (card_words, cards_words, card_number, clock_words):
        blueprint.add_app_template_global(function)
