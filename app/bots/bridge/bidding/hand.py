"""What a bidder counts in a hand: points, lengths, honours, stoppers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Self

CLUBS, DIAMONDS, HEARTS, SPADES, NOTRUMP = range(5)
SUITS: Final = (CLUBS, DIAMONDS, HEARTS, SPADES)
MAJORS: Final = (HEARTS, SPADES)
MINORS: Final = (CLUBS, DIAMONDS)

_ACE, _KING, _QUEEN, _JACK, _TEN = (1 << rank for rank in (12, 11, 10, 9, 8))
_HIGH: Final = tuple(
    4 * bool(mask & 16) + 3 * bool(mask & 8) + 2 * bool(mask & 4) + bool(mask & 2)
    for mask in range(32)
)
"""High-card points by the bits ten to ace of a suit."""
_BALANCED: Final = ([3, 3, 3, 4], [2, 3, 4, 4], [2, 3, 3, 5])
_SHORT: Final = ((4, 3, 1), (3, 2, 1))  # void, singleton, doubleton: with four trumps, with three


class Hand:
    """Thirteen cards as a bidder sees them.

    `lengths` and `masks` are by suit (clubs first; bit 0 of a mask is the two), `points` are
    high-card points (40 in the deck), `aces` and `kings` how many it has.
    """

    __slots__ = ("aces", "balanced", "kings", "lengths", "masks", "points")

    def __init__(self, masks: tuple[int, int, int, int]) -> None:
        self.masks = masks
        self.lengths = tuple(mask.bit_count() for mask in masks)
        self.points = sum(_HIGH[mask >> 8] for mask in masks)
        self.aces = sum(mask >> 12 for mask in masks)
        self.kings = sum(mask >> 11 & 1 for mask in masks)
        self.balanced = sorted(self.lengths) in _BALANCED

    @classmethod
    def of(cls, cards: Iterable[int]) -> Self:
        """From cards 0–51: 0 is the two of clubs, 51 the ace of spades."""
        whole = 0
        for card in cards:
            whole |= 1 << card
        return cls((whole & 8191, whole >> 13 & 8191, whole >> 26 & 8191, whole >> 39))

    def worth(self, strain: int) -> int:
        """Points with `strain` as trumps: up to 4 more for short suits, or for a long trump suit.

        In no trumps a suit of five good cards, or of six, is worth one more.
        """
        if strain == NOTRUMP:
            long = any(
                length > 5 or (length == 5 and self.good(suit))
                for suit, length in enumerate(self.lengths)
            )
            return self.points + long
        trumps = self.lengths[strain]
        extra = max(0, trumps - 5)
        if trumps > 2:
            scale = _SHORT[trumps < 4]
            extra += sum(
                scale[length]
                for suit, length in enumerate(self.lengths)
                if length < 3 and suit != strain
            )
        return self.points + min(4, extra)

    def stops(self, suit: int) -> bool:
        """Whether the suit is stopped: an ace, a king with one, a queen with two, a jack with 3."""
        mask, length = self.masks[suit], self.lengths[suit]
        return bool(
            mask & _ACE
            or (mask & _KING and length > 1)
            or (mask & _QUEEN and length > 2)
            or (mask & _JACK and length > 3)
        )

    def honours(self, suit: int) -> int:
        """How many of ace, king and queen."""
        return (self.masks[suit] >> 10).bit_count()

    def good(self, suit: int) -> bool:
        """Whether the suit has two of the three highest cards, or three of the five."""
        return self.honours(suit) > 1 or (self.masks[suit] >> 8).bit_count() > 2

    def tricks(self, trump: int) -> int:
        """Tricks that it takes by itself with that trump suit, or none: what cannot be lost.

        Top cards in sequence, and the small ones behind a sequence that draws all the others.
        """
        total = 0
        for suit, (mask, length) in enumerate(zip(self.masks, self.lengths, strict=True)):
            top = 0
            while top < length and mask >> (12 - top) & 1:
                top += 1
            # The others' cards fall under as many top cards as the one who has most holds.
            runs = top >= 13 - length or (top > 3 and length > 6) or (top > 2 and length > 8)
            total += length if runs and (suit == trump or top) else top
            if suit != trump and trump != NOTRUMP:
                total -= max(0, min(top, length) - 2)  # a third round may be ruffed
        return total
