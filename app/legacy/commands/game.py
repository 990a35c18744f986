"""Playing, and following a game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.legacy.commands import boards
from app.legacy.commands.answers import NOT_JOINED, Answer, Refused, done, error
from app.legacy.commands.boards import GAME
from app.legacy.commands.desk import Call, Wait
from app.legacy.commands.hall import joined_place
from app.legacy.commands.shapes import GameState, Play, Played
from app.legacy.commands.shapes import State as StateArgs
from app.legacy.commands.waiting import MOST_SECONDS
from app.live.names import user_room, watch_room
from app.services import joined, matches, watching
from app.services.errors import ServiceError
from app.services.house import House
from app.services.joined import Opened
from app.services.records import MatchRecord


def play(call: Call) -> Played:
    args: Play = call.args
    place = joined_place(call)
    x, y = boards.coordinates(args.coordinates)
    move = _swap(x, y) if args.type == "swap" else boards.place(x, y)
    if place.spectating:
        raise Refused(409, "You only watch this game")
    if isinstance(place.game, Opened):
        raise Refused(409, "The game has not started")
    if place.game.game != GAME:
        raise Refused(409, "This game is not played with this command")
    _check_turn(call, place.game)
    if args.type == "place":
        view = matches.view(call.house, place.game, call.caller.user_id)
        if not boards.is_blank(view, x, y):
            raise Refused(409, "The selected place is not blank")
    try:
        record = matches.submit(call.house, call.caller, place.id, move)
    except ServiceError as refusal:
        if refusal.code == "not_your_turn":  # any more
            raise _not_your_turn() from None
        raise
    msg = f"Swapped {x} and {y}" if args.type == "swap" else f"Placed at {x},{y}"
    state = boards.state(
        call.house, record, call.caller.user_id, watching.names(call.house, record.id)
    )
    assert isinstance(state, GameState)
    return Played(msg, state)


def state(call: Call) -> Answer | Wait:
    args: StateArgs = call.args
    place = joined_place(call)
    question = StateQuestion(place.id, call.caller.user_id, place.spectating, args.version)
    seconds = MOST_SECONDS if args.timeout is None else args.timeout
    if args.version is None or seconds == 0:
        return StateQuestion.answer(call.house, [question], finally_=True)[0] or _gone()
    return Wait(question, seconds)


@dataclass(frozen=True, slots=True)
class StateQuestion:
    """Where a game stands, once it is past `version`, as that user sees it."""

    game_id: str
    user_id: int
    spectating: bool
    version: int | None

    @property
    def key(self) -> bytes:
        return f"game {self.game_id}".encode()

    @property
    def rooms(self) -> Sequence[str]:
        own = user_room(self.user_id)
        return (own, watch_room(self.game_id)) if self.spectating else (own,)

    def look(self, house: House) -> Answer | None:
        return self.answer(house, [self], finally_=False)[0]

    @classmethod
    def answer(
        cls, house: House, asked: Sequence[StateQuestion], *, finally_: bool
    ) -> list[Answer | None]:
        views = {game_id: _Views(house, game_id) for game_id in {q.game_id for q in asked}}
        return [views[q.game_id].answer(q, finally_) for q in asked]


class _Views:
    """One game, looked at once, and said once to all who see the same of it."""

    def __init__(self, house: House, game_id: str) -> None:
        self._house = house
        with house.store.read() as unit:
            self._game = joined.game_of(unit, game_id)
        self._spectators = watching.names(house, game_id) if self._game else []
        self._said: dict[Any, Answer] = {}

    def answer(self, question: StateQuestion, finally_: bool) -> Answer | None:
        game = self._game
        if game is None:
            return _gone()
        version = 0 if isinstance(game, Opened) else game.version + 1
        if not finally_ and question.version is not None and version <= question.version:
            return None
        key = self._sees(game, question.user_id)
        if key not in self._said:
            self._said[key] = done(self._state(game, question.user_id))
        return self._said[key]

    def _sees(self, game: Opened | MatchRecord, user_id: int) -> Any:
        if isinstance(game, Opened):
            return game.owner_id == user_id
        seat = game.seat_of(user_id)
        return (seat, user_id) if game.engine.info.hidden else seat

    def _state(self, game: Opened | MatchRecord, user_id: int) -> boards.State:
        if isinstance(game, Opened):
            return boards.opened_state(game, user_id, self._spectators)
        return boards.state(self._house, game, user_id, self._spectators)


def _check_turn(call: Call, record: MatchRecord) -> None:
    if record.over:
        raise Refused(409, "The game is over")
    if record.seat_of(call.caller.user_id) not in record.actors:
        raise _not_your_turn()


def _swap(x: int, y: int) -> dict[str, Any]:
    if x == y:
        raise Refused(400, "X and Y must not be the same number")
    return boards.swap(x, y)


def _not_your_turn() -> Refused:
    return Refused(409, "It is not your turn")


def _gone() -> Answer:
    """What there is to say of a game that was closed."""
    return error(409, NOT_JOINED)
