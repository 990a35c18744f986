"""Deals of bridge as `app.live` gets them, without a house around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from app.games.api import Event, Json, Seat
from app.games.bridge import SIDES, State
from app.live.bridge import messages
from app.services.records import MatchRecord, SeatInfo
from app.services.time_control import TimeControl
from tests.games.bridge_positions import do, start
from tests.games.matches import Match

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
NAMES = ("ann", "ben", "cat", "dan")
TABLE = "7ab1e" + "0" * 27
BOARD = "b0a4d" + "0" * 27
SEED = b"five five five"

Viewer = Seat | None
VIEWERS: Final[tuple[Viewer, ...]] = (None, 0, 1, 2, 3)


def record_of(state: State, version: int = 1, *, bots: Sequence[Seat] = ()) -> MatchRecord:
    """The record of a deal that stands so; users are numbered from 1 by their seats."""
    seats = tuple(
        SeatInfo(None, NAMES[seat], False, "easy")
        if seat in bots
        else SeatInfo(seat + 1, NAMES[seat], True)
        for seat in range(len(SIDES))
    )
    return MatchRecord(
        id="5c09a" + "0" * 27,
        game="bridge",
        variant="standard",
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
        options=state.options,
        seed=SEED,
        board_id=BOARD,
        table_id=TABLE,
    )


class Happening(NamedTuple):
    """A version of a deal, and the events that led to it."""

    record: MatchRecord
    events: Sequence[Event]


def happenings(match: Match) -> Iterator[Happening]:
    """A random deal, version after version."""
    yield Happening(record_of(match.first.state, 0), match.first.events)
    for number, ply in enumerate(match.plies, 1):
        yield Happening(record_of(ply.step.state, number), ply.step.events)


class Table:
    """A deal that is played move by move, and what each viewer hears of it."""

    def __init__(self, board: int = 1, **deal: Any) -> None:
        self.state = start(board, **deal)

    def do(self, move: Any, side: str | None = None) -> dict[Viewer, list[tuple[str, Json]]]:
        """A move, by that side or whoever is to make one; what each viewer hears of it."""
        step = do(self.state, move, None if side is None else SIDES.index(side))
        self.state = step.state
        record = record_of(step.state)
        return {
            viewer: [tuple(one) for one in messages(record, step.events, viewer)]
            for viewer in VIEWERS
        }


def all_the_same(heard: dict[Viewer, Any]) -> Any:
    """What all viewers have heard, which must be the same."""
    first = heard[None]
    assert all(said == first for said in heard.values()), heard
    return first
