"""Bridge over Socket.IO: the same messages, acknowledged, and the website's own beside them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from app.games.bridge import SIDES
from tests.live.hall import NOWHERE, Arrive, Person, of_type


@pytest.fixture
def people(arrive: Arrive) -> list[Person]:
    return [arrive("browser", name) for name in ("north", "east", "south", "west")]


def sit_down(people: list[Person], **terms: Any) -> str:
    """A table at which these sit; the deal begins."""
    opened = people[0].ask("table.add", **terms)
    assert opened["ok"]
    tid: str = opened["table"]["tid"]
    for side, person in zip(SIDES[1:], people[1:], strict=True):
        sat = person.ask("player.sit", tid=tid, position=side)
        assert sat["ok"]
        assert sat["table"]["seats"][side]["name"] == person.name
    return tid


def in_turn(people: list[Person], dealer: str) -> list[Person]:
    first = SIDES.index(dealer)
    return people[first:] + people[:first]


def state_of(person: Person) -> dict[str, Any]:
    """The deal as a person was told last."""
    update: dict[str, Any] = of_type(person, "match_update")[-1][1]
    assert update["game"] == "bridge"
    state: dict[str, Any] = update["match_state"]
    return state


def test_a_deal_over_sockets(people: list[Person], arrive: Arrive) -> None:
    tid = sit_down(people, kibitz=True)
    kim = arrive("browser", "kim")
    watched = kim.ask("table.watch", tid=tid, over="S")
    assert watched["ok"]
    assert watched["table"]["kibitzers"] == [{"name": kim.name, "over": "S"}]
    assert kim.until("bridge_table")["tid"] == tid
    hands = []
    for side, person in zip(SIDES, people, strict=True):
        hand = person.until("hand")
        assert hand["side"] == side
        hands.append(hand["cards"])
        state = state_of(person)
        assert (state["viewer"], state["table"], state["hands"][side]) == (side, tid, hand["cards"])
        assert [seen for seen in state["hands"].values() if seen] == [hand["cards"]]
    assert sorted(chain(*hands)) == list(range(52))
    assert state_of(kim)["hands"]["S"] == hands[2]
    alerts(people, kim, tid, state_of(kim)["dealer"])
    match_id = watched["table"]["match"]
    # The log holds what the partner is not told; and whoever looks on does so at the table.
    for person in (*people, kim):
        assert person.ask("match_log", id=match_id)["code"] == "not_allowed"
    assert kim.ask("watch", id=match_id)["code"] == "not_allowed"
    take_back(people, tid, state_of(kim))
    passed_out(people, kim, tid, match_id, arrive)


def alerts(people: list[Person], kim: Person, tid: str, dealer: str) -> None:
    first, left, partner, right = in_turn(people, dealer)
    acked = first.ask("bid", tid=tid, bid="1C", alert="strong", version=0)
    assert acked == {"ok": True, "version": 1}
    assert first.ask("bid", tid=tid, bid="1D")["code"] == "not_your_turn"
    over_partner = partner is people[2]
    for person, text in ((left, "strong"), (right, "strong"), (partner, None)):
        assert person.until("bid")["alert"] == (text or "")
        assert state_of(person)["auction"] == [{"side": dealer, "bid": "1C", "alert": text}]
    seen = state_of(kim)["auction"][0]["alert"]
    assert seen == (None if over_partner else "strong")


def take_back(people: list[Person], tid: str, state: dict[str, Any]) -> None:
    first, left, partner, right = in_turn(people, state["dealer"])
    assert left.ask("undo", tid=tid)["code"] in ("illegal", "not_your_turn")
    for answer in ("undo.decline", "undo.accept"):
        assert first.ask(answer, tid=tid)["code"] == "not_now"
        assert first.ask("claim.accept", tid=tid)["code"] == "not_now"
    assert first.ask("undo", tid=tid)["ok"]
    assert left.until("undo") == {"side": state["dealer"]}
    assert left.ask("claim.accept", tid=tid)["code"] == "not_now"
    assert partner.ask("undo.accept", tid=tid)["code"] == "not_your_turn"
    for person in people:
        person.forget()
    assert right.ask("undo.accept", tid=tid)["ok"]
    for person in people:
        heard = [type for type, _ in person.settle()]
        assert heard == [*["player.sit"] * 4, "hand", "start.bidding", "match_update"]
        assert state_of(person)["auction"] == []


def passed_out(people: list[Person], kim: Person, tid: str, match_id: str, arrive: Arrive) -> None:
    for person in in_turn(people, state_of(kim)["dealer"]):
        assert person.ask("bid", tid=tid, bid="pass")["ok"]
    for person in (*people, kim):
        assert person.until("end.play")["contract"] == "pass"
        state = state_of(person)
        assert state["game_over"]
        assert sorted(chain(*state["deal"].values())) == list(range(52))
        assert "seed" in state
    assert people[0].ask("match_log", id=match_id)["ok"]
    # It may be dealt to anybody else.
    eve = arrive("browser", "eve")
    assert eve.ask("watch", id=match_id)["code"] == "not_allowed"
    assert eve.ask("match_log", id=match_id)["code"] == "not_allowed"
    assert not of_type(eve, "match_update")
    assert people[1].ask("table.ready", tid=tid)["ok"]
    assert people[1].until("bridge_table")["seats"]["E"] is not None


def test_what_tables_do_between_deals(arrive: Arrive) -> None:
    ann, ben = arrive("browser", "ann"), arrive("raw", "ben")
    assert ben.ask("hall")["ok"]
    opened = ann.ask("table.add")
    tid = opened["table"]["tid"]
    while ben.until("table.add")["tid"] != tid:
        pass
    assert ben.ask("player.sit", tid=tid, position="E")["ok"]
    assert ann.ask("table.robot", tid=tid, position="S", seated=True)["ok"]
    assert ann.ask("table.robot", tid=tid, position="S", seated=False)["ok"]
    assert ann.ask("table.robot", tid=tid, position="E", seated=True)["code"] == "seat_taken"
    assert ann.ask("table.settings", tid=tid, robots=True, kibitz=True)["ok"]
    assert ann.ask("table.swap", tid=tid, position="E")["ok"]
    assert ben.ask("table.swap", tid=tid, position="N")["ok"]
    rows = of_type(ann, "bridge_table")
    assert [rows[-1][1]["seats"][side]["name"] for side in "NE"] == [ben.name, ann.name]
    assert rows[-1][1]["robots"] is rows[-1][1]["kibitz"] is True
    assert ben.ask("player.leave", tid=tid)["ok"]
    assert ann.ask("player.leave", tid=tid)["ok"]
    gone = [data for type, data in of_type(ben, "table.remove") if data["tid"] == tid]
    assert gone == [{"tid": tid}]


def test_a_move_is_of_the_game_it_names(arrive: Arrive) -> None:
    ann = arrive("browser", "ann")
    assert ann.ask("move", tid=NOWHERE, card=3)["code"] == "no_such_table"
    assert ann.ask("move", id=NOWHERE, sub_x=0, sub_y=0, x=0, y=0)["code"] == "no_such_match"
    assert ann.ask("move", card=3)["code"] == "malformed"


def test_what_is_said_is_heard_in_both_ways(arrive: Arrive) -> None:
    ann, ben = arrive("browser", "ann"), arrive("browser", "ben")
    tid = ann.ask("table.add")["table"]["tid"]
    assert ben.ask("table.watch", tid=tid)["ok"]
    window = f"table_{tid}"
    said = ben.ask("chat.message", wid=window, message="well%20bid%21")
    assert said["line"]["text"] == "well bid!"
    heard = {"wid": window, "message": "well%20bid!"}
    assert ann.until("chat_message")["room"] == f"bridge:{tid}"
    assert ann.until("chat.message") == {**heard, "sender": ben.name}
    assert ben.until("chat.message") == {**heard, "sender": "own"}
    assert ann.ask("chat", room=f"bridge:{tid}", text="thanks")["ok"]
    assert ben.until("chat.message") == {"wid": window, "sender": ann.name, "message": "thanks"}


def test_one_connection_looks_on_at_one_table(arrive: Arrive) -> None:
    ann, ben, kim = (arrive("browser", name) for name in ("ann", "ben", "kim"))
    one = ann.ask("table.add")["table"]["tid"]
    other = ben.ask("table.add")["table"]["tid"]
    for tid in (one, other):
        assert kim.ask("table.watch", tid=tid)["ok"]
    kim.forget()
    assert ann.ask("table.settings", tid=one, robots=True)["ok"]
    assert ben.ask("table.settings", tid=other, robots=True)["ok"]
    assert [row["tid"] for _, row in of_type(kim, "bridge_table")] == [other]
    assert kim.ask("table.unwatch", tid=other)["ok"]
    kim.forget()
    assert ben.ask("table.settings", tid=other, robots=False)["ok"]
    assert not of_type(kim, "bridge_table")
