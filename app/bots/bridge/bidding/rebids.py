"""Opener's second bid, after one of a suit and an answer that does not limit partner closely."""

from __future__ import annotations

from typing import Final

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import PASS, bid, cheapest
from app.bots.bridge.bidding.general import constructive
from app.bots.bridge.bidding.hand import CLUBS, HEARTS, MAJORS, NOTRUMP, SPADES, SUITS
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

_RAISES: Final = ((4, 19, MOST), (3, 16, 18), (2, 11, 15))
_MINOR_RAISES: Final = ((3, 16, MOST), (2, 11, 15))


def after_new_suit(auction: Auction) -> list[Way]:
    """Partner has bid a new suit: at the one-level with six points, or lower at two with eleven."""
    last = auction.partners_last
    assert last is not None
    mine = suit_of(auction.mine[0].call)
    theirs = suit_of(last.call)
    if auction.level == 1:
        return _after_one_level(auction, mine, theirs)
    return _after_two_level(auction, mine, theirs)


def _after_one_level(auction: Auction, mine: int, theirs: int) -> list[Way]:
    ways = [
        support(bid(level, theirs), theirs, 4, low, high)
        for level, low, high in (_RAISES if theirs in MAJORS else _MINOR_RAISES)
    ]
    ways.append(Way("2Z", "", (18, 19), balanced=True))
    if theirs < SPADES:
        ways += _new_suits(auction, mine, theirs, one_level=True)
    ways += [
        Way(
            "1Z",
            "",
            (11, 14),
            balanced=True,
            lengths=lengths({theirs: (0, 3)}),
            then="notrump rebid",
        ),
        *_new_suits(auction, mine, theirs, one_level=False),
        *_own_suit(auction, mine),
    ]
    return [
        *ways,
        Way(bid(2, mine), "", (11, 15), lengths({mine: 5})),
        Way("1Z", "", (11, 14)),
        Way(bid(2, mine), "", (11, 15), lengths({mine: 4})),
        Way(PASS, "", (11, 14)),
    ]


def _new_suits(auction: Auction, mine: int, theirs: int, *, one_level: bool) -> list[Way]:
    """A second suit: a jump shows 19, and so nearly does one that drives partner to the three-level
    to go back to the first."""
    ways = []
    for suit in SUITS if one_level else reversed(SUITS):
        if suit in (mine, theirs):
            continue
        level = cheapest(suit, auction.height)
        shown = lengths({mine: 5 if level > 1 and mine != CLUBS else 4 - (level == 1), suit: 4})
        if one_level:
            if level == 1:
                ways += [
                    Way(bid(2, suit), "", (19, MOST), shown, forcing=GAME),
                    Way(bid(1, suit), "", (11, 18), shown),
                ]
        elif level == 2 and suit > mine:
            ways.append(
                Way(bid(2, suit), "strong", (16, MOST), lengths({mine: 5, suit: 4}), forcing=ROUND)
            )
        elif level == 2:
            rather = () if mine in MAJORS else (longest(mine, suit),)
            shown = lengths({mine: 5 if mine in MAJORS else 4, suit: 4})
            ways += [
                Way(bid(3, suit), "strong", (19, MOST), shown, tests=rather, forcing=GAME),
                Way(bid(2, suit), "", (11, 18), shown, tests=rather),
            ]
    return ways


def _own_suit(auction: Auction, mine: int) -> list[Way]:
    if mine in MAJORS:
        high = [Way(bid(4, mine), "", (19, MOST), lengths({mine: 6}))]
    else:
        high = [Way("3Z", "", (19, MOST), lengths({mine: 6}))]
    return [
        *high,
        Way(bid(3, mine), "", (16, 18), lengths({mine: 6})),
        Way(bid(2, mine), "", (11, 15), lengths({mine: 6})),
    ]


def _after_two_level(auction: Auction, mine: int, theirs: int) -> list[Way]:
    enough = 3 if theirs == HEARTS else 4
    ways = [
        support(bid(4, theirs), theirs, enough, 14, MOST)
        if theirs == HEARTS
        else support(bid(3, theirs), theirs, 5, 11, MOST, forcing=ROUND),
        support(bid(3, theirs), theirs, enough, 11, 13)
        if theirs == HEARTS
        else support(
            bid(3, theirs),
            theirs,
            4,
            11,
            MOST,
            forcing=ROUND,
            tests=(Test("", lambda hand: not hand.balanced),),
        ),
        Way(bid(3, mine), "strong", (16, MOST), lengths({mine: 6}), forcing=GAME),
        Way("3Z", "", (18, 19), balanced=True),
        Way(bid(2, mine), "", (11, 15), lengths({mine: 6})),
    ]
    for suit in reversed(SUITS):
        if suit in (mine, theirs):
            continue
        level = cheapest(suit, auction.height)
        easy = level == 2 and suit < mine
        shown = lengths({mine: 5 if mine in MAJORS else 4, suit: 4})
        if easy:
            ways.append(Way(bid(2, suit), "", (11, MOST), shown, forcing=ROUND))
        elif level < 4:
            ways.append(Way(bid(level, suit), "strong", (15, MOST), shown, forcing=GAME))
    return [
        *ways,
        Way("2Z", "", (11, 14), balanced=True),
        Way(bid(2, mine), "", (11, 15), lengths({mine: 5})),
        support(bid(3, theirs), theirs, 3, 11, MOST, forcing=ROUND),
        Way("3Z", "", (15, MOST)),
        Way("2Z", "", (11, 14)),
    ]


