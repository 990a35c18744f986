"""The position, and what happens, as each viewer may see it.

A card is `{"place", "suit", "value"}`: its suit from 0 (coins, cups, clubs, swords), its value from
1 to 10, and its place in the deck as it was shuffled for this deal, which names a card on the
screen before anybody has seen it and tells nothing about it. A hidden card is its `place` alone.
The matta has a `new_value` while it stands for something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from app.games.api import Event, Json, Outcome, Seat
from app.games.cards import Card
from app.games.scopa.captures import Take
from app.games.scopa.state import State


def card_json(state: State, card: Card) -> dict[str, int]:
    """A card that is seen."""
    raw = {"place": state.deck.index(card), "suit": card.suit, "value": card.value}
    value = state.value(card)
    return raw if value == card.value else {**raw, "new_value": value}


def cards_json(state: State, cards: Iterable[Card]) -> list[dict[str, int]]:
    """Cards that are seen."""
    return [card_json(state, card) for card in cards]


def outcome_json(outcome: Outcome | None) -> Json:
    """`{"reason", "winners"}`, or None; the scores follow from them."""
    if outcome is None:
        return None
    return {"reason": outcome.reason, "winners": list(outcome.winners)}


def view(state: State, viewer: Seat | None, takes: Iterable[Iterable[Take]]) -> Json:
    """The position as JSON; `takes` are the captures of each card in the viewer's hand.

    `{"variant", "players", "matta", "grande": its options, "target", "deal": number from 1,
    "first": seat that leads it, "to_move": seat (kept when over), "table": [card, …], "hands": by
    seat, "shown": by seat, whether the hand was declared, "deck": cards left in it, "piles": by
    team, how many cards it has captured in this deal, "captured": by team, those cards, the first
    one first, "scope": by team, the cards that show its scope (None for one without), "declared":
    by team, points in this deal, "taker": seat or None, "points": [[team 0, team 1] for each deal
    that is over], "totals", "takes": for each card of the viewer's hand, on their turn, the
    captures it offers as lists of cards' places; else [], "over", "outcome": {"reason", "winners"}
    or None}`.
    """
    return _view(state, [state.shown[seat] or seat == viewer for seat in _seats(state)], takes)


def open_view(state: State) -> Json:
    """The position as in `view`, with every hand to be seen and no captures offered."""
    return _view(state, [True for _ in _seats(state)], ())


def side_json(state: State, team: int) -> list[dict[str, int] | None]:
    """What shows a team's points in this deal so far: the cards of its scope.

    None for each point without a card: a scopa that no card made, and what was declared.
    """
    scope = [None if card is None else card_json(state, card) for card in state.scope[team]]
    return [*scope, *[None] * state.declared[team]]


def _seats(state: State) -> range:
    return range(state.options.players)


def _view(state: State, seen: Sequence[bool], takes: Iterable[Iterable[Take]]) -> Json:
    """The position with the hands of those seats to be seen."""
    table = cards_json(state, state.table)
    finished = state.outcome is not None and state.outcome.reason == "points"
    return {
        "variant": state.options.variant,
        "players": state.options.players,
        "matta": state.options.matta,
        "grande": state.options.grande,
        "target": state.rules.target,
        "deal": len(state.points) + (not finished),
        "first": state.first,
        "to_move": state.to_move,
        "table": table,
        "hands": [
            _hand(cards_json(state, hand), visible)
            for hand, visible in zip(state.hands, seen, strict=True)
        ],
        "shown": list(state.shown),
        "deck": len(state.deck) - state.dealt,
        "piles": [len(pile) for pile in state.piles],
        "captured": [cards_json(state, pile) for pile in state.piles],
        "scope": [
            [None if card is None else card_json(state, card) for card in cards]
            for cards in state.scope
        ],
        "declared": list(state.declared),
        "taker": state.taker,
        "points": [list(pair) for pair in state.points],
        "totals": list(state.totals),
        "takes": [[[table[i]["place"] for i in take] for take in offered] for offered in takes],
        "over": state.outcome is not None,
        "outcome": outcome_json(state.outcome),
    }


def event_view(event: Event, viewer: Seat | None) -> Json:
    """An event as a viewer may see it: of hands that are dealt, their own alone."""
    redact = _REDACTED.get(event.kind)
    data = dict(event.data) if redact is None else redact(event.data, viewer)
    return {"type": event.kind, "data": data}


def _hand(cards: list[dict[str, int]], visible: bool) -> list[dict[str, int]]:
    return cards if visible else [{"place": card["place"]} for card in cards]


def _dealt(data: Mapping[str, Json], viewer: Seat | None) -> Json:
    hands = [_hand(hand, seat == viewer) for seat, hand in enumerate(data["hands"])]
    return {**data, "hands": hands}


_REDACTED: Final[Mapping[str, Callable[[Mapping[str, Json], Seat | None], Json]]] = (
    MappingProxyType({"dealt": _dealt})
)
"""By the kind of an event that holds a secret: its data without."""
