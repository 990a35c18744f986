"""The game as the house sees it: the rules behind the common interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from app.games.api import (
    SYSTEM,
    Event,
    Game,
    GameInfo,
    GameOver,
    Illegal,
    Json,
    Malformed,
    NotYourTurn,
    Options,
    Outcome,
    Seat,
    Step,
    System,
    SystemMove,
    over_event,
    settle,
)
from app.games.bridge import claims, options, storage, turns, undo, view
from app.games.bridge import move as moves
from app.games.bridge.deal import SEATS, SIDES, TEAMS, deal, dealer, vulnerable
from app.games.bridge.move import Answer, Call, Claim, Move, Play, Undo
from app.games.bridge.options import BridgeOptions
from app.games.bridge.state import State

_ANSWERS: Final = (Answer(True), Answer(False))


class Bridge(Game[State, Move]):
    """One deal of bridge: seats 0 and 2, North and South, against 1 and 3, East and West."""

    info = GameInfo(
        key="bridge",
        name="Bridge",
        seats=(len(SEATS),),
        teams=2,
        rating="imps",
        hidden=True,
        variants=options.VARIANTS,
        rated_variants=options.VARIANTS,
        rules_version=1,
        own_hall=True,
    )

    def parse_options(self, raw: Json) -> BridgeOptions:
        """See `app.games.bridge.options.parse_options`."""
        return options.parse_options(raw)

    def initial(self, options: Options, seed: bytes) -> Step[State]:
        """The deal. Event: `dealt` `{"board", "dealer", "vuln", "hands": by side}`."""
        assert isinstance(options, BridgeOptions), "made by parse_options"
        hands = deal(seed, options.board)
        data = {
            "board": options.board,
            "dealer": SIDES[dealer(options.board)],
            "vuln": vulnerable(options.board),
            "hands": {SIDES[seat]: list(hand) for seat, hand in enumerate(hands)},
        }
        return Step(State(options, hands), (Event("dealt", data),))

    def actors(self, state: State) -> frozenset[Seat]:
        return state.actors

    def legal_moves(self, state: State, seat: Seat) -> tuple[Move, ...]:
        """As in every game; each call once, though it may be made with any alert."""
        if seat not in state.actors:
            return ()
        return _ANSWERS if state.waiting else turns.moves(state)

    def asides(self, state: State, seat: Seat) -> tuple[Move, ...]:
        """Claims and concessions, and asking for one's last call or card back."""
        claimed = tuple(Claim(tricks) for tricks in claims.span(state, seat))
        return (*claimed, Undo()) if undo.may_ask(state, seat) else claimed

    def apply(self, state: State, actor: Seat | System, move: Move | SystemMove) -> Step[State]:
        """As in every game. Events as in `turns`, `claims` and `undo`; a system move's own kind
        with its `side`, before the `over` of one that ends the match."""
        if state.outcome is not None:
            raise GameOver
        if actor is SYSTEM:
            return _by_system(state, move)
        if type(move) not in _APPLY:
            raise Malformed("A player calls, plays a card, claims, asks or answers.")
        return _APPLY[type(move)](state, actor, move)

    def outcome(self, state: State) -> Outcome | None:
        return state.outcome

    def view(self, state: State, viewer: Seat | None) -> Json:
        """See `app.games.bridge.view.view`."""
        return view.view(state, viewer)

    def open_view(self, state: State) -> Json:
        return view.open_view(state)

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return view.event_view(event, viewer)

    def parse_move(self, raw: Json) -> Move:
        return moves.parse_move(raw)

    def move_json(self, move: Move) -> Json:
        return moves.move_json(move)

    def dump(self, state: State) -> Json:
        return storage.dump(state)

    def load(self, raw: Json) -> State:
        return storage.load(raw)


def _answer(state: State, seat: Seat, move: Answer) -> Step[State]:
    if seat not in state.actors:
        raise NotYourTurn
    if not state.waiting:
        raise Illegal("Nothing is to be answered.")
    if state.claim is not None:
        return claims.answer(state, state.claim, seat, move)
    return undo.answer(state, seat, move)


def _by_system(state: State, move: Move | SystemMove) -> Step[State]:
    if not isinstance(move, SystemMove):
        raise Malformed("The system makes no call and plays no card.")
    if move.kind == "replace":
        if move.seat is None or move.seat not in SEATS:
            raise Malformed("There is no such seat at this table.")
        return Step(state, (Event("replaced", {"side": SIDES[move.seat]}),))
    outcome = settle(move, TEAMS)
    side = None if move.seat is None else SIDES[move.seat]
    ended = replace(state, outcome=outcome)
    return Step(ended, (Event(move.kind, {"side": side}), over_event(outcome)))


_APPLY: Final[Mapping[type, Callable[[State, Seat, Any], Step[State]]]] = MappingProxyType(
    {Call: turns.call, Play: turns.card, Claim: claims.claim, Answer: _answer, Undo: undo.ask}
)
"""What comes of a move, by its kind."""
