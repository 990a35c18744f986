"""Answers to a claim, and to a request to take an action back.

A claim of the opponents is good if they need no luck for it: at each of their turns there must be
a card that is right as the cards lie, and would be right in most of the deals that the claimant
may still reckon with. So a finesse that is not known to work is no reason to accept; and whether
the answer is yes tells little of where the cards are. A partner's claim is good if this side cannot
take more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Final

from app.bots.bridge.pictures import ANYTHING
from app.bots.bridge.play import Solver
from app.bots.bridge.sampling import Layout, layouts
from app.bots.bridge.sight import Sight
from app.games.api import Json, Seat
from app.games.bridge.deal import SIDES
from app.games.bridge.play import legal_cards, winner

_DEALS: Final = 24  # that the claimant may reckon with
_MOST: Final = 0.75  # of them: the break of five cards is not enough, nor is a finesse
_SEEN: Final = 12  # deals in which a partner's claim is looked at
_WORK: Final = 1_500_000  # the solver's positions after which a claim is declined


def grants_undo() -> bool:
    """Whether an action may be taken back: the computer is no stickler."""
    return True


def accepts(sight: Sight, claim: Json, rng: Random, solve: Solver | None) -> bool:
    """Whether the viewer accepts the claim that is open in the view (`view["claim"]`)."""
    claimant = SIDES.index(claim["side"])
    team = claimant % 2
    more = claim["tricks"] - sight.won[team]
    if team == sight.me % 2:
        return solve is None or _no_more(sight, more, rng, solve)
    if more <= 0:
        return True
    if solve is None:
        return _cashes(sight, team, more)
    return _holds(sight, claimant, more, rng, solve)


def _no_more(sight: Sight, tricks: int, rng: Random, solve: Solver) -> bool:
    """Whether the own side takes no more than so many of the remaining tricks in any deal."""
    left = 13 - sum(sight.won)
    for hands in islice(layouts(sight, [ANYTHING] * 4, rng), _SEEN):
        yields, _ = solve(hands, sight.contract.trump, sight.leader, sight.trick)
        best = max(yields.values())
        if (best if sight.turn % 2 == sight.me % 2 else left - best) > tricks:
            return False
    return True


def _cashes(sight: Sight, team: int, tricks: int) -> bool:
    """Whether a side that is on lead has so many winners in the leader's hand, in plain sight."""
    hand = sight.hands[sight.turn]
    if sight.trick or sight.turn % 2 != team or hand is None:
        return False
    ours = {*hand, *(sight.hands[(sight.turn + 2) % 4] or ())}
    gone = {card for _, card in sight.plays()}
    out = [card for card in range(52) if card not in ours and card not in gone]
    trumps_out = any(card // 13 == sight.contract.trump for card in out)
    tops = [
        card
        for card in hand
        if (not trumps_out or card // 13 == sight.contract.trump)
        and not any(other // 13 == card // 13 and other > card for other in out)
    ]
    return len(tops) >= tricks


@dataclass(frozen=True, slots=True)
class _Walk:
    """A line of play from the claim on: the cards as they lie, and as they may lie.

    needed: tricks the claimant's side must still take.
    """

    hands: Layout
    others: tuple[Layout, ...]
    leader: Seat
    trick: tuple[tuple[Seat, int], ...]
    needed: int

    @property
    def turn(self) -> Seat:
        return (self.leader + len(self.trick)) % 4

    def after(self, card: int, strain: str, team: int) -> _Walk:
        """The line with one card more; what contradicts it may no longer be."""
        seat = self.turn
        led = [played for _, played in self.trick]
        others = tuple(
            _without(hands, seat, card)
            for hands in self.others
            if card in legal_cards(hands[seat], led)
        )
        trick = (*self.trick, (seat, card))
        hands = _without(self.hands, seat, card)
        if len(trick) < 4:
            return replace(self, hands=hands, others=others, trick=trick)
        won = trick[winner([played for _, played in trick], strain)][0]
        return _Walk(hands, others, won, (), self.needed - (won % 2 == team))


def _holds(sight: Sight, claimant: Seat, tricks: int, rng: Random, solve: Solver) -> bool:
    """Whether the claimant's side takes so many more tricks without luck."""
    trump, strain, team = sight.contract.trump, sight.contract.strain, claimant % 2
    (hands,) = islice(layouts(sight, [ANYTHING] * 4, rng), 1)
    others = tuple(
        islice(layouts(_as_seen_by(sight, claimant, hands), [ANYTHING] * 4, rng), _DEALS)
    )
    minds = {claimant, (claimant + 2) % 4} if claimant == sight.contract.declarer else {claimant}
    walk = _Walk(hands, others, sight.leader, sight.trick, tricks)
    work = 0
    while walk.needed > 0:
        left = sum(map(len, walk.hands)) + len(walk.trick)
        if work > _WORK or left < 4 * walk.needed:
            return False
        yields, looked_at = solve(walk.hands, trump, walk.leader, walk.trick)
        work += looked_at
        best = max(yields, key=lambda card: yields[card])
        ours = walk.turn % 2 == team
        if (yields[best] if ours else left // 4 - yields[best]) < walk.needed:
            return False
        if walk.turn in minds and walk.others:
            shares, looked_at = _shares(walk, trump, solve)
            work += looked_at
            right = [card for card in yields if yields[card] >= walk.needed]
            best = max(right, key=lambda card: shares.get(card, 0))
            if shares.get(best, 0) < _MOST * len(walk.others):
                return False
        walk = walk.after(best, strain, team)
    return True


def _shares(walk: _Walk, trump: int | None, solve: Solver) -> tuple[dict[int, int], int]:
    """In how many of the deals that may be each card takes what is needed; and the work."""
    shares: dict[int, int] = {}
    work = 0
    solved: dict[Layout, dict[int, int]] = {}
    for hands in walk.others:
        if hands not in solved:
            solved[hands], looked_at = solve(hands, trump, walk.leader, walk.trick)
            work += looked_at
        for card, tricks in solved[hands].items():
            shares[card] = shares.get(card, 0) + (tricks >= walk.needed)
    return shares, work


def _as_seen_by(sight: Sight, claimant: Seat, hands: Layout) -> Sight:
    """The position as the claimant sees it: the own hand and dummy's, and declarer's for dummy."""
    seen = {claimant, sight.contract.dummy}
    known: Sequence[tuple[int, ...] | None] = [
        hand if seat in seen else None for seat, hand in enumerate(hands)
    ]
    return replace(sight, me=claimant, hands=tuple(known))


def _without(hands: Layout, seat: Seat, card: int) -> Layout:
    rest = tuple(held for held in hands[seat] if held != card)
    return (*hands[:seat], rest, *hands[seat + 1 :])
