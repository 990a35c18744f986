"""Responder, when the opponents have bid over partner's opening; opener over a negative double."""

from __future__ import annotations

from typing import Final

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import DOUBLE, HEIGHT, PASS, bid, cheapest
from app.bots.bridge.bidding.general import (
    stoppers,
)
from app.bots.bridge.bidding.hand import HEARTS, MAJORS, MINORS, NOTRUMP, SPADES, SUITS
from app.bots.bridge.bidding.later import compete
from app.bots.bridge.bidding.phrases import phrase
from app.bots.bridge.bidding.ways import (
    GAME,
    MOST,
    ROUND,
    Test,
    Way,
    lengths,
    longest,
    support,
)

_ORDER: Final = tuple(reversed(SUITS))


def over_overcall(auction: Auction) -> list[Way]:
    """Partner has opened one of a suit, and the opponent on the right has bid."""
    last = auction.partners_last
    assert last is not None
    suit = suit_of(last.call)
    if auction.strain == NOTRUMP:
        return _over_one_notrump(auction, suit)
    if auction.level > 3 or auction.said[-1].way.artificial:
        return _over_two_suits(auction, suit)
    theirs = auction.strain
    enough = 3 if suit in MAJORS else 5 - (suit == 1)
    ways: list[Way] = []
    if suit in MAJORS:
        ways.append(support(bid(4, suit), suit, 5, 4, 10, name="pre-emptive"))
        if auction.level == 3:
            ways.append(support(bid(4, suit), suit, 3, 10, 15))
    ways += _good_raise(auction, suit, enough, 10)
    ways += _new_suits(auction, suit, theirs)
    ways += _negative(auction, suit, theirs)
    stops = stoppers(auction)
    ways += [
        Way("3Z", "", (13, 18), tests=(stops,)),
        Way("2Z", "", (11, 12), tests=(stops,)),
    ]
    weak = phrase("pre-emptive") if auction.level < 3 else ""
    ways += [
        support(bid(2, suit), suit, enough, 6, 9),
        support(bid(3, suit), suit, enough + 1, 5 if weak else 8, 9, name=weak),
        Way("1Z", "", (7, 10), tests=(stops,)),
    ]
    return [*ways, *_strong_rest(auction, suit, theirs, enough), Way(PASS, "", (0, 16))]


def _over_two_suits(auction: Auction, suit: int) -> list[Way]:
    """They have shown two suits, or have jumped high: raises, and doubles that show values."""
    enough = 3 if suit in MAJORS else 5
    ways = []
    if auction.height < HEIGHT["3C"]:
        ways = [support(bid(3, suit), suit, enough, 6, 10)]
    if suit in MAJORS:
        ways.insert(0, support(bid(4, suit), suit, enough, 11, 15))
    return [*ways, Way(DOUBLE, "values", (10, MOST), then="values"), Way(PASS, "", (0, 11))]


def _good_raise(auction: Auction, suit: int, enough: int, low: int) -> list[Way]:
    level = cheapest(auction.strain, auction.height)
    if level > 3:
        return []
    return [
        support(
            bid(level, auction.strain),
            suit,
            enough,
            low,
            MOST,
            name="good raise",
            forcing=ROUND,
            artificial=True,
        )
    ]


def _new_suits(auction: Auction, suit: int, theirs: int) -> list[Way]:
    ways = []
    for other in _ORDER:
        if other in (suit, theirs):
            continue
        level = cheapest(other, auction.height)
        if level > 3:
            continue
        if level == 1:
            least = 5 if other == SPADES and theirs == HEARTS else 4
            ways.append(
                Way(
                    bid(1, other),
                    "",
                    (6, MOST),
                    lengths({other: least}),
                    forcing=ROUND,
                    then="new suit",
                    tests=(longest(other, *(s for s in MAJORS if s != theirs)),),
                )
            )
        else:
            low = 10 if level == 2 else 12
            ways.append(
                Way(
                    bid(level, other),
                    "",
                    (low, MOST),
                    lengths({other: 5}),
                    forcing=ROUND if level == 2 else GAME,
                    tests=(longest(other, *SUITS),),
                )
            )
    return ways


