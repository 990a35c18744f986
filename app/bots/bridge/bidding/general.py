"""What is bid when no table says it: from what partner has shown, and what the two have together.

Each function gives some rules; `constructive` is their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import HEIGHT, PASS, bid, cheapest, is_game
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
from app.bots.bridge.bidding.phrases import both, phrase
from app.bots.bridge.bidding.ways import (
    GAME,
    MOST,
    ROUND,
    WORDS,
    Test,
    Way,
    lengths,
    longest,
    support,
)

MAJOR_GAME: Final = 25
NOTRUMP_GAME: Final = 25
MINOR_GAME: Final = 28
SLAM: Final = 33
THREE_NOTRUMP: Final = HEIGHT["3Z"]
FOUR_NOTRUMP: Final = HEIGHT["4Z"]
_ORDER: Final = (SPADES, HEARTS, DIAMONDS, CLUBS)


def strength(auction: Auction) -> tuple[int, int]:
    """What partner has at least and, as far as one may hope, at most."""
    low, high = auction.partner.worth
    return low, high if high <= low + 5 else 8 if low == 0 else low + 4


def fits(auction: Auction) -> Iterator[tuple[int, int]]:
    """The suits that may be trumps and how many cards of them that takes, the best first."""
    found = []
    for place, suit in enumerate(_ORDER):
        least, most = auction.me.lengths[suit]
        need = max(least, 8 - auction.partner.least(suit))
        if suit not in auction.their_suits and need <= most and need < 9:
            known = least + auction.partner.least(suit)
            found.append((-min(known, 8), place, suit, need))
    yield from ((suit, need) for _, _, suit, need in sorted(found))


def stoppers(auction: Auction) -> Test:
    """Whether no trumps is no danger in the suits of the others, or those nobody has shown.

    A partner who has bid no trumps answers for those.
    """
    if any(said.call.endswith("Z") and not said.way.artificial for said in auction.partners):
        return Test("", lambda hand: True)
    theirs = auction.their_suits
    flat = all(low > 1 for low, _ in auction.partner.lengths)
    unshown = [
        suit
        for suit in SUITS
        if suit not in theirs and auction.me.least(suit) < 4 and auction.partner.least(suit) < 3
    ]

    def holds(hand: Hand) -> bool:
        if not all(hand.stops(suit) for suit in theirs):
            return False
        return (
            flat
            or hand.balanced
            or all(hand.lengths[suit] > 2 or hand.stops(suit) for suit in unshown)
        )

    told = both([WORDS[suit] for suit in theirs]) if theirs else ""
    return Test(phrase("{suit} stopped", suit=told) if told else "", holds)


def believed(auction: Auction) -> int:
    """What partner is likely to have for a slam: of a wide range a little more than the least."""
    low, high = auction.partner.worth
    return low + 2 if high - low > 6 and low else low


def slams(auction: Auction) -> list[Way]:
    """Blackwood with a fit and 33 points, six no trumps without one."""
    low = believed(auction)
    ways = []
    if auction.height < FOUR_NOTRUMP:
        ways = [
            support(
                "4Z",
                suit,
                need,
                SLAM - low,
                MOST,
                name="Blackwood, asks for aces",
                forcing=ROUND,
                artificial=True,
                then="aces",
            )
            for suit, need in fits(auction)
            if auction.partner.least(suit) > 1
        ]
    elif low:
        ways = [
            support(
                bid(6, suit),
                suit,
                need,
                SLAM - low,
                MOST,
                tests=(Test("", lambda hand: hand.aces > 1),),
            )
            for suit, need in fits(auction)
            if auction.partner.least(suit) > 2
        ]
    return [*ways, Way("6Z", "", (SLAM - low, MOST), tests=(stoppers(auction),))]


def games(auction: Auction) -> list[Way]:
    """Game, when the two have enough for it at least, or probably and there is no asking."""
    low, high = strength(auction)
    middle, top = (low + high + 1) // 2, SLAM - 1 - believed(auction)
    ways: list[Way] = []
    for suit, need in fits(auction):
        if suit in MAJORS:
            sure = low if auction.height < HEIGHT[bid(3, suit)] else middle
            asks = auction.height < FOUR_NOTRUMP and auction.partner.least(suit) > 1
            ways.append(support(bid(4, suit), suit, need, MAJOR_GAME - sure, top if asks else MOST))
    sure = low if auction.height < HEIGHT["2Z"] else middle
    if auction.height < THREE_NOTRUMP:
        ways.append(
            Way("3Z", "", (NOTRUMP_GAME - sure, top), tests=(stoppers(auction), _no_fit(auction)))
        )
    ways += [
        support(bid(5, suit), suit, need, MINOR_GAME - middle, top)
        for suit, need in fits(auction)
        if suit in MINORS and auction.partner.least(suit) > 2
    ]
    return ways


def _no_fit(auction: Auction) -> Test:
    """No trumps before a suit game: not with eight cards of a major between the hands."""
    majors = [(suit, need) for suit, need in fits(auction) if suit in MAJORS]
    return Test("", lambda hand: all(hand.lengths[suit] < need for suit, need in majors))


def over_three_notrump(auction: Auction) -> list[Way]:
    """Partner's 3NT is left for a major suit longer than has been told, in an unbalanced hand."""
    return [
        Way(
            bid(4, suit),
            "",
            lengths=lengths({suit: max(6, auction.me.least(suit) + 1)}),
            tests=(Test("", lambda hand: min(hand.lengths) < 2),),
        )
        for suit in (SPADES, HEARTS)
        if auction.me.least(suit) > 3
        and suit not in auction.their_suits
        and not (auction.me.least(suit) + auction.partner.least(suit) > 7)
    ]


