"""Somebody who counts cards and looks ahead.

The cards that are not seen are dealt to the hidden hands at random, again and again, and for each
such deal every choice is followed to the end of the round. The choice that does best on the average
is made. When the deck is empty and one hand is hidden, there is one such deal: the end of a deal
between two is played without fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from app.bots.scopa.medium import held_next, play_of
from app.bots.scopa.search import Hands, Search
from app.bots.scopa.sight import ALL, Choice, Sight, read
from app.bots.scopa.table import SCOPA, Judge, Play, Tables
from app.bots.scopa.worth import Worth
from app.games.api import Json
from app.games.cards import ITALIAN

_WORK: Final = 50_000  # what a move may cost, in about microseconds of a usual core
_OVER: Final = 1.5  # how far the last deal looked at may go beyond that
_DEALS: Final = 12  # how many deals make an average, if it comes to looking less deep instead
_TRIES: Final = 10


@dataclass(frozen=True, slots=True)
class _Option:
    """A choice, and what it does."""

    choice: Choice
    play: Play
    rest: tuple[int, ...]


def strong(view: Json, rng: Random, effort: float) -> Json:
    """Looks ahead in as many deals as `effort` allows for; without any, by judgement alone."""
    sight = read(view)
    options = [
        _Option(choice, play_of(sight, choice), _without(sight.hand, choice.card))
        for choice in sight.choices
    ]
    if len(options) == 1:
        return dict(options[0].choice.raw)
    variant, worth = sight.options.variant, Worth(sight.options)
    tables = Tables(variant, sight.value)
    judge = Judge(variant, sight.value, _weights(sight, worth), sight.unseen)
    search = Search(sight, tables, judge, worth)
    values = _look_ahead(sight, search, options, rng, _WORK * effort)
    if values is None:
        holding = held_next(sight)
        values = [judge.worth(option.play, holding) for option in options]
    return dict(options[values.index(max(values))].choice.raw)


def _look_ahead(
    sight: Sight, search: Search, options: list[_Option], rng: Random, work: float
) -> list[float] | None:
    """The sum of each option's values in some deals; None if there is no work to spend on them.

    As deep as leaves room for enough deals: what one costs is seen in the first, and it grows with
    every play by as many times as there are cards to choose from.
    """
    search.limit = _OVER * work
    certain = _is_certain(sight)
    deals = 1 if certain else _DEALS
    depth, plays = 0, _plays_left(sight)
    values: list[float] | None = None
    while search.work < work:
        before = search.work
        hands = _deal(sight, rng)
        here = [_value(sight, search, option, hands, depth) for option in options]
        if values is not None and search.work > search.limit:
            break  # not every option has been looked at alike
        cost = search.work - before
        if depth < len(plays) and cost * plays[depth] * deals < work - search.work:
            depth += 1
            values = None
            continue
        values = here if values is None else [sum(both) for both in zip(values, here, strict=True)]
        if certain:
            break
    return values


def _value(sight: Sight, search: Search, option: _Option, hands: Hands, depth: int) -> float:
    """What an option is worth to the player if these are the hands."""
    team = sight.me % 2
    pile, left = option.play
    last_card = not sight.deck and sum(sight.sizes) == 1
    scopa = SCOPA if pile and not left and not last_card else 0.0
    taker = team if pile else sight.taker
    last = 0 if taker is None else -1 if taker == team else 1
    after = (sight.me + 1) % len(hands)
    following = (*hands[: sight.me], option.rest, *hands[sight.me + 1 :])
    piles = (sight.piles[1 - team], sight.piles[team] | pile)
    return -search.value(following, after, left, piles, -scopa, last, depth)


def _weights(sight: Sight, worth: Worth) -> tuple[float, ...]:
    """What it is worth now to capture each card: half of what it is that the other does not."""
    first, second = sight.piles
    gone = first | second
    return tuple(
        0.0
        if gone >> card & 1
        else (worth(first | 1 << card, second) - worth(first, second | 1 << card)) / 2
        for card in ALL
    )


def _is_certain(sight: Sight) -> bool:
    """Whether the cards not seen can be in one place only."""
    hidden = sum(size > len(known) for size, known in zip(sight.sizes, sight.known, strict=True))
    return not hidden or (hidden == 1 and not sight.deck)


def _plays_left(sight: Sight) -> list[int]:
    """How many cards are held for each play of the round, after the own one."""
    sizes = list(sight.sizes)
    sizes[sight.me] -= 1
    plays, seat = [], sight.me
    while any(sizes):
        seat = (seat + 1) % len(sizes)
        plays.append(sizes[seat])
        sizes[seat] -= 1
    return plays


def _deal(sight: Sight, rng: Random) -> Hands:
    """Hands such as the hidden ones may be."""
    for _ in range(_TRIES):
        cards = list(sight.unseen)
        rng.shuffle(cards)
        hands = []
        for known, size in zip(sight.known, sight.sizes, strict=True):
            hidden = size - len(known)
            hands.append((*known, *cards[:hidden]))
            del cards[:hidden]
        if not any(_would_be_shown(sight, hand) for hand in hands):
            break
    return tuple(hands)


def _would_be_shown(sight: Sight, hand: tuple[int, ...]) -> bool:
    """Whether a hidden hand cannot be this one: whole, it would have been declared."""
    if len(hand) < sight.rules.hand_size or hand in sight.known:
        return False
    return (
        sight.rules.declaration([ITALIAN.cards[card] for card in hand], sight.options) is not None
    )


def _without(hand: tuple[int, ...], card: int) -> tuple[int, ...]:
    return tuple(other for other in hand if other != card)
