"""The game as the house sees it: the variant's rules behind the common interface."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.games.api import (
    SYSTEM,
    Event,
    Game,
    GameInfo,
    GameOver,
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
from app.games.scopa import move as moves
from app.games.scopa import play, storage, view
from app.games.scopa.dealing import first_deal
from app.games.scopa.move import Move
from app.games.scopa.options import ScopaOptions
from app.games.scopa.state import State, teams
from app.games.scopa.variants import RULES, parse_options

_NOBODY: Final[frozenset[Seat]] = frozenset()


class Scopa(Game[State, Move]):
    """Scopa for two, or for four in two teams: seats 0 and 2 against 1 and 3."""

    info = GameInfo(
        key="scopa",
        name="Scopa",
        seats=(2, 4),
        teams=2,
        rating="elo",
        hidden=True,
        variants=tuple(RULES),
        rated_variants=tuple(RULES),
        rules_version=1,
    )

    def parse_options(self, raw: Json) -> ScopaOptions:
        """See `app.games.scopa.variants.parse_options`."""
        return parse_options(raw)

    def players(self, options: Options) -> int:
        assert isinstance(options, ScopaOptions), "made by parse_options"
        return options.players

    def initial(self, options: Options, seed: bytes) -> Step[State]:
        """The first deal, as the seed has it. Events as in `app.games.scopa.dealing.deal`."""
        assert isinstance(options, ScopaOptions), "made by parse_options"
        return first_deal(options, seed)

    def actors(self, state: State) -> frozenset[Seat]:
        return _NOBODY if state.outcome is not None else frozenset({state.to_move})

    def legal_moves(self, state: State, seat: Seat) -> tuple[Move, ...]:
        if state.outcome is not None or seat != state.to_move:
            return ()
        return play.legal_moves(state)

    def apply(self, state: State, actor: Seat | System, move: Move | SystemMove) -> Step[State]:
        """As in every game. Events as in `app.games.scopa.play.play`, or a system move's own kind
        with its `seat` before its `over`."""
        if state.outcome is not None:
            raise GameOver
        if actor is SYSTEM:
            return self._end(state, move)
        if actor != state.to_move:
            raise NotYourTurn
        if not isinstance(move, Move):
            raise Malformed("A player moves by playing a card.")
        return play.play(state, move)

    def outcome(self, state: State) -> Outcome | None:
        return state.outcome

    def view(self, state: State, viewer: Seat | None) -> Json:
        """See `app.games.scopa.view.view`: a viewer sees their own hand and those declared."""
        hand = state.hands[state.to_move] if viewer in self.actors(state) else ()
        return view.view(state, viewer, [play.takes(state, card) for card in hand])

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

    @staticmethod
    def _end(state: State, move: Move | SystemMove) -> Step[State]:
        if not isinstance(move, SystemMove):
            raise Malformed("The system plays no card.")
        outcome = settle(move, teams(state.options.players))
        ended = replace(state, outcome=outcome)
        return Step(ended, (Event(move.kind, {"seat": move.seat}), over_event(outcome)))
