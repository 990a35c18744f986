"""Answers to partner's overcall, take-out double or two-suited bid."""

from __future__ import annotations

from typing import Final

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import DOUBLE, HEIGHT, PASS, bid, cheapest
from app.bots.bridge.bidding.general import stoppers
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
from app.bots.bridge.bidding.later import compete
from app.bots.bridge.bidding.ways import (
    MOST,
    ROUND,
    Test,
    Way,
    lengths,
    longer,
    longest,
    support,
)

_ORDER: Final = tuple(reversed(SUITS))
_HIGHER: Final = (0, 0, 0, 2, 5, 8, 8, 8)  # what a free bid of that level needs beyond six points


def to_takeout(auction: Auction) -> list[Way]:
    """Partner has doubled for take-out: the weakest hand bids its best suit, the more the higher.

    Over a bid or a redouble on the right nothing must be said, and a bid shows a little.
    """
    free = auction.last != PASS
    theirs = auction.their_suits or tuple({auction.strain} - {NOTRUMP})
    ways = [] if free or not auction.doubled else _penalty_passes(auction)
    if auction.height < HEIGHT["4H"]:
        low = 11 if auction.level > 1 else 12
        ways += [
            support(bid(4, suit), suit, 4, low, 20, tests=(_best(suit, theirs),))
            for suit in (SPADES, HEARTS)
            if suit not in theirs
        ]
    ways += _notrumps(auction, theirs)
    if auction.level < 3:
        ways += _jumps_and_cue(auction, theirs)
    ways += _suits(auction, theirs, free=free)
    return [*ways, Way(PASS, "", (0, 12))] if free else ways


def _penalty_passes(auction: Auction) -> list[Way]:
    """With their trumps; at the level of four and higher with any balanced hand."""
    trumps, level = auction.strain, auction.level
    shown = lengths({trumps: 5} if trumps != NOTRUMP else {})
    tests = (Test("", lambda hand: hand.honours(trumps) > 1),) if level < 4 > trumps else ()
    ways = [Way(PASS, "for penalties", (8 - level, MOST), shown, tests=tests, then="pass")]
    if level > 3:
        ways.append(Way(PASS, "for penalties", balanced=True, then="pass"))
    return ways


def _jumps_and_cue(auction: Auction, theirs: tuple[int, ...]) -> list[Way]:
    """Nine points and more: a level higher than need be, or their suit with enough for game."""
    ways = []
    for suit in _ORDER:
        at = cheapest(suit, auction.height)
        if suit not in theirs and at < 3:
            high = 11 if suit in MAJORS else 14
            ways.append(support(bid(at + 1, suit), suit, 4, 9, high, tests=(_best(suit, theirs),)))
    for suit in theirs[:1]:
        cue = bid(cheapest(suit, auction.height), suit)
        ways.append(
            Way(
                cue,
                "strong, asks for a suit",
                (12, MOST),
                forcing=ROUND,
                artificial=True,
                then="cue",
            )
        )
    return ways


def _suits(auction: Auction, theirs: tuple[int, ...], *, free: bool) -> list[Way]:
    """The best suit at the lowest level: with nothing, or freely over a bid with a little."""
    low = 6 if free and auction.last in HEIGHT else 0
    high = 11 if auction.level < 3 else MOST
    four, three = [], []
    for suit in _ORDER:
        if suit in theirs:
            continue
        at, best = cheapest(suit, auction.height), (_best(suit, theirs),)
        least = low + _HIGHER[at] if low else 0
        shown = lengths({suit: 4 if at < 4 else 5})
        four.append(Way(bid(at, suit), "", (least, max(high, least)), shown, tests=best))
        three.append(Way(bid(at, suit), "", (0, high), lengths({suit: 3}), tests=best))
    return four if free else four + three


def _notrumps(auction: Auction, theirs: tuple[int, ...]) -> list[Way]:
    """No trumps with their suit stopped and no major of four."""
    stops = stoppers(auction)
    no_major = lengths({suit: (0, 3) for suit in MAJORS if suit not in theirs})
    steps = (("1Z", 7, 10), ("2Z", 11, 12), ("3Z", 13, 18))
    if auction.level == 2:
        steps = (("2Z", 9, 11), ("3Z", 12, 18), ("6Z", 19, MOST))
    elif auction.level > 2:
        steps = (("3Z", 11, 18), ("6Z", 20, MOST), ("7Z", 24, MOST))
    return [Way(call, "", (low, high), no_major, tests=(stops,)) for call, low, high in steps]


def _best(suit: int, theirs: tuple[int, ...]) -> Test:
    """The longest of the suits they have not bid, the highest of equals."""
    others = [s for s in SUITS if s not in theirs and s != suit]

    def holds(hand: Hand) -> bool:
        return all(
            hand.lengths[suit] > hand.lengths[other]
            or (hand.lengths[suit] == hand.lengths[other] and suit > other)
            for other in others
        )

    return Test("", holds)


