"""People at old clients: they sign in, find each other and play."""

from __future__ import annotations

import random
import secrets
from functools import cache
from typing import Any

from app.games import GAMES
from tests.legacy.shapes import CheckedClient
from tests.support.server import Server

PASSWORD = "a good secret"


def new_name(prefix: str = "u") -> str:
    """A name nobody has yet on the shared server."""
    return f"{prefix}-{secrets.token_hex(4)}"


class Player(CheckedClient):
    """A signed-in old client; `name`, `id` (of the session), `registered` are the answer's."""

    name: str
    id: str
    registered: bool

    @classmethod
    def arrive(cls, server: Server, name: str | None = None, pw: str | None = PASSWORD) -> Player:
        """Come in by `login`: an account is made where the name is new, a guest without `pw`."""
        player = cls(server.host, server.port)
        player.name = name or new_name()
        answer = player.login(player.name, pw)
        player.id, player.registered = answer["id"], answer["registered"]
        return player

    @classmethod
    def come_back(cls, server: Server, session_id: str) -> Player:
        """Come in by `reconnect`."""
        player = cls(server.host, server.port)
        answer = player.reconnect(session_id)
        player.name, player.id = answer["user"], answer["id"]
        player.registered = answer["registered"]
        return player

    def move(self, match_id: str, move: dict[str, Any]) -> None:
        self.send("move", {"id": match_id} | move)

    def refused(self, code: str, request: str | None) -> dict[str, Any]:
        """The next message must be an error of this code about that request."""
        error: dict[str, Any] = self.expect("error")
        assert (error["code"], error["request"]) == (code, request), error
        return error

    def settle(self) -> None:
        """Read whatever is on its way: an unknown request is answered after all of it."""
        self.send("are_we_there_yet")
        while True:
            type, data = self.receive()
            if type == "error" and data["request"] == "are_we_there_yet":
                return


def begin(one: Player, other: Player) -> str:
    """A match between two by invitation, `one` to move; its id."""
    one.send("match_request", {"player": other.name})
    update = one.expect("match_update")
    assert one.expect("match_request_response")["success"]
    assert other.expect("match_update") == update
    assert other.expect("match_request") == {"player": one.name}
    match_id: str = update["id"]
    return match_id


def play(match_id: str, moves: list[dict[str, int]], one: Player, other: Player) -> dict[str, Any]:
    """Make these moves in turn, both reading every update; the last update's data."""
    update: dict[str, Any] = {}
    for number, move in enumerate(moves):
        mover = (one, other)[number % 2]
        mover.move(match_id, move)
        update = one.expect("match_update")
        assert other.expect("match_update") == update
        assert update["match_state"]["last_move"] == move
        assert update["version"] == number + 1
    return update


@cache
def game(outcome: str) -> list[dict[str, int]]:
    """The moves of a whole game: won by player A (`a`), by player B (`b`), or a `draw`."""
    engine = GAMES["uttt"]
    chance = random.Random(7)
    while True:
        state = engine.initial(engine.parse_options({}), bytes(32)).state
        moves = []
        while (end := engine.outcome(state)) is None:
            (seat,) = engine.actors(state)
            move = chance.choice(engine.legal_moves(state, seat))
            moves.append(engine.move_json(move))
            state = engine.apply(state, seat, move).state
        won = {(): "draw", (0,): "a", (1,): "b"}[tuple(end.winners)]
        if won == outcome:
            return moves
