"""The first call of the side that did not open."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import DOUBLE, HEIGHT, PASS, bid, cheapest
from app.bots.bridge.bidding.hand import (
    CLUBS,
    DIAMONDS,
    HEARTS,
    MAJORS,
    NOTRUMP,
    SPADES,
    SUITS,
    Hand,
)
from app.bots.bridge.bidding.phrases import phrase
from app.bots.bridge.bidding.ways import (
    MOST,
    ROUND,
    WORDS,
    Test,
    Way,
    good,
    lengths,
    longest,
    stopper,
)

_ORDER = (SPADES, HEARTS, DIAMONDS, CLUBS)


def overcalls(auction: Auction) -> list[Way]:
    """They have opened, and we have not bid: over the right, between the two, or last of all."""
    bids = [said for said in auction.theirs if said.call in HEIGHT]
    opened = bids[0]
    if opened.way.artificial:
        return _over_strong(auction)
    if auction.strain == NOTRUMP:
        return _over_notrump(auction)
    if len(bids) > 1:
        return _sandwich(auction)
    last = auction.said[-2:]
    if len(last) == 2 and last[0].call == last[1].call == PASS and auction.level == 1:
        return _balancing(auction)
    if auction.level == 1:
        return _over_one(auction)
    return _over_preempt(auction)


def takeout(auction: Auction, low: int, strong: int) -> list[Way]:
    """Support for the suits they have not bid, or a hand too strong for anything else."""
    theirs = auction.their_suits
    others = [suit for suit in SUITS if suit not in theirs]

    def holds(hand: Hand) -> bool:
        return all(hand.lengths[suit] > 2 for suit in others) and any(
            hand.lengths[suit] > 3 for suit in others if suit in MAJORS or len(theirs) > 1
        )

    shown = lengths(
        dict.fromkeys(theirs[:1], (0, 2 if auction.level < 3 else 1)) | dict.fromkeys(others, 3)
    )
    ways = [
        Way(
            DOUBLE,
            "take-out",
            (low, MOST),
            shown,
            tests=(Test("", holds),),
            forcing=ROUND,
            then="take-out",
        ),
    ]
    if strong < MOST:
        ways.insert(
            0, Way(DOUBLE, "take-out, strong", (strong, MOST), forcing=ROUND, then="take-out")
        )
    return ways


def _over_one(auction: Auction) -> list[Way]:
    theirs = auction.strain
    ways = [*_two_suits(auction, theirs), *takeout(auction, 12, 19)[:1]]
    ways.append(Way("1Z", "", (15, 18), balanced=True, tests=(stopper(theirs),), then="notrump"))
    for suit in _ORDER:
        if suit == theirs:
            continue
        level = cheapest(suit, auction.height)
        one = level == 1
        best = longest(suit, *(s for s in SUITS if s != theirs))
        ways.append(
            Way(
                bid(level, suit),
                "",
                (8 if one else 11, 18),
                lengths({suit: 5 if one else 6}),
                tests=(best,),
                then="overcall",
            )
        )
        if not one:
            ways.append(
                Way(
                    bid(level, suit),
                    "",
                    (12, 18),
                    lengths({suit: 5}),
                    tests=(best, good(suit)),
                    then="overcall",
                )
            )
    ways += takeout(auction, 12, MOST)
    ways += _jumps(auction, theirs)
    return [*ways, Way(PASS)]


def _two_suits(auction: Auction, theirs: int) -> list[Way]:
    """Michaels: a cue bid shows both majors, or the other one and a minor; 2NT the two lowest."""
    points = (8, MOST)
    cue = bid(2, theirs)
    if theirs in MAJORS:
        other = HEARTS + SPADES - theirs
        told = phrase("Michaels, five {suit} and five of a minor", suit=WORDS[other])
        cues = [
            Way(
                cue,
                told,
                points,
                lengths({other: 5, minor: 5}),
                artificial=True,
                forcing=ROUND,
                then="michaels",
                suit=other,
            )
            for minor in (CLUBS, DIAMONDS)
        ]
    else:
        cues = [
            Way(
                cue,
                "Michaels, both majors",
                points,
                lengths({HEARTS: 5, SPADES: 5}),
                artificial=True,
                forcing=ROUND,
                then="michaels",
                suit=SPADES,
            )
        ]
    low, high = [suit for suit in SUITS if suit != theirs][:2]
    told = phrase("unusual, {one} and {other}", one=WORDS[low], other=WORDS[high])
    return [
        *cues,
        Way(
            "2Z",
            told,
            points,
            lengths({low: 5, high: 5}),
            artificial=True,
            forcing=ROUND,
            then="unusual",
        ),
    ]


def _jumps(auction: Auction, theirs: int) -> list[Way]:
    least = 7 if auction.hot else 6
    ways = []
    for suit in _ORDER:
        level = cheapest(suit, auction.height) + 1
        if suit == theirs:
            continue
        if level == 2:
            ways.append(
                Way(
                    bid(2, suit),
                    "weak",
                    (least, 10),
                    lengths({suit: (6, 6)}),
                    tests=(good(suit),),
                    then="preempt",
                )
            )
        ways.append(
            Way(
                bid(3, suit),
                "pre-emptive",
                (least, 10),
                lengths({suit: (7, 7)}),
                tests=(good(suit),),
                then="preempt",
            )
        )
        if suit in MAJORS:
            ways.append(
                Way(bid(4, suit), "pre-emptive", (least, 12), lengths({suit: 8}), then="preempt")
            )
    return ways


def _balancing(auction: Auction) -> list[Way]:
    """Two passes after their bid: three points less will do."""
    theirs = auction.strain
    ways = [
        *takeout(auction, 10, 17),
        Way("1Z", "", (11, 15), balanced=True, tests=(stopper(theirs),), then="low notrump"),
    ]
    for suit in _ORDER:
        if suit != theirs:
            level = cheapest(suit, auction.height)
            ways.append(
                Way(
                    bid(level, suit),
                    "",
                    (7 if level == 1 else 9, 16),
                    lengths({suit: 5}),
                    tests=(longest(suit, *(s for s in SUITS if s != theirs)),),
                    then="overcall",
                )
            )
    return [*ways, Way(PASS, "", (0, 16))]


def _over_preempt(auction: Auction) -> list[Way]:
    """At two and more: sound values; doubles are for take-out as far as four hearts."""
    theirs, level = auction.strain, auction.level
    low = 12 + (level > 2) + 2 * (level > 3)
    ways: list[Way] = [*takeout(auction, low, 19)[:1]]
    if level == 2:
        ways.append(
            Way("2Z", "", (15, 18), balanced=True, tests=(stopper(theirs),), then="notrump")
        )
    if level < 4:
        ways.append(Way("3Z", "", (17, 20), tests=(stopper(theirs), _long_minor(theirs))))
        ways.append(Way("3Z", "", (19, 21), balanced=True, tests=(stopper(theirs),)))
    for suit in _ORDER:
        if suit == theirs:
            continue
        at = cheapest(suit, auction.height)
        best = longest(suit, *(s for s in SUITS if s != theirs))
        if suit in MAJORS and at < 4:
            ways.append(Way(bid(4, suit), "", (15, 18), lengths({suit: 6}), tests=(best,)))
        points = (low - 1 + 2 * (at > 3), 18)
        if at < 6 - (suit in MAJORS):
            ways += [
                Way(bid(at, suit), "", points, lengths({suit: 6}), tests=(best,), then="overcall"),
                Way(
                    bid(at, suit),
                    "",
                    (points[0] + 1, 18),
                    lengths({suit: 5 + (at > 3)}),
                    tests=(best, good(suit)),
                    then="overcall",
                ),
            ]
    ways += (
        takeout(auction, low, MOST)
        if auction.height <= HEIGHT["4H"]
        else [Way(DOUBLE, "penalty", (17, MOST))]
    )
    return [*ways, Way(PASS)]


def _long_minor(theirs: int) -> Test:
    return Test(
        "",
        lambda hand: any(
            hand.lengths[suit] > 5 and hand.good(suit)
            for suit in (CLUBS, DIAMONDS)
            if suit != theirs
        ),
    )


def _sandwich(auction: Auction) -> list[Way]:
    """Both of them have bid: good suits only; a double is for the others."""
    theirs = auction.their_suits
    low = 12 + auction.level // 2
    ways: list[Way] = []
    raised = len(theirs) == 1
    last = auction.said[-2:]
    live = auction.last != PASS
    if not live and last[0].call == PASS and auction.level == 2:  # they stop: we need not let them
        low = 10
    if auction.level < 4 and len(theirs) < 3:
        ways += takeout(auction, low, MOST)
    for suit in _ORDER:
        level = cheapest(suit, auction.height)
        if suit in theirs or level > 3:
            continue
        points = (low - 4 + 2 * level - 2 * raised, 18)
        ways.append(
            Way(
                bid(level, suit),
                "",
                points,
                lengths({suit: 6 if level > 1 else 5}),
                tests=(good(suit),),
                then="overcall",
            )
        )
        if level < 3:
            ways.append(
                Way(
                    bid(level, suit),
                    "",
                    (points[0] + 1, 18),
                    lengths({suit: 5}),
                    tests=(good(suit),),
                    then="overcall",
                )
            )
    if auction.level > 3:
        ways.append(Way(DOUBLE, "penalty", (16, MOST)))
    return [*ways, Way(PASS)]


def _over_notrump(auction: Auction) -> list[Way]:
    """Over their no trumps: doubles for penalties, suits to play."""
    level = auction.level
    ways: list[Way] = []
    if level == 1:
        ways.append(Way(DOUBLE, "penalty", (16, MOST), then="penalty"))
    for suit in _ORDER:
        at = cheapest(suit, auction.height)
        if at < 4:
            ways.append(
                Way(
                    bid(at, suit),
                    "",
                    (8 + 3 * (at - 2), 15 + level),
                    lengths({suit: 6}),
                    tests=(good(suit),),
                    then="overcall",
                )
            )
    if level == 1:
        ways += [
            Way(
                bid(2, suit),
                "",
                (10, 15),
                lengths({suit: 5, other: 5 if suit > 1 else 4}),
                then="overcall",
            )
            for suit in MAJORS
            for other in SUITS
            if other < suit
        ]
    return [*ways, Way(PASS)]


def _over_strong(auction: Auction) -> list[Way]:
    """Over an artificial opening: only long good suits."""
    ways = []
    for suit in _ORDER:
        at = cheapest(suit, auction.height)
        if at < 4:
            ways.append(
                Way(
                    bid(at, suit),
                    "",
                    (6, 15),
                    lengths({suit: 6}),
                    tests=(good(suit),),
                    then="overcall",
                )
            )
    return [*ways, Way(PASS)]
