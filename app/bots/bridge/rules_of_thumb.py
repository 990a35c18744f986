"""Card play by rules of thumb: what a player does who counts little, and what breaks ties for one
who counts much.

Every legal card is given a number, the best the highest; nothing here takes noticeable time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from app.bots.bridge.sight import Sight
from app.games.bridge.play import winner

_HONOUR: Final = 8  # the rank of the ten: from it on a sequence is worth leading
_BY_PLACE: Final = 100.0  # what a rule weighs against the lowness of a card


@dataclass(frozen=True, slots=True)
class _Eye:
    """A position, with what is counted again and again.

    hand: of the seat to play; across: the partner's, if seen. out: the cards that neither of the
    two hands, so far as seen, nor the cards played have.
    """

    sight: Sight
    hand: tuple[int, ...]
    across: tuple[int, ...]
    out: frozenset[int]

    @property
    def trump(self) -> int | None:
        return self.sight.contract.trump

    @property
    def declaring(self) -> bool:
        return self.sight.turn % 2 == self.sight.contract.declarer % 2

    def in_suit(self, suit: int, cards: Iterable[int] | None = None) -> list[int]:
        """The cards of a suit, the highest first; the hand's, if no others are given."""
        held = self.hand if cards is None else cards
        return sorted((card for card in held if card // 13 == suit), reverse=True)

    def is_high(self, card: int) -> bool:
        """Whether no card that is out beats it in its suit."""
        return not any(other // 13 == card // 13 and other > card for other in self.out)


def ranking(sight: Sight) -> list[int]:
    """The legal cards, the one that the rules prefer first."""
    hand = sight.hands[sight.turn]
    assert hand is not None, "who plays sees the cards"
    across = sight.hands[(sight.turn + 2) % 4] or ()
    gone = {card for _, card in sight.plays()}
    out = frozenset(range(52)) - gone - set(hand) - set(across)
    eye = _Eye(sight, hand, across, out)
    rule = _RULES[len(sight.trick)]
    return sorted(sight.legal, key=lambda card: (-rule(eye, card), card))


def _lead(eye: _Eye, card: int) -> float:
    return _declarer_leads(eye, card) if eye.declaring else _defender_leads(eye, card)


def _declarer_leads(eye: _Eye, card: int) -> float:
    """Draws trumps, then makes tricks in the longest suit of the two hands, then cashes."""
    suit, trump = card // 13, eye.trump
    own, across = eye.in_suit(suit), eye.in_suit(suit, eye.across)
    out = eye.in_suit(suit, eye.out)
    high = eye.is_high(card)
    top_across = bool(across) and eye.is_high(across[0])
    if suit == trump:
        if not out:
            return -20 - card % 13  # theirs are drawn: keep ours
        return _BY_PLACE + (30 if high else 0) - (0 if high else card % 13)
    value = 4.0 * (len(own) + len(across))
    if high:
        # Unblock: a winner from the shorter hand first.
        value += 30 + (10 if len(own) <= len(across) else 0) + (0 if out else 20)
    elif top_across:
        value += 25 - card % 13
    elif _top_of_sequence(own, card) and card % 13 >= _HONOUR:
        value += 15
    else:
        value += 5 - card % 13
    return value


def _defender_leads(eye: _Eye, card: int) -> float:
    """Partner's suit, the top of a sequence, the fourth best of the longest; not from under an ace.

    Against a suit contract a singleton too, in the hope of a ruff.
    """
    suit, trump = card // 13, eye.trump
    own = eye.in_suit(suit)
    place = own.index(card)
    if eye.is_high(card):
        cashing = 45 if trump is None or eye.sight.tricks else 20
        return cashing + len(own) - (10 if suit == trump else 0)
    value = 3.0 * len(own) if trump is None else 10.0
    if suit == trump:
        value -= 8
    if suit in _named_by_partner(eye.sight):
        value += 20
    if _top_of_sequence(own, card) and card % 13 >= _HONOUR - 1:
        return value + 15
    if trump is not None and suit != trump and len(own) == 1 and not eye.sight.tricks:
        return value + 12
    if trump is not None and own[0] % 13 == 12:
        value -= 30  # from under an ace
    best = min(3, len(own) - 1) if own[0] % 13 >= _HONOUR else 0
    return value - abs(place - best)


def _second(eye: _Eye, card: int) -> float:
    """Low, but an honour on an honour, and a trump if the suit is out."""
    led = eye.sight.trick[0][1]
    suit = card // 13
    if suit != led // 13:
        return _discard(eye, card) if suit != eye.trump else _BY_PLACE / 2 - card % 13
    if card > led and led % 13 >= _HONOUR and eye.is_high(card):
        return _BY_PLACE - card % 13
    return -card % 13


def _third(eye: _Eye, card: int) -> float:
    """As high as is needed: the lowest of cards that are equal to the highest, if it may win."""
    return _to_win(eye, card, last=False)


def _fourth(eye: _Eye, card: int) -> float:
    """The lowest card that wins, or the lowest of all."""
    return _to_win(eye, card, last=True)


def _to_win(eye: _Eye, card: int, *, last: bool) -> float:
    sight = eye.sight
    cards = [played for _, played in sight.trick]
    strain = sight.contract.strain
    best = cards[winner(cards, strain)]
    partners = winner(cards, strain) == len(cards) - 2
    wins = winner([*cards, card], strain) == len(cards)
    led = cards[0] // 13
    if not wins:
        return -(card % 13) if card // 13 == led else _discard(eye, card)
    if partners and (last or eye.is_high(best) or _next_below(eye, best, card)):
        return -_BY_PLACE - card % 13  # it is ours already
    if last or card // 13 != led:
        return _BY_PLACE - card % 13
    # The third hand: high, yet of equals the lowest.
    return _BY_PLACE + _rank_among_out(eye, card) - card % 13 / 100


def _discard(eye: _Eye, card: int) -> float:
    """A low card of a suit in which there is nothing to keep."""
    own = eye.in_suit(card // 13)
    if card // 13 == eye.trump:
        return -_BY_PLACE - card % 13
    guard = 0
    if own[0] % 13 < 12 and len(own) <= 12 - own[0] % 13 + 1 and own[0] % 13 >= _HONOUR:
        guard = 20  # it guards an honour
    winning = 40 if eye.is_high(card) else 0
    return len(own) - card % 13 - guard - winning


def _top_of_sequence(own: list[int], card: int) -> bool:
    """Whether the card below is held too, and the one above is not."""
    return card - 1 in own and card + 1 not in own


def _next_below(eye: _Eye, best: int, card: int) -> bool:
    """Whether no card that is out lies between two of a suit."""
    return card // 13 == best // 13 and not any(best < other < card for other in eye.out)


def _rank_among_out(eye: _Eye, card: int) -> int:
    """How many cards of its suit that are out it beats: equals beat as many."""
    return sum(other // 13 == card // 13 and other < card for other in eye.out)


def _named_by_partner(sight: Sight) -> set[int]:
    """The suits that partner has bid."""
    partner = (sight.turn + 2) % 4
    strains = {
        call[1]
        for place, call in enumerate(sight.calls)
        if (sight.dealer + place) % 4 == partner and call[0].isdigit()
    }
    return {"CDHS".index(strain) for strain in strains if strain != "Z"}


_RULES: Final[tuple[Callable[[_Eye, int], float], ...]] = (_lead, _second, _third, _fourth)
