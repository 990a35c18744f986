"""How much better each strength of the computer plays scopa than the one below.

    python -m bench.bots
    python -m bench.bots --matches 400 --variant cirulla --players 4 strong:easy

Every match is played twice with the same seed, the sides changed, so that neither has the better
cards: of such a pair each side wins none, one or both. With four players each strength has a team.
A strength may be given an effort, as `strong@0.1`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from random import Random
from typing import Any

from app.bots import choose, strengths
from app.games.scopa import SCOPA, ScopaOptions, State

Mind = Callable[[Any, Random], Any]

TABLES = ({"variant": "classic"}, {"variant": "scopone"})
SURE = 1.96  # standard errors either side that hold the truth nineteen times of twenty


@dataclass
class Tally:
    """How one strength has fared against another, pair by pair, and the time that its moves took.

    won: by pair the share of the matches won; lead: the mean lead in points of a deal. spent:
    seconds of the processor, move by move.
    """

    won: list[float] = field(default_factory=list)
    lead: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)

    def line(self) -> str:
        won, lead = interval(self.won), interval(self.lead)
        spent = sorted(self.spent)
        return (
            f"{2 * len(self.won)} matches, won {100 * won[0]:.0f} ± {100 * won[1]:.0f} %, "
            f"lead {lead[0]:+.2f} ± {lead[1]:.2f} a deal, "
            f"ms a move {1000 * sum(spent) / len(spent):.1f}, "
            f"p99 {1000 * spent[len(spent) * 99 // 100]:.0f}, most {1000 * spent[-1]:.0f}"
        )


def interval(values: list[float]) -> tuple[float, float]:
    """The mean, and half the width of its 95 % confidence interval."""
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)
    return mean, SURE * sqrt(variance / len(values))


def mind(name: str) -> Mind:
    """The player of a strength, with an effort where one is given."""
    strength, _, effort = name.partition("@")
    return lambda view, rng: choose("scopa", strength, view, rng, float(effort or 1))


def play(
    options: ScopaOptions, seed: bytes, minds: tuple[Mind, Mind], spent: list[float], timed: int
) -> State:
    """A match to its end; the time that team `timed` needs is added to `spent`."""
    state = SCOPA.initial(options, seed).state
    rngs = Random(seed + b"0"), Random(seed + b"1")
    while state.outcome is None:
        seat = state.to_move
        team = seat % 2
        view = SCOPA.view(state, seat)
        started = time.process_time()
        raw = minds[team](view, rngs[team])
        if team == timed:
            spent.append(time.process_time() - started)
        state = SCOPA.apply(state, seat, SCOPA.parse_move(raw)).state
    return state


def compare(one: Mind, other: Mind, options: ScopaOptions, pairs: int) -> Tally:
    """So many pairs of matches between two players."""
    tally = Tally()
    for number in range(pairs):
        won, lead = 0.0, 0.0
        for team in (0, 1):
            minds = (one, other) if team == 0 else (other, one)
            state = play(options, number.to_bytes(32, "big"), minds, tally.spent, team)
            assert state.outcome is not None
            won += state.outcome.scores[team]
            if state.points:
                lead += (state.totals[team] - state.totals[1 - team]) / len(state.points)
        tally.won.append(won / 2)
        tally.lead.append(lead / 2)
    return tally


def main() -> None:
    """Print a line for each pair of strengths and each table."""
    below = [f"{one}:{other}" for other, one in pairwise(strengths("scopa"))]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", default=below, metavar="strength:strength")
    parser.add_argument("--matches", type=int, default=200)
    parser.add_argument("--variant", help="one of scopa's; classic and scopone if not given")
    parser.add_argument("--players", type=int)
    given = parser.parse_args()
    tables = [{"variant": given.variant}] if given.variant else TABLES
    for raw in tables:
        players = {} if given.players is None else {"players": given.players}
        options = SCOPA.parse_options({**raw, **players})
        for pair in given.pairs:
            one, other = pair.split(":")
            tally = compare(mind(one), mind(other), options, given.matches // 2)
            line = f"{options.variant}, {options.players} players, {one} against {other}"
            print(f"{line}: {tally.line()}", flush=True)


if __name__ == "__main__":
    main()
