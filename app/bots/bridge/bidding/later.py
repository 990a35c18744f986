"""When both sides bid, and no table says what is next: doubles, raises, suits bid again."""

from __future__ import annotations

from typing import Final

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import DOUBLE, HEIGHT, PASS, bid, cheapest, is_game
from app.bots.bridge.bidding.general import (
    MAJOR_GAME,
    constructive,
    fits,
    games,
    slams,
    somehow,
    strength,
)
from app.bots.bridge.bidding.hand import MAJORS, NOTRUMP, SUITS, Hand
from app.bots.bridge.bidding.ways import MOST, ROUND, Test, Way, lengths, longest, support

_ORDER: Final = tuple(reversed(SUITS))


def to_values(auction: Auction) -> list[Way]:
    """Partner's double says that we have the more points: defend with their trumps, or bid on."""
    if auction.last != PASS:
        return compete(auction)
    theirs = auction.strain
    ways = [
        Way(PASS, "for penalties", lengths=lengths({theirs: 4}), then="pass"),
        *games(auction),
    ]
    if auction.level > 2:
        ways.append(Way(PASS, "for penalties", balanced=True, then="pass"))
    return ways


def compete(auction: Auction) -> list[Way]:
    """They have bid or doubled last: game, the law of total tricks, a penalty double, or a pass."""
    if auction.ours:
        return _doubled(auction)
    ways = slams(auction) if auction.level < 4 else []
    ways += games(auction)
    ways += penalties(auction)
    ways += _raises(auction)
    ways += _again(auction)
    if auction.forced:
        return [*ways, Way(DOUBLE, "penalty"), *somehow(auction)]
    return [*ways, Way(PASS)]


def _doubled(auction: Auction) -> list[Way]:
    """They have doubled what we bid: as if they had passed if it is low, else no more."""
    if auction.level > 2 or auction.strain == NOTRUMP:
        if auction.partners_last is not None and auction.partners_last.way.artificial:
            return constructive(auction)
        return [Way(PASS)]
    if auction.bidder == auction.turn:
        return [*_again(auction), Way(PASS)] if auction.level < 3 else [Way(PASS)]
    return constructive(auction)


def penalties(auction: Auction) -> list[Way]:
    """They cannot make it: we have most of the points, or trumps behind theirs."""
    low, _ = strength(auction)
    level, theirs = auction.level, auction.strain
    if level < 4 and (low < 5 or (theirs != NOTRUMP and not _has_doubled(auction))):
        return []  # so low a double asks, as others do
    need = max(8, (26, 24, 23, 22, 22, 20, 16)[level - 1] - low)
    points = (need + 2 * (level < 4), MOST)
    if theirs == NOTRUMP:
        return [Way(DOUBLE, "penalty", (max(need, 24 - low), MOST))]
    stack = Test("", lambda hand: hand.honours(theirs) > 0)
    ways = [
        Way(
            DOUBLE,
            "penalty",
            (max(6, need - 3), MOST),
            lengths({theirs: 4 + (level < 3)}),
            tests=(stack,),
        )
    ]
    if level > 3:
        ways.append(Way(DOUBLE, "penalty", points, tests=(_no_long_fit(auction),)))
    return ways


def _no_long_fit(auction: Auction) -> Test:
    known = [auction.partner.least(suit) for suit in SUITS]
    return Test(
        "", lambda hand: all(hand.lengths[suit] + least < 11 for suit, least in enumerate(known))
    )


def _raises(auction: Auction) -> list[Way]:
    """As many tricks as there are trumps, if the points are not far behind."""
    low, _ = strength(auction)
    ways = []
    for suit, _ in fits(auction):
        known = auction.partner.least(suit)
        level = cheapest(suit, auction.height)
        if known < 3 or level > 5 - (suit in MAJORS) or is_game(auction.height):
            continue
        trumps = max(level + 6, 8) - known
        told = auction.me.least(suit) + (level > 2)  # at three and more with a trump not told yet
        points = max(0, 15 + 2 * auction.hot + 2 * (level > 2) - low)
        ways.append(support(bid(level, suit), suit, max(trumps, min(told, 7)), points, MOST))
    return ways


def _again(auction: Auction) -> list[Way]:
    """A double that asks partner, an own suit once more, or another one."""
    if auction.level > 3:
        return []
    return [*_doubles(auction), *_suits_again(auction)]


def _spoken(auction: Auction) -> bool:
    """Whether I have bid."""
    return any(said.call in HEIGHT for said in auction.mine)


def _has_doubled(auction: Auction) -> bool:
    return any(said.call == DOUBLE for said in auction.mine)


def _alone(auction: Auction) -> bool:
    """Whether partner has nothing to say."""
    return auction.partners_last is None or auction.partners_last.call == PASS


def _doubles(auction: Auction) -> list[Way]:
    """Values opposite a partner who has some; opposite one who has none for take-out."""
    ways: list[Way] = []
    doubled = _has_doubled(auction)
    spoken, alone = _spoken(auction), _alone(auction)
    if auction.strain == NOTRUMP or not (spoken or doubled):
        return ways
    theirs = auction.their_suits[:1]
    if spoken and auction.partner.points[0] > 5 and not doubled:
        low = max(10, 20 - strength(auction)[0]) + 2 * (auction.level > 2)
        few = lengths(dict.fromkeys(theirs, (0, 3)))
        ways.append(
            Way(
                DOUBLE, "values", (low, MOST), few, tests=(_NOT_LONG,), then="values", forcing=ROUND
            )
        )
    if alone:
        low = 17 + 3 * doubled
        ways.append(Way(DOUBLE, "take-out, strong", (low, MOST), then="take-out", forcing=ROUND))
    if spoken and alone and not doubled and auction.level < 3:
        low = 12 if auction.last == PASS else 16
        short = lengths(dict.fromkeys(theirs, (0, 2)))
        ways.append(
            Way(
                DOUBLE,
                "take-out",
                (low, MOST),
                short,
                tests=(_three_suits(auction), _NOT_LONG),
                then="take-out",
                forcing=ROUND,
            )
        )
    return ways


def _suits_again(auction: Auction) -> list[Way]:
    ways: list[Way] = []
    low, _ = strength(auction)
    second = tuple(suit for suit in SUITS if auction.me.least(suit) < 4)
    for suit in _ORDER:
        level = cheapest(suit, auction.height)
        if suit in auction.their_suits or level > 3:
            continue
        call, held = bid(level, suit), auction.me.least(suit)
        if held > 3:
            least = max(6, held + (level > 2))
            ways.append(Way(call, "", (5 + 3 * level, MOST), lengths({suit: least})))
        elif _spoken(auction) and not auction.partner.points[0]:
            ways.append(
                Way(
                    call,
                    "",
                    (11 + 2 * level, MOST),
                    lengths({suit: 5}),
                    tests=(longest(suit, *second),),
                )
            )
        elif low and (_spoken(auction) or not _alone(auction)):
            points = max(10, MAJOR_GAME - 5 - low + 2 * (level > 2))
            ways.append(Way(call, "", (points, MOST), lengths({suit: 5}), forcing=ROUND))
    return ways


_NOT_LONG: Final = Test(
    "", lambda hand: sorted(hand.lengths)[3] < 6 and sorted(hand.lengths)[2] < 5
)


def _three_suits(auction: Auction) -> Test:
    theirs, mine = auction.their_suits, auction.me

    def holds(hand: Hand) -> bool:
        return all(
            hand.lengths[suit] > 2 for suit in SUITS if suit not in theirs and mine.least(suit) < 3
        )

    return Test("", holds)
