"""People at scopa clients, old and new: they sign in, ask each other, and play by what they see."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from app import create_app
from app.services import accounts, presence
from app.services.house import House
from app.services.sessions import Caller
from app.services.sessions import Client as Program
from config import Config
from tests.legacy.cage import connect
from tests.support.rawclient import PATIENCE, RawClient, handshake

PASSWORD = "a good secret"
SUBPROTOCOL = {"sec_websocket_protocol": "scopa"}
GAMES = ("classic", "cirulla", "cucita", "rebello", "scopone")
STATUSES = ("available", "busy", "offline")
INFOS = {
    "cards_description",
    "first_player",
    "waiting",
    "choice",
    "scopa",
    "cards_value_lt_10",
    "2_equal_cards",
    "3_equal_cards",
    "summary",
    "winner",
    "ended",
    "error",
}

Message = tuple[str, Any]


def check(control: str, data: Any) -> None:
    """Fail unless that is a proper message of the protocol; unknown ones fail too."""
    _CHECKS[control](data)


def _name(data: Any) -> None:
    assert isinstance(data, str)


def _nothing(data: Any) -> None:
    assert data is None


def _logged_in(data: Any) -> None:
    assert data.keys() == {"username", "games"}
    for key, game in data["games"].items():
        assert key.removesuffix("_scopa") in GAMES
        assert game.keys() == {"name", "number_of_players"}


def _players(data: Any) -> None:
    for player in data:
        assert player.keys() == {"username", "status"}
        assert player["status"] in STATUSES
    names = [player["username"] for player in data]
    assert len(set(names)) == len(names)


def _proposal(data: Any) -> None:
    assert data.keys() == {"game", "teams"}
    assert len(data["teams"]) == 2
    for team in data["teams"]:
        for player in team:
            assert player.keys() == {"name", "type"}
            assert player["type"] in ("human", "cpu")


def _chat(data: Any) -> None:
    assert data.keys() == {"player", "message", "date"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", data["date"])


def _error(data: Any) -> None:
    assert data.keys() == {"code", "msg"}
    assert re.fullmatch(r"[a-z_]+", data["code"])
    assert data["msg"].strip()


def _match_data(data: Any) -> None:
    assert data.keys() == {"infos", "moves", "cards"}
    assert data["infos"] or data["moves"] or data["cards"]
    for info in data["infos"]:
        assert info.keys() == {"info", "data"}
        assert info["info"] in INFOS
    for move in data["moves"]:
        assert {"source", "dest", "cards", "visible"} <= move.keys()
        for card in move["cards"]:
            assert {"suit", "value", "id"} <= card.keys() <= {"suit", "value", "id", "new_value"}


_CHECKS: dict[str, Callable[[Any], None]] = {
    "registered": _name,
    "username_unavailable": _name,
    "unknown_username": _name,
    "wrong_password": _name,
    "logged_in": _logged_in,
    "players": _players,
    "match_proposal": _proposal,
    "player_refused": _name,
    "match_started": _nothing,
    "match_data": _match_data,
    "match_end": _nothing,
    "chat": _chat,
    "error": _error,
}


class ScopaClient(RawClient):
    """A client for which every message it gets must have its documented shape."""

    def say(self, control: str, data: Any = None) -> None:
        self.send_text(json.dumps({"control": control, "data": data}))

    def receive(self, seconds: float = PATIENCE) -> Message:
        message = json.loads(self.frame(seconds).payload)
        if message.keys() == {"type", "data"}:
            assert message["type"] == "error"
            got: Message = ("error", message["data"])
        else:
            assert message.keys() == {"control", "data"}, message
            got = message["control"], message["data"]
        check(*got)
        return got

    def refused(self, code: str) -> None:
        """The next message must be an error of this code."""
        assert self.expect("error")["code"] == code

    def sign_up(self, name: str) -> None:
        self.say("register", {"username": name, "password": PASSWORD})
        assert self.expect("registered") == name

    def sign_in(self, name: str) -> list[dict[str, str]]:
        """Sign in; who is there."""
        self.say("login", {"username": name, "password": PASSWORD})
        assert self.expect("logged_in")["username"] == name
        there: list[dict[str, str]] = self.expect("players")
        return there

    def propose(self, *names: str, game: str = "classic") -> None:
        """Ask for a match of these, in the order of their seats; cpu… is the computer."""
        self.say("new_match", {"game": game, "teams": teams(*names)})

    def play(self, name: str, card: int, **take: int) -> None:
        data = {"player": name, "card": card} | take
        self.say("match_data", {"command": "human_play", "data": data})

    def info(self, kind: str) -> Any:
        """The data of the next message's info, which must be the only one, of this kind."""
        (info,) = self.expect("match_data")["infos"]
        assert info["info"] == kind, info
        return info["data"]

    def settle(self) -> list[Message]:
        """All that is on its way: an unknown control is answered after it."""
        self.say("are_we_there_yet")
        messages = []
        while True:
            control, data = self.receive()
            if control == "error" and "are_we_there_yet" in data["msg"]:
                return messages
            messages.append((control, data))


