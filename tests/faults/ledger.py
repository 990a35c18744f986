"""What must be true of a database whatever was done to the servers on it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from app import create_app
from app.services import matches, saving
from app.services.house import House
from app.store import Match, Rating, RatingChange
from config import Config
from tests.faults.bots import Witness
from tests.support import cluster


def open_house(instance: Path) -> House:
    """A house on the data that servers have left."""
    settings = Config(
        INSTANCE_PATH=str(instance),
        DATABASE_URL=cluster.database_url(instance),
        RATELIMIT_ENABLED=False,
    )
    app = create_app(settings)
    house: House = app.extensions["house"]
    return house


def check_matches(house: House, witness: Witness) -> int:
    """Every position anybody was shown is in the log, and every snapshot is its log's end.

    The number of matches looked at.
    """
    with house.store.read() as unit:
        ids = list(unit.scalars(select(Match.id)))
    latest = witness.latest()
    assert latest.keys() <= set(ids), "a match that was announced is gone"
    for match_id in ids:
        record = matches.get(house, match_id)
        log = matches.log(house, match_id)
        assert [entry.number for entry in log] == list(range(1, record.version + 1))
        assert latest.get(match_id, 0) <= record.version, "an acknowledged move is lost"
        states = [step.state for step in saving.steps(house, match_id, log)]
        engine = record.engine
        assert engine.dump(record.state) == engine.dump(states[-1]), "snapshot and log differ"
        for version, state in enumerate(states):
            shown = witness.positions.get((match_id, version))
            if shown is not None:
                assert engine.view(state, None)["complete_field"] == shown
    return len(ids)


def check_ratings(house: House) -> int:
    """Every rated result changed both ratings once, and the changes add up; how many results."""
    with house.store.read() as unit:
        values = {(row.user_id, row.game): row.value for row in unit.scalars(select(Rating))}
        changes = list(unit.scalars(select(RatingChange).order_by(RatingChange.id)))
        stored = list(unit.scalars(select(Match)))
    replayed = dict.fromkeys(values, house.config.RATING_START)
    by_match: dict[str, list[int]] = defaultdict(list)
    for change in changes:
        rating = change.user_id, change.game
        assert replayed[rating] == change.before, "the changes are not a chain"
        replayed[rating] = change.after
        by_match[change.match_id].append(change.user_id)
    assert replayed == values
    results = 0
    for match in stored:
        record = matches.get(house, match.id)
        counts = match.rated and record.outcome is not None and any(record.outcome.scores)
        results += counts
        players = record.user_ids if counts else ()
        assert sorted(by_match[match.id]) == sorted(players)
    return results
