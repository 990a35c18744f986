"""How much better each strength plays ultimate tic-tac-toe, how fast, and against what else.

    python -m bench.uttt_bots
    python -m bench.uttt_bots --matches 40 strong:mcts medium:mcts@1000
    python -m bench.uttt_bots --variant swap strong:medium
    python -m bench.uttt_bots --speed

Every match is played twice from the same opening of three random turns, the sides changed. A
strength may be given an effort, as `strong@0.1`. `mcts` is a plain Monte-Carlo tree search of
100,000 playouts a move, or of as many as are given; it is written in C (`bench/uttt/mcts.c`), since
it would take a minute a move otherwise, and compiled when it is needed.
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

from app.bots import choose, strengths
from app.bots.uttt.board import Board
from app.bots.uttt.search import Search
from app.bots.uttt.sight import raw, read
from app.games.uttt import UTTT, State

Mind = Callable[[Any, Random], Any]

SOURCES = Path(__file__).with_name("uttt")
PLAYOUTS = 100_000
OPENING = 3  # turns
SURE = 1.96  # standard errors either side that hold the truth nineteen times of twenty


@dataclass
class Tally:
    """How one has fared against another: by pair of matches its share, what they came to, and the
    seconds of the processor that each of its moves took.
    """

    shares: list[float] = field(default_factory=list)
    won: int = 0
    drawn: int = 0
    lost: int = 0
    spent: list[float] = field(default_factory=list)

    def line(self) -> str:
        mean = sum(self.shares) / len(self.shares)
        variance = sum((s - mean) ** 2 for s in self.shares) / max(1, len(self.shares) - 1)
        error = SURE * sqrt(variance / len(self.shares))
        spent = sorted(self.spent)
        return (
            f"{2 * len(self.shares)} matches, {self.won} won, {self.drawn} drawn, "
            f"{self.lost} lost: {100 * mean:.0f} ± {100 * error:.0f} %, "
            f"ms a move {1000 * sum(spent) / len(spent):.1f}, most {1000 * spent[-1]:.0f}"
        )


def mind(name: str) -> Mind:
    """The player of that name."""
    strength, _, number = name.partition("@")
    if strength == "mcts":
        return monte_carlo(int(number or PLAYOUTS))
    return lambda view, rng: choose("uttt", strength, view, rng, float(number or 1))


def monte_carlo(playouts: int) -> Mind:
    """The Monte-Carlo tree search; it plays the usual variant alone."""
    library = _library()

    def play(view: Any, rng: Random) -> Any:
        board = read(view)
        cells = (ctypes.c_uint16 * 9)(*board.locals)
        seed = ctypes.c_uint64(rng.getrandbits(64))
        return raw(library.mcts_turn(cells, board.target, board.mover, playouts, seed))

    return play


@cache
def _library() -> ctypes.CDLL:
    with tempfile.TemporaryDirectory() as folder:
        made = f"{folder}/mcts.so"
        flags = ["-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run(["cc", *flags, "-o", made, SOURCES / "mcts.c", "-lm"], check=True)
        return ctypes.CDLL(made)


def play(variant: str, minds: tuple[Mind, Mind], seed: int, timed: int, tally: Tally) -> float:
    """A match to its end, after a random opening: the share of the side `timed`."""
    state: State = UTTT.initial(UTTT.parse_options({"variant": variant}), b"").state
    rngs = Random(seed), Random(seed + 1_000_000)
    for _ in range(OPENING):
        move = rngs[0].choice(UTTT.legal_moves(state, state.to_move))
        state = UTTT.apply(state, state.to_move, move).state
    while state.outcome is None:
        seat = state.to_move
        view = UTTT.view(state, seat)
        started = time.process_time()
        raw_move = minds[seat](view, rngs[seat])
        if seat == timed:
            tally.spent.append(time.process_time() - started)
        state = UTTT.apply(state, seat, UTTT.parse_move(raw_move)).state
    share = state.outcome.scores[timed]
    tally.won += share == 1
    tally.drawn += share == 0.5
    tally.lost += share == 0
    return share


def compare(one: Mind, other: Mind, variant: str, pairs: int) -> Tally:
    """So many pairs of matches between two players."""
    tally = Tally()
    for seed in range(pairs):
        first = play(variant, (one, other), seed, 0, tally)
        second = play(variant, (other, one), seed, 1, tally)
        tally.shares.append((first + second) / 2)
    return tally


def speed(variant: str) -> str:
    """How many positions a second the search looks at, and how far ahead, in a match of its own."""
    state: State = UTTT.initial(UTTT.parse_options({"variant": variant}), b"").state
    board: Board = read(UTTT.view(state, 0))
    positions, spent, depths = 0, 0.0, []
    for _ in range(12):
        started = time.process_time()
        found = Search(board, 200_000).best()
        spent += time.process_time() - started
        positions += found.positions
        depths.append(found.depth)
        board = board.after(found.turn)
    depth = sum(depths) / len(depths)
    return f"{positions / spent:,.0f} positions a second, {depth:.1f} turns ahead with 200,000"


def main() -> None:
    """Print a line for each pair of strengths."""
    below = [f"{one}:{other}" for other, one in pairwise(strengths("uttt"))]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*", default=[*below, "strong:mcts"], metavar="one:other")
    parser.add_argument("--matches", type=int, default=40)
    parser.add_argument("--variant", default="standard")
    parser.add_argument("--speed", action="store_true", help="how fast it is, and nothing else")
    given = parser.parse_args()
    if given.speed:
        print(f"{given.variant}: {speed(given.variant)}")
        return
    for pair in given.pairs:
        one, other = pair.split(":")
        tally = compare(mind(one), mind(other), given.variant, given.matches // 2)
        print(f"{given.variant}, {one} against {other}: {tally.line()}", flush=True)


if __name__ == "__main__":
    main()