def statuses(there: list[dict[str, str]]) -> dict[str, str]:
    """A list of players by name."""
    return {player["username"]: player["status"] for player in there}


def teams(*names: str) -> list[list[dict[str, str]]]:
    """Who plays with whom, by the order of the seats."""
    players = [
        {"name": name, "type": "cpu" if name.startswith("cpu") else "human"} for name in names
    ]
    return [players[0::2], players[1::2]]


class Table:
    """The cards as a client shows them, by group: what is told must fit what lies there."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.groups: dict[str, list[dict[str, int]]] = defaultdict(list)
        self.waiting: str | None = None
        self.choice: list[Any] | None = None
        self.winners: list[str] | None = None
        self.infos: list[tuple[str, Any]] = []

    @property
    def hand(self) -> list[dict[str, int]]:
        return self.groups[f"hand_{self.me}"]

    def show(self, data: dict[str, Any]) -> None:
        """Show one `match_data`."""
        for info in data["infos"]:
            self.infos.append((info["info"], info["data"]))
            if info["info"] == "waiting":
                self.waiting = info["data"]
            elif info["info"] == "choice":
                self.choice = info["data"]["takes"]
            elif info["info"] == "winner":
                self.winners = info["data"]
        for move in data["moves"]:
            self._move(move)
        for group in data["cards"]:  # as they are then; a misdeal empties the table
            if group["length"] == 0 or group["id"] == "main_deck":
                self.groups[group["id"]].clear()

    def _move(self, move: dict[str, Any]) -> None:
        source, dest = move["source"], move["dest"]
        for card in move["cards"]:
            lying = [each for each in self.groups[source] if each["id"] == card["id"]]
            assert lying or source == "main_deck", (source, card)
            for each in lying:
                self.groups[source].remove(each)
                if each["value"] and dest != "main_deck":
                    assert (each["suit"], each["value"]) == (card["suit"], card["value"])
            self.groups[dest].append(card)


class Inside:
    """A house with real threads, and scopa clients of both kinds connected to it."""

    def __init__(self, config: Config, **settings: Any) -> None:
        app = create_app(replace(config, ASYNC_MODE="threading", **settings))
        self.app = app
        self.house: House = app.extensions["house"]
        self.clients: list[ScopaClient] = []
        presence.arrive(self.house)

    def account(self, name: str) -> Caller:
        client = Program("192.0.2.1", "test")
        return accounts.register(self.house, name, PASSWORD, client=client).caller

    def connect(self, path: str = "/ws/scopa", **headers: str) -> ScopaClient:
        client, _ = connect(self.app.wsgi_app, ScopaClient, handshake(path, **headers))
        self.clients.append(client)
        return client

    def documented(self, name: str) -> ScopaClient:
        """A client of the documented protocol, signed in under a name that is there."""
        client = self.connect()
        client.sign_in(name)
        return client

    def old(self, name: str) -> ScopaClient:
        """The old browser client, signed in."""
        client = self.connect("/", **SUBPROTOCOL)
        client.sign_in(name)
        return client

    def later(self, seconds: float = 1.0) -> None:
        """Do what the house has set its timers for within so many seconds."""
        for action in self.house.timers.take_due(self.house.clock() + timedelta(seconds=seconds)):
            action()

    def is_stirred(self) -> bool:
        """Whether there is something to do within a second."""
        moment = self.house.timers.next_moment()
        return moment is not None and moment < self.house.clock() + timedelta(seconds=1)

    def roll(self, client: ScopaClient) -> dict[str, str]:
        """Who is there, by name, as the client is told next, which must be that."""
        for _ in range(200):
            self.later()
            with suppress(TimeoutError):
                control, data = client.receive(0.05)
                assert control == "players", (control, data)
                return statuses(data)
        raise AssertionError("nobody is told who is there")

    def close(self) -> None:
        for client in self.clients:
            client.drop()


def listen(client: ScopaClient, table: Table) -> None:
    """Show what comes until somebody is to play, or the match is over.

    Who is there may be told at any moment.
    """
    table.waiting = None
    while table.waiting is None and table.winners is None:
        control, data = client.receive()
        if control != "players":
            assert control == "match_data", (control, data)
            table.show(data)


def play_on(*players: tuple[ScopaClient, Table], plays: int | None = None) -> None:
    """Have these play whenever it is their turn, until the match is over for all of them.

    All of them have read up to the moment at which somebody is to play. With `plays`, only so many
    cards. Each plays the first card they hold, and makes the last of several captures.
    """
    played = 0
    while plays is None or played < plays:
        if all(table.winners is not None for _, table in players):
            return
        assert len({table.waiting for _, table in players}) == 1
        client, table = next(pair for pair in players if pair[1].me == pair[1].waiting)
        card = table.hand[0]["id"]
        client.play(table.me, card)
        listen(client, table)
        if table.choice is not None:
            client.play(table.me, card, take=len(table.choice) - 1)
            table.choice = None
            listen(client, table)
        for other, others in players:
            if other is not client:
                listen(other, others)
        played += 1
