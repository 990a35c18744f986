"""Bridge over raw WebSockets: signing in, the hall, coming and going, looking on, and talk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.services.bridge import playing, tables
from config import Config
from tests.legacy.bridge_clients import BridgeHouse, Message, check
from tests.support.rawclient import Closed

NAMES = ("ann", "ben", "cat", "dan", "eve", "kim")
LOBBY = ("chat.add", {"wid": "global", "title": "Lobby"})


@pytest.fixture
def make(config: Config) -> Iterator[Callable[..., BridgeHouse]]:
    made: list[BridgeHouse] = []

    def build(**settings: Any) -> BridgeHouse:
        made.append(BridgeHouse(config, *NAMES, **settings))
        return made[-1]

    yield build
    for house in made:
        house.close()


@pytest.fixture
def house(make: Callable[..., BridgeHouse]) -> BridgeHouse:
    return make()


def line(tid: str, **changes: Any) -> Message:
    """A table as the hall has it."""
    usual = {"kibcount": 0, "robots": False, "kibitz": False, "playing": False}
    return "table.add", {"tid": tid, "N": "", "E": "", "S": "", "W": "", **usual, **changes}


def sit(tid: str, name: str, side: str) -> Message:
    return "player.sit", {"tid": tid, "name": name, "position": side}


def window(tid: str) -> Message:
    return "chat.add", {"wid": f"table_{tid}", "title": "Table"}


# Signing in


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/ws/bridge", {}), ("/", {"sec_websocket_protocol": "bridge"})],
)
def test_every_door_leads_to_the_hall(
    house: BridgeHouse, path: str, headers: dict[str, str]
) -> None:
    house.table("ann")
    client = house.clients["ben"] = house.connect(path, **headers)
    ((_, table), lobby) = client.sign_in("ben")
    assert line(table["tid"], N="ann") == ("table.add", table)
    assert lobby == LOBBY


@pytest.mark.parametrize(
    ("type", "data", "registered"),
    [("login", {"name": "new", "pw": "a good secret"}, True),
     ("login", {"name": "new", "pw": None}, False),
     ("temp_session", {"name": "new"}, False)],
)  # fmt: skip
def test_every_way_in(house: BridgeHouse, type: str, data: Any, registered: bool) -> None:
    client = house.clients["new"] = house.connect()
    client.send(type, data)
    answer = client.expect("login_response")
    assert (answer["success"], answer["registered"]) == (True, registered)
    assert client.settle() == [LOBBY]


@pytest.mark.parametrize(
    ("type", "data", "answer"),
    [("login", {"name": "ann", "pw": "wrong"}, "login_response"),
     ("temp_session", {"name": "ann"}, "login_response"),
     ("reconnect", {"id": "0" * 32}, "reconnect_response")],
)  # fmt: skip
def test_who_is_not_let_in(house: BridgeHouse, type: str, data: Any, answer: str) -> None:
    client = house.connect()
    client.send(type, data)
    frame = client.frame().payload
    assert f'"type":"{answer}"'.encode() in frame
    assert b'"success":false' in frame
    with pytest.raises(Closed):
        client.receive()


def test_whoever_has_not_signed_in_is_shown_nothing(house: BridgeHouse) -> None:
    client = house.connect()
    client.send("hall")
    assert client.expect("error")["code"] == "not_signed_in"
    with pytest.raises(Closed):
        client.receive()


# The hall


def test_the_hall_hears_of_tables_and_seats(house: BridgeHouse) -> None:
    hal = house.sign_in("eve")
    ann = house.sign_in("ann")
    (own, added, sat) = ann.ask("table.add", position="S", kibitz=True)
    tid = added[1]["tid"]
    assert (own, added) == (window(tid), line(tid, S="ann", kibitz=True))
    assert sat == sit(tid, "ann", "S")
    assert hal.settle() == [line(tid, S="ann", kibitz=True), sat]
    ben = house.sign_in("ben")
    assert ben.ask("player.sit", tid=tid, position="E") == [window(tid), sit(tid, "ben", "E")]
    for client in (hal, ann):
        assert client.settle() == [sit(tid, "ben", "E")]
    leaves = ("player.leave", {"tid": tid, "position": "E"})
    assert ben.ask("player.leave", tid=tid) == [leaves]
    for client in (hal, ann):
        assert client.settle() == [leaves]
    gone = [
        ("player.leave", {"tid": tid, "position": "S"}),
        ("table.remove", {"tid": tid}),
    ]
    assert ann.ask("player.leave", tid=tid) == gone
    assert hal.settle() == gone
    assert hal.ask("hall") == [LOBBY]


def test_whoever_is_gone_frees_their_seat(make: Callable[..., BridgeHouse]) -> None:
    house = make(BRIDGE_AWAY=0)
    tid, (ann, ben) = house.table("ann", "ben")
    ben.drop()
    del house.clients["ben"]
    house.wait(lambda: not house.is_here("ben"))
    heard: list[Message] = []

    def is_told() -> bool:
        house.later(1)
        heard.extend(ann.settle())
        return bool(heard)

    house.wait(is_told)
    assert heard == [("player.leave", {"tid": tid, "position": "E"})]


def test_a_whole_table_of_robots(house: BridgeHouse) -> None:
    """They pass, and ann bids: the deal goes on until she is to act."""
    ann = house.sign_in("ann")
    heard = ann.ask("table.add", fill=True, robots=True)
    tid = heard[0][1]["wid"].removeprefix("table_")
    names = [data["name"] for type, data in heard if type == "player.sit"]
    assert names == ["ann", "cpu1", "cpu2", "cpu3"]
    assert [type for type, _ in heard[-2:]] == ["hand", "start.bidding"]
    heard = ann.ask("bid", tid=tid, bid="1C")
    # East leads; South, dummy, is ann's to play.
    assert [type for type, _ in heard] == ["bid"] * 4 + ["start.play", "move", "hand"]
    assert [data["bid"] for type, data in heard if type == "bid"] == ["1C", *["pass"] * 3]
    lead = heard[5][1]
    assert (lead["side"], lead["next"], "allowed" in lead) == ("E", "S", True)


# Looking on


def test_looking_over_a_shoulder_ends_when_the_table_says_so(house: BridgeHouse) -> None:
    tid, (ann, *_) = house.table("ann", "ben", "cat", "dan", kibitz=True)
    kim = house.sign_in("kim")
    house.hush()
    heard = kim.ask("table.watch", tid=tid, over="N")
    assert [data["side"] for type, data in heard if type == "hand"] == ["N"]
    tables.settings(house.house, house.callers["ann"], tid, kibitz=False)
    # From now on as one who sees what is on the table.
    assert tables.row(house.house, tid).over_of(house.callers["kim"].user_id) is None
    assert house.rooms_of("kim") == {f"bridge:{tid}:watch"}
    assert kim.refused("table.watch", tid=tid, over="N") == "not_allowed"
    assert house.rooms_of("kim") == {f"bridge:{tid}:watch"}
    ann.send("bid", {"tid": tid, "bid": "1C", "alert": "strong"})
    ann.settle()
    assert [type for type, _ in kim.settle()] == ["bid"]


def test_whoever_sits_down_looks_on_no_more(house: BridgeHouse) -> None:
    tid, _ = house.table("ann", kibitz=True)
    kim, twin = house.sign_in("kim"), house.connect()
    twin.sign_in("kim")
    for client in (kim, twin):
        client.ask("table.watch", tid=tid, over="N")
    assert house.rooms_of("kim") == {f"bridge:{tid}:over:N"}
    kim.ask("player.sit", tid=tid, position="E")
    assert house.rooms_of("kim") == set()
    assert tables.row(house.house, tid).kibitzers == ()
    twin.drop()


def test_whoever_stops_looking_hears_no_more(house: BridgeHouse) -> None:
    tid, (ann, *_) = house.table("ann", "ben", "cat", "dan")
    kim = house.sign_in("kim")
    kim.ask("table.watch", tid=tid)
    ann.ask("bid", tid=tid, bid="1C")
    assert [type for type, _ in kim.settle()] == ["bid"]
    tables.unwatch(house.house, house.callers["kim"], tid)
    house.clients["ben"].ask("bid", tid=tid, bid="1D")
    assert kim.settle() == []
    assert house.rooms_of("kim") == set()
    assert tables.row(house.house, tid).kibitzers == ()


def test_whoever_is_gone_looks_on_no_more(house: BridgeHouse) -> None:
    tid, _ = house.table("ann")
    house.sign_in("kim").ask("table.watch", tid=tid)
    again = house.connect()
    again.sign_in("kim")
    house.clients.pop("kim").drop()

    def looks_on_no_more() -> bool:
        house.later(10)
        return not tables.row(house.house, tid).kibitzers

    house.wait(looks_on_no_more)
    assert house.rooms_of("kim") == set()
    again.drop()


# Talk


def said(wid: str, sender: str, text: str) -> Message:
    return "chat.message", {"wid": wid, "sender": sender, "message": text}


def test_what_is_said_in_the_lobby_and_at_the_table(house: BridgeHouse) -> None:
    tid, (ann, ben) = house.table("ann", "ben")
    kim, eve = house.sign_in("kim"), house.sign_in("eve")
    kim.ask("table.watch", tid=tid)
    house.hush()
    wid = f"table_{tid}"
    assert ann.say(wid, "Grüße & co.") == [said(wid, "own", "Gr%C3%BC%C3%9Fe%20%26%20co.")]
    for client in (ben, kim):
        assert client.settle() == [said(wid, "ann", "Gr%C3%BC%C3%9Fe%20%26%20co.")]
    assert eve.settle() == []
    assert kim.say("global", "hi!") == [said("global", "own", "hi!")]
    for client in (ann, ben, eve):
        assert client.settle() == [said("global", "kim", "hi!")]


def test_a_talk_of_two_has_a_window(house: BridgeHouse) -> None:
    ann, ben, eve = (house.sign_in(name) for name in ("ann", "ben", "eve"))
    opened = [("chat.add", {"wid": "ben", "title": "ben"})]
    assert ann.say("ben", "psst") == [*opened, said("ben", "own", "psst")]
    opened = [("chat.add", {"wid": "ann", "title": "ann"})]
    assert ben.settle() == [*opened, said("ann", "ann", "psst")]
    assert ben.say("ann", "yes") == [said("ann", "own", "yes")]
    assert ann.settle() == [said("ben", "ben", "yes")]
    assert eve.settle() == []
    # Whoever comes back finds it.
    assert ann.ask("hall") == [LOBBY, ("chat.add", {"wid": "ben", "title": "ben"})]


# Everything has its shape


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("tricks", {"NS": 1}),
        ("tricks", {"NS": 1, "EW": "0"}),
        ("move", {"side": "N", "card": 5}),
        ("hand", {"side": "N", "cards": [3, 1]}),
        ("bid", {"side": "N", "bid": "1NT", "alert": "", "dbl_mode": "dbl"}),
        ("claim.decline", {"side": "N"}),
        ("chat.message", {"wid": "global", "sender": "", "message": "not encoded"}),
    ],
)
def test_what_is_not_to_the_letter_is_noticed(type: str, data: Any) -> None:
    with pytest.raises(AssertionError):
        check(type, data)


# What old clients do not know


def test_old_clients_need_not_answer_what_they_do_not_know(house: BridgeHouse) -> None:
    """A request to take a bid back is declined for them after a while."""
    tid, (_, ben, *_) = house.table("ann", "ben", "cat", "dan")
    tables.play(house.house, house.callers["ann"], tid, {"bid": "1C"})
    playing.take_back(house.house, house.callers["ann"], tid)
    assert [type for type, _ in ben.settle()] == ["bid"]
    assert ben.refused("bid", tid=tid, bid="1D") == "illegal"
    house.later(playing.PATIENCE.total_seconds() - 1)
    assert ben.refused("bid", tid=tid, bid="1D") == "illegal"
    house.later(playing.PATIENCE.total_seconds())
    assert [data["bid"] for _, data in ben.ask("bid", tid=tid, bid="1D")] == ["1D"]


def test_a_request_that_was_answered_is_not_answered_again(house: BridgeHouse) -> None:
    tid, (_, ben, *_) = house.table("ann", "ben", "cat", "dan")
    ann = house.callers["ann"]
    tables.play(house.house, ann, tid, {"bid": "1C"})
    playing.take_back(house.house, ann, tid)
    playing.answer(house.house, house.callers["ben"], tid, "undo", agreed=True)
    house.hush()
    house.later(playing.PATIENCE.total_seconds())
    assert ben.settle() == []
    tables.play(house.house, ann, tid, {"bid": "1D"})
    assert [data["bid"] for _, data in ben.settle()] == ["1D"]


def test_whoever_asks_for_something_new_is_told_everything(house: BridgeHouse) -> None:
    tid, _ = house.table("ann")
    client = house.clients.pop("ann")
    client.send("table.settings", {"tid": tid, "robots": True})
    while True:
        message = json.loads(client.frame().payload)
        if message["type"] == "bridge_table":
            break
    assert message["data"]["robots"] is True
    client.drop()