def forcing_bids(auction: Auction) -> list[Way]:
    """Enough for game, and no game to be chosen yet: new suits; the fourth one is artificial."""
    low, _ = strength(auction)
    if auction.height >= THREE_NOTRUMP - 4 or auction.their_suits:
        return []
    unshown = [
        suit
        for suit in _ORDER
        if auction.me.least(suit) < 3
        and auction.partner.least(suit) < 3
        and cheapest(suit, auction.height) < 4
    ]
    enough = (NOTRUMP_GAME - low, MOST)
    if len(unshown) == 1:
        return [
            Way(
                bid(cheapest(unshown[0], auction.height), unshown[0]),
                "fourth suit, nothing told of it",
                enough,
                forcing=GAME,
                artificial=True,
            )
        ]
    return [
        Way(bid(cheapest(suit, auction.height), suit), "", enough, lengths({suit: 4}), forcing=GAME)
        for suit in unshown
    ]


def _game_anyhow(auction: Auction) -> list[Way]:
    """Enough for game and no good one in sight: a suit of six, a suit of three, no trumps."""
    low, _ = strength(auction)
    if auction.height >= THREE_NOTRUMP or not low:
        return []
    enough = (NOTRUMP_GAME + 1 - low, MOST)
    if auction.their_suits:
        theirs = auction.their_suits[0]
        cue = bid(cheapest(theirs, auction.height), theirs)
        return (
            [Way(cue, "asks for a stopper", enough, forcing=GAME, artificial=True)]
            if HEIGHT[cue] < THREE_NOTRUMP
            else []
        )
    ways = [
        Way(bid(4, suit), "", enough, lengths({suit: 6}))
        for suit in (SPADES, HEARTS)
        if auction.me.least(suit) > 3
    ]
    ways += [
        Way(bid(level, suit), "", enough, lengths({suit: 3}), forcing=GAME)
        for suit in _ORDER
        if auction.me.least(suit) < 3
        and auction.partner.least(suit) < 3
        and (level := cheapest(suit, auction.height)) < 4
    ]
    return [*ways, Way("3Z", "", enough)]


def invitations(auction: Auction) -> list[Way]:
    """Not enough for game but if partner has more than the least: a level below it."""
    low, high = strength(auction)
    invite = (NOTRUMP_GAME - high, NOTRUMP_GAME - low - 1)
    ways: list[Way] = []
    for suit, need in fits(auction):
        if suit in MAJORS or auction.partner.least(suit) > 3:
            more = 1 if suit in MAJORS else 2
            ways.append(support(bid(3, suit), suit, need, invite[0] + more, invite[1] + more - 1))
    ways.append(Way("2Z", "", (invite[0] + 1, invite[1]), tests=(stoppers(auction),)))
    ways += [
        Way(bid(3, suit), "", (invite[0] + 1, invite[1]), lengths({suit: 6}))
        for suit in _ORDER
        if auction.me.least(suit) > 2 and suit not in auction.their_suits
    ]
    return ways


