"""Calls by their names: `1C` … `7Z`, `pass`, `dbl`, `rdbl`."""

from __future__ import annotations

from typing import Final

STRAINS: Final = "CDHSZ"
SIDES: Final = "NESW"
PASS: Final = "pass"
DOUBLE: Final = "dbl"
REDOUBLE: Final = "rdbl"

BIDS: Final = tuple(f"{level}{strain}" for level in range(1, 8) for strain in STRAINS)
"""In their order: the place of a bid is its height."""
HEIGHT: Final = {bid: height for height, bid in enumerate(BIDS)}


def bid(level: int, strain: int) -> str:
    """The name of a bid of 1 to 7 in a strain: clubs 0 … spades 3, no trumps 4."""
    return BIDS[5 * level - 5 + strain]


def cheapest(strain: int, above: int) -> int:
    """The lowest level at which the strain can be bid over the bid of that height (−1: none)."""
    return (above - strain) // 5 + 2


def is_game(height: int) -> bool:
    """Whether a bid of that height is game at least: 3NT, four of a major, five of a minor."""
    level, strain = divmod(height, 5)
    return level >= (3, 3, 2)[(strain > 1) + (strain > 3)] + (strain < 2)
