"""How a match of scopa stands, as each client is told: on the wire, and on coming back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from app.games.api import SYSTEM, Json, SystemMove
from app.games.rng import commitment
from app.games.scopa import SCOPA
from app.legacy.links import WHOLE_WIRE
from app.legacy.uttt import UTTT_WIRE
from app.live.commands import greeting
from app.live.views import match_update
from app.services import accounts, matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import EndedBy
from tests.games.matches import encode
from tests.games.scopa_positions import SEEDS, start
from tests.legacy.players import Player, new_name
from tests.live.scopa_match import NOW, record_of
from tests.live.scopa_screen import Screen
from tests.live.test_scopa_secrecy import shown
from tests.services.conftest import CLIENT, Heard
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

PASSWORD = "a good secret"
PLAYS = 20  # more than a round, so that cards are dealt again


def test_a_running_match() -> None:
    state = start(players=4)
    update = match_update(record_of(state, 3, bots=(2,)), 1, NOW)
    assert update.keys() == {
        *("id", "game", "revoke_time", "ranked", "version", "variant", "match_state"),
    }
    assert (update["game"], update["variant"], update["version"]) == ("scopa", "classic", 3)
    told = update["match_state"]
    view = SCOPA.view(state, 1)
    assert told.keys() - view.keys() == {
        *("seats", "commitment", "game_over", "winners", "current_player", "ended_by"),
    }
    assert {key: told[key] for key in view} == view
    assert told["seats"] == [
        {"name": "ann", "registered": True, "bot": None},
        {"name": "ben", "registered": True, "bot": None},
        {"name": "cat", "registered": False, "bot": "easy"},
        {"name": "dan", "registered": True, "bot": None},
    ]
    assert told["commitment"] == commitment(SEEDS[0])
    assert told["current_player"] == ("ann", "ben", "cat", "dan")[state.to_move]
    assert (told["game_over"], told["winners"], told["ended_by"]) == (False, [], None)


def test_a_match_that_is_over() -> None:
    step = SCOPA.apply(start(players=4), SYSTEM, SystemMove("resign", 1))
    record = record_of(step.state, 4).changed(ended_by=EndedBy("resign", "ben"))
    told = match_update(record, None, NOW)["match_state"]
    assert (told["game_over"], told["winners"]) == (True, ["ann", "cat"])
    assert told["current_player"] is None
    assert told["ended_by"] == {"reason": "resign", "user": "ben"}
    assert commitment(bytes.fromhex(told["seed"])) == told["commitment"]
    assert told["hands"] == SCOPA.open_view(step.state)["hands"]
    assert all(card.keys() == {"place", "suit", "value"} for hand in told["hands"] for card in hand)


def test_old_clients_of_another_game_hear_nothing_of_it() -> None:
    update = match_update(record_of(start()), None, NOW)
    assert UTTT_WIRE.encode("match_update", update) is None
    assert UTTT_WIRE.encode("match_data", {}) is None
    nameless = {key: value for key, value in update.items() if key != "game"}
    assert UTTT_WIRE.encode("match_update", nameless) is not None
    assert WHOLE_WIRE.encode("match_update", update) is not None


def test_old_clients_are_greeted_with_the_game_they_know(house: House) -> None:
    house = replace(house, publish=Heard())
    callers = [accounts.guest(house, name, client=CLIENT).caller for name in ("ann", "ben")]
    ann, ben = callers
    begun = {}
    for game, variant in (("uttt", "standard"), ("scopa", "classic")):
        for end in (False, True):
            with house.store.write() as unit:
                users = [caller.user_id for caller in callers]
                match_id = matches.start(house, unit, Setup(game, variant, False), users)
            matches.begun(house, match_id)
            if end:
                matches.end(house, ben, match_id)
            begun[game, end] = match_id

    def greeted(game: str | None) -> list[str]:
        replies = greeting(house, ann, game)
        return [reply.data["id"] for reply in replies if reply.type == "match_update"]

    assert greeted("uttt") == [begun["uttt", False], begun["uttt", True]]
    # What an old client could not be told of is still news at the website; once.
    running = [begun["uttt", False], begun["scopa", False]]
    assert greeted(None) == [*running, begun["scopa", True]]
    assert greeted(None) == running


# On a real server


class Person:
    """Somebody at the table, or beside it, with a screen."""

    def __init__(self, socket: SocketClient, name: str | None = None) -> None:
        self.socket = socket
        self.name = name
        self.screen = Screen()
        self.cards: set[Any] = set()  # every card that was seen
        self.update: Json = None

    def follow(self, match_id: str, version: int) -> None:
        """Hear all that comes up to this version of the match: first what happened, then this."""
        while self.update is None or self.update["version"] < version:
            type, data = self.socket.hear()
            if type == "match_data" and data["id"] == match_id:
                if self.name is not None:  # who comes later has no screen to begin with
                    self.screen.show(data)
                self.cards |= set(shown(data))
            elif type == "match_update" and data["id"] == match_id:
                self.update = data
                self.cards |= set(shown(data))


@pytest.fixture
def four(server: Server) -> Iterator[tuple[list[Person], list[Visitor]]]:
    """Four people who are signed in: one with an account, three guests."""
    names = [new_name() for _ in range(4)]
    with ExitStack() as stack:
        browsers = [Visitor(server.url).register(names[0], PASSWORD)]
        browsers += [Visitor(server.url).guest(name) for name in names[1:]]
        people = [
            Person(browser.socket(), name) for browser, name in zip(browsers, names, strict=True)
        ]
        for person in people:
            stack.callback(lambda person: person.socket.close(), person)
        yield people, browsers


def play_one(people: Sequence[Person], match_id: str) -> None:
    """Whoever is to move plays their first card, and takes the first capture of several."""
    version = people[0].update["version"]
    state = people[0].update["match_state"]
    player = people[state["to_move"]]
    place = player.update["match_state"]["hands"][state["to_move"]][0]["place"]
    play = {"player": player.name, "card": place}
    ack = player.socket.ask("match_data", id=match_id, command="human_play", data=play)
    assert ack["ok"], ack
    if ack["version"] == version:
        choice = player.socket.hear_until("match_data")
        assert [entry["info"] for entry in choice["infos"]] == ["choice"]
        again = player.socket.hear_until("match_data")
        assert again["infos"] == [{"info": "waiting", "data": player.name}]
        play["take"] = 0
        ack = player.socket.ask("match_data", id=match_id, command="human_play", data=play)
    assert ack["version"] == version + 1


def begin(people: list[Person]) -> str:
    """A match of four around one table; its id."""
    terms = {"game": "scopa", "variant": "classic", "options": {"players": 4}, "rated": False}
    free = [{"kind": "free"}] * 3
    table = people[0].socket.ask("open_table", **terms, seats=free)
    table_id: str = table["table"]["id"]
    for person in people[1:]:
        joined = person.socket.ask("join_table", id=table_id)
        assert joined["ok"], joined
    assert joined["match"] == table_id
    for person in people:
        person.follow(table_id, 0)
    return table_id


def test_a_match_of_four_with_somebody_looking_on(
    server: Server, four: tuple[list[Person], list[Visitor]]
) -> None:
    people, browsers = four
    with (
        Player.arrive(server, people[0].name, PASSWORD) as raw,
        Visitor(server.url).socket() as stranger,
    ):
        raw.settle()
        match_id = begin(people)
        onlooker = Person(stranger)
        watch(onlooker, match_id)
        everybody = [*people, onlooker]
        for version in range(1, PLAYS + 1):
            play_one(people, match_id)
            for person in everybody:
                person.follow(match_id, version)
            if version == PLAYS // 2:
                come_back(people[1], browsers[1], match_id)
        seen = [set(person.cards) for person in everybody]
        assert people[0].socket.ask("end_match", id=match_id)["ok"]
        for person in everybody:
            person.follow(match_id, PLAYS + 1)
            state = person.update["match_state"]
            assert state["ended_by"] == {"reason": "resign", "user": people[0].name}
            assert state["winners"] == [people[1].name, people[3].name]
        assert commitment(bytes.fromhex(state["seed"])) == state["commitment"]
        check_seen(seen, state)
        raw.settle()  # whose client would have failed on a message that it does not know


def watch(onlooker: Person, match_id: str) -> None:
    assert onlooker.socket.ask("watch", id=match_id)["ok"]
    onlooker.update = onlooker.socket.hear_until("match_update")
    assert onlooker.update["version"] == 0
    hands = onlooker.update["match_state"]["hands"]
    assert all(card.keys() == {"place"} for hand in hands for card in hand)
    onlooker.cards = set(shown(onlooker.update))


def come_back(person: Person, browser: Visitor, match_id: str) -> None:
    """Somebody loses their connection: they are told again what they knew, and no more."""
    person.socket.close()
    person.socket = browser.socket()
    before = encode(person.update)
    assert encode(person.socket.hear_until("match_update")) == before
    for request, asked in (
        ("match_states_request", {}),
        ("match_states_request", {"id": match_id}),
        ("watch", {"id": match_id}),
    ):
        assert person.socket.ask(request, **asked)["ok"]
        assert encode(person.socket.hear_until("match_update")) == before


def check_seen(seen: Sequence[set[Any]], state: Json) -> None:
    """Each saw the table and what was played, and of the hands their own; the seed says which."""
    options = SCOPA.parse_options({"variant": "classic", "players": 4})
    first = SCOPA.initial(options, bytes.fromhex(state["seed"])).state
    deck = [(i, card.suit, card.value) for i, card in enumerate(first.deck)]
    table, *rounds = deck[:4], deck[4:16], deck[16:28]
    hands = [[*rounds[0][3 * s : 3 * s + 3], *rounds[1][3 * s : 3 * s + 3]] for s in range(4)]
    public = {*table}
    for seat, hand in enumerate(hands):
        left = {card["place"] for card in state["hands"][seat]}
        public |= {card for card in hand if card[0] not in left}
    assert len(public) == 4 + PLAYS
    *players, onlooker = seen
    assert onlooker == public
    assert players == [public | {*hand} for hand in hands]