def _keep_open(auction: Auction) -> list[Way]:
    """A new suit at the one-level may be strong: no trumps, or a raise, rather than a pass."""
    low, _ = strength(auction)
    suit = auction.strain
    if auction.level > 1 or suit == NOTRUMP or auction.partner.worth[1] < 17:
        return []
    return [
        support(bid(2, suit), suit, 4, 5, NOTRUMP_GAME - low - 1),
        Way("1Z", "", (5, NOTRUMP_GAME - low - 1), lengths({suit: (0, 3)})),
    ]


def corrections(auction: Auction) -> list[Way]:
    """Nothing to hope for: the better of partner's suits, or an own one of six cards."""
    ways: list[Way] = []
    now = auction.strain
    for suit in _ORDER:
        level = cheapest(suit, auction.height)
        if suit == now or suit in auction.their_suits or level > max(2, auction.level):
            continue
        if auction.partner.least(suit) > 2:
            ways.append(Way(bid(level, suit), "preference", tests=(_rather(auction, suit),)))
        else:
            least = max(6, auction.me.least(suit))
            ways.append(
                Way(
                    bid(level, suit),
                    "",
                    lengths=lengths({suit: least}),
                    tests=(_short_of(auction, now),),
                )
            )
    return ways


def _rather(auction: Auction, suit: int) -> Test:
    """Whether more trumps are likely in that suit than in the one last bid."""
    now = auction.strain
    known = auction.partner.least(suit)
    if now == NOTRUMP:
        return Test("", lambda hand: hand.lengths[suit] + known > 7 and min(hand.lengths) < 2)
    more = known - auction.partner.least(now)
    return Test("", lambda hand: hand.lengths[suit] + more > hand.lengths[now])


def _short_of(auction: Auction, now: int) -> Test:
    if now == NOTRUMP:
        return Test("", lambda hand: not hand.balanced)
    known = auction.partner.least(now)
    return Test("", lambda hand: hand.lengths[now] + known < 7)


def somehow(auction: Auction) -> list[Way]:
    """A call when there must be one: support, no trumps, an own suit, partner's suit."""
    ways: list[Way] = []
    below = auction.height < THREE_NOTRUMP
    known = [s for s in _ORDER if auction.partner.least(s) > 3 and s not in auction.their_suits]
    for suit, need in fits(auction):
        if auction.partner.least(suit) > 2:
            level = cheapest(suit, auction.height)
            if level == 3 and suit in MAJORS and auction.to_game[auction.turn % 2]:
                ways += _fast_or_slow(auction, suit, need)
            if level < 5 or (suit in MINORS and level < 6):
                ways.append(Way(bid(level, suit), "", lengths=lengths({suit: need})))
    level = cheapest(NOTRUMP, auction.height)
    if below:
        ways.append(Way(bid(level, NOTRUMP), "", tests=(stoppers(auction),)))
    for suit in known:
        if (at := cheapest(suit, auction.height)) < 5 and auction.partner.least(suit) > 4:
            ways.append(Way(bid(at, suit), "", lengths=lengths({suit: 2})))
    for suit in _ORDER:
        if suit not in auction.their_suits and (at := cheapest(suit, auction.height)) < 4:
            least = max(5, auction.me.least(suit))
            ways.append(
                Way(
                    bid(at, suit),
                    "",
                    lengths=lengths({suit: least}),
                    tests=(longest(suit, *SUITS),),
                )
            )
    if below:
        return [*ways, Way(bid(level, NOTRUMP))]
    last = max(known, key=auction.partner.least, default=NOTRUMP)
    return [*ways, Way(bid(min(7, cheapest(last, auction.height)), last)), Way("7Z")]


def _fast_or_slow(auction: Auction, suit: int, need: int) -> list[Way]:
    """Going to game anyhow: at once with the least that has been shown, slowly with more."""
    low = auction.me.worth[0]
    return [
        support(bid(3, suit), suit, need, low + 4, MOST, name="more than the least"),
        support(bid(4, suit), suit, need, 0, low + 3),
    ]


def constructive(auction: Auction) -> list[Way]:
    """Partner has bid last, and the opponents let us."""
    if auction.height >= HEIGHT["6C"]:
        return [Way(PASS)]
    ways = slams(auction)
    if is_game(auction.height):
        if auction.height == THREE_NOTRUMP:
            ways += over_three_notrump(auction)
        return [*ways, *somehow(auction)] if auction.forced else [*ways, Way(PASS)]
    ways += games(auction)
    ways += forcing_bids(auction)
    if auction.forced:
        return [*ways, *somehow(auction)]
    ways += _game_anyhow(auction) + invitations(auction)
    return [*ways, *_keep_open(auction), *corrections(auction), Way(PASS)]
