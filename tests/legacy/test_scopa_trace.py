"""The sessions with the old server, played again with ours: same controls, same order, same keys.

The trace is `scopa-old-server.jsonl` of the protocol's documents: what old clients sent and got.
Nobody can be dealt its cards again, so of its match what a turn may consist of is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.legacy.cage import eventually
from tests.legacy.scopa_clients import SUBPROTOCOL, Inside, ScopaClient, Table, listen, play_on

TRACE = Path(__file__).with_name("scopa-old-server.jsonl")
Make = Callable[..., Inside]
Message = tuple[str, Any]

# A whole match, a letter a message: see `letter`. A turn may offer a choice (H) first.
TURN = "(H W )?P (C G )?"
MATCH = re.compile(rf"N F W ({TURN}(D |(L )?S F )?W )*({TURN}(L )?S V )?")


def entries(scenario: str) -> list[dict[str, Any]]:
    """The trace's lines of one scenario."""
    lines = map(json.loads, TRACE.read_text().splitlines())
    return [line for line in lines if line["scenario"] == scenario]


def received(scenario: str, client: str) -> list[Message]:
    return [
        (line["msg"]["control"], line["msg"]["data"])
        for line in entries(scenario)
        if (line["client"], line["dir"]) == (client, "received")
    ]


def news(messages: list[Message]) -> list[Message]:
    """Those messages without lists of players that are told again unchanged."""
    kept: list[Message] = []
    last: Any = None
    for control, data in messages:
        if control == "players":
            names = sorted(data, key=lambda player: str(player["username"]))
            if names == last:
                continue
            last = names
        kept.append((control, data))
    return kept


def keys(data: Any) -> Any:
    """What a message's data is made of, names and numbers aside."""
    if isinstance(data, dict):
        return {key: keys(value) for key, value in data.items() if key != "games"}
    if isinstance(data, list):
        return [keys(data[0])] if data else []
    return type(data)


class Replay:
    """The trace's clients, at a house of ours."""

    def __init__(self, house: Inside) -> None:
        self.house = house
        self.clients: dict[str, ScopaClient] = {}
        self.heard: dict[str, list[Message]] = {}
        self._signed_in: set[str] = set()

    def play(self, scenario: str) -> None:
        """Say what was said, up to the first card, and hear what comes of each."""
        for line in entries(scenario):
            client, message = line["client"], line["msg"]
            if line["dir"] == "received":
                continue
            if message["control"] == "match_data":
                return
            if message["control"] == "login" and client in self._signed_in:
                self.leave(client)  # it came back on a connection of its own
            if client not in self.clients:
                self.clients[client] = self.house.connect("/", **SUBPROTOCOL)
            self.clients[client].say(message["control"], message["data"])
            self.hear()

    def leave(self, client: str) -> None:
        """A client goes, and the others hear of it."""
        here = len(self.house.house.connections)
        self.clients.pop(client).drop()
        eventually(lambda: len(self.house.house.connections) == here - 1)
        eventually(lambda: not self.house.house.departed)  # the database knows
        eventually(self.house.is_stirred)
        self._signed_in.discard(client)
        self.hear()

    def hear(self) -> None:
        """Read everything, once all has been told: whose word it was first."""
        for _ in range(2):
            for name, client in self.clients.items():
                messages = client.settle()
                self.heard.setdefault(name, []).extend(messages)
                if any(control == "logged_in" for control, _ in messages):
                    self._signed_in.add(name)
            self.house.later()

    def compare(self, scenario: str) -> None:
        for client, heard in self.heard.items():
            ours, old = news(heard), news(received(scenario, client))
            old = old[: len(ours)] if scenario == "match_1v1" else old
            assert [control for control, _ in ours] == [control for control, _ in old], client
            for mine, theirs in zip(ours, old, strict=True):
                assert keys(mine[1]) == keys(theirs[1]), (mine, theirs)
                if mine[0] in ("players", "player_refused", "match_proposal", "logged_in"):
                    assert mine[1] == theirs[1]


@pytest.mark.one_worker(
    "of lists that change at a time one is sent: how many, the database decides"
)
def test_registering_and_signing_in_again(inside: Make) -> None:
    replay = Replay(inside())
    replay.play("connect_register")
    replay.leave("A")
    replay.compare("connect_register")


def test_a_refusal_and_a_match_again(inside: Make) -> None:
    replay = Replay(inside())
    replay.play("refuse")
    replay.compare("refuse")


def letter(data: dict[str, Any]) -> str:
    """What a message of a match is."""
    infos = [info.get("info", "scopa") for info in data["infos"]]
    kinds = {"cards_description": "N", "first_player": "F", "waiting": "W", "choice": "H"}
    kinds |= {"summary": "S", "winner": "V"}
    for info in infos:
        if info in kinds:
            return kinds[info]
    if not data["moves"]:
        return "G"
    source, dest = data["moves"][0]["source"], data["moves"][0]["dest"]
    if source == "main_deck":
        return "D"
    if dest == "table_cards":
        return "P"
    return "C"


def spelled(stream: list[dict[str, Any]]) -> str:
    """A stream of messages as letters; what is left over goes to a team without a card laid on."""
    letters: list[str] = []
    laid_on = False
    for data in stream:
        found = letter(data)
        letters.append("L" if found == "C" and not laid_on else found)
        laid_on = any("move_on" in move for move in data["moves"])
    return " ".join(letters) + " "


def parts(stream: list[dict[str, Any]]) -> dict[str, set[frozenset[str]]]:
    """Which keys the moves, groups and cards of a stream have."""
    found: dict[str, set[frozenset[str]]] = {"move": set(), "group": set(), "card": set()}
    for data in stream:
        for move in data["moves"]:
            found["move"].add(frozenset(move))
            found["card"].update(frozenset(card) for card in move["cards"])
        found["group"].update(frozenset(group) for group in data["cards"])
    return found


def test_the_match_again(inside: Make) -> None:
    replay = Replay(inside())
    replay.play("match_1v1")
    replay.compare("match_1v1")
    for client in ("A", "B"):
        old = [data for control, data in received("match_1v1", client) if control == "match_data"]
        ours = [data for control, data in replay.heard[client] if control == "match_data"]
        assert ours[0] == old[0]  # the groups, as they are described
        assert spelled(ours) == "N F W "
        assert keys(ours[1]) == keys(old[1])
        # What the other one is dealt is there, and hidden.
        hidden = ours[1]["moves"][2 if client == "A" else 1]["cards"]
        assert {(card["suit"], card["value"]) for card in hidden} == {(0, 0)}


def test_a_whole_match_is_made_of_what_the_old_one_was(inside: Make) -> None:
    house = inside("anna", "bob")
    streams: dict[str, list[dict[str, Any]]] = {"anna": [], "bob": []}

    class Recorder(Table):
        def show(self, data: dict[str, Any]) -> None:
            streams[self.me].append(data)
            super().show(data)

    anna, bob = house.old("anna"), house.old("bob")
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    bob.say("match_proposal", "accept")
    seats = [(anna, Recorder("anna")), (bob, Recorder("bob"))]
    for client, table in seats:
        client.expect("match_started")
        listen(client, table)
    play_on(*seats)
    old = [data for control, data in received("match_1v1", "A") if control == "match_data"]
    assert MATCH.fullmatch(spelled(old))
    for stream in streams.values():
        assert MATCH.fullmatch(spelled(stream)), spelled(stream)
        for part, shapes in parts(stream).items():
            assert shapes <= parts(old)[part], part
