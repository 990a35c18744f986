"""Positions of scopa to test with: made by hand, and such as a viewer cannot tell from another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from app.games.api import Event, Json, Outcome, Seat, Step, System
from app.games.cards import ITALIAN, Card
from app.games.scopa import SCOPA, Move, State
from app.games.scopa.dealing import round_from
from app.games.scopa.state import teams

ALL = frozenset(ITALIAN.cards)
SEEDS = [number.to_bytes(32, "big") for number in range(40)]
FOUR = {"variant": "classic", "players": 4}
THREES = ("classic", "rebello", "cucita", "cirulla")


def cards(text: str) -> tuple[Card, ...]:
    """The cards that a text names, as `7D 10S`: denari (coins), coppe, bastoni (clubs), spade."""
    return tuple(ITALIAN.parse(word) for word in text.split())


def text(some: Sequence[Card]) -> str:
    """The names of cards, as `cards` reads them."""
    return " ".join(ITALIAN.text(card) for card in some)


def rest(*named: str) -> str:
    """All cards but these."""
    return text(sorted(ALL - set(cards(" ".join(named)))))


def text_of(shown: Json) -> str:
    """Cards of a view or an event as text."""
    return text([ITALIAN.cards[10 * card["suit"] + card["value"] - 1] for card in shown])


def deck_of(*starts: str) -> tuple[Card, ...]:
    """A deck that begins so; the rest comes in the order of the cards' numbers."""
    named = cards(" ".join(starts))
    assert len(set(named)) == len(named)
    return (*named, *(card for card in ITALIAN.cards if card not in named))


def start(seed: bytes = SEEDS[0], **options: Json) -> State:
    return SCOPA.initial(SCOPA.parse_options(options), seed).state


def position(
    table: str,
    *hands: str,
    piles: tuple[str, str] = ("", ""),
    options: Json = None,
    **fields: Any,
) -> State:
    """A position with these cards and seat 0 to move, made up without regard to how it came about.

    The deck begins with the cards that are out; what is not named has not been dealt.
    """
    agreed = SCOPA.parse_options(options or {"players": len(hands)})
    assert agreed.players == len(hands)
    out = " ".join((table, *hands, *piles))
    deck = deck_of(out)
    basis = State(
        options=agreed,
        seed=b"seed",
        first=0,
        deck=deck,
        dealt=len(out.split()),
        hands=tuple(cards(hand) for hand in hands),
        shown=(False,) * len(hands),
        matta=None,
        table=cards(table),
        piles=(cards(piles[0]), cards(piles[1])),
        scope=((), ()),
        declared=(0, 0),
        taker=None,
        to_move=0,
        points=(),
        outcome=None,
    )
    return replace(basis, **fields)


def last_turn(table: str, hand: str, piles: tuple[str, str], **fields: Any) -> State:
    """A position in which one card ends the deal: seat 0 holds it and everything else is out."""
    seats = SCOPA.parse_options(fields.get("options") or {}).players
    hands = (hand, *[""] * (seats - 1))
    state = position(table, *hands, piles=piles, **fields)
    assert state.dealt == len(state.deck), "a deal ends with all 40 cards out"
    return state


def play(state: State, card: str, take: int | None = None) -> Step[State]:
    """The step after the player to move plays a card."""
    return SCOPA.apply(state, state.to_move, Move(ITALIAN.parse(card), take))


def data_of(step: Step[State], kind: str) -> Json:
    """The data of the one event of this kind."""
    (event,) = [event for event in step.events if event.kind == kind]
    return event.data


def kinds(events: Sequence[Event]) -> list[str]:
    """The kinds of events, in their order."""
    return [event.kind for event in events]


def scored(state: State, card: str) -> tuple[Json, Json]:
    """What each team made of a deal that ends with this card."""
    first, second = data_of(play(state, card), "scored")["teams"]
    return first, second


def offered(state: State, card: str) -> set[str]:
    """The captures a card of the player to move is offered, each as text, sorted by the table."""
    place = state.hands[state.to_move].index(ITALIAN.parse(card))
    found = SCOPA.view(state, state.to_move)["takes"][place]
    return {text([state.deck[place] for place in take]) for take in found}


def won_by(team: int, players: int = 2, reason: str = "points") -> Outcome:
    """The outcome of a match that a team won."""
    winners = tuple(seat for seat, side in enumerate(teams(players)) if side == team)
    return Outcome(reason, (1.0 - team, float(team)), winners)


def reshuffle(
    state: State, actor: Seat | System, move: Any, viewer: Seat | None, random: Random
) -> State:
    """Another position that `viewer` cannot tell from this one, before the move or after it.

    The cards that stay hidden from them change places, and the seed is another where nothing is
    dealt from it at once. A hand that is dealt after the move and is not declared stays such.
    """
    after = SCOPA.apply(state, actor, move).state
    same_deal = len(after.points) == len(state.points)
    known = {*state.table, *state.piles[0], *state.piles[1], move.card}
    for moment in (state, after) if same_deal else (state,):
        for seat, hand in enumerate(moment.hands):
            if seat == viewer or moment.shown[seat]:
                known.update(hand)
    hidden = [card for card in state.deck if card not in known]
    for _ in range(20):
        mixed = random.sample(hidden, len(hidden))
        exchange = dict(zip(hidden, mixed, strict=True))
        other = _exchanged(state, exchange)
        if not same_deal or _declares_alike(other, after):
            seed = random.randbytes(32) if same_deal else state.seed
            return replace(other, seed=seed)
    return state


def _exchanged(state: State, exchange: dict[Card, Card]) -> State:
    def swap(some: tuple[Card, ...]) -> tuple[Card, ...]:
        return tuple(exchange.get(card, card) for card in some)

    return replace(state, deck=swap(state.deck), hands=tuple(swap(hand) for hand in state.hands))


def _declares_alike(other: State, after: State) -> bool:
    """Whether the same hands are shown when new ones are dealt, if that is what comes."""
    size, players = after.rules.hand_size, after.options.players
    if after.dealt == other.dealt:
        return True
    hands = round_from(other.deck, other.dealt, size, players)
    shown = [after.rules.declaration(hand, after.options) is not None for hand in hands]
    return shown == list(after.shown)
