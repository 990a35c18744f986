"""What the auction tells of the hands, seat by seat, if everybody bids as the robots do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final, TypeAlias

from app.bots.bridge.bidding import Hand, Meaning, meaning
from app.bots.bridge.bidding.auction import Shown
from app.bots.bridge.bidding.system import read
from app.bots.bridge.sight import Sight
from app.games.bridge.deal import SIDES

Range: TypeAlias = tuple[int, int]

_SHAPE: Final = 3  # what a hand's distribution may have added to its points
_LENGTH: Final = 2  # how many points a card too many or too few counts as


@dataclass(frozen=True, slots=True)
class Picture:
    """A hand of thirteen cards: its high-card points, its length in each suit, and its calls."""

    points: Range = (0, 37)
    lengths: tuple[Range, ...] = ((0, 13),) * 4
    calls: tuple[Meaning, ...] = ()

    def distance(self, points: int, lengths: Sequence[int]) -> int:
        """How far a hand is from the ranges, in points; 0 for one of those meant."""
        low, high = self.points
        away = low - points if points < low else points - high if points > high else 0
        for length, (least, most) in zip(lengths, self.lengths, strict=True):
            if length < least:
                away += _LENGTH * (least - length)
            elif length > most:
                away += _LENGTH * (length - most)
        return away

    def weight(self, cards: Iterable[int]) -> float:
        """How believable it is that somebody dealt these has called so, over 0 to 1."""
        if not self.calls:
            return 1.0
        hand = Hand.of(cards)
        return prod(call.weight(hand) for call in self.calls)


ANYTHING: Final = Picture()


def pictures(sight: Sight) -> list[Picture]:
    """By seat what was shown in the auction."""
    dealer = SIDES[sight.dealer]
    auction, _ = read(dealer, sight.vulnerable, sight.calls)
    said = meaning(dealer, sight.vulnerable, sight.calls)
    return [
        _picture(auction.shown[seat], tuple(call for call in said if call.seat == seat))
        for seat in range(4)
    ]


def _picture(shown: Shown, calls: tuple[Meaning, ...]) -> Picture:
    low = max(shown.points[0], shown.worth[0] - _SHAPE)
    high = min(shown.points[1], shown.worth[1])
    return Picture((low, high) if low <= high else shown.points, tuple(shown.lengths), calls)
