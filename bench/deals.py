"""How many deals of a card game its rules play a second, at random, to the end of each match.

Run `python -m bench.deals`, or `python -m bench.deals --variant cirulla --players 4 --seconds 5`.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import NamedTuple

from app.games.api import Json, RuleError
from app.games.scopa import SCOPA, ScopaOptions


class Tally(NamedTuple):
    """What was played, and in what time of the processor's."""

    matches: int
    deals: int
    moves: int
    seconds: float


def play_for(options: ScopaOptions, seconds: float, chance: random.Random) -> Tally:
    """Play random matches until the time is up; the match then in hand is played to its end."""
    matches = deals = moves = 0
    started = time.process_time()
    while (spent := time.process_time() - started) < seconds:
        state = SCOPA.initial(options, chance.randbytes(32)).state
        while state.outcome is None:
            seat = state.to_move
            move = chance.choice(SCOPA.legal_moves(state, seat))
            state = SCOPA.apply(state, seat, move).state
            moves += 1
        matches += 1
        deals += len(state.points)
    return Tally(matches, deals, moves, spent)


def tables(args: argparse.Namespace) -> list[ScopaOptions]:
    """The tables that were asked for. Raises RuleError if there is none such."""
    raw: dict[str, Json] = {} if args.players is None else {"players": args.players}
    variants = [args.variant] if args.variant else SCOPA.info.variants
    return [SCOPA.parse_options({**raw, "variant": variant}) for variant in variants]


def main() -> None:
    """Print a line for each variant."""
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.deals", description=summary)
    parser.add_argument("--variant", help="all of them if not given")
    parser.add_argument("--players", type=int, help="each variant's usual number if not given")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each variant (2)")
    parser.add_argument("--seed", type=int, default=0, help="of the random play (0)")
    args = parser.parse_args()
    try:
        asked = tables(args)
    except RuleError as error:
        parser.error(error.msg)

    print(f"{'variant':<10} {'players':>7} {'matches':>8} {'deals/s':>9} {'moves/s':>10}")
    for options in asked:
        tally = play_for(options, args.seconds, random.Random(args.seed))
        deals, moves = tally.deals / tally.seconds, tally.moves / tally.seconds
        line = f"{options.variant:<10} {options.players:>7} {tally.matches:>8,}"
        print(f"{line} {deals:>9,.0f} {moves:>10,.0f}", flush=True)


if __name__ == "__main__":
    main()
