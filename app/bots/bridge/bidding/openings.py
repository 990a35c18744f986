"""The first bid of an auction."""

from __future__ import annotations

from typing import Final

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import PASS, bid
from app.bots.bridge.bidding.hand import (
    CLUBS,
    DIAMONDS,
    HEARTS,
    MAJORS,
    MINORS,
    NOTRUMP,
    SPADES,
    SUITS,
    Hand,
)
from app.bots.bridge.bidding.phrases import phrase
from app.bots.bridge.bidding.ways import (
    MOST,
    ROUND,
    Test,
    Way,
    good,
    lengths,
    longer,
    longest,
)


def _rule_of_20(hand: Hand) -> bool:
    return hand.points > 11 or hand.points + sum(sorted(hand.lengths)[2:]) > 19


def _takes(number: int, strain: int) -> Test:
    words = phrase("{number} sure tricks", number=number)
    return Test(words, lambda hand: hand.tricks(strain) >= number)


_NINE_TRICKS: Final = Test(
    "nine sure tricks", lambda hand: max(hand.tricks(suit) for suit in SUITS) > 8
)
_OPENS: Final = Test("", _rule_of_20)
_EQUAL_MINORS: Final = Test("", lambda hand: hand.lengths[CLUBS] == hand.lengths[DIAMONDS])


def _in_hand() -> list[Way]:
    """Slams that need nothing of partner."""
    strains = (NOTRUMP, SPADES, HEARTS, DIAMONDS, CLUBS)
    return [
        Way(bid(level, strain), "to play", (12, MOST), tests=(_takes(level + 6, strain),))
        for level in (7, 6)
        for strain in strains
    ]


def _one_of_a_suit() -> list[Way]:
    def opening(suit: int, least: int, *tests: Test) -> Way:
        shown = lengths({suit: least})
        return Way(bid(1, suit), "", (11, 21), shown, tests=(_OPENS, *tests), then="one")

    return [
        opening(SPADES, 5, longest(SPADES, HEARTS, DIAMONDS, CLUBS)),
        opening(HEARTS, 5, longest(HEARTS, DIAMONDS, CLUBS)),
        opening(DIAMONDS, 3, longer(DIAMONDS, CLUBS)),
        opening(DIAMONDS, 4, _EQUAL_MINORS),
        opening(CLUBS, 3),
    ]


def _solid_minor(suit: int) -> Test:
    def holds(hand: Hand) -> bool:
        outside = hand.aces + hand.kings - 2
        return hand.honours(suit) == 3 and outside == 0

    return Test("nothing but a solid minor suit of seven", holds)


def _preempts(hot: bool) -> list[Way]:
    least = 6 if hot else 5
    tail = "pre-emptive"
    ways = [
        Way(
            "3Z",
            "gambling",
            (9, 13),
            lengths({suit: 7}),
            tests=(_solid_minor(suit),),
            then="gambling",
            artificial=True,
        )
        for suit in MINORS
    ]
    ways += [Way(bid(4, s), tail, (least, 11), lengths({s: 8}), then="preempt") for s in MAJORS]
    ways += [Way(bid(5, s), tail, (least, 11), lengths({s: 9}), then="preempt") for s in MINORS]
    ways += [
        Way(bid(4, s), tail, (least, 10), lengths({s: (8, 8)}), then="preempt") for s in MINORS
    ]
    ways += [
        Way(
            bid(3, s),
            tail,
            (least, 10),
            lengths({s: (7, 7)}),
            tests=(good(s),) * hot,
            then="preempt",
        )
        for s in SUITS
    ]
    ways += [
        Way(
            bid(2, s),
            "weak two",
            (least, 10),
            lengths({s: (6, 6)} | {o: (0, 3) for o in MAJORS if o != s}),
            tests=(good(s),),
            then="weak two",
        )
        for s in (SPADES, HEARTS, DIAMONDS)
    ]
    return ways


_STRONG: Final = (
    *_in_hand(),
    Way("2C", "strong", (22, MOST), forcing=ROUND, artificial=True, then="two clubs"),
    Way(
        "2C",
        "strong suit",
        (17, 21),
        tests=(_NINE_TRICKS,),
        forcing=ROUND,
        artificial=True,
        then="two clubs",
    ),
    Way(
        "2Z",
        "",
        (20, 21),
        balanced=True,
        then="notrump",
    ),
    Way(
        "1Z",
        "",
        (15, 17),
        balanced=True,
        then="notrump",
    ),
)
_ONE: Final = tuple(_one_of_a_suit())
_WEAK: Final = {hot: tuple(_preempts(hot)) for hot in (False, True)}
_PASS: Final = Way(PASS, "", (0, 11))


def openings(auction: Auction) -> list[Way]:
    """By the first to bid. In the fourth seat nobody is to be kept out."""
    if len(auction.said) == 3:
        return [*_STRONG, *_ONE, _PASS]
    weak = _WEAK[auction.hot]
    gambles = [way for way in weak if way.points[1] > 10]  # before the one-bids they would be
    return [*_STRONG, *gambles, *_ONE, *weak, _PASS]
