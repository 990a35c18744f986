"""Every refusal of bridge: to the one who asked, by name, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.live import commands
from app.live.commands import bridge as requests
from config import Config
from tests.legacy.bridge_clients import BridgeHouse, moves_of

NAMES = ("ann", "ben", "cat", "dan", "eve")
NOWHERE = "0" * 32


@pytest.fixture
def house(config: Config) -> Iterator[BridgeHouse]:
    house = BridgeHouse(config, *NAMES)
    yield house
    house.close()


def quiet(house: BridgeHouse) -> None:
    """Nobody has heard anything."""
    assert all(heard == [] for heard in house.heard().values())


# What cannot be read

TYPES = sorted(requests.words.requests)
NEEDED: dict[str, dict[str, Any]] = {
    "bid": {"bid": "1C"},
    "chat.message": {"wid": "global", "message": "hi"},
    "claim": {"tricks": 7},
    "move": {"card": 3},
    "player.sit": {"position": "N"},
    "table.robot": {"position": "N", "seated": True},
    "table.swap": {"position": "N"},
}
AT_A_TABLE = [type for type in TYPES if type not in ("hall", "table.add", "chat.message")]


@pytest.mark.parametrize("type", AT_A_TABLE)
def test_at_no_table(house: BridgeHouse, type: str) -> None:
    ann = house.sign_in("ann")
    for tid in (NOWHERE, "x", "", "'--"):
        assert code(ann, type, tid=tid, **NEEDED.get(type, {})) == "no_such_table"
    assert code(ann, type, tid=7, **NEEDED.get(type, {})) == "malformed"


@pytest.mark.parametrize("type", sorted(NEEDED))
def test_without_what_is_needed(house: BridgeHouse, type: str) -> None:
    ann = house.sign_in("ann")
    for field in NEEDED[type]:
        for value in (None, [], {}, 1.5):
            asked = {"tid": NOWHERE, **NEEDED[type], field: value}
            assert code(ann, type, **asked) == "malformed"


def code(client: Any, type: str, **data: Any) -> str:
    """The code of a refusal; who has asked what no old client does may be told more than that."""
    client.send(type, data)
    while True:
        heard, said = client.receive()
        if heard == "error":
            assert said["request"] == type
            found: str = said["code"]
            return found


@pytest.mark.parametrize(
    ("type", "data"),
    [
        ("table.add", {"position": "X"}),
        ("table.add", {"position": "NE"}),
        ("table.add", {"robots": 1}),
        ("player.sit", {"tid": NOWHERE, "position": "n"}),
        ("table.watch", {"tid": NOWHERE, "over": "Q"}),
        ("move", {"tid": NOWHERE, "card": "C2"}),
        ("move", {"tid": NOWHERE, "card": "-1"}),
        ("move", {"tid": NOWHERE, "card": "²"}),
        ("move", {"tid": NOWHERE, "card": True}),
        ("bid", {"tid": NOWHERE, "bid": "1C", "alert": 7}),
        ("claim", {"tid": NOWHERE, "tricks": "7"}),
    ],
)
def test_what_cannot_be_read(house: BridgeHouse, type: str, data: Any) -> None:
    ann = house.sign_in("ann")
    assert ann.refused(type, **data) == "malformed"


def test_what_nobody_knows(house: BridgeHouse) -> None:
    assert house.sign_in("ann").refused("end.play", tid=NOWHERE) == "unknown_type"


def test_every_request_is_for_those_who_have_signed_in() -> None:
    for type, request in requests.words.requests.items():
        assert not request.strangers, type
    assert requests.OLD_TYPES < requests.words.requests.keys() <= commands.TYPES


# Tables


def test_sitting_down(house: BridgeHouse) -> None:
    tid, (_, ben) = house.table("ann", "ben")
    _, (cat,) = house.table("cat")
    assert ben.refused("table.add") == "already_seated"
    assert cat.refused("player.sit", tid=tid, position="N") == "already_seated"
    eve = house.sign_in("eve")
    assert eve.refused("player.sit", tid=tid, position="N") == "seat_taken"
    assert eve.refused("player.leave", tid=tid) == "not_seated"
    assert cat.refused("player.leave", tid=tid) == "not_seated"
    quiet(house)


def test_in_mid_deal_nobody_takes_a_players_seat(house: BridgeHouse) -> None:
    tid, (ann, *_) = house.table("ann", "ben", "cat", "dan")
    eve = house.sign_in("eve")
    assert eve.refused("player.sit", tid=tid, position="N") == "seat_taken"
    assert ann.refused("player.sit", tid=tid, position="E") == "not_now"
    house.clients["ben"].ask("player.leave", tid=tid)
    house.hush()
    assert eve.refused("player.sit", tid=tid, position="E") == "seat_kept"
    quiet(house)


def test_looking_on(house: BridgeHouse) -> None:
    tid, (ann,) = house.table("ann")
    eve = house.sign_in("eve")
    assert eve.refused("table.watch", tid=tid, over="N") == "not_allowed"
    assert ann.refused("table.watch", tid=tid) == "already_seated"
    assert house.rooms_of("eve") == house.rooms_of("ann") == set()
    quiet(house)


# The deal


def test_nothing_is_played_before_the_deal(house: BridgeHouse) -> None:
    tid, (ann,) = house.table("ann")
    assert ann.refused("bid", tid=tid, bid="1C") == "not_now"
    assert ann.refused("move", tid=tid, card=1) == "not_now"
    assert ann.refused("claim", tid=tid, tricks=1) == "not_now"
    assert ann.refused("claim.accept", tid=tid) == "not_now"
    assert ann.refused("claim.decline", tid=tid) == "not_now"
    quiet(house)


def test_the_auction(house: BridgeHouse) -> None:
    tid, (ann, ben, cat, _) = house.table("ann", "ben", "cat", "dan")
    eve = house.sign_in("eve")
    assert eve.refused("bid", tid=tid, bid="pass") == "not_seated"
    assert ben.refused("bid", tid=tid, bid="pass") == "not_your_turn"
    for bid in ("dbl", "rdbl"):
        assert ann.refused("bid", tid=tid, bid=bid) == "illegal"
    for bid in ("1N", "8C", "", "PASS"):
        assert ann.refused("bid", tid=tid, bid=bid) == "malformed"
    assert ann.refused("bid", tid=tid, bid="1C", alert="x" * 81) == "malformed"
    assert ann.refused("bid", tid=tid, bid="1C", alert="two\nlines") == "malformed"
    assert ann.refused("move", tid=tid, card=1) == "illegal"
    assert ann.refused("claim", tid=tid, tricks=13) == "illegal"
    assert ann.refused("claim.accept", tid=tid) == "not_now"
    quiet(house)
    ann.ask("bid", tid=tid, bid="2C")
    house.hush()
    assert ben.refused("bid", tid=tid, bid="1Z") == "illegal"
    assert ben.refused("bid", tid=tid, bid="2D", version=0) == "stale"
    assert ben.refused("bid", tid=tid, bid="rdbl") == "illegal"
    ben.ask("bid", tid=tid, bid="pass")
    house.hush()
    assert cat.refused("bid", tid=tid, bid="dbl") == "illegal"
    quiet(house)


def test_the_play(house: BridgeHouse) -> None:
    tid, clients = house.table("ann", "ben", "cat", "dan")
    ann, ben, cat, dan = clients
    for client, bid in zip(clients, ("1Z", "pass", "pass", "pass"), strict=True):
        client.ask("bid", tid=tid, bid=bid)
    house.hush()
    deal = house.state.deal
    assert ann.refused("move", tid=tid, card=deal[0][0]) == "not_your_turn"
    assert ben.refused("move", tid=tid, card=deal[0][0]) == "illegal"
    assert ben.refused("move", tid=tid, card=52) == "malformed"
    assert ben.refused("bid", tid=tid, bid="pass") == "illegal"
    assert ann.refused("claim", tid=tid, tricks=7) == "illegal"  # nobody has led
    spade = max(deal[1])
    assert [type for type, _ in ben.ask("move", tid=tid, card=str(spade))] == ["move", "hand"]
    house.hush()
    # South, dummy, plays nothing; declarer has to follow suit from that hand, and claims what is
    # possible.
    follows = [card for card in deal[2] if card >= 39]
    assert follows
    assert cat.refused("move", tid=tid, card=follows[0]) == "not_your_turn"
    assert ann.refused("move", tid=tid, card=deal[2][0]) == "illegal"
    assert ann.refused("claim", tid=tid, tricks=14) == "malformed"
    assert cat.refused("claim", tid=tid, tricks=7) == "illegal"
    quiet(house)
    ann.ask("claim", tid=tid, tricks=7)
    house.hush()
    assert ann.refused("move", tid=tid, card=follows[0]) == "not_your_turn"
    assert ann.refused("claim.accept", tid=tid) == "not_your_turn"
    assert cat.refused("claim.accept", tid=tid) == "not_your_turn"
    assert dan.refused("claim", tid=tid, tricks=6) == "illegal"
    assert ben.ask("claim.accept", tid=tid) == []
    assert ben.refused("claim.decline", tid=tid) == "not_your_turn"
    quiet(house)
    assert [type for type, _ in dan.ask("claim.accept", tid=tid)] == ["end.play"]
    house.hush()
    assert ann.refused("move", tid=tid, card=follows[0]) == "not_now"
    quiet(house)


def test_an_undo_is_no_claim(house: BridgeHouse) -> None:
    tid, (ann, ben, *_) = house.table("ann", "ben", "cat", "dan")
    side, move = moves_of(house.state)
    assert (side, move) == ("N", {"bid": "pass"})
    ann.ask("bid", tid=tid, bid="pass")
    house.hush()
    assert code(ben, "undo", tid=tid) in ("illegal", "not_your_turn")
    assert code(ben, "undo.accept", tid=tid) == "not_now"


# Talk


def test_what_cannot_be_said(house: BridgeHouse) -> None:
    tid, _ = house.table("ann")
    eve = house.sign_in("eve")
    assert eve.refused("chat.message", wid=f"table_{tid}", message="hi") == "no_such_room"
    assert eve.refused("chat.message", wid=f"table_{NOWHERE}", message="hi") == "no_such_room"
    assert eve.refused("chat.message", wid="nobody", message="hi") == "no_such_room"
    assert eve.refused("chat.message", wid="eve", message="hi") == "no_such_room"
    assert eve.refused("chat.message", wid="global", message="%20") == "empty"
    assert eve.refused("chat.message", wid="global", message="x" * 5000) == "too_long"
    quiet(house)
