"""Cards played by their place on the screen: what comes of it, and what is told to whom."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from app.games.api import Json
from app.games.scopa import SCOPA
from app.live.commands import Result, handle
from app.live.commands.cards import Played, play_card
from app.live.links import Link
from app.live.scopa import messages
from app.services import accounts, matches
from app.services.errors import ServiceError
from app.services.house import House
from app.services.matches import Setup
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.live.scopa_match import bare
from tests.services.conftest import CLIENT, Heard

NAMES = ("anna", "bert")


class Client(Link):
    """A connection that is told nothing but its answers."""

    __slots__ = ("address", "caller", "watching")

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller
        self.address = "192.0.2.1"
        self.watching = {}
        self.gone = False

    def join(self, room: str) -> None:
        raise AssertionError("a card is played without a room")

    leave = join


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def house(house: House, heard: Heard) -> House:
    return replace(house, publish=heard)


@pytest.fixture
def callers(house: House) -> dict[str, Caller]:
    return {name: accounts.guest(house, name, client=CLIENT).caller for name in NAMES}


def with_a_choice() -> bytes:
    """A seed with which the first player's third card, and only that, has several captures."""
    options = SCOPA.parse_options({})
    for number in range(10_000):
        seed = number.to_bytes(32, "big")
        state = SCOPA.initial(options, seed).state
        offered = [len(takes) for takes in SCOPA.view(state, state.to_move)["takes"]]
        if max(offered[:2]) < 2 <= offered[2]:
            return seed
    raise AssertionError("there is never a choice")


@pytest.fixture
def begin(
    house: House, callers: dict[str, Caller], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., MatchRecord]:
    """Begins a match between the two: `begin(game="scopa", variant="classic", code=None)`."""

    seed, random = with_a_choice(), secrets.token_bytes

    def begin(game: str = "scopa", variant: str = "classic", **more: Any) -> MatchRecord:
        with house.store.write() as unit, monkeypatch.context() as patch:
            patch.setattr(secrets, "token_bytes", lambda size: seed if size == 32 else random(size))
            seats = [caller.user_id for caller in callers.values()]
            match_id = matches.start(house, unit, Setup(game, variant, False, **more), seats)
        return matches.begun(house, match_id)

    return begin


class Table:
    """A match, and how its players play."""

    def __init__(self, house: House, callers: dict[str, Caller], record: MatchRecord) -> None:
        self.house = house
        self.callers = callers
        self.id = record.id

    @property
    def record(self) -> MatchRecord:
        return matches.get(self.house, self.id)

    @property
    def player(self) -> str:
        """Whose turn it is."""
        return NAMES[self.record.state.to_move]

    @property
    def other(self) -> str:
        return NAMES[1 - self.record.state.to_move]

    def hand(self) -> list[tuple[int, int]]:
        """For each card of the player to move its place and how many captures it offers."""
        view = SCOPA.view(self.record.state, self.record.state.to_move)
        cards = view["hands"][self.record.state.to_move]
        return [(c["place"], len(t)) for c, t in zip(cards, view["takes"], strict=True)]

    def play(self, player: str, place: int, take: int | None = None, by: str = "") -> Played:
        caller = self.callers[by or player]
        return play_card(self.house, caller, self.id, player, place, take)

    def choice(self) -> int:
        """The card of the first player's that offers a choice of captures; its place."""
        (place,) = [place for place, offered in self.hand() if offered > 1]
        return place

    def refusal(self, *args: Any, **more: Any) -> tuple[str, str]:
        """The code and the sentence with which a play is refused, which changes nothing."""
        before = self.record
        with pytest.raises(ServiceError) as caught:
            self.play(*args, **more)
        assert self.record == before
        return caught.value.code, caught.value.msg


@pytest.fixture
def table(house: House, callers: dict[str, Caller], begin: Callable[..., MatchRecord]) -> Table:
    return Table(house, callers, begin())


def test_a_card_is_played_by_its_place(table: Table, heard: Heard) -> None:
    for _ in range(12):
        heard.matches.clear()
        before, player = table.record, table.player
        place, offered = table.hand()[0]
        card = before.state.deck[place]
        done = table.play(player, place, 0 if offered > 1 else None)
        assert done.messages == []
        assert done.record == table.record
        assert done.record.version == before.version + 1
        assert [record.version for record in heard.matches] == [done.record.version]
        assert matches.log(table.house, table.id)[-1].move["card"] == card.id


