"""What a thorough look at a finished match says of its positions and of those who played it.

A chance is the share of a win that a side may expect, from 0 to 1, a draw being half of one. What
a move cost is how much less of it the move played left than the best one would have:

    0.1 and more   an inaccuracy
    0.2 and more   a mistake
    0.3 and more   a blunder

The accuracy of a move is `exp(-4 * cost)`: 1 for the best move, 0.67 for one that just is an
inaccuracy, 0.45 and 0.30 for a mistake and a blunder; a player's is the mean over their moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from app.games.api import Json, Seat

KINDS: Final = ("inaccuracy", "mistake", "blunder")
"""What a move can be called that was not good, the mildest first."""

_LEAST: Final = {"blunder": 0.3, "mistake": 0.2, "inaccuracy": 0.1}  # the gravest first
_NOISE: Final = 1e-9  # what 0.5 - 0.4 lacks of 0.1
_STEEPNESS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a position.

    seat: the side to move. best: its best move, raw; None where the match was decided. chance: its
    chance with that move. played: its chance with the move that was played; None after the last.
    """

    seat: Seat
    best: Json | None
    chance: float
    played: float | None

    def chance_of(self, seat: Seat) -> float:
        """The chance of one of the two players."""
        return self.chance if seat == self.seat else 1 - self.chance

    @property
    def cost(self) -> float:
        """What the move played cost its player; 0 where none was, or it was as good as any."""
        return 0.0 if self.played is None else max(0.0, self.chance - self.played)

    @property
    def kind(self) -> str:
        """What the move played is to be called, one of `KINDS`; "" for a good one."""
        return next((kind for kind, least in _LEAST.items() if self.cost >= least - _NOISE), "")


@dataclass(frozen=True, slots=True)
class Tally:
    """How a player did: moves looked at, their accuracy from 0 to 1 (None without any), and how
    many of them were of each of the `KINDS`."""

    moves: int
    accuracy: float | None
    counts: dict[str, int]


def tally(findings: Sequence[Finding], seat: Seat) -> Tally:
    """How the player in a seat did, as far as their moves have been looked at."""
    own = [found for found in findings if found.seat == seat and found.played is not None]
    kinds = [found.kind for found in own]
    accuracy = sum(exp(-_STEEPNESS * found.cost) for found in own) / len(own) if own else None
    return Tally(len(own), accuracy, {kind: kinds.count(kind) for kind in KINDS})
