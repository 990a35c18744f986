"""People of every game who play, talk, and come back whenever they are cut off.

Each is a new client of the raw protocol, which hears everything; `Ear` keeps what they were told
of matches, chat and ratings, for `tests.faults.audit` to hold against what is stored.
"""

from __future__ import annotations

import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from tests.faults.bots import GIVE_UP_ONE_IN, RETRY_SECONDS, legal_moves
from tests.support.rawclient import Closed, RawClient, Refused
from tests.support.server import Server

Json = dict[str, Any]
LINE_ONE_IN = 4  # moves, after which something is said
MOMENT = 0.002  # seconds; a killing must be able to fall anywhere
ASK_AGAIN = 1.0  # seconds of silence after which one asks how things stand


class Ear:
    """What was told, and whatever of it did not go together."""

    def __init__(self) -> None:
        self.shown: dict[tuple[str, int, str | None], Json] = {}  # by match, version and player
        self.lines: dict[int, tuple[str, str]] = {}  # by number: who said what
        self.ratings: dict[tuple[str, str], set[int]] = {}  # by player and game
        self.moves = 0  # told to those who made them
        self.refused: dict[str, int] = {}  # by code
        self.problems: list[str] = []
        self._lock = threading.Lock()

    def match(self, player: str, data: Json) -> None:
        """An update; a game that hides nothing shows everybody the same."""
        state = data["match_state"]
        viewer = None if "game" not in data else player
        with self._lock:
            key = data["id"], data["version"], viewer
            if _position(self.shown.setdefault(key, state)) != _position(state):
                self.problems.append(f"two positions for version {key[1]} of {key[0]}")

    def line(self, data: Json) -> None:
        with self._lock:
            said = data["name"], data["text"]
            if self.lines.setdefault(data["id"], said) != said:
                self.problems.append(f"two lines with the number {data['id']}")

    def rating(self, player: str, game: str, value: int) -> None:
        with self._lock:
            self.ratings.setdefault((player, game), set()).add(value)

    def moved(self) -> None:
        with self._lock:
            self.moves += 1

    def refusal(self, code: str) -> None:
        with self._lock:
            self.refused[code] = self.refused.get(code, 0) + 1

    def complain(self, problem: str) -> None:
        with self._lock:
            self.problems.append(problem)

    def wait(self, moves: int, seconds: float) -> None:
        """Return once so many more moves have been acknowledged, or the time is up."""
        goal = self.moves + moves
        _wait(lambda: self.moves >= goal, seconds)

    def wait_for_end(self, seconds: float) -> None:
        """Return once somebody has been told how a match ended, or the time is up."""
        _wait(self._knows_an_end, seconds)

    def _knows_an_end(self) -> bool:
        with self._lock:
            return any(state["game_over"] for state in self.shown.values())


