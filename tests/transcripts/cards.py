"""What clients of scopa and of bridge say and hear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.store import Board
from tests.transcripts.recorder import PASSWORD, Person, Scene, session

SCOPA = "/ws/scopa"
BRIDGE = "/ws/bridge"
SEED = bytes(range(31))


@session("scopa-sign-in")
def scopa_sign_in(scene: Scene) -> None:
    john = scene.person("john", SCOPA)
    account = {"username": "john", "password": PASSWORD}
    john.control("login", account).hear()
    john.control("register", account).hear()
    john.control("register", account).hear()
    john.control("login", account | {"password": "wrong"}).hear()
    john.control("login", account).hear(2)


@session("scopa-match")
def scopa_match(scene: Scene) -> None:
    john = scene.person("john", SCOPA)
    with scene.aside():
        account = {"username": "john", "password": PASSWORD}
        john.control("register", account).hear()
        john.control("login", account).hear(2)
    teams = [[{"name": "john", "type": "human"}], [{"name": "cpu1", "type": "cpu"}]]
    john.control("new_match", {"game": "cirulla", "teams": teams}).hear()
    while john.waits_for() != "john":
        john.hear()
    hand = [
        card["id"]
        for message in john.heard
        if message["control"] == "match_data"
        for move in message["data"]["moves"]
        if move["dest"] == "hand_john"
        for card in move["cards"]
    ]
    john.control("match_data", {"command": "human_play", "data": {"player": "cpu1", "card": 0}})
    john.hear()
    play = {"command": "human_play", "data": {"player": "john", "card": hand[0]}}
    john.control("match_data", play).hear(2)
    scene.gap()


@session("scopa-errors")
def scopa_errors(scene: Scene) -> None:
    john = scene.person("john", SCOPA)
    john.send({"control": 7}).hear()
    john.control("new_match", {"game": "cirulla", "teams": []}).hear()


def dealt(scene: Scene) -> None:
    """Have the board dealt that is the same in every run."""
    now = scene.clock()
    with scene.house.store.write() as unit:
        unit.add(
            Board(
                id=f"{1:032}",
                number=1,
                seed=SEED + bytes([1]),
                created_at=now,
                open_until=now + timedelta(days=1),
            )
        )


def around(scene: Scene) -> tuple[str, list[Person]]:
    """A table, and the four who sit there, from North on."""
    dealt(scene)
    people = [scene.account(name, BRIDGE) for name in ("ann", "ben", "cat", "dan")]
    with scene.aside():
        people[0].say("table.add", position="N")
        scene.everybody()
        tid: str = people[0].last("player.sit")["tid"]
        for person, side in zip(people[1:3], "ES", strict=True):
            person.say("player.sit", tid=tid, position=side)
            scene.everybody()
    return tid, people


@session("bridge-hall")
def hall(scene: Scene) -> None:
    ann = scene.account("ann", BRIDGE)
    ben = scene.person("ben", BRIDGE)
    ben.say("temp_session", name="ben").hear()
    ben.settle()
    ann.say("table.add", position="N", kibitz=True)
    scene.everybody()
    tid = ann.last("player.sit")["tid"]
    ben.say("player.sit", tid=tid, position="N")
    scene.everybody()
    ben.say("player.sit", tid=tid, position="S")
    scene.everybody()
    ben.say("chat.message", wid=f"table_{tid}", message="Good%20evening!")
    scene.everybody()
    ben.say("player.leave", tid=tid)
    scene.everybody()
    ann.say("player.leave", tid=tid)
    scene.everybody()


@session("bridge-deal")
def deal(scene: Scene) -> None:
    tid, people = around(scene)
    with scene.aside():
        kim = scene.guest("kim", BRIDGE)
    people[3].say("player.sit", tid=tid, position="W")
    scene.everybody()
    kim.say("table.watch", tid=tid)
    scene.everybody()
    for number, (bid, alert) in enumerate((("1C", "could be short"), ("pass", None))):
        people[number].say("bid", tid=tid, bid=bid, **({"alert": alert} if alert else {}))
        scene.everybody()
    scene.gap()
    with scene.aside():
        people[2].say("bid", tid=tid, bid="pass")
        scene.everybody()
    people[3].say("bid", tid=tid, bid="pass")
    scene.everybody()
    lead = people[1].last("hand")["cards"][0]
    people[1].say("move", tid=tid, card=lead)
    scene.everybody()
    people[0].say("claim", tid=tid, tricks=7)
    scene.everybody()
    people[1].say("claim.decline", tid=tid)
    scene.everybody()
    scene.gap()
    with scene.aside():
        people[0].say("claim", tid=tid, tricks=7)
        scene.everybody()
    people[1].say("claim.accept", tid=tid)
    scene.everybody()


@session("bridge-undo")
def undo(scene: Scene) -> None:
    tid, people = around(scene)
    with scene.aside():
        people[3].say("player.sit", tid=tid, position="W")
        scene.everybody()
        people[0].say("bid", tid=tid, bid="1C")
        scene.everybody()
    people[0].say("undo", tid=tid)
    scene.everybody()
    people[1].say("undo.decline", tid=tid)
    scene.everybody()


@session("bridge-table")
def table(scene: Scene) -> None:
    dealt(scene)
    ann = scene.account("ann", BRIDGE)
    ben = scene.account("ben", BRIDGE)
    with scene.aside():
        ann.say("table.add", position="N")
        scene.everybody()
    tid: Any = ann.last("player.sit")["tid"]
    with scene.aside():
        ben.say("player.sit", tid=tid, position="E")
        scene.everybody()
    ann.say("table.settings", tid=tid, kibitz=True)
    scene.everybody()
    ann.say("table.robot", tid=tid, position="S", seated=True)
    scene.everybody()
    ann.say("table.swap", tid=tid, position="W")
    scene.everybody()
    ann.say("table.ready", tid=tid).settle()
    ben.say("table.unwatch", tid=tid).settle()
