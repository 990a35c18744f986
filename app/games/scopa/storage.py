"""The stored form of a position.

What follows from the rest is left out and found again: whose turn it is, which hands are shown,
what the matta stands for, what the declarations scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

from app.games.api import Json, Malformed, Outcome, Seat
from app.games.cards import ITALIAN, Card
from app.games.scopa.cirulla import matta_card
from app.games.scopa.dealing import dealer, round_from, stands_for
from app.games.scopa.play import score
from app.games.scopa.rules import Piles
from app.games.scopa.scoring import Pair
from app.games.scopa.state import Cards, State, plus, team_of, teams, totals, won
from app.games.scopa.variants import parse_options
from app.games.scopa.view import outcome_json

_KEYS: Final = frozenset(
    {
        *("options", "seed", "first", "deck", "dealt", "hands", "table", "piles", "scope"),
        *("taker", "points", "outcome"),
    }
)
_PLAYED_OUT: Final = ("points", "coins")
_FORFEITS: Final = ("resign", "timeout")


def dump(state: State) -> Json:
    """The state as JSON, a card as its number, the seed in hex."""
    return {
        "options": asdict(state.options),
        "seed": state.seed.hex(),
        "first": state.first,
        "deck": _ids(state.deck),
        "dealt": state.dealt,
        "hands": [_ids(hand) for hand in state.hands],
        "table": _ids(state.table),
        "piles": [_ids(pile) for pile in state.piles],
        "scope": [[None if card is None else card.id for card in cards] for cards in state.scope],
        "taker": state.taker,
        "points": [list(pair) for pair in state.points],
        "outcome": outcome_json(state.outcome),
    }


def load(raw: Json) -> State:
    """The state `dump` gave `raw` for.

    Raises Malformed for a wrong shape, cards that are in no place or in two, hands that were not
    dealt so, scope or points that cannot be, or an outcome that the cards contradict. That the deck
    is the seed's is not checked.
    """
    if not isinstance(raw, dict) or raw.keys() != _KEYS:
        raise Malformed("A stored position has other fields.")
    options = parse_options(raw["options"])
    if raw["options"] != asdict(options):
        raise Malformed("Stored options leave nothing out.")
    players = options.players
    piles = _list(raw["piles"], 2, "A stored position has two teams.")
    scope = _list(raw["scope"], 2, "A stored position has two teams.")
    hands = _list(raw["hands"], players, "A stored position has a hand for each seat.")
    state = State(
        options=options,
        seed=_load_seed(raw["seed"]),
        first=_load_seat(raw["first"], players),
        deck=_load_cards(raw["deck"]),
        dealt=_load_number(raw["dealt"]),
        hands=tuple(_load_cards(hand) for hand in hands),
        shown=(False,) * players,
        matta=None,
        table=_load_cards(raw["table"]),
        piles=(_load_cards(piles[0]), _load_cards(piles[1])),
        scope=(_load_scope(scope[0]), _load_scope(scope[1])),
        declared=(0, 0),
        taker=None if raw["taker"] is None else _load_seat(raw["taker"], players),
        to_move=0,
        points=_load_points(raw["points"]),
        outcome=_load_outcome(raw["outcome"], players),
    )
    _check_cards(state)
    state = _with_turn(state)
    _check_captures(state)
    state = _with_declarations(state)
    _check_outcome(state)
    return state


def _ids(cards: Cards) -> list[int]:
    return [card.id for card in cards]


# Shapes


def _list(raw: Json, length: int, complaint: str) -> Sequence[Json]:
    if not isinstance(raw, list) or len(raw) != length:
        raise Malformed(complaint)
    return raw


def _load_number(raw: Json) -> int:
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if type(raw) is not int or raw < 0:
        raise Malformed("A number of a stored position is from 0.")
    return raw


def _load_seat(raw: Json, players: int) -> Seat:
    if type(raw) is not int or not 0 <= raw < players:
        raise Malformed("There is no such seat at this table.")
    return raw


def _load_seed(raw: Json) -> bytes:
    try:
        seed = bytes.fromhex(raw)
    except (TypeError, ValueError):
        raise Malformed("A stored seed is in hex.") from None
    if seed.hex() != raw:
        raise Malformed("A stored seed is in hex.")
    return seed


def _load_card(raw: Json) -> Card:
    if type(raw) is not int or not 0 <= raw < len(ITALIAN.cards):
        raise Malformed("A card is named by its number from 0 to 39.")
    return ITALIAN.cards[raw]


def _load_cards(raw: Json) -> Cards:
    if not isinstance(raw, list):
        raise Malformed("Stored cards are a list.")
    return tuple(_load_card(card) for card in raw)


def _load_scope(raw: Json) -> tuple[Card | None, ...]:
    if not isinstance(raw, list):
        raise Malformed("Stored cards are a list.")
    return tuple(None if card is None else _load_card(card) for card in raw)


def _load_points(raw: Json) -> tuple[Pair, ...]:
    if not isinstance(raw, list):
        raise Malformed("The points are a list of the deals.")
    pairs = [_list(pair, 2, "A stored position has two teams.") for pair in raw]
    return tuple((_load_number(first), _load_number(second)) for first, second in pairs)


def _load_outcome(raw: Json, players: int) -> Outcome | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or raw.keys() != {"reason", "winners"}:
        raise Malformed("An outcome has a reason and winners.")
    reason, winners = raw["reason"], raw["winners"]
    if not isinstance(reason, str) or not isinstance(winners, list):
        raise Malformed("An outcome has a reason and winners.")
    if any(type(seat) is not int for seat in winners):
        raise Malformed("A winner is a seat.")
    if (reason, winners) == ("abort", []):
        return Outcome("abort", (0.0, 0.0), ())
    if reason in (*_PLAYED_OUT, *_FORFEITS):
        for team in set(teams(players)):
            outcome = won(reason, team, players)
            if list(outcome.winners) == winners:
                return outcome
    raise Malformed("There is no such outcome.")


# What must agree


def _check_cards(state: State) -> None:
    """Every card is in one place, and as many have been dealt as rounds make."""
    rules, players = state.rules, state.options.players
    if sorted(_ids(state.deck)) != list(range(len(ITALIAN.cards))):
        raise Malformed("A deck has every card once.")
    a_round = rules.hand_size * players
    rounds, rest = divmod(state.dealt - rules.table_size, a_round)
    if state.dealt > len(state.deck) or rounds < 1 or rest:
        raise Malformed("Cards are dealt in rounds.")
    out = [*state.table, *state.piles[0], *state.piles[1]]
    for hand in state.hands:
        out += hand
    if sorted(out) != sorted(state.deck[: state.dealt]):
        raise Malformed("Every card that was dealt is in one place.")
    if rules.is_misdeal(state.deck[: rules.table_size]):
        raise Malformed("Such cards on the table are dealt again.")
    start = state.dealt - a_round
    dealt = round_from(state.deck, start, rules.hand_size, players)
    for hand, whole in zip(state.hands, dealt, strict=True):
        if hand != tuple(card for card in whole if card in hand):
            raise Malformed("A hand is what is left of the cards last dealt to it.")


def _with_turn(state: State) -> State:
    """The state with whose turn it is, from the cards that have been played of each hand."""
    players = state.options.players
    played = [state.rules.hand_size - len(hand) for hand in state.hands]
    turns = sum(played)
    for seat in range(players):
        after = (seat - state.first) % players
        # Those who sit nearer to the leader have had the turn that is not yet everybody's.
        if played[seat] != (turns - after + players - 1) // players:
            raise Malformed("The players play a card each in turn.")
    return replace(state, to_move=(state.first + turns) % players)


def _check_captures(state: State) -> None:
    """The scope are among the captured cards, and the last capturer's team has some."""
    table = state.deck[: state.rules.table_size]
    to_dealer = state.rules.dealer_scope(table)
    for team, cards in enumerate(state.scope):
        swept = [card for card in cards if card is not None]
        dealers = to_dealer if team == team_of(dealer(state)) else 0
        if len(cards) - len(swept) != dealers:
            raise Malformed("The cards on the table were other scope for the dealer.")
        if len(set(swept)) != len(swept) or not set(swept) <= set(state.piles[team]):
            raise Malformed("A scopa shows a captured card.")
        if dealers and not set(table) <= set(state.piles[team]):
            raise Malformed("The dealer took the cards on the table.")
    if state.taker is None:
        if any(state.piles):
            raise Malformed("Somebody has captured the captured cards.")
    elif not state.piles[team_of(state.taker)]:
        raise Malformed("The last to capture has captured nothing.")