def _wait(until: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until() and time.monotonic() < deadline:
        time.sleep(MOMENT)


# What may be told differently of one version: who has taken a seat over.
_PASSING = {"seats", "players"}


def _position(state: Json) -> Json:
    return {key: value for key, value in state.items() if key not in _PASSING}


class Gamer(threading.Thread, ABC):
    """An account at one game. `invites`: who to start the next match with, if it falls to them."""

    game: ClassVar[str]

    def __init__(self, server: Server, ear: Ear, name: str, invites: str | None, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.reconnects = 0
        self.server = server
        self.chance = random.Random(f"{seed}/{name}")
        self.said = 0
        self.ear = ear
        self.invites = invites
        self._seen: dict[str, int] = {}
        self._sent: dict[str, int] = {}  # by match: the version that our own move would lead to
        self._stopping = threading.Event()
        with RawClient(server.host, server.port) as client:
            self._session = client.login(name)["id"]

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                with RawClient(self.server.host, self.server.port) as client:
                    client.send("reconnect", {"id": self._session})
                    answer = client.expect("reconnect_response")
                    if not answer["success"]:
                        self.ear.refusal("reconnect")
                        time.sleep(RETRY_SECONDS)
                        continue
                    self.reconnects += 1
                    self._stay(client)
            except (Closed, Refused, OSError):
                time.sleep(RETRY_SECONDS)
            except (AssertionError, KeyError, ValueError, TypeError) as error:
                self.ear.complain(f"{self.name}: {error!r}")
                return

    def _stay(self, client: RawClient) -> None:
        self._news: set[str] = set()
        self._sent.clear()
        client.send("lobby")  # no old client asks that: from here on it is told everything
        client.send("match_states_request", {"id": None})
        self.begin(client)
        while not self._stopping.is_set():
            try:
                kind, data = client.receive(ASK_AGAIN)
            except TimeoutError:
                client.send("match_states_request", {"id": None})
                self.begin(client)
                continue
            hear = _HEAR.get(kind)
            if hear is not None:
                hear(self, client, data)

    def begin(self, client: RawClient) -> None:
        """Start a match, if that falls to this player."""
        if self.invites is not None:
            client.send("match_request", {"player": self.invites, "game": self.game})

    @abstractmethod
    def choose(self, state: Json) -> Json | None:
        """A move in that position; None if it is not this player's turn."""

    def _match(self, client: RawClient, data: Json) -> None:
        if data.get("game", "uttt") != self.game:
            return
        match, version, state = data["id"], data["version"], data["match_state"]
        self.ear.match(self.name, data)
        if match not in self._news and version < self._seen.get(match, 0):
            self.ear.complain(f"{self.name} had seen {self._seen[match]} of {match}, got {version}")
        self._news.add(match)
        if version == self._sent.get(match):
            del self._sent[match]
            self.ear.moved()
        fresh = version >= self._seen.get(match, 0)
        self._seen[match] = max(version, self._seen.get(match, 0))
        if state["game_over"]:
            self.begin(client)
        elif fresh and self._sent.get(match) != version + 1:
            self._act(client, match, version, state)

    def _act(self, client: RawClient, match: str, version: int, state: Json) -> None:
        move = self.choose(state)
        if move is None:
            return
        if self.chance.randrange(LINE_ONE_IN) == 0:
            self.said += 1
            client.send("chat", {"room": "lobby", "text": f"{self.name} {self.said}"})
        if self.game != "bridge" and self.chance.randrange(GIVE_UP_ONE_IN) == 0:
            client.send("end_match", {"id": match})
        else:
            self._sent[match] = version + 1
            client.send("move", {"id": match, "version": version, **move})

    def _line(self, _client: RawClient, data: Json) -> None:
        self.ear.line(data)

    def _rating(self, _client: RawClient, data: Json) -> None:
        self.ear.rating(self.name, data.get("game", "uttt"), data["elo"])

    def _error(self, _client: RawClient, data: Json) -> None:
        self.ear.refusal(data["code"])
        self._sent.clear()


_HEAR: dict[str, Callable[[Gamer, RawClient, Any], None]] = {
    "match_update": Gamer._match,
    "chat_message": Gamer._line,
    "elo_update": Gamer._rating,
    "rating_update": Gamer._rating,
    "error": Gamer._error,
}


class TicTacToer(Gamer):
    game = "uttt"

    def choose(self, state: Json) -> Json | None:
        if state["current_player"] != self.name:
            return None
        return self.chance.choice(legal_moves(state))


class Scopist(Gamer):
    game = "scopa"

    def choose(self, state: Json) -> Json | None:
        if state["current_player"] != self.name:
            return None
        hand = state["hands"][state["to_move"]]
        number = self.chance.randrange(len(hand))
        card, takes = hand[number], state["takes"][number] if state["takes"] else []
        move: Json = {"card": 10 * card["suit"] + card["value"] - 1}
        return {**move, "take": self.chance.randrange(len(takes))} if len(takes) > 1 else move


class BridgePlayer(Gamer):
    """Somebody at a table of their own, with the computer at the three other places."""

    game = "bridge"

    def begin(self, client: RawClient) -> None:
        if not self._seen:
            client.send("table.add", {"position": "N", "robots": True, "fill": True})

    def choose(self, state: Json) -> Json | None:
        if state["bids"]:
            return {"bid": self.chance.choice(["pass", state["bids"][0]])}
        return {"card": self.chance.choice(state["cards"])} if state["cards"] else None
