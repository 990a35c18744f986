"""Cirulla, the scopa of Genoa: to 51, with captures to fifteen, declarations and a wild card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final

from app.games.cards import ITALIAN, Card
from app.games.scopa import captures, scoring
from app.games.scopa.captures import ACE, FIFTEEN, Take
from app.games.scopa.declarations import Declaration, Tariff, declare, declare_with_matta
from app.games.scopa.options import GRANDI, MATTE, Grande, Matta, ScopaOptions
from app.games.scopa.rules import Piles, Rules

MATTA_CARDS: Final[Mapping[Matta, Card]] = MappingProxyType(
    {"seven_of_cups": ITALIAN.parse("7C"), "seven_of_coins": ITALIAN.parse("7D")}
)
_GRANDE: Final[Mapping[Grande, Callable[[Sequence[Card]], int]]] = MappingProxyType(
    {"five": scoring.grande, "downwards": scoring.grande_downwards}
)


class Cirulla(Rules):
    """The rules of cirulla. Kings on the table are no reason to deal again here."""

    key = "cirulla"
    target = 51
    declares = True
    choices = MappingProxyType({"matta": MATTE, "grande": GRANDI})
    tariff: ClassVar[Tariff] = Tariff(low=3, three_alike=10, two_alike=0)

    def is_misdeal(self, table: Sequence[Card]) -> bool:
        """Two aces or more on the table are dealt again: no ace could take it all."""
        return sum(card.value == ACE for card in table) >= 2

    def dealer_scope(self, table: Sequence[Card]) -> int:
        """A total of 15 is a scopa, one of 30 two. The matta counts as what is printed on it."""
        scope, rest = divmod(sum(card.value for card in table), FIFTEEN)
        return 0 if rest else scope

    def declaration(self, hand: Sequence[Card], options: ScopaOptions) -> Declaration | None:
        """What a hand just dealt declares: a matta in it may stand for any value."""
        matta = matta_card(options)
        if matta is None or matta not in hand:
            return declare([card.value for card in hand], self.tariff)
        others = [card.value for card in hand if card != matta]
        return declare_with_matta(matta.value, others, self.tariff)

    def takes(self, value: int, table: Sequence[int]) -> tuple[Take, ...]:
        return captures.cirulla(value, table)

    def bonus(self, pile: Sequence[Card], options: ScopaOptions) -> dict[str, int]:
        """The sequences of coins: from the ace up (*piccola*), and the figures (*grande*)."""
        assert options.grande is not None, "a table of cirulla has agreed on the grande"
        return {"piccola": scoring.piccola(pile), "grande": _GRANDE[options.grande](pile)}

    def winner_at_once(self, piles: Piles) -> int | None:
        """All ten coins win the match."""
        for team, pile in enumerate(piles):
            if scoring.has_all_coins(pile):
                return team
        return None


def matta_card(options: ScopaOptions) -> Card | None:
    """The table's wild card, or None in a variant without."""
    return None if options.matta is None else MATTA_CARDS[options.matta]
