"""The auditor: what people were told, held against what is stored, whatever the game.

`check` raises AssertionError with the first promise that was not kept.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.games.api import Seat, Step
from app.services import matches, saving
from app.services.house import House
from app.services.records import MatchRecord
from app.store import Message, Rating, RatingChange, User
from tests.faults.bots import Witness
from tests.faults.crowd import Ear
from tests.faults.ledger import check_matches, check_ratings


@dataclass(frozen=True)
class Findings:
    """How much was compared, once nothing was wrong with it."""

    matches: int
    positions: int
    lines: int
    ratings: int
    results: int


def check(house: House, ear: Ear) -> Findings:
    """Nothing that was told is lost or different, and all that is stored goes together."""
    assert ear.problems == []
    stored = check_matches(house, Witness())
    results = check_ratings(house)
    positions = _check_positions(house, ear)
    return Findings(stored, positions, _check_lines(house, ear), _check_told(house, ear), results)


def _check_positions(house: House, ear: Ear) -> int:
    by_match: dict[str, list[tuple[int, str | None, Any]]] = {}
    for (match_id, version, viewer), state in ear.shown.items():
        by_match.setdefault(match_id, []).append((version, viewer, state))
    for match_id, shown in by_match.items():
        record = matches.get(house, match_id)
        log = saving.steps(house, match_id, matches.log(house, match_id))
        latest = max(version for version, _, _ in shown)
        assert latest <= record.version, f"{match_id}: version {latest} was told, and is lost"
        for version, viewer, state in shown:
            _compare(record, log, version, viewer, state)
    return len(ear.shown)


def _compare(
    record: MatchRecord, log: list[Step[Any]], version: int, viewer: str | None, state: Any
) -> None:
    engine, position = record.engine, log[version].state
    seat = None if viewer is None else _seat(record, viewer)
    # The house's own ending opens a match that the rules alone would not call over.
    view = engine.open_view(position) if state["game_over"] else engine.view(position, seat)
    for field, value in json.loads(json.dumps(view)).items():
        assert state.get(field, value) == value, (
            f"{record.id}, version {version}: {field} was told as {state[field]}, stored as {value}"
        )


def _seat(record: MatchRecord, name: str) -> Seat:
    return next(number for number, info in enumerate(record.seats) if info.name == name)


def _check_lines(house: House, ear: Ear) -> int:
    with house.store.read() as unit:
        kept = {row.id: (row.name, row.text) for row in unit.scalars(select(Message))}
    for number, said in ear.lines.items():
        assert kept.get(number) == said, f"line {number} was told as {said}: {kept.get(number)}"
    texts = list(kept.values())
    assert len(texts) == len(set(texts)), "a line was kept twice"
    return len(ear.lines)


def _check_told(house: House, ear: Ear) -> int:
    """Whoever was told a rating has had it."""
    with house.store.read() as unit:
        names = {row.id: row.name for row in unit.scalars(select(User))}
        had: dict[tuple[str, str], set[int]] = {
            (names[row.user_id], row.game): {row.value, house.config.RATING_START}
            for row in unit.scalars(select(Rating))
        }
        for change in unit.scalars(select(RatingChange)):
            had.setdefault((names[change.user_id], change.game), set()).update(
                (change.before, change.after)
            )
    count = 0
    for (player, game), told in ear.ratings.items():
        known = had.get((player, game), {house.config.RATING_START})
        assert told <= known, f"{player} was told ratings in {game} they never had: {told - known}"
        count += len(told)
    return count
