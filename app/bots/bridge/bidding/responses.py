"""Answers to one of a suit, when the opponents are silent or have doubled."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import PASS, REDOUBLE, bid
from app.bots.bridge.bidding.hand import (
    CLUBS,
    DIAMONDS,
    HEARTS,
    MAJORS,
    SPADES,
    SUITS,
)
from app.bots.bridge.bidding.phrases import phrase
from app.bots.bridge.bidding.ways import (
    GAME,
    MOST,
    ROUND,
    WORDS,
    Way,
    lengths,
    longest,
    support,
)

_NO_MAJOR = {HEARTS: (0, 3), SPADES: (0, 3)}


def to_one(auction: Auction) -> list[Way]:
    """Partner has opened one of a suit, and the opponent has passed."""
    last = auction.partners_last
    assert last is not None
    suit = suit_of(last.call)
    ways = (_to_major if suit in MAJORS else _to_minor)(suit, auction.passed)
    return [*ways, Way(PASS, "", (0, 5))]


def _new(call: str, low: int, shown: dict[int, int], *tests: object, passed: bool) -> Way:
    """A new suit: partner must bid again unless the bidder is limited by a pass."""
    high = 11 if passed else MOST
    return Way(
        call,
        "",
        (low, high),
        lengths(shown),
        tests=tests,  # type: ignore[arg-type]
        forcing=0 if passed else ROUND,
        then="new suit",
    )


def _to_major(suit: int, passed: bool) -> list[Way]:
    level = bid(4, suit)
    ways = [Way(level, "pre-emptive", (0, 9), lengths({suit: 5}))]
    if not passed:
        ways.append(
            support(
                "2Z",
                suit,
                4,
                13,
                MOST,
                name="Jacoby, game raise",
                forcing=GAME,
                artificial=True,
                then="jacoby",
            )
        )
    else:
        ways.append(support(level, suit, 4, 13, MOST))
    most = MOST if passed else 12
    ways += [support(bid(3, suit), suit, 3, 10, most), support(bid(2, suit), suit, 3, 6, 9)]
    if suit == HEARTS:
        ways.append(_new("1S", 6, {SPADES: 4}, passed=passed))
    if not passed:
        ways.append(Way("3Z", "", (13, 15), lengths({suit: (2, 3)}), balanced=True))
    others = [s for s in SUITS if s < suit]
    if suit == SPADES:
        ways.append(_new("2H", 11, {HEARTS: 5}, longest(HEARTS, CLUBS, DIAMONDS), passed=passed))
    ways += [
        _new("2D", 11, {DIAMONDS: 4}, longest(DIAMONDS, CLUBS), passed=passed),
        _new("2C", 11, {CLUBS: 4}, passed=passed),
    ]
    if not passed:
        ways.append(_new("2C", 13, {CLUBS: 3}, passed=False))
    shown = {suit: (0, 3)} | {s: (0, 3) for s in MAJORS if s not in others and s != suit}
    ways.append(Way("1Z", "", (6, 11 if passed else 10), lengths(shown), then="one notrump"))
    return ways


def _to_minor(suit: int, passed: bool) -> list[Way]:
    ways = [
        _new("1S", 6, {SPADES: 5}, longest(SPADES, HEARTS, DIAMONDS, CLUBS), passed=passed),
        _new("1H", 6, {HEARTS: 5}, longest(HEARTS, DIAMONDS, CLUBS), passed=passed),
    ]
    if suit == CLUBS:
        ways.append(_new("1D", 6, {DIAMONDS: 4}, passed=passed))
    ways += [_new("1H", 6, {HEARTS: 4}, passed=passed), _new("1S", 6, {SPADES: 4}, passed=passed)]
    least = 5 if suit == CLUBS else 4
    shown = _NO_MAJOR | {suit: (least, 13)}
    if not passed:
        ways += [
            Way("3Z", "", (13, 15), lengths(_NO_MAJOR), balanced=True),
            Way(
                "2D" if suit == CLUBS else "3C",
                phrase("game raise in {suit}", suit=WORDS[suit]),
                (13, MOST),
                lengths(_NO_MAJOR | {suit: (4, 13)}),
                forcing=GAME,
                artificial=True,
            ),
        ]
    ways.append(Way("2Z", "", (11, 12), lengths(_NO_MAJOR), balanced=True))
    if suit == DIAMONDS:
        ways.append(_new("2C", 11, {CLUBS: 4}, longest(CLUBS, DIAMONDS), passed=passed))
    ways += [
        Way(bid(3, suit), "", (10, 12), lengths(shown)),
        Way(bid(2, suit), "", (6, 9), lengths(shown)),
    ]
    if suit == DIAMONDS:
        ways.append(_new("2C", 11, {CLUBS: 4}, passed=passed))
    ways.append(Way("1Z", "", (6, 11 if passed else 10), lengths(_NO_MAJOR), then="one notrump"))
    if suit == DIAMONDS and not passed:
        ways.append(_new("2C", 13, {CLUBS: 3}, passed=False))
    return ways


def over_double(auction: Auction) -> list[Way]:
    """They have doubled partner's one of a suit for take-out."""
    last = auction.partners_last
    assert last is not None
    suit = suit_of(last.call)
    least = 3 if suit in MAJORS else 5 - (suit == DIAMONDS)
    ways = [
        support(bid(4, suit), suit, 5, 5, 9, name="pre-emptive")
        if suit in MAJORS
        else Way(bid(3, suit), "pre-emptive", (3, 8), lengths({suit: 5})),
        support(
            "2Z",
            suit,
            max(4, least),
            10,
            MOST,
            name=phrase("good raise in {suit}", suit=WORDS[suit]),
            forcing=ROUND,
            artificial=True,
        ),
        Way(bid(3, suit), "pre-emptive", (3, 8), lengths({suit: 4 if suit in MAJORS else 6})),
        Way(REDOUBLE, "", (10, MOST), forcing=ROUND, then="redouble"),
        support(bid(2, suit), suit, least, 5, 9),
    ]
    ways += [
        Way(bid(1, s), "", (6, 9), lengths({s: 4}), forcing=ROUND, then="new suit")
        for s in SUITS
        if s > suit
    ]
    ways += [Way(bid(2, s), "", (5, 9), lengths({s: 6})) for s in SUITS if s < suit]
    ways.append(Way("1Z", "", (7, 9)))
    return [*ways, Way(PASS, "", (0, 9))]
