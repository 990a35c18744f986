"""How cards come to the table and into the hands, and what they score by that alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from app.games.api import Event, Json, Seat, Step
from app.games.cards import ITALIAN, Card
from app.games.rng import Stream
from app.games.scopa.cirulla import matta_card
from app.games.scopa.declarations import Declaration
from app.games.scopa.options import ScopaOptions
from app.games.scopa.scoring import Pair
from app.games.scopa.state import Cards, State, plus, team_of, with_pile, with_scope
from app.games.scopa.variants import RULES
from app.games.scopa.view import cards_json, side_json


def first_deal(options: ScopaOptions, seed: bytes) -> Step[State]:
    """The first deal of a match. Who leads is drawn."""
    lead = Stream(seed, "scopa first").shuffled(range(options.players))[0]
    return deal(options, seed, lead, ())


def deal(options: ScopaOptions, seed: bytes, first: Seat, points: tuple[Pair, ...]) -> Step[State]:
    """A deal that `first` leads, after those that scored `points`.

    Events: `misdealt` for each time that the table's cards were dealt again, `deal`, `dealer_took`
    in a variant where the dealer may, and those of `deal_hands`.
    """
    rules = RULES[options.variant]
    events = []
    for attempt in count():
        deck = Stream(seed, f"scopa deal {len(points)} {attempt}").shuffled(ITALIAN.cards)
        state = _laid(options, seed, first, points, deck)
        table = cards_json(state, state.table)
        if not rules.is_misdeal(state.table):
            break
        events.append(Event("misdealt", {"table": table}))
    events.append(Event("deal", {"deal": len(points) + 1, "first": first, "table": table}))
    scope = rules.dealer_scope(state.table)
    if scope:
        seat = dealer(state)
        state = replace(
            state,
            table=(),
            piles=with_pile(state.piles, team_of(seat), state.table),
            scope=with_scope(state.scope, team_of(seat), (None,) * scope),
            taker=seat,
        )
        data = {"seat": seat, "cards": table, "scope": scope, **side_of(state, team_of(seat))}
        events.append(Event("dealer_took", data))
    step = deal_hands(state)
    return Step(step.state, (*events, *step.events))


def _laid(
    options: ScopaOptions, seed: bytes, first: Seat, points: tuple[Pair, ...], deck: Cards
) -> State:
    """The position with the table's cards laid and nothing in the hands."""
    size = RULES[options.variant].table_size
    return State(
        options=options,
        seed=seed,
        first=first,
        deck=deck,
        dealt=size,
        hands=((),) * options.players,
        shown=(False,) * options.players,
        matta=None,
        table=deck[:size],
        piles=((), ()),
        scope=((), ()),
        declared=(0, 0),
        taker=None,
        to_move=first,
        points=points,
        outcome=None,
    )


def dealer(state: State) -> Seat:
    """Who dealt: the seat before the one that leads."""
    return (state.first - 1) % state.options.players


def deal_hands(state: State) -> Step[State]:
    """The position with new cards in every hand. Nobody may hold any, and enough must be left.

    Events: `dealt`, and `declared` for each hand that scores, from the leader's on.
    """
    players, size = state.options.players, state.rules.hand_size
    hands = round_from(state.deck, state.dealt, size, players)
    state = replace(state, dealt=state.dealt + size * players, hands=hands)
    shown, matta = [False] * players, state.matta
    found = [(seat, state.rules.declaration(hands[seat], state.options)) for seat in _order(state)]
    for seat, declaration in found:
        if declaration is not None:
            shown[seat] = True
            matta = stands_for(state.options, declaration) or matta
    left = len(state.deck) - state.dealt
    events = [Event("dealt", {"hands": [cards_json(state, h) for h in hands], "left": left})]
    state = replace(state, shown=tuple(shown), matta=matta)
    for seat, declaration in found:
        if declaration is not None:
            declared = plus(state.declared, team_of(seat), declaration.points)
            state = replace(state, declared=declared)
            data = {
                "seat": seat,
                "cards": cards_json(state, hands[seat]),
                "kinds": list(declaration.kinds),
                "points": declaration.points,
                **side_of(state, team_of(seat)),
            }
            events.append(Event("declared", data))
    return Step(state, tuple(events))


def round_from(deck: Cards, start: int, size: int, players: int) -> tuple[Cards, ...]:
    """The hands, by seat, that are dealt when `start` cards have been."""
    return tuple(deck[i : i + size] for i in range(start, start + size * players, size))


def side_of(state: State, team: int) -> dict[str, Json]:
    """How a team's side of the table looks now, for the event that changed it.

    `{"pile": how many cards it has captured in this deal, "side": what shows its points there, as
    in `side_json`}`.
    """
    return {"pile": len(state.piles[team]), "side": side_json(state, team)}


def stands_for(options: ScopaOptions, declaration: Declaration) -> tuple[Card, int] | None:
    """The matta and what it stands for by a declaration; None if that is nothing new."""
    card = matta_card(options)
    return None if card is None or declaration.matta is None else (card, declaration.matta)


def _order(state: State) -> Iterator[Seat]:
    """The seats from the one that leads."""
    players = state.options.players
    return ((state.first + turn) % players for turn in range(players))
