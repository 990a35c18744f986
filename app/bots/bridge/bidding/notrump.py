"""After a natural bid in no trumps that opened, or showed the strength of an opening: Stayman,
transfers, and what follows. The same at every level, for a range of points that is known."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction, suit_of
from app.bots.bridge.bidding.calls import HEIGHT, PASS, bid
from app.bots.bridge.bidding.hand import (
    CLUBS,
    DIAMONDS,
    HEARTS,
    MAJORS,
    MINORS,
    NOTRUMP,
    SPADES,
    Hand,
)
from app.bots.bridge.bidding.phrases import phrase
from app.bots.bridge.bidding.ways import (
    GAME,
    MOST,
    ROUND,
    WORDS,
    Test,
    Way,
    lengths,
    longer,
    longest,
    support,
)

_GAME, _SLAM, _GRAND = 25, 33, 37
_NO_MAJOR = {HEARTS: (0, 4), SPADES: (0, 4)}
_UNBALANCED = Test("", lambda hand: not hand.balanced)
_FLAT = Test("", lambda hand: sorted(hand.lengths) == [3, 3, 3, 4])


def _holds_major(hand: Hand) -> bool:
    return max(hand.lengths[HEARTS], hand.lengths[SPADES]) > 3


_MAJOR = Test("a major suit of four", _holds_major)


def answers(auction: Auction) -> list[Way]:
    """Partner has bid 1NT or 2NT, or 2NT after a strong two clubs: `level` and points from it."""
    level, (low, high) = auction.level, auction.partner.points
    game, slam = _GAME - low, _SLAM - low
    invite = _GAME - high if level == 1 else game
    up = level + 1
    ways = [
        Way(
            bid(up, suit - 1),
            phrase("transfer to {suit}", suit=WORDS[suit]),
            (0, MOST),
            lengths({suit: 5}),
            tests=(_better_major(suit),),
            then="transfer",
            suit=suit,
            forcing=ROUND,
            artificial=True,
        )
        for suit in (SPADES, HEARTS)
    ]
    stayman = Way(
        bid(up, CLUBS),
        "Stayman",
        (invite, MOST),
        lengths(_NO_MAJOR),
        tests=(_MAJOR, Test("", lambda hand: not _FLAT.holds(hand))),
        forcing=ROUND,
        artificial=True,
        then="stayman",
    )
    ways.append(stayman)
    if level == 1:
        ways += _long_minors(game)
    ways += [
        Way("7Z", "", (_GRAND - low, MOST)),
        Way("6Z", "", (slam, _GRAND - low - 1)),
        Way("4Z", "invites slam", (_SLAM - high, slam - 1), then="quantitative"),
        Way("3Z", "", (game, _SLAM - high - 1)),
    ]
    if level == 1:
        ways.append(Way("2Z", "", (invite, game - 1), lengths(_NO_MAJOR)))
    return [*ways, Way(PASS, "", (0, max(0, invite - 1)))]


def _better_major(suit: int) -> Test:
    """The longer one; of two fives spades, which leaves room to bid hearts after."""
    return longest(SPADES, HEARTS) if suit == SPADES else longer(HEARTS, SPADES)


def _long_minors(game: int) -> list[Way]:
    weak = [
        Way(
            "2S",
            "transfer to clubs, to play in a minor suit",
            (0, game - 3),
            lengths({suit: 6}),
            tests=(_UNBALANCED,),
            then="minors",
            forcing=ROUND,
            artificial=True,
        )
        for suit in MINORS
    ]
    invite = [Way(bid(3, suit), "", (game - 2, game - 1), lengths({suit: 6})) for suit in MINORS]
    return weak + invite


def stayman(auction: Auction) -> list[Way]:
    """Opener tells a major suit of four, hearts first."""
    level = auction.level
    return [
        Way(bid(level, HEARTS), "", lengths=lengths({HEARTS: 4}), then="stayman hearts"),
        Way(
            bid(level, SPADES),
            "",
            lengths=lengths({SPADES: 4, HEARTS: (0, 3)}),
            then="stayman spades",
        ),
        Way(
            bid(level, DIAMONDS),
            "no major suit of four",
            lengths=lengths({HEARTS: (0, 3), SPADES: (0, 3)}),
            artificial=True,
            then="stayman none",
        ),
    ]


def after_stayman(auction: Auction) -> list[Way]:
    """Responder has heard the answer, and knows partner's strength."""
    last = auction.partners_last
    assert last is not None
    suit = suit_of(last.call)
    low, high = auction.partner.points
    game, slam = _GAME - low, _SLAM - low
    ways: list[Way] = []
    if suit in MAJORS:
        ways += [
            support(bid(6, suit), suit, 4, slam, MOST, name="to play"),
            support(bid(4, suit), suit, 4, game, slam - 1),
            support(bid(3, suit), suit, 4, _GAME - high, game - 1),
        ]
    ways += [
        Way("6Z", "", (slam, MOST)),
        Way("4Z", "invites slam", (_SLAM - high, slam - 1), then="quantitative"),
        Way("3Z", "", (game, _SLAM - high - 1)),
    ]
    if auction.level == 2:
        ways.append(Way("2Z", "", (_GAME - high, game - 1)))
    return [*ways, Way(PASS, "", (0, game))]