def to_cue(auction: Auction) -> list[Way]:
    """Partner, after our double, has enough for game or nearly, and asks for a suit."""
    theirs = auction.their_suits
    ways = []
    for suit in (SPADES, HEARTS):
        if suit not in theirs:
            at = cheapest(suit, auction.height)
            ways += [
                Way(bid(4, suit), "", (15, MOST), lengths({suit: 4})),
                Way(bid(at, suit), "", (0, 14), lengths({suit: 4}), forcing=ROUND),
            ]
    return [
        *ways,
        Way(bid(cheapest(NOTRUMP, auction.height), NOTRUMP), "", tests=(stoppers(auction),)),
    ]


def to_overcall(auction: Auction) -> list[Way]:
    """Partner has overcalled in a suit: raises, the cue bid for the good ones, no trumps."""
    last = auction.partners_last
    assert last is not None
    suit, at = suit_of(last.call), HEIGHT[last.call] // 5 + 1
    enough = 3 if auction.partner.least(suit) < 6 else 2
    cue = _cue(auction)
    floor = 14 - 3 * (at - 1)  # what makes game likely, less the better the overcall is
    ways: list[Way] = []
    if suit in MAJORS:
        ways.append(support(bid(4, suit), suit, enough, floor + 1, 18))
        ways.append(support(bid(4, suit), suit, 5, 5, floor, name="pre-emptive"))
    if cue:
        ways.append(
            support(
                cue,
                suit,
                enough,
                floor - 3,
                MOST,
                name="good raise",
                forcing=ROUND,
                artificial=True,
                then="good raise",
            )
        )
    else:
        ways.append(support(bid(at + 1, suit), suit, enough, floor - 3, MOST))
    stops = stoppers(auction)
    ways += [
        Way("3Z", "", (floor + 1, 20), tests=(stops,)),
        *_new(auction, suit, at),
        Way("2Z", "", (floor - 2, floor), tests=(stops,)),
    ]
    if at < 3:
        ways.append(support(bid(at + 2, suit), suit, enough + 1, 3, floor - 4, name="pre-emptive"))
    if at == 1 or auction.level == at:
        ways.append(support(bid(at + 1, suit), suit, enough, 6, floor - 4))
    ways.append(Way("1Z", "", (8, 11), tests=(stops,)))
    if auction.last not in (PASS, DOUBLE):
        ways += compete(auction)
    return [*ways, Way(PASS, "", (0, 15))]


def _cue(auction: Auction) -> str:
    """Their suit at the cheapest level, if that is not higher than three."""
    for suit in auction.their_suits[:1]:
        level = cheapest(suit, auction.height)
        if level < 4:
            return bid(level, suit)
    return ""


def _new(auction: Auction, partners: int, at: int) -> list[Way]:
    ways = []
    for suit in _ORDER:
        level = cheapest(suit, auction.height)
        if suit == partners or suit in auction.their_suits or level > 3:
            continue
        ways.append(
            Way(
                bid(level, suit),
                "",
                (8 + 2 * (level - at) * (at < 3), 15),
                lengths({suit: 5 + (level > 1), partners: (0, 2)}),
                tests=(longest(suit, *SUITS),),
            )
        )
    return ways


def to_good_raise(auction: Auction) -> list[Way]:
    """Partner has a good raise of our overcall: game with more than the least."""
    suit = suit_of(auction.mine[-1].call)
    level = cheapest(suit, auction.height)
    middle = 12 if HEIGHT[auction.mine[-1].call] < 5 else 13
    game = bid(4 if suit in MAJORS else 5, suit)
    more = middle if suit in MAJORS else middle + 3
    ways = [support(game, suit, 5, more, MOST)]
    if suit not in MAJORS:
        ways.append(Way("3Z", "", (middle, MOST), tests=(stoppers(auction),)))
    return [*ways, Way(bid(level, suit), "the least", (0, more))]


def to_michaels(auction: Auction) -> list[Way]:
    """Partner has two suits of five: choose one, as high as the fit is good."""
    last = auction.partners_last
    assert last is not None
    known = [s for s in (SPADES, HEARTS, DIAMONDS, CLUBS) if auction.partner.least(s) > 4]
    ways: list[Way] = []
    for suit in known:
        rather = tuple(
            longest(suit, other) if suit > other else longer(suit, other)
            for other in known
            if other != suit
        )
        at = cheapest(suit, auction.height)
        if suit in MAJORS:
            ways += [
                support(bid(4, suit), suit, 3, 12, MOST, tests=rather),
                support(bid(4, suit), suit, 5, 4, 11, tests=rather),
                support(bid(3, suit), suit, 4 if at < 3 else 3, 5 + 3 * (at < 3), 11, tests=rather),
            ]
        else:
            ways.append(support(bid(5, suit), suit, 4, 14, MOST, tests=rather))
        least = 3 if len(known) == 1 else 0
        ways.append(Way(bid(at, suit), "to play", lengths=lengths({suit: least}), tests=rather))
    if len(known) == 1 and auction.height < HEIGHT["2Z"]:
        ways.append(
            Way("2Z", "asks for the minor suit", forcing=ROUND, artificial=True, then="which minor")
        )
    if auction.last != PASS:
        keep = [way for way in ways if HEIGHT[way.call] > 14 and way.worth]
        return [*keep, *compete(auction)]
    return ways


def which_minor(auction: Auction) -> list[Way]:
    return [
        Way("3C", "", lengths=lengths({CLUBS: 5})),
        Way("3D", "", lengths=lengths({DIAMONDS: 5})),
        Way("3D"),
    ]