def test_a_choice_is_offered_to_the_player_alone(table: Table, heard: Heard) -> None:
    place = table.choice()
    before, player = table.record, table.player
    so_far = deepcopy(heard)
    done = table.play(player, place)
    assert (done.record, table.record) == (before, before)
    told, again = done.messages
    assert (told["id"], told["version"]) == (table.id, before.version)
    offered = dict(table.hand())[place]
    (info,) = told["infos"]
    assert (info["info"], info["data"]["player"]) == ("choice", player)
    assert len(info["data"]["takes"]) == offered
    on_table = [before.state.deck.index(card) for card in before.state.table]
    for take in info["data"]["takes"]:
        assert {card["id"] for card in take} <= set(on_table)
        assert all(card.keys() >= {"suit", "value", "id"} for card in take)
    assert bare(again) == {
        "infos": [{"info": "waiting", "data": player}],
        "moves": [],
        "cards": [],
    }
    assert heard == so_far, "somebody else was told"
    # The second offer, taken, is what everybody then sees.
    after = table.play(player, place, 1)
    assert after.messages == []
    captured = after.record.state.piles[before.state.to_move][-len(info["data"]["takes"][1]) - 1 :]
    ids = [before.state.deck.index(card) for card in captured]
    if after.record.state.deck == before.state.deck:
        assert ids == [*(card["id"] for card in info["data"]["takes"][1]), place]


def test_what_is_refused(table: Table) -> None:
    player, other = table.player, table.other
    (mine, offered), *_ = table.hand()
    assert offered < 2
    assert table.refusal(other, mine, by=player)[0] == "wrong_player"
    assert table.refusal(player, mine, by=other)[0] == "wrong_player"
    assert table.refusal("carl", mine, by=player)[0] == "wrong_player"
    assert table.refusal(player, mine, 0)[0] == "illegal"
    assert table.refusal(player, mine, -1)[0] == "malformed"
    place = table.choice()
    offers = dict(table.hand())[place]
    assert table.refusal(table.player, place, offers)[0] == "illegal"
    assert table.refusal(table.player, place, -1)[0] == "malformed"
    matches.end(table.house, table.callers["anna"], table.id)
    assert {table.refusal(name, place)[0] for name in NAMES} == {"game_over"}


def test_a_refusal_says_nothing_of_the_cards(table: Table) -> None:
    """Whatever card is named that is not one's own to play, the answer is the same."""
    held = {place for place, _ in table.hand()}
    # On the table, in the other's hand, in the deck, and nowhere.
    strange = [place for place in (*range(-1, 13), 39, 40, 10**12) if place not in held]
    for take in (None, 0):
        said = {table.refusal(table.player, place, take) for place in strange}
        assert said == {("illegal", "You do not hold that card.")}
    # Who waits hears that they do, of their own cards too.
    said = {table.refusal(table.other, place) for place in range(11)}
    assert said == {("not_your_turn", "It is not your turn.")}


def test_who_has_no_seat(house: House, begin: Callable[..., MatchRecord]) -> None:
    carl = accounts.guest(house, "carl", client=CLIENT).caller
    for more, code in ({}, "not_your_match"), ({"code": "sesame"}, "no_such_match"):
        record = begin(**more)
        said = set()
        for player in ("anna", "bert", "carl"):
            for place in range(12):
                with pytest.raises(ServiceError) as caught:
                    play_card(house, carl, record.id, player, place)
                said.add(caught.value.code)
        assert said == {code}
    with pytest.raises(ServiceError) as caught:
        play_card(house, carl, "0" * 32, "carl", 0)
    assert caught.value.code == "no_such_match"


def test_another_game_is_not_played_with_cards(
    house: House, callers: dict[str, Caller], begin: Callable[..., MatchRecord]
) -> None:
    record = begin("uttt", "standard")
    with pytest.raises(ServiceError) as caught:
        play_card(house, callers["anna"], record.id, "anna", 0)
    assert caught.value.code == "malformed"


def test_what_this_worker_remembers_is_only_a_hint(table: Table) -> None:
    old = table.record
    for version in range(1, 4):
        table.house.matches.put(old)  # as if another worker had moved on
        place, offered = table.hand()[0]
        done = table.play(table.player, place, 0 if offered > 1 else None)
        assert done.record.version == table.record.version == version


