"""Random matches to test with, and JSON as it comes back from storage."""

from __future__ import annotations

import json
from random import Random
from typing import Any, NamedTuple

from app.games.api import Game, Json, Options, Seat, Step
from tests.games.kits import KITS, Kit

PLIES = 10_000
"""A random match that is not over by then never ends."""


class Ply(NamedTuple):
    """A position, a move made in it, and what came of it."""

    before: Any
    seat: Seat
    move: Any
    step: Step[Any]


class Match(NamedTuple):
    """A random match, played to its end, and its table."""

    game: Game[Any, Any]
    kit: Kit
    options: Options
    seed: bytes
    seats: range
    first: Step[Any]
    plies: list[Ply]

    @property
    def states(self) -> list[Any]:
        """Every position, from the first to the last."""
        return [self.first.state, *(ply.step.state for ply in self.plies)]

    @property
    def viewers(self) -> list[Seat | None]:
        """The spectator and every seat."""
        return [None, *self.seats]


def play(game: Game[Any, Any], variant: str, number: int) -> Match:
    """A random match, the same whenever asked for by the same number."""
    random = Random(f"{game.info.key} {variant} {number}")
    seed = random.randbytes(32)
    kit = KITS[game.info.key]
    tables = [{"variant": variant}, *(raw for raw in kit.tables if raw["variant"] == variant)]
    options = game.parse_options(tables[number % len(tables)])
    first = step = game.initial(options, seed)
    plies: list[Ply] = []
    while actors := sorted(game.actors(step.state)):
        assert len(plies) < PLIES, "random play does not end"
        seat = random.choice([s for s in actors if game.legal_moves(step.state, s)])
        move = random.choice(game.legal_moves(step.state, seat))
        before, step = step.state, game.apply(step.state, seat, move)
        plies.append(Ply(before, seat, move, step))
    return Match(game, kit, options, seed, range(kit.seats(options)), first, plies)


def encode(value: Json) -> str:
    """JSON text as a transport would write it: fails for what is no JSON."""
    return json.dumps(value, allow_nan=False)


def through_json(value: Json) -> Json:
    """The value as it comes back from storage; JSON must not change it."""
    back = json.loads(encode(value))
    assert back == value
    return back
