"""A rule of the system: a call, which hands make it, and what follows; and its words.

What a robot bids and what it says a bid means are read from the same `Way`, so that neither can
be true without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from app.bots.bridge.bidding import phrases
from app.bots.bridge.bidding.hand import NOTRUMP, Hand
from app.bots.bridge.bidding.phrases import Say, amount, either, phrase

Range = tuple[int, int]
Lengths = tuple[Range, Range, Range, Range]

MOST: Final = 37  # points that one hand can have
ANY: Final[Range] = (0, 13)
NONE: Final[Range] = (0, MOST)
FREE: Final[Lengths] = (ANY, ANY, ANY, ANY)
WORDS: Final = phrases.SUITS

ROUND, GAME = 1, 2
"""How far a call forces: partner must call again; nobody stops below game."""


class Test(NamedTuple):
    """What a range cannot say of a hand. Without words it only chooses among calls."""

    words: str
    holds: Callable[[Hand], bool]


class Way(NamedTuple):
    """Hands of these points and lengths, of which all tests hold, make this call.

    `worth` counts points for a trump suit as well (see `Hand.worth`). `then` names the table by
    which partner answers, `suit` the suit that is meant where the call does not say it.
    """

    call: str
    name: str = ""
    points: Range = NONE
    lengths: Lengths = FREE
    worth: tuple[int, int, int] | None = None  # strain, lowest, highest
    balanced: bool = False
    tests: tuple[Test, ...] = ()
    then: str = ""
    suit: int = NOTRUMP
    forcing: int = 0
    artificial: bool = False

    def fits(self, hand: Hand) -> bool:
        """Whether the hand is one of those."""
        low, high = self.points
        if not low <= hand.points <= high or (self.balanced and not hand.balanced):
            return False
        for length, (least, most) in zip(hand.lengths, self.lengths, strict=True):
            if not least <= length <= most:
                return False
        if self.worth is not None:
            strain, least, most = self.worth
            if not least <= hand.worth(strain) <= most:
                return False
        return all(test.holds(hand) for test in self.tests)

    @property
    def anything(self) -> bool:
        """Whether any hand does."""
        return (
            self.points == NONE
            and self.lengths == FREE
            and not (self.worth or self.balanced or self.tests)
        )

    @property
    def shape(self) -> Lengths:
        """The lengths, in a balanced hand those that this leaves."""
        if not self.balanced:
            return self.lengths
        low, high = 2, 5
        clubs, diamonds, hearts, spades = (
            (max(low, least), min(high, most)) for least, most in self.lengths
        )
        return clubs, diamonds, hearts, spades

    def distance(self, hand: Hand) -> int:
        """How far the hand is from the ranges: points, and cards twice."""
        low, high = self.points
        away = max(0, low - hand.points, hand.points - high)
        for length, (least, most) in zip(hand.lengths, self.lengths, strict=True):
            away += 2 * max(0, least - length, length - most)
        if self.worth is not None:
            strain, least, most = self.worth
            worth = hand.worth(strain)
            away = max(away, least - worth, worth - most)
        return away

    def words(self, say: Say = str) -> str:
        """What it shows, in words: `Stayman: 8+ points, forcing`. `say` translates each phrase."""
        low, high = self.worth[1:] if self.worth else self.points
        parts: list[str] = []
        if (low, high) != NONE:
            parts.append(amount(low, high, MOST, phrases.POINTS, phrases.POINT))
        if self.balanced:
            parts.append(phrases.BALANCED)
        for suit in (3, 2, 1, 0):
            if (shown := self.lengths[suit]) != ANY and not (self.balanced and _usual(shown)):
                parts.append(amount(*shown, 13, WORDS[suit], phrases.ONE[suit]))
        parts += [test.words for test in self.tests if test.words]
        if self.forcing:
            parts.append(phrases.FORCING[self.forcing == GAME])
        told = ", ".join(map(say, parts))
        if self.name and told:
            return f"{say(self.name)}: {told}"
        return told or say(self.name or phrases.NATURAL)


def together(ways: Sequence[Way]) -> Way:
    """What ways of the same name have in common, for their words: the widest ranges."""
    first = ways[0]
    if len(ways) == 1:
        return first
    shown = [span([way.shape[suit] for way in ways]) for suit in range(4)]
    points = [way.worth[1:] if way.worth else way.points for way in ways]
    words = set.intersection(*({test.words for test in way.tests} for way in ways))
    return first._replace(
        points=span(points),
        worth=None,
        lengths=(shown[0], shown[1], shown[2], shown[3]),
        balanced=all(way.balanced for way in ways),
        tests=tuple(test for test in first.tests if test.words in words),
        forcing=min(way.forcing for way in ways),
    )


def span(ranges: Sequence[Range]) -> Range:
    """From the lowest to the highest."""
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _usual(shown: Range) -> bool:
    """Whether a balanced hand says that much by itself."""
    return shown[0] <= 2 and shown[1] >= 5


def lengths(shown: Mapping[int, Range | int]) -> Lengths:
    """Lengths by suit; a number alone is a least one."""
    found = [ANY, ANY, ANY, ANY]
    for suit, value in shown.items():
        found[suit] = (value, 13) if isinstance(value, int) else value
    return (found[0], found[1], found[2], found[3])


def stopper(suit: int) -> Test:
    return Test(phrase("{suit} stopped", suit=WORDS[suit]), lambda hand: hand.stops(suit))


def good(suit: int) -> Test:
    return Test("good suit", lambda hand: hand.good(suit))


def longest(suit: int, *others: int) -> Test:
    """At least as long as each of the others."""
    return Test("", lambda hand: all(hand.lengths[suit] >= hand.lengths[s] for s in others))


def longer(suit: int, *others: int) -> Test:
    """Longer than each of the others."""
    return Test("", lambda hand: all(hand.lengths[suit] > hand.lengths[s] for s in others))


def unless(condition: Test) -> Test:
    return Test("", lambda hand: not condition.holds(hand))


def aces(*numbers: int) -> Test:
    words = phrase("1 ace") if numbers == (1,) else phrase("{n} aces", n=either(numbers))
    return Test(words, lambda hand: hand.aces in numbers)


def kings(*numbers: int) -> Test:
    words = phrase("1 king") if numbers == (1,) else phrase("{n} kings", n=either(numbers))
    return Test(words, lambda hand: hand.kings in numbers)


def support(
    call: str,
    suit: int,
    least: int,
    low: int,
    high: int,
    *,
    name: str = "",
    forcing: int = 0,
    artificial: bool = False,
    then: str = "",
    tests: tuple[Test, ...] = (),
) -> Way:
    """Trumps for partner, and points with distribution from `low` to `high`."""
    return Way(
        call,
        name,
        (max(0, low - 4), high),
        lengths({suit: least}),
        (suit, low, high),
        tests=tests,
        then=then,
        suit=suit,
        forcing=forcing,
        artificial=artificial,
    )
