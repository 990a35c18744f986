"""The position, and what happens, as each viewer may see it.

Who sees which hand is decided by `seen`, who is told what an alert says by `_alert`, for positions
and for events alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from app.games.api import Event, Json, Outcome, Seat
from app.games.bridge import claims, undo
from app.games.bridge.auction import PASS, legal_calls
from app.games.bridge.deal import SEATS, SIDES, partner, vulnerable
from app.games.bridge.result import claimed, result, result_json
from app.games.bridge.state import State, asked


def outcome_json(outcome: Outcome | None) -> Json:
    """`{"reason", "winners"}`, the winners as seats; None while the match lasts."""
    if outcome is None:
        return None
    return {"reason": outcome.reason, "winners": list(outcome.winners)}


def seen(state: State, seat: Seat) -> frozenset[Seat]:
    """Which seats see a seat's cards, its own among them.

    After the opening lead all see dummy's and dummy sees declarer's; a claim shows the claimant's
    to those whom it asks, and what has been shown stays so.
    """
    viewers = {seat}
    if state.play is not None and state.led:
        contract = state.play.contract
        if seat == contract.dummy:
            viewers.update(SEATS)
        if seat == contract.declarer:
            viewers.add(contract.dummy)
    if seat in state.faced:
        viewers |= asked(state, seat)
    return frozenset(viewers)


def view(state: State, viewer: Seat | None) -> Json:
    """The position as JSON.

    `{"board": number, "dealer": side, "vuln": "none", "NS", "EW" or "both", "viewer": side or None,
    "phase": "auction", "play" or "over", "hands": by side, the cards still held, ascending, or
    None, "counts": by side, how many those are, "returned": by side, cards it holds that were
    played and taken back, "shown": by side, the other sides that see its hand, or "all", "deal":
    None, "auction": [{"side", "bid", "alert": text or None}, …], "contract": as "4SX", "pass", or
    None until the auction is over, "declarer", "dummy", "lead": side or None, "tricks": {"NS",
    "EW"}, "trick": [{"side", "card"}, …], the one being played, "last_trick": {"cards", "winner"}
    or None, "played": the complete tricks, as lists of cards, "to_move": side whose call or card is
    next, or None, "actor": the side that makes it, declarer for dummy, "bids": the calls the viewer
    may make now, "cards": the cards, "claims": [fewest, most] tricks they may claim, or None,
    "can_undo": whether they may ask for their last call or card back, "claim": {"side", "tricks",
    "result": score for declarer's side if accepted, "score_ns", "accepted": [side, …], "waiting":
    [side, …]} or None, "undo": {"side", "waiting"} or None, "result": {"contract", "declarer",
    "tricks", "points", "score_ns", "lead": card} or None, "over", "outcome": {"reason", "winners":
    seats} or None}`.
    """
    shown = [viewer is not None and viewer in seen(state, seat) for seat in SEATS]
    if state.play is not None and state.led:
        shown[state.play.contract.dummy] = True
    return {
        **_board(state, None if viewer is None else SIDES[viewer]),
        **_hands(state, shown),
        "deal": None,
        "auction": _auction(state, viewer),
        **_contract(state),
        **_tricks(state),
        **_to_do(state, viewer),
        **_open_questions(state),
        **_end(state),
    }


def open_view(state: State) -> Json:
    """The position as a spectator has it in `view`, with all hands and alerts, and "deal": by side
    the cards it was dealt."""
    return {
        **view(state, None),
        **_hands(state, [True] * len(SEATS)),
        "deal": {SIDES[seat]: list(hand) for seat, hand in enumerate(state.deal)},
        "auction": [
            {"side": side, "bid": call.bid, "alert": call.alert}
            for side, call in zip(_callers(state), state.calls, strict=True)
        ],
    }


def _board(state: State, viewer: str | None) -> dict[str, Json]:
    phase = "auction" if state.play is None else "play"
    return {
        "board": state.options.board,
        "dealer": SIDES[state.dealer],
        "vuln": vulnerable(state.options.board),
        "viewer": viewer,
        "phase": phase if state.outcome is None else "over",
    }


def _hands(state: State, shown: Iterable[bool]) -> dict[str, Json]:
    hands = state.deal if state.play is None else state.play.hands
    dummy = state.play.contract.dummy if state.play is not None and state.led else None
    return {
        "hands": {
            SIDES[seat]: list(hand) if visible else None
            for (seat, hand), visible in zip(enumerate(hands), shown, strict=True)
        },
        "counts": {SIDES[seat]: len(hand) for seat, hand in enumerate(hands)},
        "returned": {
            SIDES[seat]: [card for card in hand if card in state.returned]
            for seat, hand in enumerate(hands)
        },
        "shown": {
            SIDES[seat]: "all" if seat == dummy else _sides(seen(state, seat) - {seat})
            for seat in SEATS
        },
    }


def _callers(state: State) -> list[str]:
    """The side of each call."""
    return [SIDES[(state.dealer + number) % 4] for number in range(len(state.calls))]


def _auction(state: State, viewer: Seat | None) -> Json:
    tells = None if state.outcome is not None else viewer
    return [
        {"side": side, "bid": call.bid, "alert": _alert(side, call.alert, tells)}
        for side, call in zip(_callers(state), state.calls, strict=True)
    ]


def _alert(side: str, alert: str | None, viewer: Seat | None) -> str | None:
    """What a viewer is told of an alert: its maker's partner nothing."""
    return None if viewer is not None and SIDES[partner(viewer)] == side else alert


