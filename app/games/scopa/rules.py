"""What the variants of scopa decide each for themselves: one rules object a variant.

`Rules` is classic scopa, which the others change in a point or two; cirulla has a module of its
own. The rules are those of Pagat (https://www.pagat.com/fishing/scopa.html) as this house plays
them; each method says in a sentence what it knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final, TypeAlias

from app.games.cards import ITALIAN, Card
from app.games.scopa import captures
from app.games.scopa.captures import Take
from app.games.scopa.declarations import Declaration, Tariff, declare
from app.games.scopa.options import ScopaOptions
from app.games.scopa.scoring import Pair

Piles: TypeAlias = tuple[tuple[Card, ...], tuple[Card, ...]]
"""The cards that each team has captured."""

KING: Final = 10
KING_OF_COINS: Final = ITALIAN.parse("10D")


class Rules:
    """Classic scopa, to 11 points.

    players: the numbers of players there may be, the usual one first.
    declares: whether hands may score on being dealt.
    choices: by the name of an option beyond these, the values it may have, the usual one first.
    """

    key: ClassVar[str] = "classic"
    players: ClassVar[tuple[int, ...]] = (2, 4)
    hand_size: ClassVar[int] = 3
    table_size: ClassVar[int] = 4
    target: ClassVar[int] = 11
    declares: ClassVar[bool] = False
    choices: ClassVar[Mapping[str, tuple[Any, ...]]] = MappingProxyType({})

    def is_misdeal(self, table: Sequence[Card]) -> bool:
        """Whether the first cards on the table are such that all are dealt again.

        Three or four kings are: so many figures would leave little to sum up.
        """
        return sum(card.value == KING for card in table) >= 3

    def dealer_scope(self, table: Sequence[Card]) -> int:
        """How many scope the first cards on the table are to the dealer, who then takes them."""
        return 0

    def declaration(self, hand: Sequence[Card], options: ScopaOptions) -> Declaration | None:
        """What a hand just dealt declares; None for nothing, as always here."""
        return None

    def takes(self, value: int, table: Sequence[int]) -> tuple[Take, ...]:
        """What a card of `value` can take from a table of these values, one of which it must."""
        return captures.classic(value, table)

    def bonus(self, pile: Sequence[Card], options: ScopaOptions) -> dict[str, int]:
        """What a team's captured cards score beyond the four points of every deal, by name."""
        return {}

    def winner_at_once(self, piles: Piles) -> int | None:
        """The team that wins the match on the spot by what it has captured, or None."""
        return None

    def winner(self, totals: Pair) -> int | None:
        """The team that has the points to win after a deal, and more than the other; or None."""
        first, second = totals
        if max(totals) < self.target or first == second:
            return None
        return int(second > first)


class Scopone(Rules):
    """For four, with all cards dealt at once and none on the table."""

    key = "scopone"
    players = (4,)
    hand_size = 10
    table_size = 0


class ReBello(Rules):
    """The king of coins, *re bello*, is a point too."""

    key = "rebello"

    def bonus(self, pile: Sequence[Card], options: ScopaOptions) -> dict[str, int]:
        return {"re_bello": int(KING_OF_COINS in pile)}


class Cucita(Rules):
    """To 21; three cards score on being dealt, and are shown."""

    key = "cucita"
    target = 21
    declares = True
    tariff: ClassVar[Tariff] = Tariff(low=2, three_alike=7, two_alike=3)

    def declaration(self, hand: Sequence[Card], options: ScopaOptions) -> Declaration | None:
        return declare([card.value for card in hand], self.tariff)