def after_one_notrump(auction: Auction) -> list[Way]:
    """Partner has six to ten points and no support, or only a little."""
    mine = suit_of(auction.mine[0].call)
    ways = [
        Way("3Z", "", (19, MOST), balanced=True),
        Way("2Z", "", (17, 18), balanced=True),
        Way(PASS, "", (11, 16), balanced=True, then="pass"),
        *_own_suit(auction, mine),
        *_new_suits(auction, mine, NOTRUMP, one_level=False),
        Way("3Z", "", (19, MOST)),
        Way("2Z", "", (17, 18)),
    ]
    return [
        *ways,
        Way(bid(2, mine), "", (11, 16), lengths({mine: 5}), tests=(_short(mine),)),
        Way(PASS, "", (11, 16)),
    ]


def _short(mine: int) -> Test:
    return Test("", lambda hand: min(hand.lengths) < 2 and hand.lengths[mine] > 4)


def after_jacoby(auction: Auction) -> list[Way]:
    """Partner has raised to game: tell a singleton or void, or how strong the hand is."""
    mine = suit_of(auction.mine[0].call)
    ways = [
        Way(
            bid(3, suit),
            "singleton or void",
            (11, MOST),
            lengths({suit: (0, 1)}),
            forcing=GAME,
            artificial=True,
        )
        for suit in SUITS
        if suit != mine
    ]
    return [
        *ways,
        Way(bid(3, mine), "", (17, MOST), lengths({mine: 5}), forcing=GAME),
        Way("3Z", "", (15, 16), lengths({mine: 5}), forcing=GAME),
        Way(bid(4, mine), "", (11, 14), lengths({mine: 5})),
        Way(bid(4, mine), "", (11, MOST)),
    ]


def checkback(auction: Auction) -> list[Way]:
    """Responder, after opener's 1NT: what is not settled by points alone."""
    mine = suit_of(auction.mine[0].call)
    low, high = auction.partner.points
    game, invite = 25 - low, 25 - high
    ways: list[Way] = []
    if mine in MAJORS:
        other = HEARTS + SPADES - mine
        slam = 33 - low
        ways += [
            Way(
                "4Z",
                "Blackwood, asks for aces",
                (slam, MOST),
                lengths({mine: 6}),
                forcing=ROUND,
                artificial=True,
                then="aces",
            ),
            Way(bid(4, mine), "", (game - 1, slam - 1), lengths({mine: 6})),
            Way(bid(3, mine), "", (invite - 1, game - 2), lengths({mine: 6})),
            Way(bid(2, mine), "", (5, invite - 2), lengths({mine: 6})),
            Way(
                "2C",
                "checkback, asks for three cards",
                (invite, MOST),
                lengths({mine: 5}),
                forcing=ROUND,
                artificial=True,
                then="checkback",
            ),
            Way(
                bid(2, mine),
                "",
                (5, invite - 1),
                lengths({mine: 5}),
                tests=(Test("", lambda hand: not hand.balanced),),
            ),
        ]
        if mine == SPADES:
            ways.append(Way("2H", "", (5, invite - 1), lengths({mine: (4, 5), other: 4})))
    return [*ways, *constructive(auction)]


def told_back(auction: Auction) -> list[Way]:
    """Opener has been asked for three cards in responder's major suit."""
    asked = suit_of(auction.partners[0].call)
    other = HEARTS + SPADES - asked
    ways = [
        Way(bid(3, asked), "", (14, MOST), lengths({asked: 3})),
        Way(bid(2, asked), "", (11, 13), lengths({asked: 3})),
    ]
    if other == HEARTS:
        ways.append(Way("2H", "", (11, 14), lengths({other: 4})))
    return [
        *ways,
        Way("2D", "no three cards, least points", (11, 13), artificial=True),
        Way("2Z", "", (14, MOST)),
        Way("2Z"),
    ]
