"""Whole matches on file, with everything that was to be seen at every move.

A file tells a match and what the rules made of it, so that a change of rules shows as a difference
in a file. To add one, write `title`, `game`, `options`, `seed` in hex and `log` (each entry an
`actor`, a seat or "system", and a `move`), then let the rules fill in the rest:

    python -m tests.games.playthrough [FILE…]

This rewrites the named files, or all of them. Read the difference before believing it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.games import GAMES
from app.games.api import SYSTEM, Game, Json, Seat, Step, parse_system, replay, system_json

FOLDER = Path(__file__).with_name("playthroughs")


def paths() -> list[Path]:
    """Every file, in the order of their names, which begin with the game's key and a hyphen."""
    return sorted(FOLDER.glob("*.json"))


def moves(game: Game[Any, Any], log: Iterable[Json]) -> Iterator[tuple[Any, Any]]:
    """The log's entries as `apply` takes them."""
    for entry in log:
        if entry["actor"] == SYSTEM.value:
            yield SYSTEM, parse_system(entry["move"])
        else:
            yield entry["actor"], game.parse_move(entry["move"])


def steps(raw: Json) -> list[Step[Any]]:
    """Every step of the match on file, the initial one first."""
    game = GAMES[raw["game"]]
    options = game.parse_options(raw["options"])
    return list(replay(game, options, bytes.fromhex(raw["seed"]), moves(game, raw["log"])))


def seen(game: Game[Any, Any], step: Step[Any], viewers: Iterable[Seat | None]) -> Json:
    """A step's events: once if all see the same, else as the spectator and each seat see them."""
    views = [[game.event_view(event, viewer) for event in step.events] for viewer in viewers]
    return views[0] if all(events == views[0] for events in views) else views


def complete(raw: Json) -> Json:
    """The file's contents with all that follows from the log."""
    game = GAMES[raw["game"]]
    options = game.parse_options(raw["options"])
    seats = range(raw.get("seats", game.info.seats[0]))
    viewers: tuple[Seat | None, ...] = (None, *seats)
    first, *rest = steps(raw)
    log = []
    before = first.state
    for (actor, move), step in zip(moves(game, raw["log"]), rest, strict=True):
        log.append(
            {
                "actor": actor.value if actor is SYSTEM else actor,
                "move": system_json(move) if actor is SYSTEM else game.move_json(move),
                "legal": [len(game.legal_moves(before, seat)) for seat in seats],
                "events": seen(game, step, viewers),
            }
        )
        before = step.state
    outcome = game.outcome(before)
    return {
        "title": raw["title"],
        "game": raw["game"],
        "rules_version": game.info.rules_version,
        "options": asdict(options),
        "seed": raw["seed"],
        "seats": len(seats),
        # Where something is dealt before the first move.
        **({"start": seen(game, first, viewers)} if first.events else {}),
        "log": log,
        "outcome": json.loads(json.dumps(asdict(outcome))) if outcome else None,
        "views": [game.view(before, viewer) for viewer in viewers],
        "dump": game.dump(before),
    }


def text(raw: Json) -> str:
    """The file's contents as text: a line for each move, each view and each other field."""
    fields = []
    for key, value in raw.items():
        if key in ("start", "log", "views"):
            lines = ",\n".join(f"    {json.dumps(part)}" for part in value)
            fields.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
        else:
            fields.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(fields) + "\n}\n"


def main() -> None:
    """Rewrite files."""
    for path in [Path(name) for name in sys.argv[1:]] or paths():
        raw = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(text(complete(raw)), encoding="utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
