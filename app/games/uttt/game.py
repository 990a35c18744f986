"""The game as the house sees it: the variant's rules behind the common interface."""

from __future__ import annotations

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
from app.games.uttt import move as moves
from app.games.uttt import state as states
from app.games.uttt.move import Move
from app.games.uttt.rules import RULES
from app.games.uttt.state import State
from app.games.uttt.view import view

_NOBODY: Final[frozenset[Seat]] = frozenset()
_ONLY: Final = (frozenset({0}), frozenset({1}))
_TEAMS: Final = (0, 1)


class Uttt(Game[State, Move]):
    """Ultimate Tic-Tac-Toe for two, seat 0 (player A) and seat 1 (player B). A moves first."""

    info = GameInfo(
        key="uttt",
        name="Ultimate Tic-Tac-Toe",
        seats=(2,),
        teams=2,
        rating="elo",
        hidden=False,
        variants=tuple(RULES),
        rules_version=1,
    )

    def parse_options(self, raw: Json) -> Options:
        """`{"variant"}`, which may be left out. Raises Malformed for anything else."""
        if not isinstance(raw, dict) or not raw.keys() <= {"variant"}:
            raise Malformed("This game has one option, its variant.")
        variant = raw.get("variant", self.info.variants[0])
        if not isinstance(variant, str) or variant not in RULES:
            raise Malformed("This game has no such variant.")
        return Options(variant)

    def initial(self, options: Options, seed: bytes) -> Step[State]:
        """The empty board. Nothing is left to chance: `seed` is not used."""
        return Step(states.empty(options.variant))

    def actors(self, state: State) -> frozenset[Seat]:
        return _NOBODY if state.outcome is not None else _ONLY[state.to_move]

    def legal_moves(self, state: State, seat: Seat) -> tuple[Move, ...]:
        if state.outcome is not None or seat != state.to_move:
            return ()
        return RULES[state.variant].legal_moves(state)

    def apply(self, state: State, actor: Seat | System, move: Move | SystemMove) -> Step[State]:
        """As in every game. Events: `placed`, `board_won` or `board_drawn`, `over`; and a system
        move's own kind with its `seat` before its `over`."""
        if state.outcome is not None:
            raise GameOver
        if actor is SYSTEM:
            return self._end(state, move)
        if actor != state.to_move:
            raise NotYourTurn
        if not isinstance(move, Move):
            raise Malformed("A player moves by marking a cell.")
        return RULES[state.variant].play(state, move)

    def outcome(self, state: State) -> Outcome | None:
        return state.outcome

    def view(self, state: State, viewer: Seat | None) -> Json:
        """See `app.games.uttt.view.view`; it is the same for every viewer."""
        return view(state, 0 if state.outcome else RULES[state.variant].open_boards(state))

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return {"type": event.kind, "data": dict(event.data)}

    def parse_move(self, raw: Json) -> Move:
        return moves.parse_move(raw)

    def move_json(self, move: Move) -> Json:
        return moves.move_json(move)

    def dump(self, state: State) -> Json:
        return states.dump(state)

    def load(self, raw: Json) -> State:
        state = states.load(raw)
        if state.variant not in RULES:
            raise Malformed("This game has no such variant.")
        RULES[state.variant].check(state)
        return state

    @staticmethod
    def _end(state: State, move: Move | SystemMove) -> Step[State]:
        if not isinstance(move, SystemMove):
            raise Malformed("The system marks no cell.")
        outcome = settle(move, _TEAMS)
        ended = State(
            variant=state.variant,
            marks=state.marks,
            won=state.won,
            drawn=state.drawn,
            to_move=state.to_move,
            last=state.last,
            outcome=outcome,
        )
        return Step(ended, (Event(move.kind, {"seat": move.seat}), over_event(outcome)))
