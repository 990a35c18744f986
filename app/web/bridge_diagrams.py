"""Tricks, calls and tables to show on the page of bridge's rules; the tests ask the rules whether
they are right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from app.games.bridge.deal import RANKS, SUITS
from app.games.bridge.scoring import score


def number_of(text: str) -> int:
    """The number of a card that is written as suit and rank.

    >>> number_of("C2"), number_of("SA")
    (0, 51)
    """
    return 13 * SUITS.index(text[0]) + RANKS.index(text[1])


@dataclass(frozen=True)
class Trick:
    """Four cards in the order in which they were played, and which of them wins, from 0.

    `strain`: the trump suit, or Z.
    """

    cards: str
    strain: str
    winner: int

    def view(self) -> list[dict[str, Any]]:
        """For the template: `[{"card", "won"}, …]`."""
        return [
            {"card": number_of(text), "won": place == self.winner}
            for place, text in enumerate(self.cards.split())
        ]


TRICKS: Final[Mapping[str, Trick]] = MappingProxyType(
    {
        "follow": Trick("H7 HQ HK H2", "Z", 2),
        "discard": Trick("H7 HQ SA H2", "Z", 1),
        "ruff": Trick("HA H5 S2 H9", "S", 2),
    }
)
"""Tricks by the name under which the page shows them."""

DEALER: Final = 0
AUCTION: Final = ("1S", "2H", "2S", "pass", "4S", "dbl", "pass", "pass", "pass")
CONTRACT: Final = "4SX"
DECLARER: Final = 0
"""An auction that North begins, and what it comes to."""

HAND: Final = tuple(
    number_of(text)
    for text in ("SA", "SK", "SJ", "S9", "S4", "HQ", "H6", "DA", "DT", "D7", "CK", "C8", "C3")
)
"""A hand to open one spade with: its 17 points are A 4, K 3, Q 2, J 1."""

SCORED: Final = (
    ("2H", 8),
    ("3Z", 9),
    ("4S", 11),
    ("6D", 12),
    ("7Z", 13),
    ("4S", 9),
    ("4SX", 8),
    ("2SXX", 8),
)
"""Contracts with the tricks that were won."""


def score_rows() -> list[tuple[str, int, int, int]]:
    """`(contract, tricks, score not vulnerable, score vulnerable)` of each that is shown."""
    rows = []
    for contract, tricks in SCORED:
        level, strain, doubled = int(contract[0]), contract[1], len(contract) - 2
        values = [score(level, strain, doubled, vulnerable, tricks) for vulnerable in (False, True)]
        rows.append((contract, tricks, values[0], values[1]))
    return rows
