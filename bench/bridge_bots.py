"""How well the computer plays the cards of bridge, and how long it takes.

    python -m bench.bridge_bots
    python -m bench.bridge_bots --boards 40 strong:medium

All strengths bid alike. A board is played twice in the contract that they come to, the sides
changed: once the one plays as declarer and dummy and the other defends, then the other way round.
The lead is what the one won more in points than the other, in IMPs a board. `random` plays any card
that is legal. Beside it stands how many tricks each took as declarer above what the cards yield
with best play of all four hands, against that defence.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.bots.bridge import double_dummy
from app.bots.bridge.bidding import call
from app.bots.bridge.player import players
from app.games.bridge import BRIDGE, BridgeOptions, State
from app.games.bridge.comparison import imps
from bench.bots import interval

Mind = Callable[[Any, Random], Any]

PAIRS = ("easy:random", "medium:easy", "strong:medium")
SIDES = "NESW"


@dataclass
class Tally:
    """How one player has fared against another: IMPs by board, declarer's tricks above what the
    cards yield for the one and the other, and the processor's seconds of the one's cards."""

    lead: list[float] = field(default_factory=list)
    over: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    spent: list[float] = field(default_factory=list)

    def line(self) -> str:
        lead = interval(self.lead)
        tricks = [interval(over) for over in self.over]
        spent = sorted(self.spent)
        return (
            f"{len(self.lead)} boards, lead {lead[0]:+.2f} ± {lead[1]:.2f} IMPs, "
            f"tricks as declarer {tricks[0][0]:+.2f} ± {tricks[0][1]:.2f} and "
            f"{tricks[1][0]:+.2f} ± {tricks[1][1]:.2f}, "
            f"ms a card {1000 * sum(spent) / len(spent):.0f}, "
            f"p50 {1000 * spent[len(spent) // 2]:.0f}, "
            f"p99 {1000 * spent[len(spent) * 99 // 100]:.0f}, most {1000 * spent[-1]:.0f}"
        )


def mind(name: str) -> Mind:
    """The player of a strength, with an effort where one is given, as `strong@0.1`."""
    strength, _, effort = name.partition("@")
    if strength == "random":
        return lambda view, rng: {"card": rng.choice(view["cards"])}
    player = players(double_dummy.solve)[strength]
    return lambda view, rng: player(view, rng, float(effort or 1))


def auction(number: int) -> State:
    """A board of that number, bid to its contract, or passed out."""
    seed = number.to_bytes(32, "big")
    state = BRIDGE.initial(BridgeOptions("standard", number), seed).state
    while state.outcome is None and state.play is None:
        state = after(state, call(BRIDGE.view(state, state.turn)))
    return state


def after(state: State, raw: Any) -> State:
    (seat,) = BRIDGE.actors(state)
    return BRIDGE.apply(state, seat, BRIDGE.parse_move(raw)).state


def play(
    state: State, minds: tuple[Mind, Mind], spent: list[float], timed: int, chance: int
) -> Any:
    """The result of a deal: the first of the minds declares, the time of number `timed` counts."""
    assert state.play is not None
    declarer = state.play.contract.declarer
    rng = Random(chance)
    while state.outcome is None:
        (seat,) = BRIDGE.actors(state)
        view = BRIDGE.view(state, seat)
        who = 0 if seat == declarer else 1
        started = time.process_time()
        raw = minds[who](view, rng)
        if who == timed:
            spent.append(time.process_time() - started)
        state = after(state, raw)
    return BRIDGE.view(state, None)["result"]


def compare(one: Mind, other: Mind, boards: int) -> Tally:
    """So many boards that are not passed out."""
    tally = Tally()
    number = 0
    while len(tally.lead) < boards:
        number += 1
        state = auction(number)
        if state.play is None:
            continue
        contract = state.play.contract
        best = double_dummy.tricks(state.deal, contract.strain)[SIDES[contract.declarer]]
        declares = play(state, (one, other), tally.spent, 0, number)
        defends = play(state, (other, one), tally.spent, 1, number)
        tally.lead.append(imps(declares["points"] - defends["points"]))
        tally.over[0].append(declares["tricks"] - best)
        tally.over[1].append(defends["tricks"] - best)
    return tally


def main() -> None:
    """Print a line for each pair of players."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", default=PAIRS, metavar="strength:strength")
    parser.add_argument("--boards", type=int, default=100)
    given = parser.parse_args()
    for pair in given.pairs:
        one, other = pair.split(":")
        tally = compare(mind(one), mind(other), given.boards)
        print(f"{one} against {other}: {tally.line()}", flush=True)


if __name__ == "__main__":
    main()
