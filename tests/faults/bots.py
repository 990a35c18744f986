"""Players for the fault tests: they play what the wire tells them and remember all they saw."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.rawclient import Closed, RawClient, Refused, build_frame
from tests.support.server import Server

RETRY_SECONDS = 0.02
GIVE_UP_ONE_IN = 80  # moves
THINKS = 0.03  # what is looked at is how they go on, not how fast
NO_MATCH = "0" * 32
# The codes with which the loser of a race for one turn may be refused.
TOO_LATE = {"not_your_turn", "stale", "game_over"}
Json = dict[str, Any]


def legal_moves(state: Json) -> list[Json]:
    """The moves a `match_state` leaves open, read off it by the rules page alone."""
    last, decided, field = state["last_move"], state["global_field"], state["complete_field"]
    boards = [(x, y) for y in range(3) for x in range(3) if decided[y][x] == 0]
    if last is not None and (last["x"], last["y"]) in boards:
        boards = [(last["x"], last["y"])]
    return [
        {"sub_x": sub_x, "sub_y": sub_y, "x": x, "y": y}
        for sub_x, sub_y in boards
        for y in range(3)
        for x in range(3)
        if field[sub_y * 3 + y][sub_x * 3 + x] == 0
    ]


class Witness:
    """What all players together were told: one position for every version of every match."""

    def __init__(self) -> None:
        self.positions: dict[tuple[str, int], Any] = {}
        self.problems: list[str] = []
        self._lock = threading.Lock()

    def saw(self, match: str, version: int, field: Any) -> None:
        with self._lock:
            if self.positions.setdefault((match, version), field) != field:
                self.problems.append(f"two positions for version {version} of {match}")

    def complain(self, problem: str) -> None:
        with self._lock:
            self.problems.append(problem)

    def latest(self) -> dict[str, int]:
        """The highest version anybody was told of, by match."""
        found: dict[str, int] = {}
        for match, version in self.positions:
            found[match] = max(version, found.get(match, 0))
        return found


class Player(threading.Thread):
    """An account that plays on and on, and comes back by `reconnect` whenever it is cut off.

    `invites`: the name to start a match with whenever there is none. `thinks`: for how many
    seconds at most before a move.
    """

    def __init__(
        self,
        server: Server,
        witness: Witness,
        name: str,
        invites: str | None,
        seed: int,
        *,
        thinks: float = THINKS,
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.reconnects = 0
        self._thinks = thinks
        self._server = server
        self._witness = witness
        self._invites = invites
        self._chance = random.Random(f"{seed}/{name}")
        self._seen: dict[str, int] = {}
        self._stopping = threading.Event()
        with RawClient(server.host, server.port) as client:
            self._session = client.login(name)["id"]

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                with RawClient(self._server.host, self._server.port) as client:
                    client.reconnect(self._session)
                    self.reconnects += 1
                    self._play(client)
            except (Closed, Refused, OSError):
                time.sleep(RETRY_SECONDS)
            except AssertionError as error:
                self._witness.complain(f"{self.name}: {error}")
                return

    def _play(self, client: RawClient) -> None:
        news: set[str] = set()  # matches heard of on this connection
        self._invite(client)
        while not self._stopping.is_set():
            try:
                kind, data = client.receive(0.5)
            except TimeoutError:
                continue
            if kind == "match_update":
                self._note(data, first=data["id"] not in news)
                news.add(data["id"])
                self._answer(client, data)

    def _note(self, data: Json, *, first: bool) -> None:
        match, version = data["id"], data["version"]
        self._witness.saw(match, version, data["match_state"]["complete_field"])
        if first and version < self._seen.get(match, 0):
            self._witness.complain(
                f"{self.name} had seen version {self._seen[match]} of {match}, then got {version}"
            )
        self._seen[match] = max(version, self._seen.get(match, 0))

    def _answer(self, client: RawClient, data: Json) -> None:
        state = data["match_state"]
        if state["game_over"]:
            self._invite(client)
        elif state["current_player"] == self.name and data["version"] == self._seen[data["id"]]:
            time.sleep(self._chance.uniform(0, self._thinks))
            if self._chance.randrange(GIVE_UP_ONE_IN) == 0:
                client.send("end_match", {"id": data["id"]})
            else:
                move = self._chance.choice(legal_moves(state))
                client.send("move", {"id": data["id"], **move})

    def _invite(self, client: RawClient) -> None:
        if self._invites is not None:
            client.send("match_request", {"player": self._invites})


@contextmanager
def playing(players: Iterable[Player]) -> Iterator[list[Player]]:
    """The players play while the block runs, and have stopped when it is left."""
    players = list(players)
    for player in players:
        player.start()
    try:
        yield players
    finally:
        for player in players:
            player.stop()
        for player in players:
            player.join(20)


def start_match(inviter: RawClient, invited: RawClient, name: str) -> Json:
    """A match by invitation of `name`; the first `match_update`, which both have read."""
    inviter.send("match_request", {"player": name})
    invited.until("match_update")
    update: Json = inviter.until("match_update")
    return update


def move_frame(match: str, move: Json) -> bytes:
    """The frame of a `move`, to be sent when a test wants it."""
    return build_frame(json.dumps({"type": "move", "data": {"id": match, **move}}).encode())


def heard(client: RawClient) -> list[tuple[str, Any]]:
    """Every message up to now: what came before the refusal of a request made here."""
    client.send("match_states_request", {"id": NO_MATCH})
    messages: list[tuple[str, Any]] = []
    while True:
        kind, data = client.receive()
        if kind == "error" and data["code"] == "no_such_match":
            return messages
        messages.append((kind, data))


def refusals(messages: list[tuple[str, Any]]) -> list[str]:
    """The codes of the errors among messages."""
    return [data["code"] for kind, data in messages if kind == "error"]


def state_of(client: RawClient, match: str) -> Json:
    """The `match_update` of a match as the client's worker has it now."""
    client.send("match_states_request", {"id": match})
    while True:
        update: Json = client.until("match_update")
        if update["id"] == match:
            return update
