"""What a deal scores."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from app.games.cards import ITALIAN, Card

T = TypeVar("T", int, tuple[bool, int])

Pair: TypeAlias = tuple[int, int]
"""A number for each team."""

COINS: Final = 0
SEVEN_OF_COINS: Final = ITALIAN.parse("7D")
SUITS: Final = len(ITALIAN.suits)

PRIMIERA: Final = (0, 16, 12, 13, 14, 15, 18, 21, 10, 10, 10)
"""What a card counts for the primiera, by its value."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a team's captured cards come to.

    primiera: the sum over the suits of the best card of each; whole: whether there are all four.
    """

    cards: int
    coins: int
    seven_of_coins: int
    primiera: int
    whole: bool


def count(pile: Collection[Card]) -> Counts:
    """The counts of a team's captured cards. The matta counts as what is printed on it."""
    best = [0] * SUITS
    for card in pile:
        best[card.suit] = max(best[card.suit], PRIMIERA[card.value])
    return Counts(
        cards=len(pile),
        coins=sum(card.suit == COINS for card in pile),
        seven_of_coins=int(SEVEN_OF_COINS in pile),
        primiera=sum(best),
        whole=all(best),
    )


def basic_points(first: Counts, second: Counts) -> tuple[Pair, ...]:
    """The four points of every deal, each as it goes to the teams.

    Most cards, most coins, the seven of coins, the best primiera. Nobody has the most if both have
    as many; of two primiere, one with all four suits is better than one without.
    """
    return (
        _more(first.cards, second.cards),
        _more(first.coins, second.coins),
        (first.seven_of_coins, second.seven_of_coins),
        _more((first.whole, first.primiera), (second.whole, second.primiera)),
    )


def piccola(pile: Iterable[Card]) -> int:
    """Ace, two and three of coins score three, and each next card of the sequence one more."""
    run = _run(_coins(pile), range(1, 11))
    return run if run >= 3 else 0


def grande(pile: Iterable[Card]) -> int:
    """Knave, knight and king of coins score five."""
    return 5 if _coins(pile) >= {8, 9, 10} else 0


def grande_downwards(pile: Iterable[Card]) -> int:
    """King, knight and knave of coins score three, and each next card downwards one more."""
    run = _run(_coins(pile), range(10, 0, -1))
    return run if run >= 3 else 0


def has_all_coins(pile: Iterable[Card]) -> bool:
    """Whether all ten coins are there."""
    return len(_coins(pile)) == len(ITALIAN.ranks)


def _coins(pile: Iterable[Card]) -> set[int]:
    return {card.value for card in pile if card.suit == COINS}


def _run(values: Collection[int], order: Iterable[int]) -> int:
    """How many of `order` are there before the first that is not."""
    run = 0
    for value in order:
        if value not in values:
            break
        run += 1
    return run


def _more(first: T, second: T) -> Pair:
    return int(first > second), int(second > first)
