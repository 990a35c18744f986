"""After the strong two clubs, the weak twos, the pre-emptive bids and the gambling 3NT."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import PASS, bid, cheapest
from app.bots.bridge.bidding.hand import CLUBS, DIAMONDS, HEARTS, MAJORS, SPADES, SUITS
from app.bots.bridge.bidding.ways import (
    GAME,
    MOST,
    ROUND,
    Test,
    Way,
    good,
    lengths,
    longest,
    support,
    unless,
)


def to_two_clubs(auction: Auction) -> list[Way]:
    return [
        *(
            Way(
                bid(2 if suit in MAJORS else 3, suit),
                "",
                (8, MOST),
                lengths({suit: 5}),
                tests=(good(suit), longest(suit, *SUITS)),
                forcing=GAME,
            )
            for suit in (SPADES, HEARTS, DIAMONDS, CLUBS)
        ),
        Way("2Z", "", (8, MOST), balanced=True, forcing=GAME),
        Way("2D", "waiting", (0, MOST), artificial=True, forcing=ROUND, then="waiting"),
    ]


def after_waiting(auction: Auction) -> list[Way]:
    """The strong hand says what it is."""
    return [
        Way("2Z", "", (22, 24), balanced=True, then="notrump"),
        Way("3Z", "", (25, 27), balanced=True, then="three notrump"),
        Way("4Z", "", (28, MOST), balanced=True, then="quantitative"),
        *(
            Way(
                bid(2 if suit in MAJORS else 3, suit),
                "",
                (17, MOST),
                lengths({suit: 5}),
                tests=(longest(suit, *SUITS),),
                forcing=GAME,
            )
            for suit in (SPADES, HEARTS, DIAMONDS, CLUBS)
        ),
        *(
            Way(
                bid(2 if suit in MAJORS else 3, suit),
                "",
                (17, MOST),
                lengths({suit: 4}),
                forcing=GAME,
            )
            for suit in (SPADES, HEARTS, DIAMONDS, CLUBS)
        ),
    ]


def to_three_notrump(auction: Auction) -> list[Way]:
    """Partner has 25 to 27 points."""
    return [
        Way("7Z", "", (12, MOST)),
        Way("6Z", "", (8, 11)),
        Way("4Z", "invites slam", (6, 7), then="quantitative"),
        *(Way(bid(4, suit), "", (0, 5), lengths({suit: 6})) for suit in (SPADES, HEARTS)),
        Way(PASS, "", (0, 7)),
    ]


def to_weak_two(auction: Auction) -> list[Way]:
    last = auction.partners_last
    assert last is not None
    suit = suit_of(last.call)
    game = bid(4 if suit in MAJORS else 5, suit)
    ways = [
        support(
            "4Z",
            suit,
            3,
            22,
            MOST,
            name="Blackwood, asks for aces",
            forcing=ROUND,
            artificial=True,
            then="aces",
        ),
        Way(
            "2Z",
            "asks how good it is",
            (15, MOST),
            lengths({suit: 2}),
            forcing=ROUND,
            artificial=True,
            then="ogust",
        ),
        *_forcing_suits(auction, suit, 15),
        Way("3Z", "", (17, MOST)),
        support(game, suit, 4, 8, 14, name="pre-emptive or to make"),
        support(bid(3, suit), suit, 3, 6, 14, name="pre-emptive"),
    ]
    return [*ways, Way(PASS, "", (0, 16))]


def _forcing_suits(auction: Auction, partners: int, low: int) -> list[Way]:
    return [
        Way(
            bid(cheapest(suit, auction.height), suit),
            "",
            (low, MOST),
            lengths({suit: 5}),
            tests=(longest(suit, *SUITS),),
            forcing=ROUND,
        )
        for suit in (SPADES, HEARTS, DIAMONDS, CLUBS)
        if suit != partners
    ]


def tell_weak_two(auction: Auction) -> list[Way]:
    """By steps: the least or the most points, with a poor or a good suit."""
    suit = suit_of(auction.mine[0].call)
    solid = Test("ace, king and queen", lambda hand: hand.honours(suit) == 3)
    two_tops = Test("two of ace, king, queen", lambda hand: hand.honours(suit) == 2)
    return [
        Way("3Z", "", (0, MOST), tests=(solid,), artificial=True, then="weak two told"),
        Way("3C", "", (0, 8), tests=(unless(two_tops),), artificial=True, then="weak two told"),
        Way("3D", "", (0, 8), tests=(two_tops,), artificial=True, then="weak two told"),
        Way("3H", "", (9, MOST), tests=(unless(two_tops),), artificial=True, then="weak two told"),
        Way("3S", "", (9, MOST), tests=(two_tops,), artificial=True, then="weak two told"),
    ]


def after_weak_two(auction: Auction) -> list[Way]:
    """Whoever asked knows enough to place the contract."""
    last = auction.partners_last
    assert last is not None
    suit = suit_of(auction.partners[0].call)
    strong = last.call in ("3H", "3S", "3Z")
    game = 15 if strong else 17
    level = 4 if suit in MAJORS else 5
    stopped = Test(
        "the others stopped",
        lambda hand: all(hand.stops(other) for other in SUITS if other != suit),
    )
    ways = [
        support(
            "4Z",
            suit,
            2,
            20 if strong else 22,
            MOST,
            name="Blackwood, asks for aces",
            forcing=ROUND,
            artificial=True,
            then="aces",
        ),
    ]
    notrump = Way("3Z", "", (game, MOST), tests=(stopped,))
    raised = support(bid(level, suit), suit, 2, game, MOST)
    ways += [raised, notrump] if suit in MAJORS else [notrump, raised]
    if last.call == "3Z":
        ways.insert(1, Way(PASS, "", tests=(stopped,), then="pass"))
    return [*ways, Way(bid(cheapest(suit, auction.height), suit), "to play"), Way(PASS)]


def to_preempt(auction: Auction) -> list[Way]:
    """Partner has seven cards and little else: game on quick tricks, or to keep them out."""
    last = auction.partners_last
    assert last is not None
    suit, level = suit_of(last.call), auction.level
    quick = Test("", lambda hand: hand.aces * 2 + hand.kings >= 6)
    slam = Test("", lambda hand: hand.aces > 2 and hand.aces * 2 + hand.kings >= 9)
    game = bid(4 if suit in MAJORS else 5, suit)
    ways = [
        support(
            "4Z",
            suit,
            2,
            19,
            MOST,
            name="Blackwood, asks for aces",
            forcing=ROUND,
            artificial=True,
            then="aces",
            tests=(slam,),
        ),
    ]
    if level == 3:
        stops = Test(
            "the others stopped",
            lambda hand: all(hand.stops(other) for other in SUITS if other != suit),
        )
        if suit not in MAJORS:
            ways.append(Way("3Z", "", (16, MOST), lengths({suit: 2}), tests=(stops,)))
        ways += [
            *(way for way in _forcing_suits(auction, suit, 17) if way.call[0] == "3"),
            Way("3Z", "", (19, MOST), lengths({suit: (0, 1)}), tests=(stops,)),
        ]
    ways.append(support(game, suit, 2 if suit in MAJORS else 3, 14, MOST, tests=(quick,)))
    if level == 3:
        ways.append(support(bid(4, suit), suit, 3, 6, MOST, name="pre-emptive"))
    return [*ways, Way(PASS)]


def to_gambling(auction: Auction) -> list[Way]:
    """Partner has a solid minor suit: stay with the other suits stopped, or run to it."""
    stopped = Test("three suits stopped", lambda hand: sum(map(hand.stops, SUITS)) > 2)
    long = Test("clubs", lambda hand: hand.lengths[CLUBS] < 3)
    return [
        Way(
            "6C",
            "to play in partner's suit",
            (0, MOST),
            artificial=True,
            then="correct",
            tests=(Test("", lambda hand: hand.aces > 2 and hand.points > 16),),
        ),
        Way(PASS, "", (0, MOST), tests=(stopped,), then="pass"),
        Way(
            "4C",
            "to play in partner's suit",
            (0, MOST),
            artificial=True,
            then="correct",
            tests=(Test("", lambda hand: not long.holds(hand) or hand.points < 40),),
        ),
    ]


def correct(auction: Auction) -> list[Way]:
    """Partner meant the long minor suit, whichever it is."""
    level = auction.level
    return [
        Way(bid(level, DIAMONDS), "to play", lengths=lengths({DIAMONDS: 6})),
        Way(PASS, "to play"),
    ]
