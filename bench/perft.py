"""Counts the move sequences of a game: how fast its rules are, and whether they are right.

Run `python -m bench.perft 7`, or `python -m bench.perft 5 --game uttt --variant standard`.
"""

from __future__ import annotations

import argparse
import time
from typing import TypeVar

from app.games import GAMES
from app.games.api import Game, RuleError

S = TypeVar("S")
M = TypeVar("M")


def perft(game: Game[S, M], state: S, depth: int) -> int:
    """The number of sequences of exactly `depth` moves from `state`.

    The last move of each is counted, not made: only the positions before it are visited.
    """
    if depth == 0:
        return 1
    count = 0
    for seat in game.actors(state):
        legal = game.legal_moves(state, seat)
        if depth == 1:
            count += len(legal)
        else:
            for move in legal:
                count += perft(game, game.apply(state, seat, move).state, depth - 1)
    return count


def main() -> None:
    """Print the count for every depth up to the one asked for, with time and speed."""
    summary = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.perft", description=summary)
    parser.add_argument("depth", type=int, nargs="?", default=6, help="moves in a sequence (6)")
    parser.add_argument("--game", choices=list(GAMES), default="uttt")
    parser.add_argument("--variant", help="the game's usual one if not given")
    parser.add_argument("--seed", type=bytes.fromhex, default=b"", help="for chance, in hex")
    args = parser.parse_args()
    game = GAMES[args.game]
    try:
        options = game.parse_options({"variant": args.variant} if args.variant else {})
    except RuleError as error:
        parser.error(error.msg)
    state = game.initial(options, args.seed).state

    print(f"{game.info.name}, {options.variant}")
    print(f"{'depth':>5} {'sequences':>15} {'seconds':>9} {'nodes/s':>13}")
    for depth in range(1, args.depth + 1):
        start = time.perf_counter()
        count = perft(game, state, depth)
        seconds = time.perf_counter() - start
        print(f"{depth:>5} {count:>15,} {seconds:>9.2f} {count / seconds:>13,.0f}", flush=True)


if __name__ == "__main__":
    main()