def transfer(auction: Auction) -> list[Way]:
    """Opener bids the suit that was meant; with four of it and all one can have, a level more."""
    last = auction.partners_last
    assert last is not None
    suit, level = last.way.suit, auction.level
    high = auction.me.points[1]
    ways = []
    if level == 2:
        ways.append(
            Way(bid(3, suit), "", (high, MOST), lengths({suit: 4}), suit=suit, then="transferred")
        )
    return [*ways, Way(bid(level, suit), "as asked", suit=suit, then="transferred")]


def minors(auction: Auction) -> list[Way]:
    return [Way("3C", "as asked", artificial=True, then="minors told")]


def minors_told(auction: Auction) -> list[Way]:
    """To play in clubs, or in diamonds."""
    return [
        Way("3D", "to play", (0, 9), lengths({DIAMONDS: 6}), tests=(longer(DIAMONDS, CLUBS),)),
        Way(PASS, "to play", (0, 9), lengths({CLUBS: 6})),
    ]


def transferred(auction: Auction) -> list[Way]:
    """Responder has shown five cards, and goes on with what they are worth."""
    last = auction.partners_last
    assert last is not None
    suit = last.way.suit
    low, high = auction.partner.points
    fits = auction.partner.least(suit)  # two, or four after a jump
    long = max(5, 8 - fits)
    game, slam = _GAME - low, _SLAM - low
    invite = _GAME - high if auction.level == 2 else game
    other = HEARTS if suit == SPADES else SPADES
    ways = [
        support(bid(6, suit), suit, long, slam, MOST, name="to play"),
        support(bid(4, suit), suit, long, game, slam - 1),
    ]
    if long > 5:
        if suit == SPADES:
            ways.append(
                Way(bid(3, other), "", (game, MOST), lengths({other: 5, suit: 5}), forcing=GAME)
            )
        ways += [
            Way("6Z", "", (slam, MOST)),
            Way("4Z", "invites slam", (_SLAM - high, slam - 1), then="quantitative"),
            Way(
                "3Z",
                "",
                (game, _SLAM - high - 1),
                lengths({suit: (5, 5)}),
                then="choice",
                suit=suit,
            ),
            support(bid(3, suit), suit, 6, invite, game - 1),
            Way("2Z", "", (invite, game - 1), lengths({suit: (5, 5)})),
        ]
    return [*ways, Way(PASS, "", (0, game - 1))]


def choice(auction: Auction) -> list[Way]:
    """Partner, with five of a major, leaves the choice of game."""
    last = auction.partners_last
    assert last is not None
    suit = last.way.suit
    return [Way(bid(4, suit), "", lengths=lengths({suit: 3})), Way(PASS, "to play")]


def quantitative(auction: Auction) -> list[Way]:
    """Partner invites a slam in no trumps: the upper half of what has been shown accepts."""
    low, high = auction.me.points
    middle = (low + high + 1) // 2
    return [Way("6Z", "", (middle, MOST)), Way(PASS, "", (0, middle - 1))]


def overcalled(auction: Auction) -> list[Way]:
    """They have bid over partner's 1NT: to play at two, forcing at three, doubles for penalties."""
    low, high = auction.partner.points
    game, invite = _GAME - low, _GAME - high
    theirs = suit_of(auction.last)
    if auction.height >= HEIGHT["3Z"] or theirs == NOTRUMP:
        return [Way("dbl", "penalty", (game, MOST)), Way(PASS, "", (0, game - 1))]
    ways = [
        Way("dbl", "penalty", (invite, MOST), lengths({theirs: 4})),
        Way("4S", "", (game, 15), lengths({SPADES: 6})),
        Way("4H", "", (game, 15), lengths({HEARTS: 6})),
    ]
    ways += [
        Way(bid(3, s), "", (game, MOST), lengths({s: 5}), forcing=GAME)
        for s in (SPADES, HEARTS)
        if s != theirs
    ]
    stops = Test("", lambda hand: hand.stops(theirs))
    ways += [
        Way("3Z", "", (game, MOST), tests=(stops,)),
        Way(
            bid(3, theirs),
            "Stayman, nothing in their suit",
            (game, MOST),
            tests=(_MAJOR,),
            forcing=GAME,
            artificial=True,
        ),
        Way("dbl", "penalty", (game, MOST)),
        Way("2Z", "", (invite, game - 1), tests=(stops,)),
    ]
    ways += [
        Way(bid(2, s), "to play", (4, game - 1), lengths({s: 5}))
        for s in (SPADES, HEARTS, DIAMONDS)
        if s != theirs
    ]
    return [*ways, Way(PASS, "", (0, game))]
