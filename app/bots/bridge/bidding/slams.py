"""Asking for aces, and what is done with the answer."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import HEIGHT, PASS, bid
from app.bots.bridge.bidding.hand import CLUBS, DIAMONDS, HEARTS, NOTRUMP, SPADES
from app.bots.bridge.bidding.ways import ROUND, Test, Way, aces, kings, lengths

_ACES = {"5C": (0, 4), "5D": (1,), "5H": (2,), "5S": (3,)}
_KINGS = {"6C": (0, 4), "6D": (1,), "6H": (2,), "6S": (3,)}


def tell_aces(auction: Auction) -> list[Way]:
    return [
        Way(call, "", tests=(aces(*numbers),), artificial=True, then="aces told")
        for call, numbers in _ACES.items()
    ]


def tell_kings(auction: Auction) -> list[Way]:
    return [
        Way(call, "", tests=(kings(*numbers),), artificial=True, then="kings told")
        for call, numbers in _KINGS.items()
    ]


def trumps(auction: Auction) -> list[tuple[int, dict[int, int]]]:
    """The strains that the asker may have in mind, by the lengths that this needs."""
    known = [
        (suit, max(auction.me.least(suit), 8 - auction.partner.least(suit)))
        for suit in (SPADES, HEARTS, DIAMONDS, CLUBS)
        if auction.partner.least(suit) > 1 or auction.me.least(suit) > 5
    ]
    # What is agreed comes first: what both have shown most of.
    known.sort(key=lambda pair: -auction.partner.least(pair[0]) - auction.me.least(pair[0]))
    return [*((suit, {suit: least}) for suit, least in known), (NOTRUMP, {})]


def after_aces(auction: Auction) -> list[Way]:
    """The asker: one ace missing is a small slam, two are none; none, and kings are asked for.

    A partner who answered `none or four` is believed to have four only of a hand that has enough.
    """
    last = auction.partners_last
    assert last is not None
    told = _count(_ACES.get(last.call, (0,)), auction, 12)
    ways: list[Way] = []
    for strain, shown in trumps(auction):
        all_there, enough, short = 4 - told, 3 - told, 2 - told
        shape = lengths(shown)
        rich = Test("", lambda hand: hand.points > 17)
        ways += [
            Way(
                "5Z",
                "asks for kings",
                lengths=shape,
                tests=(_has(all_there, all_there), rich),
                forcing=ROUND,
                artificial=True,
                then="kings",
            ),
            Way(bid(6, strain), "to play", lengths=shape, tests=(_has(enough, 4),)),
        ]
        stop = bid(5, strain)
        if HEIGHT[stop] > auction.height and strain != NOTRUMP:
            ways.append(Way(stop, "to play", lengths=shape, tests=(_has(0, short),)))
        elif stop == last.call:
            ways.append(Way(PASS, "to play", lengths=shape, tests=(_has(0, short),), then="pass"))
    return [*ways, Way("6Z", "to play"), Way(PASS)]


def after_kings(auction: Auction) -> list[Way]:
    """The asker: all kings there, a grand slam; else a small one."""
    last = auction.partners_last
    assert last is not None
    told = _count(_KINGS.get(last.call, (0,)), auction, 20)
    ways = []
    for strain, shown in trumps(auction):
        shape = lengths(shown)
        all_there = Test("", lambda hand: hand.kings + told >= 4)
        ways.append(Way(bid(7, strain), "to play", lengths=shape, tests=(all_there,)))
        six = bid(6, strain)
        if HEIGHT[six] > auction.height:
            ways.append(Way(six, "to play", lengths=shape))
        elif six == last.call:
            ways.append(Way(PASS, "to play", lengths=shape, then="pass"))
    return [*ways, Way("6Z", "to play"), Way("7C", "to play"), Way(PASS)]


def _count(numbers: tuple[int, ...], auction: Auction, points: int) -> int:
    """What an answer of two possible numbers means."""
    return numbers[-1] if auction.partner.points[0] >= points + 4 else numbers[0]


def _has(low: int, high: int) -> Test:
    return Test("", lambda hand: low <= hand.aces <= high)