def test_a_choice_that_is_no_more_is_not_offered(table: Table) -> None:
    old, player, place = table.record, table.player, table.choice()
    table.play(player, place, 0)
    table.house.matches.put(old)
    assert table.refusal(player, place)[0] == "not_your_turn"


# As a request


def ask(table: Table, caller: str | None, data: Json) -> Result:
    link = Client(table.callers[caller] if caller else None)
    return handle(table.house, link, "match_data", data)


def test_a_request_to_play(table: Table) -> None:
    player, (place, offered) = table.player, table.hand()[0]
    play = {"player": player, "card": place}
    result = ask(table, player, {"id": table.id, "command": "human_play", "data": play})
    assert result.replies == []
    assert result.ack == {"ok": True, "version": 1}
    assert offered < 2


def test_a_request_that_leaves_a_choice(table: Table) -> None:
    play = {"player": table.player, "card": table.choice()}
    result = ask(table, table.player, {"id": table.id, "command": "human_play", "data": play})
    assert [reply.type for reply in result.replies] == ["match_data"] * 2
    assert [r.data["infos"][0]["info"] for r in result.replies] == ["choice", "waiting"]
    assert result.ack == {"ok": True, "version": 0}


REFUSED: list[tuple[str, Json, str]] = [
    ("human_play", {"player": "{other}", "card": 0}, "not_your_turn"),
    ("human_play", {"player": "{player}", "card": 0}, "wrong_player"),
    ("human_pass", {"player": "{other}", "card": 0}, "unknown_command"),
    ("human_play", None, "malformed"),
    ("human_play", [], "malformed"),
    ("human_play", {"player": "{other}"}, "malformed"),
    ("human_play", {"card": 0}, "malformed"),
    *(
        ("human_play", {"player": "{other}", "card": card}, "malformed")
        for card in (None, True, 1.5, "1", [1])
    ),
    ("human_play", {"player": 7, "card": 0}, "malformed"),
    ("human_play", {"player": "{other}", "card": 0, "take": "0"}, "malformed"),
]


def test_a_refused_request_is_an_info(table: Table) -> None:
    for command, data, code in REFUSED:
        if isinstance(data, dict) and isinstance(data.get("player"), str):
            name = data["player"].format(player=table.player, other=table.other)
            data = data | {"player": name}
        refused(table, command, data, code)


def refused(table: Table, command: str, data: Json, code: str) -> None:
    before = table.record
    result = ask(table, table.other, {"id": table.id, "command": command, "data": data})
    (reply,) = result.replies
    assert reply.type == "match_data"
    (info,) = reply.data["infos"]
    assert info["info"] == "error"
    assert info["data"].keys() == {"code", "msg"}
    assert info["data"]["code"] == code
    assert reply.data | {"infos": []} == {
        "id": table.id,
        "version": None,
        "infos": [],
        "moves": [],
        "cards": [],
    }
    assert result.ack == {"ok": False, "error": info["data"]}
    assert table.record == before


def test_a_request_of_no_shape(table: Table) -> None:
    for data in (None, [], {}, {"id": 1, "command": "human_play"}, {"id": "x"}):
        result = ask(table, "anna", data)
        assert [reply.type for reply in result.replies] == ["error"]
        assert result.ack["error"]["code"] == "malformed"


def test_a_stranger_plays_no_card(table: Table) -> None:
    play = {"player": table.player, "card": table.hand()[0][0]}
    result = ask(table, None, {"id": table.id, "command": "human_play", "data": play})
    assert result.ack["error"]["code"] == "sign_in"
    assert table.record.version == 0


def test_the_stream_of_what_was_played(table: Table) -> None:
    """What is published is the stream of the same version as the answer's."""
    place, offered = table.hand()[0]
    before, seat = table.record, table.record.state.to_move
    done = table.play(table.player, place, 0 if offered > 1 else None)
    move = SCOPA.parse_move(matches.log(table.house, table.id)[-1].move)
    events = SCOPA.apply(before.state, seat, move).events
    told = messages(done.record, events, None)
    assert {message["version"] for message in told} == {1}
    assert told[0]["moves"][0]["cards"][0]["id"] == place
