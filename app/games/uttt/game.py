"""The game as the house sees it: the variant's rules behind the common interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

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
from app.games.uttt import move as moves
from app.games.uttt.move import Move, Swap, Turn
from app.games.uttt.rules import Rules, Standard
from app.games.uttt.state import State
from app.games.uttt.swap import Swapping

RULES: Final[Mapping[str, Rules[Any]]] = MappingProxyType(
    {rules.key: rules for rules in (Standard(), Swapping())}
)
"""Every variant by its key, the usual one first."""

_NOBODY: Final[frozenset[Seat]] = frozenset()
_ONLY: Final = (frozenset({0}), frozenset({1}))
_TEAMS: Final = (0, 1)


class Uttt(Game[State, Turn]):
    """Ultimate Tic-Tac-Toe for two, seat 0 (player A) and seat 1 (player B). A moves first."""

    info = GameInfo(
        key="uttt",
        name="Ultimate Tic-Tac-Toe",
        seats=(2,),
        teams=2,
        rating="elo",
        hidden=False,
        variants=tuple(RULES),
        rated_variants=("standard",),
        rules_version=1,
    )

    def parse_options(self, raw: Json) -> Options:
        """`{"variant"}`, which may be left out. Raises Malformed for anything else."""
        if not isinstance(raw, dict) or not raw.keys() <= {"variant"}:
            raise Malformed("This game has one option, its variant.")
        return Options(_rules(raw.get("variant", self.info.variants[0])).key)

    def initial(self, options: Options, seed: bytes) -> Step[State]:
        """The empty board. Nothing is left to chance: `seed` is not used."""
        return Step(RULES[options.variant].empty())

    def actors(self, state: State) -> frozenset[Seat]:
        return _NOBODY if state.outcome is not None else _ONLY[state.to_move]

    def legal_moves(self, state: State, seat: Seat) -> tuple[Turn, ...]:
        if state.outcome is not None or seat != state.to_move:
            return ()
        return RULES[state.variant].legal_moves(state)

    def apply(self, state: State, actor: Seat | System, move: Turn | SystemMove) -> Step[State]:
        """As in every game. Events: `placed`, `board_won` or `board_drawn`, `over`; `swapped`,
        `over`; and a system move's own kind with its `seat` before its `over`."""
        if state.outcome is not None:
            raise GameOver
        if actor is SYSTEM:
            return self._end(state, move)
        if actor != state.to_move:
            raise NotYourTurn
        if isinstance(move, Move):
            return RULES[state.variant].play(state, move)
        if isinstance(move, Swap):
            return RULES[state.variant].swap(state, move)
        raise Malformed("A player moves by marking a cell.")

    def outcome(self, state: State) -> Outcome | None:
        return state.outcome

    def view(self, state: State, viewer: Seat | None) -> Json:
        """See `app.games.uttt.view.view`; it is the same for every viewer."""
        return RULES[state.variant].view(state)

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return {"type": event.kind, "data": dict(event.data)}

    def parse_move(self, raw: Json) -> Turn:
        return moves.parse_move(raw)

    def move_json(self, move: Turn) -> Json:
        return moves.move_json(move)

    def dump(self, state: State) -> Json:
        return RULES[state.variant].dump(state)

    def load(self, raw: Json) -> State:
        if not isinstance(raw, dict):
            raise Malformed("A stored position is an object.")
        state: State = _rules(raw.get("variant")).load(raw)
        return state

    @staticmethod
    def _end(state: State, move: Turn | SystemMove) -> Step[State]:
        if not isinstance(move, SystemMove):
            raise Malformed("The system marks no cell.")
        outcome = settle(move, _TEAMS)
        ended = replace(state, outcome=outcome)
        return Step(ended, (Event(move.kind, {"seat": move.seat}), over_event(outcome)))


def _rules(variant: Json) -> Rules[Any]:
    if not isinstance(variant, str) or variant not in RULES:
        raise Malformed("This game has no such variant.")
    return RULES[variant]
