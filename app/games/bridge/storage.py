"""The stored form of a position: the deal, the calls and cards in their order, and what is open.

Everything else follows, and is found again by calling and playing it all anew.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Final

from app.games.api import Json, Malformed, Outcome, SystemMove, settle
from app.games.bridge import auction, claims, undo
from app.games.bridge.auction import is_over, legal_calls
from app.games.bridge.deal import CARDS, HAND, SEATS, TEAMS, Deal, Hand
from app.games.bridge.move import Call, move_json, parse_move
from app.games.bridge.options import parse_options
from app.games.bridge.play import CardPlay, after, begin
from app.games.bridge.result import PASSED_OUT, claimed, outcome
from app.games.bridge.result import played as all_played
from app.games.bridge.state import OpenClaim, State, asked
from app.games.bridge.view import outcome_json

_KEYS: Final = frozenset(
    {
        *("options", "deal", "calls", "cards", "faced", "returned", "claim", "undo", "stands"),
        *("declined", "outcome"),
    }
)
_FORFEITS: Final = ("resign", "timeout")


def dump(state: State) -> Json:
    """The state as JSON: cards and seats as numbers, calls as moves."""
    claim = state.claim
    return {
        "options": asdict(state.options),
        "deal": [list(hand) for hand in state.deal],
        "calls": [move_json(call) for call in state.calls],
        "cards": [] if state.play is None else list(state.play.cards),
        "faced": sorted(state.faced),
        "returned": sorted(state.returned),
        "claim": None
        if claim is None
        else {"seat": claim.seat, "tricks": claim.tricks, "accepted": sorted(claim.accepted)},
        "undo": state.undo,
        "stands": state.stands,
        "declined": sorted(state.declined),
        "outcome": outcome_json(state.outcome),
    }


def load(raw: Json) -> State:
    """The state `dump` gave `raw` for.

    Raises Malformed for a wrong shape, cards that are not dealt once each, a call or card that was
    not allowed, claims and requests that cannot be, or an outcome that the rest contradicts. That
    the deal is the seed's is not checked.
    """
    if not isinstance(raw, dict) or raw.keys() != _KEYS:
        raise Malformed("A stored position has other fields.")
    options = parse_options(raw["options"])
    if raw["options"] != asdict(options):
        raise Malformed("Stored options leave nothing out.")
    called = State(options, _load_deal(raw["deal"]), _load_calls(raw["calls"]))
    if not isinstance(raw["stands"], bool):
        raise Malformed("Whether the last move stands is true or false.")
    if not raw["stands"] and not called.calls:
        raise Malformed("Before the first call there is nothing to take back.")
    state = replace(
        called,
        play=_load_play(called, raw["cards"]),
        faced=frozenset(_load_numbers(raw["faced"], SEATS)),
        returned=frozenset(_load_numbers(raw["returned"], CARDS)),
        stands=raw["stands"],
        declined=frozenset(_load_numbers(raw["declined"], SEATS)),
    )
    _check_faced(state)
    if _settled(state) is not None and (raw["claim"] is not None or raw["undo"] is not None):
        raise Malformed("When a deal is over there is nothing to answer.")
    state = _with_claim(state, raw["claim"])
    state = _with_undo(state, raw["undo"])
    return _with_outcome(state, raw["outcome"])


def _load_numbers(raw: Json, allowed: range) -> tuple[int, ...]:
    """Numbers of a range, ascending."""
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if not isinstance(raw, list) or any(type(n) is not int or n not in allowed for n in raw):
        raise Malformed("Stored seats and cards are lists of their numbers.")
    if raw != sorted(set(raw)):
        raise Malformed("Stored seats and cards are in order.")
    return tuple(raw)


def _load_deal(raw: Json) -> Deal:
    if not isinstance(raw, list) or len(raw) != len(SEATS):
        raise Malformed("A deal has four hands.")
    north, east, south, west = (_load_hand(hand) for hand in raw)
    if len({*north, *east, *south, *west}) != len(CARDS):
        raise Malformed("Every card is dealt once.")
    return north, east, south, west


def _load_hand(raw: Json) -> Hand:
    hand = _load_numbers(raw, CARDS)
    if len(hand) != HAND:
        raise Malformed("A hand has thirteen cards.")
    return hand


def _load_calls(raw: Json) -> tuple[Call, ...]:
    if not isinstance(raw, list):
        raise Malformed("Stored calls are a list.")
    calls: list[Call] = []
    bids: list[str] = []
    for written in raw:
        move = parse_move(written)
        # What `dump` writes, and no other way to write the same.
        if not isinstance(move, Call) or move_json(move) != written:
            raise Malformed("Stored calls are calls.")
        if move.bid not in legal_calls(bids):
            raise Malformed("A stored call was not allowed.")
        calls.append(move)
        bids.append(move.bid)
    return tuple(calls)


def _load_play(state: State, raw: Json) -> CardPlay | None:
    """The play after stored cards; None if the auction has not led to any."""
    if not isinstance(raw, list):
        raise Malformed("Stored cards are a list.")
    contract = auction.contract(state.dealer, state.bids) if is_over(state.bids) else None
    if contract is None:
        if raw:
            raise Malformed("Nobody plays a card without a contract.")
        return None
    play = begin(contract, state.deal)
    for card in raw:
        if type(card) is not int or play.is_over or card not in play.legal:
            raise Malformed("A stored card was not allowed.")
        play = after(play, card)
    return play


def _check_faced(state: State) -> None:
    """The claims that have been made could be, and cards taken back are held."""
    play = state.play
    if play is None or not state.led:
        if state.faced or state.returned or state.declined:
            raise Malformed("Nobody claims before the opening lead.")
        return
    if play.contract.dummy in state.faced or not state.declined <= state.faced:
        raise Malformed("Declarer and the defenders claim, and show their hands.")
    if state.returned - {card for hand in play.hands for card in hand}:
        raise Malformed("A card that was taken back is held.")


def _with_claim(state: State, raw: Json) -> State:
    if raw is None:
        return state
    if not isinstance(raw, dict) or raw.keys() != {"seat", "tricks", "accepted"}:
        raise Malformed("A stored claim has a seat, tricks, and who accepts it.")
    (seat,) = _load_numbers([raw["seat"]], SEATS)
    (tricks,) = _load_numbers([raw["tricks"]], range(HAND + 1))
    accepted = frozenset(_load_numbers(raw["accepted"], SEATS))
    if tricks not in claims.span(state, seat) or seat not in state.faced:
        raise Malformed("Such a claim cannot have been made.")
    if not accepted <= asked(state, seat):
        raise Malformed("Somebody accepts a claim who is not asked.")
    if not state.stands:
        raise Malformed("What was played before a claim stands.")
    return replace(state, claim=OpenClaim(seat, tricks, accepted))


def _with_undo(state: State, raw: Json) -> State:
    if raw is None:
        return state
    (seat,) = _load_numbers([raw], SEATS)
    if not undo.may_ask(state, seat):
        raise Malformed("That seat has nothing to take back.")
    return replace(state, undo=seat)


def _with_outcome(state: State, raw: Json) -> State:
    """The state with its outcome, which is that of the cards unless the house ended the match."""
    settled = _settled(state)
    if settled is None and raw is not None:
        settled = _load_ending(raw)
    if outcome_json(settled) != raw:
        raise Malformed("The stored outcome is not that of the position.")
    return replace(state, outcome=settled)


def _settled(state: State) -> Outcome | None:
    """How the deal has ended, by itself or by a claim that all have accepted."""
    play, claim = state.play, state.claim
    if play is None:
        return outcome("passed", PASSED_OUT) if is_over(state.bids) else None
    if play.is_over:
        return outcome("played", all_played(state, play))
    if claim is not None and claim.accepted == asked(state, claim.seat):
        return outcome("claim", claimed(state, claim.seat, claim.tricks))
    return None


def _load_ending(raw: Json) -> Outcome | None:
    """The outcome of a match that the house ended."""
    endings = [settle(SystemMove("abort"), TEAMS)]
    endings += [settle(SystemMove(kind, seat), TEAMS) for kind in _FORFEITS for seat in (0, 1)]
    return next((ending for ending in endings if outcome_json(ending) == raw), None)
