"""Matches of scopa as `app.live` gets them, without a house around."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.games.api import Event, Json, Seat
from app.games.scopa import ScopaOptions, State
from app.services.records import MatchRecord, SeatInfo
from app.services.time_control import TimeControl
from tests.games.matches import Match

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
NAMES = ("ann", "ben", "cat", "dan")

Viewer = Seat | None


def record_of(
    state: State, version: int = 1, *, names: Sequence[str] = NAMES, bots: Sequence[Seat] = ()
) -> MatchRecord:
    """The record of a match that stands so; users are numbered from 1 by their seats."""
    options = state.options
    assert isinstance(options, ScopaOptions)
    seats = tuple(
        SeatInfo(None, names[seat], False, "easy")
        if seat in bots
        else SeatInfo(seat + 1, names[seat], True)
        for seat in range(options.players)
    )
    return MatchRecord(
        id="5c09a" + "0" * 27,
        game="scopa",
        variant=options.variant,
        rated=False,
        version=version,
        revision=0,
        state=state,
        seats=seats,
        created_at=NOW,
        moved_at=NOW,
        time=TimeControl(600),
        left=None,
        deadline=NOW,
        over=state.outcome is not None,
        outcome=state.outcome,
        options=options,
        seed=state.seed,
    )


class Happening(NamedTuple):
    """A version of a match, and the events that led to it."""

    record: MatchRecord
    events: Sequence[Event]


def happenings(match: Match) -> Iterator[Happening]:
    """A random match, version after version."""
    yield Happening(record_of(match.first.state, 0), match.first.events)
    for number, ply in enumerate(match.plies, 1):
        yield Happening(record_of(ply.step.state, number), ply.step.events)


def bytes_of(value: Json) -> bytes:
    return json.dumps(value, allow_nan=False, sort_keys=False).encode()


def kinds(messages: Sequence[Json]) -> list[str]:
    """What the messages are, in a word each."""
    return [_kind(message) for message in messages]


def _kind(message: Json) -> str:
    if message["infos"]:
        return "+".join(entry["info"] for entry in message["infos"])
    if message["moves"]:
        first = message["moves"][0]
        return f"{first['source'].partition('_')[0]}>{first['dest'].partition('_')[0]}"
    return message["cards"][0]["id"].partition("_")[0]


def bare(message: Json) -> Json:
    """A message as old clients know it."""
    return {key: message[key] for key in ("infos", "moves", "cards")}
