"""The browser's model of a table follows what the house tells it, in every variant."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.games.scopa import SCOPA
from app.live.scopa import match_state, messages
from app.services import matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord
from config import ROOT

FOLLOW = ROOT / "tests" / "js" / "scopa-follow.mjs"
TABLES = [("classic", 2), ("classic", 4), ("scopone", 4), ("rebello", 2), ("cucita", 2)]
TABLES += [("cirulla", 2), ("cirulla", 4)]
TURNS = 84  # of each match: two deals and more


def record_of(house: House, variant: str, players: int) -> MatchRecord:
    setup = Setup("scopa", variant, options={"players": players})
    bots = [Bot("easy", f"cpu{seat + 1}") for seat in range(players)]
    with house.store.write() as unit:
        match_id = matches.start(house, unit, setup, bots, seed=bytes(32))
    return matches.get(house, match_id)


def told(record: MatchRecord, seat: int | None) -> Any:
    # Also of a match that ends before all cards are played: what the messages tell opens no hands.
    return match_state(record, SCOPA.view(record.state, seat))


def followed(record: MatchRecord, random: Random) -> Iterator[dict[str, Any]]:
    """A match played at random, as each seat and a spectator hear of it."""
    seats = [0, 1, None]
    heard: dict[int | None, list[Any]] = {seat: [] for seat in seats}
    starts = {seat: told(record, seat) for seat in seats}
    name = record.variant
    # With people in the seats, so that everybody is told whose turn it is.
    infos = tuple(replace(info, bot=None) for info in record.seats)
    record = record.changed(seats=infos)
    for version in range(1, TURNS):
        seat = min(record.actors)
        step = SCOPA.apply(record.state, seat, random.choice(SCOPA.legal_moves(record.state, seat)))
        outcome = SCOPA.outcome(step.state)
        record = record.changed(
            version=version, state=step.state, over=outcome is not None, outcome=outcome
        )
        for viewer in seats:
            turn = {"messages": messages(record, step.events, viewer), "version": version}
            heard[viewer].append({**turn, "after": told(record, viewer)})
        if record.over:
            break
    for viewer in seats:
        yield {"name": name, "seat": viewer, "start": starts[viewer], "turns": heard[viewer]}


@pytest.mark.parametrize(("variant", "players"), TABLES)
def test_the_model_follows(house: House, tmp_path: Path, variant: str, players: int) -> None:
    file = tmp_path / "heard.json"
    record = record_of(house, variant, players)
    file.write_text(json.dumps(list(followed(record, Random(f"{variant}{players}")))))
    run = subprocess.run(
        ["node", str(FOLLOW), str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert int(run.stdout.split()[0]) > 3 * 70
