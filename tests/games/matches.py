"""Random matches to test with, and JSON as it comes back from storage."""

from __future__ import annotations

import json
from random import Random
from typing import Any, NamedTuple

from app.games.api import Game, Json, Options, Seat, Step
from tests.games.kits import KITS, Kit

PLIES = 10_000
"""A random match that is not over by then never ends."""


ASIDES = 0.08
"""How often something is done beside the turn where something can be."""


class Ply(NamedTuple):
    """A position, a move made in it, in turn or beside it, and what came of it."""

    before: Any
    seat: Seat
    move: Any
    step: Step[Any]
    aside: bool = False


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
    seats = range(kit.seats(options))
    plies: list[Ply] = []
    while game.actors(step.state):
        assert len(plies) < PLIES, "random play does not end"
        seat, move, aside = _choose(game, step.state, seats, random)
        if kit.dress is not None:
            move = kit.dress(move, random)
        before, step = step.state, game.apply(step.state, seat, move)
        plies.append(Ply(before, seat, move, step, aside))
    return Match(game, kit, options, seed, seats, first, plies)


def _choose(
    game: Game[Any, Any], state: Any, seats: range, random: Random
) -> tuple[Seat, Any, bool]:
    """A seat, something it does, and whether that is beside its turn."""
    asides = [seat for seat in seats if game.asides(state, seat)]
    if asides and random.random() < ASIDES:
        seat = random.choice(asides)
        return seat, random.choice(game.asides(state, seat)), True
    seat = random.choice([s for s in sorted(game.actors(state)) if game.legal_moves(state, s)])
    return seat, random.choice(game.legal_moves(state, seat)), False


def encode(value: Json) -> str:
    """JSON text as a transport would write it: fails for what is no JSON."""
    return json.dumps(value, allow_nan=False)


def through_json(value: Json) -> Json:
    """The value as it comes back from storage; JSON must not change it."""
    back = json.loads(encode(value))
    assert back == value
    return back
