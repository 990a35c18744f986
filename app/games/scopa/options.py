"""What a table of scopa agrees on before the first card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from app.games.api import Options

Matta: TypeAlias = Literal["seven_of_cups", "seven_of_coins"]
Grande: TypeAlias = Literal["five", "downwards"]

MATTE: Final[tuple[Matta, ...]] = ("seven_of_cups", "seven_of_coins")
"""Which card is the matta, the usual one first; the other is that of the first client's server."""

GRANDI: Final[tuple[Grande, ...]] = ("five", "downwards")
"""What knave, knight and king of coins score, the usual way first: always five, or, as on the first
client's server, three and one more for each coin that goes on downwards from the knave."""


@dataclass(frozen=True)
class ScopaOptions(Options):
    """A variant, the number of players, and for cirulla where traditions differ.

    In the other variants `matta` and `grande` are None.
    """

    players: int
    matta: Matta | None = None
    grande: Grande | None = None
