"""Deals of bridge to test with: from a few calls and cards, and such as a viewer cannot tell from
another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from app.games.api import Event, Json, RuleError, Seat, Step, System
from app.games.bridge import BRIDGE, SIDES, Answer, Call, Claim, Play, State, Undo
from app.games.bridge.deal import RANKS, SUITS

SEATS = range(4)
ALERTS = (None, "natural", "5 hearts", 'or "none"')

LONG_SUITS = tuple(tuple(range(first, first + 13)) for first in (0, 13, 26, 39))
"""A deal in which North has all clubs, East all diamonds, South all hearts, West all spades."""


def card(text: str) -> int:
    """The number of a card as `SA`.

    >>> card("C2"), card("SA")
    (0, 51)
    """
    return SUITS.index(text[0]) * 13 + RANKS.index(text[1])


def hand(text: str) -> tuple[int, ...]:
    """A hand as `AK2.J.T98.65432`: spades, hearts, diamonds, clubs."""
    suits = zip("SHDC", text.split("."), strict=True)
    return tuple(sorted(card(suit + rank) for suit, ranks in suits for rank in ranks))


def start(board: int = 1, deal: Iterable[Iterable[int]] = LONG_SUITS) -> State:
    """A board before the first call, with these cards."""
    state = BRIDGE.initial(BRIDGE.parse_options({"board": board}), b"seed").state
    north, east, south, west = (tuple(sorted(cards)) for cards in deal)
    return replace(state, deal=(north, east, south, west))


def called(state: State, calls: str) -> State:
    """The state after calls, as `1C pass pass dbl`; `-` is a pass."""
    for bid in calls.split():
        state = do(state, Call("pass" if bid == "-" else bid)).state
    return state


def played(state: State, cards: str) -> State:
    """The state after cards, as `D2 H2 S2 C2`; `?` is the lowest card that is allowed."""
    for text in cards.split():
        assert state.play is not None
        number = state.play.legal[0] if text == "?" else card(text)
        state = do(state, Play(number)).state
    return state


def played_out(state: State) -> State:
    """The state after the lowest card allowed has been played whenever one could be."""
    while state.outcome is None:
        state = played(state, "?")
    return state


def do(state: State, move: Any, seat: Seat | None = None) -> Step[State]:
    """The step after a move of the seat, or of the one for which the match waits."""
    if seat is None:
        (seat,) = BRIDGE.actors(state)
    return BRIDGE.apply(state, seat, move)


def claimed(state: State, side: str, tricks: int) -> State:
    """The state after a claim."""
    return do(state, Claim(tricks), SIDES.index(side)).state


def answered(state: State, side: str, agreed: bool) -> State:
    """The state after an answer."""
    return do(state, Answer(agreed), SIDES.index(side)).state


def taken_back(state: State, side: str, by: str) -> State:
    """The state after that side has asked for its last call or card, and `by` has agreed."""
    asked = do(state, Undo(), SIDES.index(side)).state
    return do(asked, Answer(True), SIDES.index(by)).state


def kinds(events: Iterable[Event]) -> list[str]:
    """The kinds of events, in their order."""
    return [event.kind for event in events]


def told(step: Step[State], kind: str, viewer: Seat | None = None) -> Json:
    """What a viewer is told by the one event of this kind; None if they are told nothing."""
    (event,) = [event for event in step.events if event.kind == kind]
    seen = BRIDGE.event_view(event, viewer)
    assert seen is None or seen["type"] == kind
    return None if seen is None else seen["data"]


# What a viewer cannot see


def in_sight(state: State, viewer: Seat | None) -> set[int]:
    """The cards of which a viewer knows who has them, or had."""
    hands = state.deal if state.play is None else state.play.hands
    known = set(state.returned)
    if viewer is not None:
        known.update(hands[viewer])
    if state.play is None or not state.play.cards:
        return known
    contract = state.play.contract
    known.update(state.play.cards, hands[contract.dummy])
    for claimant in state.faced:
        if viewer is not None and viewer != contract.dummy:
            known.update(hands[claimant])
    if viewer == contract.dummy:
        known.update(hands[contract.declarer])
    return known


def reshuffle(
    state: State, actor: Seat | System, move: Any, viewer: Seat | None, random: Random
) -> State:
    """Another position that `viewer` cannot tell from this one, before the move or after it.

    The cards of which they do not know who has them change places, and so do the texts of their
    partner's alerts while those are secret.
    """
    after = BRIDGE.apply(state, actor, move).state
    known = in_sight(state, viewer) | in_sight(after, viewer)
    if isinstance(move, Play):
        known.add(move.card)
    hidden = [card for card in range(52) if card not in known]
    if after.outcome is None and viewer is not None:
        state = _realerted(state, (viewer + 2) % 4, random)
    anyhow = random.sample(hidden, len(hidden))
    other = _exchanged(state, dict(zip(hidden, anyhow, strict=True)))
    try:
        BRIDGE.apply(other, actor, move)
    except RuleError:
        # Somebody would have to follow suit: within the suits everything may change places.
        within = sorted(anyhow, key=lambda card: card // 13)
        other = _exchanged(state, dict(zip(hidden, within, strict=True)))
    return other


def _exchanged(state: State, exchange: dict[int, int]) -> State:
    def swap(hands: Iterable[tuple[int, ...]]) -> Any:
        return tuple(tuple(sorted(exchange.get(card, card) for card in hand)) for hand in hands)

    play = state.play
    if play is not None:
        play = replace(play, hands=swap(play.hands))
    return replace(state, deal=swap(state.deal), play=play)


def _realerted(state: State, seat: Seat, random: Random) -> State:
    calls = [
        replace(call, alert=random.choice(ALERTS)) if (state.dealer + number) % 4 == seat else call
        for number, call in enumerate(state.calls)
    ]
    return replace(state, calls=tuple(calls))