def _negative(auction: Auction, suit: int, theirs: int) -> list[Way]:
    """A double that shows the other suits, as far as three spades."""
    majors = [s for s in MAJORS if s not in (suit, theirs)]
    low = (6, 8, 10)[auction.level - 1]
    told = phrase("negative")
    if majors:
        if len(majors) == 2:
            # Over one diamond both majors; higher, either.
            shapes = [{SPADES: 4, HEARTS: 4}] if auction.level == 1 else [{HEARTS: 4}, {SPADES: 4}]
        else:
            shapes = [{majors[0]: 4}]
        return [
            Way(DOUBLE, told, (low, MOST), lengths(shape), then="negative", forcing=ROUND)
            for shape in shapes
        ]
    minors = {s: 3 for s in (0, 1) if s not in (suit, theirs)}
    return [
        Way(
            DOUBLE,
            told,
            (low + 2, MOST),
            lengths(minors | {theirs: (0, 3)}),
            then="negative",
            forcing=ROUND,
        )
    ]


def _strong_rest(auction: Auction, suit: int, theirs: int, enough: int) -> list[Way]:
    """Hands with enough for game and nothing else to say: a card less will do."""
    ways = [
        Way(bid(level, other), "", (13, MOST), lengths({other: 4}), forcing=ROUND)
        for other in MINORS
        if other not in (suit, theirs) and 1 < (level := cheapest(other, auction.height)) < 4
    ]
    return [*ways, *_good_raise(auction, suit, enough - 1, 13)]


def _over_one_notrump(auction: Auction, suit: int) -> list[Way]:
    ways = [
        Way(DOUBLE, "penalty", (9, MOST)),
        support(bid(2, suit), suit, 3 if suit in MAJORS else 5, 5, 8),
    ]
    ways += [
        Way(bid(2, other), "", (4, 8), lengths({other: 6})) for other in _ORDER if other != suit
    ]
    return [*ways, Way(PASS, "", (0, 8))]


def to_negative(auction: Auction) -> list[Way]:
    """Partner's double has shown the other suits: bid one of them, as one would raise it."""
    if auction.last != PASS:
        return compete(auction)
    mine, theirs = suit_of(auction.mine[0].call), auction.strain
    ways: list[Way] = []
    trumps = Test("", lambda hand: hand.lengths[theirs] > 4 and hand.honours(theirs) > 0)
    if auction.level > 1:
        ways.append(Way(PASS, "for penalties", (11, MOST), tests=(trumps,), then="pass"))
    for suit in (SPADES, HEARTS):
        if suit in (mine, theirs):
            continue
        at = cheapest(suit, auction.height)
        if at < 4:
            ways.append(support(bid(4, suit), suit, 4, 18 if at < 3 else 16, MOST))
        if at < 3:
            ways.append(support(bid(at + 1, suit), suit, 4, 16, 17))
        ways.append(support(bid(at, suit), suit, 4, 11, 17))
    stops = stoppers(auction)
    at = cheapest(NOTRUMP, auction.height)
    if at < 4:
        ways += [
            Way("3Z", "", (18 - 2 * (auction.level > 1), MOST), tests=(stops,)),
            Way(bid(at, NOTRUMP), "", (11, 17), balanced=True, tests=(stops,)),
        ]
    for suit in _ORDER:
        if suit != theirs and (low := cheapest(suit, auction.height)) < 4:
            least = 5 if suit == mine else 4
            if low < 3:
                ways.append(Way(bid(low + 1, suit), "", (16, MOST), lengths({suit: least})))
            ways.append(
                Way(bid(low, suit), "", (11, 15 if low < 3 else MOST), lengths({suit: least}))
            )
    return ways
