"""Playing cards: suits, ranks, and the decks they make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple


@dataclass(frozen=True, slots=True)
class Suit:
    """A suit. `letter` is what it is written with, in a notation of its deck's own."""

    name: str
    letter: str


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank. `value` is its number in the deck's games; `text` is what it is written with."""

    name: str
    value: int
    text: str


class Card(NamedTuple):
    """A card of a deck. Two are equal if they are the same card of the same deck.

    id: its number in the deck, from 0; it never changes, so logs and stored positions use it.
    suit: the suit's number in the deck, from 0.
    value: its rank's value.
    """

    id: int
    suit: int
    value: int


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck with a card of each rank in each suit.

    `cards` has them by id: suit after suit, in each the ranks in their order.

    >>> ITALIAN.parse("7D")
    Card(id=6, suit=0, value=7)
    >>> ITALIAN.text(ITALIAN.cards[39]), ITALIAN.name(ITALIAN.cards[39])
    ('10S', 'king of swords')
    """

    suits: tuple[Suit, ...]
    ranks: tuple[Rank, ...]
    cards: tuple[Card, ...] = field(init=False)

    def __post_init__(self) -> None:
        ranks = len(self.ranks)
        cards = tuple(
            Card(ranks * suit + number, suit, rank.value)
            for suit in range(len(self.suits))
            for number, rank in enumerate(self.ranks)
        )
        object.__setattr__(self, "cards", cards)

    def text(self, card: Card) -> str:
        """The card as it is written: its rank's text and its suit's letter."""
        suit, rank = divmod(card.id, len(self.ranks))
        return self.ranks[rank].text + self.suits[suit].letter

    def name(self, card: Card) -> str:
        """The card as it is called."""
        suit, rank = divmod(card.id, len(self.ranks))
        return f"{self.ranks[rank].name} of {self.suits[suit].name}"

    def parse(self, text: str) -> Card:
        """The card that `text` writes. Raises ValueError if there is none."""
        for card in self.cards:
            if self.text(card) == text:
                return card
        raise ValueError(f"no card of this deck is written {text!r}")


_ITALIAN_RANKS: Final = (
    *("ace", "two", "three", "four", "five", "six", "seven"),
    *("knave", "knight", "king"),
)

ITALIAN: Final = Deck(
    # The letters are those of the Italian names: denari, coppe, bastoni, spade.
    (Suit("coins", "D"), Suit("cups", "C"), Suit("clubs", "B"), Suit("swords", "S")),
    tuple(Rank(name, value, str(value)) for value, name in enumerate(_ITALIAN_RANKS, 1)),
)
"""The 40 cards of the Italian games, the figures worth 8 to 10."""
