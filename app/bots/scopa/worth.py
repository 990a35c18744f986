"""What captured cards are worth before a deal is over: the points that they are likely to make.

A deal's four points go to whoever has more of something in the end. While cards are out they are
counted in part, by how likely the lead is to last: as if what is still out were thrown to either
side by chance. When nothing is out, what is left is the score.
"""

from __future__ import annotations

from functools import cache
from math import erf, sqrt
from typing import Final

from app.games.cards import ITALIAN
from app.games.scopa.options import ScopaOptions
from app.games.scopa.scoring import COINS, PRIMIERA, SEVEN_OF_COINS
from app.games.scopa.variants import RULES

_SUIT: Final = len(ITALIAN.ranks)
_MASK: Final = (1 << _SUIT) - 1
_COINS_AT: Final = COINS * _SUIT
_SEVEN: Final = 1 << SEVEN_OF_COINS.id
_DECK: Final = len(ITALIAN.cards)

# How far chance may still move the lead: the standard deviation is this often the square root of
# the number of cards out. Captures come two and three cards at a time.
_CARDS_SWING: Final = 1.6
_COINS_SWING: Final = 1.15
_PRIMIERA_SWING: Final = 0.5
AT_ONCE: Final = 30.0  # points that it is worth to win the match on the spot


def _lead(by: float, swing: float) -> float:
    """Who is likely to be ahead in the end: 1 the leader for certain, 0 nobody knows."""
    if swing:
        return erf(by / swing / sqrt(2))
    return (by > 0) - (by < 0)


def _best() -> tuple[int, ...]:
    """The best card of a suit for the primiera, by the bits of the cards there are."""
    best = [0]
    for value in range(1, _SUIT + 1):
        best += [max(other, PRIMIERA[value]) for other in best]
    return tuple(best)


_BEST: Final = _best()
_CARDS: Final = [
    [_lead(by, _CARDS_SWING * sqrt(out)) for by in range(-_DECK, _DECK + 1)]
    for out in range(_DECK + 1)
]
_COINS: Final = [
    [_lead(by, _COINS_SWING * sqrt(out)) for by in range(-_SUIT, _SUIT + 1)]
    for out in range(_SUIT + 1)
]


class Worth:
    """What piles are worth by the rules of a table, remembered once it has been asked."""

    def __init__(self, options: ScopaOptions) -> None:
        self._options = options
        self._bonuses = bool(RULES[options.variant].bonus((), options))
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, first: int, second: int) -> float:
        """The points, likely and certain, by which these piles put team 0 ahead of team 1.

        Without scope and declarations, which are points already.
        """
        key = (first, second)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._work_out(first, second)
        return found

    def _work_out(self, first: int, second: int) -> float:
        cards = first.bit_count(), second.bit_count()
        coins = first >> _COINS_AT & _MASK, second >> _COINS_AT & _MASK
        count = coins[0].bit_count(), coins[1].bit_count()
        worth = (
            _CARDS[_DECK - cards[0] - cards[1]][_DECK + cards[0] - cards[1]]
            + _COINS[_SUIT - count[0] - count[1]][_SUIT + count[0] - count[1]]
            + (first & _SEVEN > 0)
            - (second & _SEVEN > 0)
            + _primiera(first, second)
        )
        if self._bonuses:
            out = _MASK & ~(coins[0] | coins[1])
            worth += beyond(self._options, coins[0], out) - beyond(self._options, coins[1], out)
        return worth


def _primiera(first: int, second: int) -> float:
    """Who is likely to have the better primiera."""
    by, swing, whole = 0.0, 0.0, [True, True]
    for at in range(0, _DECK, _SUIT):
        one, other = first >> at & _MASK, second >> at & _MASK
        mine, theirs = _BEST[one], _BEST[other]
        open_ = _BEST[_MASK & ~(one | other)]
        more, more_theirs = max(0, open_ - mine), max(0, open_ - theirs)
        whole[0] &= bool(mine or open_)
        whole[1] &= bool(theirs or open_)
        # The best card that is out comes to one side or the other.
        by += mine - theirs + (more - more_theirs) / 2
        swing += (more + more_theirs) ** 2
    if whole[0] != whole[1]:
        return 1.0 if whole[0] else -1.0
    return _lead(by, _PRIMIERA_SWING * sqrt(swing))


@cache
def beyond(options: ScopaOptions, coins: int, out: int) -> float:
    """What a team's coins are worth beyond the four points of every deal.

    `coins` has a bit for each that it has by the value less one, `out` for each that nobody has
    yet: such a one it gets or does not, with equal chances. (What variants add is for coins.)
    """
    if not out:
        return _bonus(options, coins)
    coin = out & -out
    return (beyond(options, coins | coin, out ^ coin) + beyond(options, coins, out ^ coin)) / 2


def _bonus(options: ScopaOptions, coins: int) -> float:
    cards = ITALIAN.cards[_COINS_AT : _COINS_AT + _SUIT]
    pile = tuple(card for number, card in enumerate(cards) if coins >> number & 1)
    rules = RULES[options.variant]
    at_once = AT_ONCE if rules.winner_at_once((pile, ())) == 0 else 0.0
    return at_once + sum(rules.bonus(pile, options).values())
