"""The position of a match."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from app.games.api import Outcome, Seat
from app.games.cards import Card
from app.games.scopa.options import ScopaOptions
from app.games.scopa.rules import Piles, Rules
from app.games.scopa.scoring import Pair
from app.games.scopa.variants import RULES

Cards: TypeAlias = tuple[Card, ...]

Scope: TypeAlias = tuple[tuple[Card | None, ...], tuple[Card | None, ...]]
"""For each team the cards that show its scope; None for one that no card made."""


@dataclass(frozen=True, slots=True)
class State:
    """A position.

    seed: of the whole match; secret while it lasts.
    first: who leads this deal.
    deck: all cards in the order of this deal: those on the table first, then three to each seat
        from seat 0 on, and so forth. `dealt` of them have been.
    hands: by seat, each in the order in which it was dealt.
    shown: by seat, whether the hand was declared, so that all may see what is left of it.
    matta: the matta and what it stands for; None where it is what is printed on it.
    table: in the order in which the cards came there.
    piles, scope: what each team has captured in this deal, and its scope.
    declared: what each team has scored by declarations in this deal.
    taker: who captured last in this deal.
    points: what each team scored in each deal that is over.
    """

    options: ScopaOptions
    seed: bytes
    first: Seat
    deck: Cards
    dealt: int
    hands: tuple[Cards, ...]
    shown: tuple[bool, ...]
    matta: tuple[Card, int] | None
    table: Cards
    piles: Piles
    scope: Scope
    declared: Pair
    taker: Seat | None
    to_move: Seat
    points: tuple[Pair, ...]
    outcome: Outcome | None

    @property
    def rules(self) -> Rules:
        """Those of the match's variant."""
        return RULES[self.options.variant]

    @property
    def totals(self) -> Pair:
        """What each team has scored in the deals that are over."""
        return totals(self.points)

    def value(self, card: Card) -> int:
        """What a card counts for in play."""
        if self.matta is not None and card == self.matta[0]:
            return self.matta[1]
        return card.value


def team_of(seat: Seat) -> int:
    """Teams sit crosswise: every other seat is of the same."""
    return seat % 2


def teams(players: int) -> tuple[int, ...]:
    """The team of each seat."""
    return tuple(team_of(seat) for seat in range(players))


def totals(points: tuple[Pair, ...]) -> Pair:
    """The sum of the deals' points."""
    return sum(first for first, _ in points), sum(second for _, second in points)


def won(reason: str, team: int, players: int) -> Outcome:
    """The outcome of a match that a team has won."""
    winners = tuple(seat for seat in range(players) if team_of(seat) == team)
    return Outcome(reason, (float(team == 0), float(team == 1)), winners)


def with_pile(piles: Piles, team: int, cards: Cards) -> Piles:
    """The piles when a team has captured `cards` too."""
    first, second = piles
    return (first + cards, second) if team == 0 else (first, second + cards)


def with_scope(scope: Scope, team: int, cards: tuple[Card | None, ...]) -> Scope:
    """The scope when a team has made as many more as there are `cards`."""
    first, second = scope
    return (first + cards, second) if team == 0 else (first, second + cards)


def plus(pair: Pair, team: int, points: int) -> Pair:
    """The pair with points more for a team."""
    first, second = pair
    return (first + points, second) if team == 0 else (first, second + points)
