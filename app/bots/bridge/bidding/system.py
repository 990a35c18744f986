"""Which rules hold at a point of an auction, which of them a hand follows, what a call means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.bots.bridge.bidding import phrases
from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import PASS
from app.bots.bridge.bidding.general import somehow
from app.bots.bridge.bidding.hand import SUITS, Hand
from app.bots.bridge.bidding.odd import natural
from app.bots.bridge.bidding.phrases import Say
from app.bots.bridge.bidding.situations import situation
from app.bots.bridge.bidding.ways import Lengths, Range, Way, together

_NEAR, _FAR = 0.3, 0.02
_TELLING = 15  # a pass that leaves room for more points than that says nothing


@dataclass(frozen=True)
class Meaning:
    """What a call shows, as the robots understand it.

    `seat` is whose it is (0 North … 3 West), `text` says it in English, `forcing` is 0, 1 (for a
    round) or 2 (to game). `ways` are the hands it shows, at least one; `rules` all that could have
    been called then, the first to fit first.
    """

    seat: int
    call: str
    ways: tuple[Way, ...]
    rules: tuple[Way, ...]

    @cached_property
    def points(self) -> Range:
        """The fewest and the most high-card points."""
        low = min(way.points[0] for way in self.ways)
        return low, max(way.points[1] for way in self.ways)

    @cached_property
    def lengths(self) -> Lengths:
        """The fewest and the most cards in clubs, diamonds, hearts and spades."""
        shown = [
            (
                min(way.shape[suit][0] for way in self.ways),
                max(way.shape[suit][1] for way in self.ways),
            )
            for suit in SUITS
        ]
        return shown[0], shown[1], shown[2], shown[3]

    @property
    def forcing(self) -> int:
        return max(way.forcing for way in self.ways)

    @property
    def artificial(self) -> bool:
        """Whether it means something else than its words: to be alerted."""
        return any(way.artificial for way in self.ways)

    @property
    def text(self) -> str:
        """In English."""
        return self.words()

    def words(self, say: Say = str) -> str:
        """In words, the likelier meanings first; parted by `; or `. `say` translates a phrase."""
        if self.call == PASS and self.points[1] > _TELLING:
            told = [way.name for way in self.ways if way.name]
            return say(told[0] if told else phrases.NOTHING)
        named: dict[str, list[Way]] = {}
        for way in self.ways:
            named.setdefault(way.name, []).append(way)
        return say(phrases.OR).join(together(ways).words(say) for ways in named.values())

    def fits(self, hand: Hand) -> bool:
        """Whether a robot with that hand would have made this call."""
        return choose(self.rules, hand).call == self.call

    def weight(self, hand: Hand) -> float:
        """How believable the hand is: 1 if a robot would have called so, less the further off.

        Never 0, as people bid what they like: to weigh dealt hands by, or to choose the best.
        """
        chosen = choose(self.rules, hand)
        if chosen.call == self.call:
            return 1.0
        away = min(way.distance(hand) for way in self.ways)
        return max(_FAR, _NEAR / (1 + away) ** 2)


def choose(rules: Sequence[Way], hand: Hand) -> Way:
    """The first rule that the hand fits, the last if it fits none."""
    for way in rules:
        if way.fits(hand):
            return way
    return rules[-1]


@lru_cache(maxsize=256)
def read(dealer: str, vuln: str, calls: tuple[str, ...]) -> tuple[Auction, tuple[Way, ...]]:
    """The auction as it stands after the calls, and the rules for the next one."""
    if not calls:
        auction = Auction.start(dealer, vuln)
    else:
        before, rules = read(dealer, vuln, calls[:-1])
        auction = before.after(calls[-1], meant(before, rules, calls[-1]))
    return auction, rules_of(auction)


def rules_of(auction: Auction) -> tuple[Way, ...]:
    """What the one to call can call and when, at least one rule; the last is for any other hand."""
    artificial: dict[str, bool] = {}  # a call that means one thing does not mean another as well
    ways = [
        way
        for way in situation(auction)
        if auction.allows(way.call)
        and artificial.setdefault(way.call, way.artificial) == way.artificial
    ]
    if auction.forced:
        ways = [way for way in ways if way.call != PASS or way.then == "pass"]
        if not ways or not ways[-1].anything:
            taken = {way.call for way in ways}  # those keep their meaning, but there must be a call
            ways += [
                way
                for way in somehow(auction)
                if (way.anything or way.call not in taken) and auction.allows(way.call)
            ]
    if not ways or (ways[-1].call != PASS and not ways[-1].anything):
        ways.append(Way(PASS))
    return tuple(ways)


def meant(auction: Auction, rules: tuple[Way, ...], call: str) -> tuple[Way, ...]:
    """The ways in which a call can be meant, at least one; what any hand may do is told last."""
    ways = [way for way in rules if way.call == call]
    told = [way for way in ways if not way.anything] or ways
    return tuple(told) or (natural(auction, call),)


def explain(dealer: str, vuln: str, calls: Sequence[str]) -> list[Meaning]:
    """What every call of an auction shows, in order."""
    meanings = []
    for number, call in enumerate(calls):
        auction, rules = read(dealer, vuln, tuple(calls[:number]))
        meanings.append(Meaning(auction.turn, call, meant(auction, rules, call), rules))
    return meanings
