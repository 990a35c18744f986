"""What the contract suite is told of bridge."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from app.games.api import Json
from app.games.bridge import Answer, Call, Claim, Play, Undo
from app.games.bridge.auction import CALLS
from app.games.bridge.move import Move
from tests.games.bridge_positions import ALERTS, LONG_SUITS, reshuffle

__all__ = ["MOVES", "NOT_MOVES", "NOT_OPTIONS", "NOT_STATES", "STATES", "dress", "reshuffle"]

MOVES: tuple[Move, ...] = (
    *(Call(bid) for bid in CALLS),
    *(Play(card) for card in range(52)),
    *(Claim(tricks) for tricks in range(14)),
    *(Answer(agreed) for agreed in (True, False)),
    Undo(),
)


def dress(move: Move, random: Random) -> Move:
    """A call may have any alert."""
    return replace(move, alert=random.choice(ALERTS)) if isinstance(move, Call) else move


_NOT_NUMBERS: tuple[Json, ...] = (
    *(-1, 10**30, True, False, 1.0, 0.5, float("nan"), None),
    *("", "1", "C2", [], [1], {}, {"suit": 0}),
)
_NOT_CALLS: tuple[Json, ...] = (
    *(None, True, 1, "", "Pass", "PASS", "p", "X", "XX", "double", "0C", "8C", "1N", "1NT", "1c"),
    *("C1", "1", "C", " 1C", "1C ", "1CX", [], ["1C"], {}),
)
_NOT_ALERTS: tuple[Json, ...] = (True, 0, 1.5, [], ["natural"], {}, "x" * 81, "two\nlines", "\0")

NOT_MOVES: tuple[Json, ...] = (
    {},
    {"alert": "natural"},
    {"bid": "1C", "card": 3},
    {"answer": True, "undo": True},
    *({"bid": value} for value in _NOT_CALLS),
    *({"bid": "1C", "alert": value} for value in _NOT_ALERTS),
    *({"card": value} for value in (52, *_NOT_NUMBERS)),
    *({"claim": value} for value in (14, *_NOT_NUMBERS)),
    *({"answer": value} for value in (None, 0, 1, "true", "", [], {})),
    *({"undo": value} for value in (None, False, 0, 1, "true", [], {})),
)

NOT_OPTIONS: tuple[Json, ...] = (
    *({"variant": value} for value in (None, "", "Standard", "classic", 0, True, [], {})),
    *({"board": value} for value in (0, 10**9 + 1, *_NOT_NUMBERS)),
    {"varient": "standard"},
    {"variant": "standard", "players": 4},
)


def _state(**changes: Json) -> Json:
    """A stored position, changed: North has ruffed the first trick of 7C and led to the second.

    Each has a suit: North clubs, East diamonds, South hearts and West spades.
    """
    start = {
        "options": {"variant": "standard", "board": 1},
        "deal": [list(hand) for hand in LONG_SUITS],
        "calls": [{"bid": "7C"}, {"bid": "pass"}, {"bid": "pass"}, {"bid": "pass"}],
        "cards": [13, 26, 39, 0, 1],
        "faced": [],
        "returned": [],
        "claim": None,
        "undo": None,
        "stands": False,
        "declined": [],
        "outcome": None,
    }
    return {**start, **changes}


def _claim(**changes: Json) -> Json:
    return {"seat": 0, "tricks": 13, "accepted": [1], **changes}


def _claimed(**changes: Json) -> Json:
    """The position with a claim of all tricks, which East has accepted, changed."""
    return _state(**{"faced": [0], "claim": _claim(), "stands": True, **changes})


_PASSED = {"calls": [{"bid": "pass"}] * 4, "cards": [], "stands": False}
_BEFORE = {"calls": [], "cards": [], "stands": True}
_OUT = [
    card
    for trick in zip(*(LONG_SUITS[seat] for seat in (1, 2, 3, 0)), strict=True)
    for card in trick
]
# After the first trick North leads: each trick is North's card, East's, South's, West's.
_ALL_OUT = _OUT[:4] + [
    card
    for trick in zip(*(LONG_SUITS[seat][1:] for seat in range(4)), strict=True)
    for card in trick
]
_NS_WON = {"reason": "played", "winners": [0, 2]}

STATES: tuple[Json, ...] = (
    _state(),
    _state(**_BEFORE),
    _state(**_PASSED, outcome={"reason": "passed", "winners": []}),
    _state(undo=0),
    _state(undo=3, calls=_state()["calls"], cards=[13, 26, 39]),
    _state(returned=[2, 14], stands=True),
    _claimed(),
    _claimed(claim=None, declined=[0]),
    _claimed(claim=_claim(accepted=[1, 3]), outcome={"reason": "claim", "winners": [0, 2]}),
    _claimed(outcome={"reason": "abort", "winners": []}),
    _state(outcome={"reason": "resign", "winners": [1, 3]}),
    _state(outcome={"reason": "timeout", "winners": [0, 2]}),
    _state(cards=_ALL_OUT, outcome=_NS_WON),
)
"""Stored positions that are in order."""

_NOT_SEATS: tuple[Json, ...] = (
    *(None, 0, "", "N", {}, [4], [-1], [True], [1.0], ["0"], [None], [0, 0], [3, 1]),
)

NOT_STATES: tuple[Json, ...] = (
    {},
    _state(more=0),
    *({key: value for key, value in _state().items() if key != field} for field in _state()),
    *(_state(options=value) for value in (*NOT_OPTIONS, None, {}, {"board": 1})),
    *(_state(deal=value) for value in (None, {}, [], [[]] * 4, [list(range(13))] * 4)),
    _state(deal=[list(hand) for hand in LONG_SUITS[:3]]),
    _state(deal=[list(range(12, -1, -1)), *(list(hand) for hand in LONG_SUITS[1:])]),
    _state(deal=[[*range(12), "12"], *(list(hand) for hand in LONG_SUITS[1:])]),
    _state(deal=[list(range(14)), list(range(14, 26)), *(list(hand) for hand in LONG_SUITS[2:])]),
    *(_state(calls=value) for value in (None, {}, "", [], ["7C"], [{"bid": "7C"}])),
    *(_state(calls=[{"bid": "7C"}, value]) for value in (None, {"card": 1}, {"undo": True})),
    *(_state(calls=[{"bid": value}, *_PASSED["calls"][1:]]) for value in _NOT_CALLS),
    _state(calls=[{"bid": "7C", "alert": ""}, *_PASSED["calls"][1:]]),
    _state(calls=[{"bid": "7C", "more": 1}, *_PASSED["calls"][1:]]),
    _state(calls=[{"bid": "7C"}, {"bid": "1C"}, *_PASSED["calls"][1:]]),
    _state(calls=[*_state()["calls"], {"bid": "pass"}], cards=[]),
    *(_state(cards=[13, 26, 39, 0, value]) for value in (0, 13, 26, 14, 52, *_NOT_NUMBERS)),
    *(_state(cards=value) for value in (None, {}, "", [0], [13, 14], [13, 26, 39, 0, 1, 14, 14])),
    *(_state(faced=value) for value in (*_NOT_SEATS, [2], [0, 2])),
    *(_state(returned=value) for value in (*_NOT_SEATS[:5], [52], [-1], [1], [13], [3, 2])),
    *(_state(declined=value) for value in (*_NOT_SEATS, [1])),
    *(_state(**_BEFORE, faced=value) for value in ([0],)),
    _state(**_BEFORE, returned=[5]),
    _state(**{**_BEFORE, "stands": False}),
    *(_state(stands=value) for value in (None, 0, 1, "", [])),
    *(_state(undo=value) for value in (1, 2, 3, 4, -1, True, 0.0, "0", [0], {})),
    _state(undo=0, stands=True),
    # The opening lead stays; nothing can be asked while a claim is open.
    _state(undo=1, cards=[13]),
    _claimed(undo=0),
    *(_claimed(claim=value) for value in (0, [], "", {}, {"seat": 0}, _claim(more=0))),
    *(_claimed(claim=_claim(seat=value)) for value in (1, 2, 3, 4, *_NOT_NUMBERS)),
    *(_claimed(claim=_claim(tricks=value)) for value in (0, 14, *_NOT_NUMBERS)),
    *(_claimed(claim=_claim(accepted=value)) for value in (*_NOT_SEATS, [0], [2])),
    _claimed(claim=_claim(accepted=[1, 3])),
    _claimed(faced=[]),
    _claimed(stands=False),
    _claimed(declined=[0]),
    _state(**_BEFORE, claim=_claim()),
    *(_state(outcome=value) for value in ("", "abort", 0, False, [], {}, {"reason": "abort"})),
    *(_state(outcome={"reason": "resign", "winners": value}) for value in ([], [0], [0, 1], None)),
    *(_state(outcome={"reason": reason, "winners": [0, 2]}) for reason in ("played", "claim")),
    _state(outcome={"reason": "passed", "winners": []}),
    _state(outcome={"reason": "abort", "winners": [0, 2]}),
    _state(outcome={"reason": "abort", "winners": [], "scores": [0, 0]}),
    _state(**_PASSED),
    _state(**_PASSED, outcome={"reason": "abort", "winners": []}),
    _state(cards=_ALL_OUT),
    _state(**_PASSED, outcome={"reason": "passed", "winners": []}, undo=3),
    _claimed(cards=_ALL_OUT, outcome=_NS_WON),
    _claimed(cards=_ALL_OUT, outcome=_NS_WON, claim=_claim(accepted=[1, 3])),
    _state(cards=_ALL_OUT, outcome={"reason": "played", "winners": [1, 3]}),
    _state(cards=_ALL_OUT, outcome={"reason": "resign", "winners": [0, 2]}),
)
