"""What a deal came to, as the table that is shown at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from app.games.api import Step
from app.games.scopa import play
from app.games.scopa.dealing import deal
from app.services.matches import LoggedMove
from app.services.records import MatchRecord
from app.web.words import say

Json = Any
Pair = tuple[int, int]

MOST: Final = ("cards", "coins")  # a point for whoever has more
YES_OR_NO: Final = ("seven_of_coins", "re_bello")
COUNTED: Final = ("seven_of_coins", "scopa", "declared", "re_bello", "piccola", "grande")
ROWS: Final = ("cards", "coins", "seven_of_coins", "primiera", *COUNTED[1:])


def rows(sides: Sequence[Mapping[str, int]]) -> list[Json]:
    """The table of a deal: `{"key", "values": by team as text, "points": by team}` a row.

    `sides` are the teams of a `scored` event. As `summaryRows` of static/js/scopa-score.js.
    """
    points: dict[str, list[int]] = {}
    for key in MOST:
        one, other = (side[key] for side in sides)
        points[key] = [int(one > other), int(other > one)]
    for key in COUNTED:
        if key in sides[0]:
            points[key] = [side[key] for side in sides]
    # Who has the primiera does not show in the sums: a side that lacks a suit loses it in any case.
    points["primiera"] = [
        side["partial"] - sum(each[team] for each in points.values())
        for team, side in enumerate(sides)
    ]
    shown = [key for key in ROWS if key in points and (key != "declared" or any(points[key]))]
    return [
        {"key": key, "values": [_value(key, side[key]) for side in sides], "points": points[key]}
        for key in shown
    ]


def _value(key: str, value: int) -> str:
    if key in YES_OR_NO:
        return say("yes") if value else "–"
    return str(value)


def latest(record: MatchRecord, log: Sequence[LoggedMove]) -> Json | None:
    """The last deal's `scored` data, at the end of a match and while the next deal is fresh.

    None if nothing has been scored, or if each has played a card since.
    """
    state = record.state
    if not state.points:
        return None
    if record.over and record.outcome is not None and record.outcome.reason == "points":
        return play.summary(replace(state, points=state.points[:-1]), state.points[-1])
    players, size = state.options.players, state.rules.table_size
    played = state.dealt - size - sum(map(len, state.hands))
    return None if record.over or played >= players else _before(record, log, played)


def _before(record: MatchRecord, log: Sequence[LoggedMove], played: int) -> Json:
    """The `scored` data of the deal before, which is played through again."""
    state, engine = record.state, record.engine
    moves = [entry for entry in log if entry.seat is not None]
    moves = moves[: len(moves) - played]
    first = (state.first - 1) % state.options.players
    step: Step[Any] = deal(state.options, state.seed, first, state.points[:-1])
    for entry in moves[-(len(state.deck) - state.rules.table_size) :]:
        assert entry.seat is not None
        step = engine.apply(step.state, entry.seat, engine.parse_move(entry.move))
    return next(event.data for event in step.events if event.kind == "scored")
