"""Deals that may be the one that is played: they fit what is seen, and as far as can be the calls.

A deal is made by chance and then changed, card against card, so that the hidden hands come to be
what their calls said (Metropolis's rule). A call that fits no hand, or a bid made in another
system, leaves the cards as likely as they can be, instead of none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, exp, prod
from random import Random
from typing import Final

from app.bots.bridge.pictures import Picture
from app.bots.bridge.sight import Sight
from app.games.api import Seat

Layout = tuple[tuple[int, ...], ...]
"""By seat the cards held, ascending."""

_STRICT: Final = 1.5  # how much less likely each point outside what was promised is: by e to this
_FIRST: Final = 6  # attempts to swap each unseen card until the first deal counts; then one
_TRIES: Final = 4  # deals looked at until one is believable
_FEW: Final = 40  # so many layouts are listed instead of drawn


@dataclass(slots=True)
class _Hand:
    """A hidden hand: the unseen cards it holds; points and lengths of all that it was dealt."""

    cards: list[int]
    points: int
    lengths: list[int]
    picture: Picture
    never: frozenset[int]

    def change(self, old: int, new: int) -> None:
        """Have one card for another, for what is counted."""
        self.points += _POINTS[new] - _POINTS[old]
        self.lengths[old // 13] -= 1
        self.lengths[new // 13] += 1

    @property
    def distance(self) -> int:
        return self.picture.distance(self.points, self.lengths)


_POINTS: Final = tuple(max(0, card % 13 - 8) for card in range(52))
"""High-card points of each card."""


def layouts(sight: Sight, pictures: Sequence[Picture], rng: Random) -> Iterator[Layout]:
    """Deals without end, one after another, the likelier ones the more often.

    pictures: by seat what its calls said of the hand it was dealt. Where everything is seen there
    is one such deal, and where few are possible each comes once before the end.
    """
    hidden = sight.hidden
    if not hidden:
        yield _whole(sight, {})
        return
    never = sight.voids()
    unseen = sight.unseen()
    if len(hidden) == 2 and comb(len(unseen), sight.room(hidden[0])) <= _FEW:
        yield from _listed(sight, unseen, pictures, rng)
        return
    hands = _shared_out(sight, unseen, pictures, never, rng)
    swaps = _FIRST * len(unseen)
    while True:
        best, weight = None, -1.0
        for _ in range(_TRIES):
            _improve(list(hands.values()), swaps, rng)
            swaps = len(unseen)
            here = prod(_weight(sight, seat, hand) for seat, hand in hands.items())
            if here > weight:
                best = _whole(sight, {seat: hand.cards for seat, hand in hands.items()})
                weight = here
            if rng.random() < here:
                break
        assert best is not None, "it has been tried"
        yield best


def _listed(
    sight: Sight, unseen: Sequence[int], pictures: Sequence[Picture], rng: Random
) -> Iterator[Layout]:
    """Every deal that two hidden hands can have, the likeliest first."""
    one, other = sight.hidden
    never = sight.voids()
    found = []
    for cards in combinations(unseen, sight.room(one)):
        rest = [card for card in unseen if card not in cards]
        if _can_hold(cards, never[one]) and _can_hold(rest, never[other]):
            hands = {one: list(cards), other: rest}
            far = sum(
                _hand(sight, seat, held, pictures[seat], never[seat]).distance
                for seat, held in hands.items()
            )
            found.append((far, rng.random(), _whole(sight, hands)))
    for _, _, layout in sorted(found):
        yield layout


def _can_hold(cards: Sequence[int], never: frozenset[int]) -> bool:
    return not any(card // 13 in never for card in cards)


def _shared_out(
    sight: Sight,
    unseen: Sequence[int],
    pictures: Sequence[Picture],
    never: Sequence[frozenset[int]],
    rng: Random,
) -> dict[Seat, _Hand]:
    """The unseen cards in the hidden hands, as chance has it."""
    held: dict[Seat, list[int]] = {seat: [] for seat in sight.hidden}
    free = []
    for card in unseen:
        can = [seat for seat in held if card // 13 not in never[seat]]
        if len(can) == 1:
            held[can[0]].append(card)
        else:
            free.append(card)
    rng.shuffle(free)
    for seat, cards in held.items():
        room = sight.room(seat) - len(cards)
        cards += free[:room]
        del free[:room]
    return {
        seat: _hand(sight, seat, cards, pictures[seat], never[seat]) for seat, cards in held.items()
    }


def _hand(
    sight: Sight, seat: Seat, cards: list[int], picture: Picture, never: frozenset[int]
) -> _Hand:
    dealt = (*cards, *sight.returned[seat], *sight.played_by(seat))
    lengths = [0, 0, 0, 0]
    for card in dealt:
        lengths[card // 13] += 1
    return _Hand(cards, sum(_POINTS[card] for card in dealt), lengths, picture, never)


def _weight(sight: Sight, seat: Seat, hand: _Hand) -> float:
    dealt = (*hand.cards, *sight.returned[seat], *sight.played_by(seat))
    return hand.picture.weight(dealt)


def _improve(hands: Sequence[_Hand], swaps: int, rng: Random) -> None:
    """Swap cards between hidden hands, so often, as their pictures want them."""
    if len(hands) < 2:
        return
    for _ in range(swaps):
        one, other = hands if len(hands) == 2 else rng.sample(hands, 2)
        mine = int(rng.random() * len(one.cards))
        theirs = int(rng.random() * len(other.cards))
        given, taken = one.cards[mine], other.cards[theirs]
        if given // 13 in other.never or taken // 13 in one.never:
            continue
        before = one.distance + other.distance
        one.change(given, taken)
        other.change(taken, given)
        further = one.distance + other.distance - before
        if further > 0 and rng.random() > exp(-_STRICT * further):
            one.change(taken, given)
            other.change(given, taken)
            continue
        one.cards[mine], other.cards[theirs] = taken, given


def _whole(sight: Sight, hidden: dict[Seat, list[int]]) -> Layout:
    return tuple(
        tuple(sorted((*hidden[seat], *sight.returned[seat]))) if hand is None else hand
        for seat, hand in enumerate(sight.hands)
    )
