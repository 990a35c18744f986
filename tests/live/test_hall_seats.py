"""Tables with more than two seats on the wire: Socket.IO and raw clients, and between the two."""

from __future__ import annotations

import json
from typing import Any

from tests.live.hall import (
    NOWHERE,
    Arrive,
    Person,
    both_ways,
    in_lobby,
    of_type,
    own_table,
)

FOUR = {"game": "scopa", "variant": "classic", "options": {"players": 4}, "time": "86400"}


def at(row: dict[str, Any]) -> list[str]:
    """The seats of a row in words: who sits there, or what kind of seat it is."""
    return [f"{seat['kind']} {seat['name']}" for seat in row["seats"]]


def last(person: Person, type: str) -> Any:
    return of_type(person, type)[-1][1]


@both_ways
def test_four_come_together(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    owner, guest = arrive(one_kind, "own"), arrive(other_kind, "gue")
    asked, bystander = arrive(other_kind, "ask"), arrive("browser", "bys")
    in_lobby(bystander)
    seats = [
        {"kind": "free"},
        {"kind": "ask", "name": asked.name.upper()},
        {"kind": "bot", "strength": "easy"},
    ]
    ack = owner.ask("open_table", **FOUR, seats=seats)
    assert ack["ok"]
    row = own_table(owner)
    if one_kind == "browser":
        assert ack["table"] == row
    waiting = [f"taken {owner.name}", "free None", f"asked {asked.name}", "bot cpu1"]
    assert (at(row), row["players"], row["rated"]) == (waiting, 4, False)
    assert row["options"] == {"players": 4, "matta": None, "grande": None}
    assert row["seats"][3]["strength"] == "easy"
    assert last(asked, "challenge") == row
    assert in_lobby(asked)["challenges"]["incoming"] == [row]
    assert bystander.until("table_update") == row

    assert guest.ask("join_table", id=row["id"], seat=2)["code"] == "seat_taken"
    assert guest.ask("join_table", id=row["id"], seat=4)["code"] == "bad_seats"
    assert guest.ask("join_table", id=row["id"], seat=1)["ok"]
    seated = [waiting[0], f"taken {guest.name}", *waiting[2:]]
    assert at(last(guest, "table_update")) == at(own_table(owner)) == seated
    assert bystander.until("table_gone", "table_update") == {"id": row["id"]}
    assert bystander.ask("join_table", id=row["id"])["code"] == "seat_taken"
    assert asked.ask("accept_challenge", id=row["id"])["ok"]
    for player in (owner, guest, asked):
        player.until("match_begins")  # perhaps by way of another worker
        assert [d for t, d in player.heard if t == "match_begins"] == [{"id": row["id"]}]
        states = [data["match_state"] for type, data in player.heard if type == "match_update"]
        assert [seat["name"] for seat in states[0]["seats"]] == [
            owner.name,
            guest.name,
            asked.name,
            "cpu1",
        ]
    assert own_table(owner) is None
    assert row["id"] not in json.dumps(of_type(bystander, "match_begins", "match_update"))


@both_ways
def test_seats_change_hands(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    owner, guest, bystander = (
        arrive(one_kind, "own"),
        arrive(other_kind, "gue"),
        arrive("browser", "bys"),
    )
    in_lobby(bystander)
    assert owner.ask("open_table", **FOUR, private=True, code="plum-7")["ok"]
    table = own_table(owner)["id"]
    decide: dict[str, Any] = {"id": table, "seat": 1}
    assert owner.ask("set_seat", **decide, kind="ask", name=guest.name)["ok"]
    assert at(own_table(owner))[1] == f"asked {guest.name}"
    assert own_table(owner)["code"] == "plum-7"
    assert "code" not in last(guest, "challenge")
    assert guest.ask("decline_challenge", id=table)["ok"]
    gone = {"id": table, "reason": "declined", "by": guest.name}
    assert last(guest, "challenge_gone") == gone
    assert at(own_table(owner))[1] == "free None"
    assert guest.ask("join_table", id=table)["code"] == "no_such_table"
    assert guest.ask("join_table", id=table, code="plum-7")["ok"]
    assert at(own_table(owner))[1] == f"taken {guest.name}"
    assert [row["id"] for row in in_lobby(guest)["seated"]] == [table]
    assert owner.ask("set_seat", **decide, kind="free")["code"] == "seat_taken"
    assert guest.ask("set_seat", **decide, kind="free")["code"] == "no_such_table"
    assert guest.ask("leave_table", id=table)["ok"]
    assert last(guest, "table_gone") == {"id": table}
    assert guest.ask("leave_table", id=table)["code"] == "no_such_table"
    for seat in (1, 2):
        assert owner.ask("set_seat", id=table, seat=seat, kind="bot", strength="medium")["ok"]
    assert at(own_table(owner))[1:] == ["bot cpu1", "bot cpu2", "free None"]
    assert owner.ask("leave_table", id=table)["ok"]
    assert own_table(owner) is None
    assert table not in json.dumps(bystander.settle())


@both_ways
def test_against_the_computer_at_once(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    owner, bystander = arrive(one_kind, "own"), arrive(other_kind, "bys")
    in_lobby(bystander)
    seats = [{"kind": "bot", "strength": "easy", "name": "tin"}]
    ack = owner.ask("open_table", game="scopa", seats=seats, time="86400")
    assert ack["ok"]
    match_id = last(owner, "match_begins")["id"]
    if one_kind == "browser":
        assert ack["match"] == match_id
    assert not of_type(bystander, "table_update", "table_gone")
    challenge = {"player": bystander.name, "game": "scopa", "seat": 1}
    assert owner.ask("challenge", **challenge)["ok"]
    row = last(bystander, "challenge")
    assert at(row) == [f"asked {bystander.name}", f"taken {owner.name}"]
    assert (row["variant"], row["options"]["players"]) == ("classic", 2)


def test_what_is_asked_wrongly(arrive: Arrive) -> None:
    person = arrive("browser", "odd")
    refused: dict[str, list[dict[str, Any]]] = {
        "malformed": [
            {"seats": [{"kind": "throne"}]},
            {"seats": [{"name": "x"}]},
            {"seats": "free"},
            {"seat": "first"},
            {"options": [4]},
        ],
        "bad_seats": [
            {**FOUR, "seats": [{"kind": "free"}]},
            {**FOUR, "seat": 4},
            {"game": "scopa", "seats": [{"kind": "bot"}]},
            {"game": "uttt", "seats": [{"kind": "bot", "strength": "splendid"}]},
        ],
        "bad_options": [{**FOUR, "options": {"players": 3}}, {"options": {"players": 2}}],
        "bad_variant": [{"game": "scopa", "variant": "standard"}],
        "bad_game": [{"game": "chess"}],
        "unknown_user": [{"game": "scopa", "seats": [{"kind": "ask"}]}],
        "bad_name": [
            {"game": "scopa", "seats": [{"kind": "bot", "strength": "easy", "name": person.name}]}
        ],
    }
    for code, requests in refused.items():
        for request in requests:
            assert person.ask("open_table", **request)["code"] == code, request
    for request in ({"seat": 0, "kind": "free"}, {"id": NOWHERE, "kind": "free"}, {"id": NOWHERE}):
        assert person.ask("set_seat", **request)["code"] == "malformed"
    for type in ("set_seat", "leave_table"):
        asked = {"id": NOWHERE, "seat": 0, "kind": "free"}
        assert person.ask(type, **asked)["code"] == "no_such_table"
    assert in_lobby(person)["own"] is None


def test_a_random_opponent_at_scopa(arrive: Arrive) -> None:
    one, other, third = (arrive("browser", name) for name in ("one", "oth", "thi"))
    assert one.ask("match_request", game="chess")["code"] == "bad_game"
    assert "match" not in one.ask("match_request", game="scopa")
    assert "match" not in third.ask("match_request")
    match_id = other.ask("match_request", game="scopa")["match"]
    assert last(one, "seek_update") == {"seeking": False, "match": match_id}
    assert third.ask("match_request", cancel=True)["ok"]
