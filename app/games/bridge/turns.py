"""Calls and cards: what each makes of the position, and the events that tell it.

`bid` `{"side", "bid", "alert", "dbl_mode": "dbl", "rdbl" or "none" for the next to call, "next":
side or None}`, `contract` `{"contract", "declarer", "lead": side}` when the auction has ended in
one; `card` `{"side", "card", "by": the side that played it, "next": the side whose card is next,
"actor": who plays that, "allowed": the suit's letter it must be of, or "all", "trick": the side
that has won a complete trick}`, with None where there is none; `shown` `{"side", "cards", "to":
the sides that see them, or "all"}`; and at the end `scored` and `over`.
"""

from __future__ import annotations

from dataclasses import replace

from app.games.api import Event, Illegal, NotYourTurn, Seat, Step, over_event
from app.games.bridge import auction
from app.games.bridge.auction import DOUBLE, REDOUBLE
from app.games.bridge.deal import SIDES, SUITS, partner, suit_of
from app.games.bridge.move import Call, Move, Play
from app.games.bridge.play import CardPlay, after, begin
from app.games.bridge.result import PASSED_OUT, Result, outcome, result_json
from app.games.bridge.result import played as all_played
from app.games.bridge.state import NOBODY, State

_ANSWER = "A claim or a request is to be answered first."


def moves(state: State) -> tuple[Move, ...]:
    """The calls, without alerts, or the cards of the seat that is to make one."""
    if state.play is None:
        return tuple(Call(bid) for bid in auction.legal_calls(state.bids))
    return tuple(Play(card) for card in state.play.legal)


def call(state: State, seat: Seat, move: Call) -> Step[State]:
    """The step after a call. Raises NotYourTurn or Illegal."""
    _turn(state, seat)
    if state.play is not None:
        raise Illegal("The auction is over.")
    if move.bid not in auction.legal_calls(state.bids):
        raise Illegal("That call is not allowed now.")
    calls = (*state.calls, move)
    bids = (*state.bids, move.bid)
    legal = auction.legal_calls(bids)
    following = auction.caller(state.dealer, bids)
    called = Event(
        "bid",
        {
            "side": SIDES[seat],
            "bid": move.bid,
            "alert": move.alert,
            "dbl_mode": next((call for call in (DOUBLE, REDOUBLE) if call in legal), "none"),
            "next": None if following is None else SIDES[following],
        },
    )
    after_call = replace(state, calls=calls, stands=False)
    if following is not None:
        return Step(after_call, (called,))
    contract = auction.contract(state.dealer, bids)
    if contract is None:
        return ended(after_call, "passed", PASSED_OUT, (called,))
    told = Event(
        "contract",
        {
            "contract": str(contract),
            "declarer": SIDES[contract.declarer],
            "lead": SIDES[contract.lead],
        },
    )
    return Step(replace(after_call, play=begin(contract, state.deal)), (called, told))


def card(state: State, seat: Seat, move: Play) -> Step[State]:
    """The step after a card. Raises NotYourTurn or Illegal."""
    _turn(state, seat)
    before = state.play
    if before is None:
        raise Illegal("The auction is not over.")
    if move.card not in before.legal:
        held = move.card in before.hands[before.turn]
        raise Illegal("You must follow suit." if held else "That hand does not hold this card.")
    played = after(before, move.card)
    following = replace(
        state,
        play=played,
        returned=state.returned - {move.card},
        stands=False,
        declined=NOBODY,
    )
    events: tuple[Event, ...] = (_card_event(before, played, move.card),)
    if before.played == 0:
        events += _opened(played)
    if not played.is_over:
        return Step(following, events)
    return ended(following, "played", all_played(following, played), events)


def shown_event(play: CardPlay, seat: Seat, to: frozenset[Seat] | None) -> Event:
    """A hand is shown to those seats, or to all."""
    sides = "all" if to is None else [SIDES[viewer] for viewer in sorted(to)]
    return Event("shown", {"side": SIDES[seat], "cards": list(play.hands[seat]), "to": sides})


def ended(state: State, reason: str, scored: Result, events: tuple[Event, ...]) -> Step[State]:
    """The step by which the match is over with that result."""
    settled = outcome(reason, scored)
    told = Event("scored", result_json(scored))
    return Step(replace(state, outcome=settled), (*events, told, over_event(settled)))


def _turn(state: State, seat: Seat) -> None:
    """Raises unless it is the seat's turn to call or to play."""
    if seat not in state.actors:
        raise NotYourTurn
    if state.waiting:
        raise Illegal(_ANSWER)


def _card_event(before: CardPlay, played: CardPlay, card: int) -> Event:
    goes_on = not played.is_over
    legal = {suit_of(held) for held in played.legal} if played.trick else set()
    must = bool(played.trick) and legal == {suit_of(played.trick[0])}
    allowed = SUITS[suit_of(played.trick[0])] if must else "all"
    return Event(
        "card",
        {
            "side": SIDES[before.turn],
            "card": card,
            "by": SIDES[before.actor],
            "next": SIDES[played.turn] if goes_on else None,
            "actor": SIDES[played.actor] if goes_on else None,
            "allowed": allowed if goes_on else None,
            "trick": None if played.trick else SIDES[played.tricks[-1].winner],
        },
    )


def _opened(play: CardPlay) -> tuple[Event, ...]:
    """What the opening lead shows: dummy's hand to all, and declarer's to dummy."""
    declarer = play.contract.declarer
    return (
        shown_event(play, partner(declarer), None),
        shown_event(play, declarer, frozenset({partner(declarer)})),
    )