def _with_declarations(state: State) -> State:
    """The state with what the hands dealt so far have declared."""
    rules, players = state.rules, state.options.players
    shown, declared, matta = [False] * players, (0, 0), None
    size = rules.hand_size
    for start in range(rules.table_size, state.dealt, size * players):
        shown = [False] * players
        for seat, hand in enumerate(round_from(state.deck, start, size, players)):
            declaration = rules.declaration(hand, state.options)
            if declaration is not None:
                shown[seat] = True
                declared = plus(declared, team_of(seat), declaration.points)
                matta = stands_for(state.options, declaration) or matta
    if matta is not None and _is_captured(state.piles, matta_card(state.options)):
        matta = None
    return replace(state, shown=tuple(shown), declared=declared, matta=matta)


def _is_captured(piles: Piles, card: Card | None) -> bool:
    return card in piles[0] or card in piles[1]


def _check_outcome(state: State) -> None:
    """The match ended as the cards and the points say, or is not decided by either."""
    rules, outcome, points = state.rules, state.outcome, state.points
    reason = None if outcome is None else outcome.reason
    at_once = rules.winner_at_once(state.piles)
    if at_once is not None:
        expected: Outcome | None = won("coins", at_once, state.options.players)
        past = points
    elif reason == "points" and points:
        *before, last = points
        past = tuple(before)
        _check_last_deal(state, last)
        team = rules.winner(totals(points))
        expected = None if team is None else won("points", team, state.options.players)
    else:
        expected = None if reason in _PLAYED_OUT else outcome
        past = points
        if not any(state.hands):
            raise Malformed("In a match that goes on somebody holds cards.")
    if outcome != expected:
        raise Malformed("The stored outcome is not that of the position.")
    if any(rules.winner(totals(past[:deals])) is not None for deals in range(len(past) + 1)):
        raise Malformed("Nothing is dealt when a team has won.")


def _check_last_deal(state: State, scored: Pair) -> None:
    """The deal is over and has scored so."""
    if any(state.hands) or state.dealt < len(state.deck):
        raise Malformed("A deal is scored when all cards are played.")
    if state.table and state.taker is not None:
        raise Malformed("What lies on the table at the end is the last capturer's.")
    if scored != score(state):
        raise Malformed("The last deal has scored something else.")