def _contract(state: State) -> dict[str, Json]:
    if state.play is None:
        passed = state.outcome is not None and state.outcome.reason == "passed"
        nobody = {"declarer": None, "dummy": None, "lead": None}
        return {"contract": PASS if passed else None, **nobody}
    contract = state.play.contract
    return {
        "contract": str(contract),
        "declarer": SIDES[contract.declarer],
        "dummy": SIDES[contract.dummy],
        "lead": SIDES[contract.lead],
    }


def _tricks(state: State) -> dict[str, Json]:
    play = state.play
    if play is None:
        won = {"NS": 0, "EW": 0}
        return {"tricks": won, "trick": [], "last_trick": None, "played": []}
    complete = [_cards(trick.leader, trick.cards) for trick in play.tricks]
    last = None
    if play.tricks:
        trick = play.tricks[-1]
        last = {"cards": _cards(trick.leader, trick.cards), "winner": SIDES[trick.winner]}
    return {
        "tricks": {"NS": play.won(0), "EW": play.won(1)},
        "trick": _cards(play.leader, play.trick),
        "last_trick": last,
        "played": complete,
    }


def _cards(leader: Seat, cards: Iterable[int]) -> list[Json]:
    return [
        {"side": SIDES[(leader + number) % 4], "card": card} for number, card in enumerate(cards)
    ]


def _to_do(state: State, viewer: Seat | None) -> dict[str, Json]:
    turn, actor = state.turn, state.to_act
    mine = viewer is not None and viewer == actor and not state.waiting
    bids = legal_calls(state.bids) if mine and state.play is None else ()
    cards = state.play.legal if mine and state.play is not None else ()
    span = range(0) if viewer is None else claims.span(state, viewer)
    return {
        "to_move": None if turn is None else SIDES[turn],
        "actor": None if actor is None else SIDES[actor],
        "bids": list(bids),
        "cards": list(cards),
        "claims": [span[0], span[-1]] if span else None,
        "can_undo": viewer is not None and undo.may_ask(state, viewer),
    }


def _open_questions(state: State) -> dict[str, Json]:
    """The claim and the request that are to be answered."""
    claim, waiting = None, _sides(state.waiting)
    if state.claim is not None and waiting:
        scored = claimed(state, state.claim.seat, state.claim.tricks)
        claim = {
            "side": SIDES[state.claim.seat],
            "tricks": state.claim.tricks,
            "result": scored.points,
            "score_ns": scored.score,
            "accepted": _sides(state.claim.accepted),
            "waiting": waiting,
        }
    asks = state.undo if waiting else None
    return {
        "claim": claim,
        "undo": None if asks is None else {"side": SIDES[asks], "waiting": waiting},
    }


def _end(state: State) -> dict[str, Json]:
    scored = result(state)
    return {
        "result": None if scored is None else result_json(scored),
        "over": state.outcome is not None,
        "outcome": outcome_json(state.outcome),
    }


def _sides(seats: Iterable[Seat]) -> list[str]:
    return [SIDES[seat] for seat in sorted(seats)]


def event_view(event: Event, viewer: Seat | None) -> Json | None:
    """An event as a viewer may see it; None for a hand that is shown to others alone."""
    redact = _REDACTED.get(event.kind)
    data = dict(event.data) if redact is None else redact(event.data, viewer)
    return None if data is None else {"type": event.kind, "data": data}


def _dealt(data: Mapping[str, Json], viewer: Seat | None) -> Json:
    hands = {
        side: list(cards) if viewer is not None and side == SIDES[viewer] else None
        for side, cards in data["hands"].items()
    }
    return {**data, "hands": hands}


def _bid(data: Mapping[str, Json], viewer: Seat | None) -> Json:
    return {**data, "alert": _alert(data["side"], data["alert"], viewer)}


def _card(data: Mapping[str, Json], viewer: Seat | None) -> Json:
    """What may be played next tells something of a hand: it is for the one who plays it."""
    plays = viewer is not None and data["actor"] == SIDES[viewer]
    return {**data, "allowed": data["allowed"] if plays else None}


def _shown(data: Mapping[str, Json], viewer: Seat | None) -> Json:
    side, to = data["side"], data["to"]
    if to != "all" and (viewer is None or SIDES[viewer] not in (side, *to)):
        return None
    return {"side": side, "cards": list(data["cards"])}


_REDACTED: Final[Mapping[str, Callable[[Mapping[str, Json], Seat | None], Json]]] = (
    MappingProxyType({"dealt": _dealt, "bid": _bid, "card": _card, "shown": _shown})
)
"""By the kind of an event that holds a secret: its data without."""
