"""Tables, challenges and watchers on the wire: Socket.IO and raw clients, and between the two."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.live.hall import (
    NOWHERE,
    Arrive,
    Person,
    Raw,
    both_ways,
    in_lobby,
    of_type,
    own_table,
)
from tests.services.conftest import SHORT_WIN, move
from tests.support.server import Server
from tests.support.site import Visitor

NEW_REQUESTS = ("open_table", "join_table", "close_table", "challenge", "accept_challenge",
                "decline_challenge", "withdraw_challenge", "leave_table", "set_seat")  # fmt: skip


def play(match_id: str, first: Person, second: Person, moves: int) -> None:
    for number in range(moves):
        mover = (first, second)[number % 2]
        assert mover.ask("move", id=match_id, **move(*SHORT_WIN[number]))["ok"]


@both_ways
def test_from_a_table_to_its_match(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    owner, guest, bystander = (
        arrive(one_kind, "own"),
        arrive(other_kind, "joi"),
        arrive("browser", "bys"),
    )
    in_lobby(bystander)
    ack = owner.ask("open_table", variant="swap", time="180+2", rated=False)
    assert ack["ok"]
    row = own_table(owner)
    if one_kind == "browser":
        assert ack["table"] == row
    expected = {
        "game": "uttt",
        "variant": "swap",
        "rated": False,
        "private": False,
        "time": "180+2",
        "owner": owner.name,
        "elo": 1000,
        "registered": True,
        "invitee": None,
    }
    assert expected.items() <= row.items()
    assert bystander.until("table_update") == row
    state = in_lobby(guest)
    assert row in state["tables"]
    assert state["own"] is None
    assert guest.ask("join_table", id=row["id"])["ok"]
    assert bystander.until("table_gone") == {"id": row["id"]}
    for player in (owner, guest):
        player.until("match_begins")  # perhaps by way of another worker
        assert [d for t, d in player.heard if t == "match_begins"] == [{"id": row["id"]}]
        updates = [d for t, d in player.heard if t == "match_update"]
        assert [update["id"] for update in updates] == [row["id"]]
        assert updates[0]["match_state"]["player_a"] == owner.name
        assert updates[0]["clock"]["base"] == 180
    assert own_table(owner) is None
    assert bystander.ask("join_table", id=row["id"])["code"] == "no_such_table"
    assert row["id"] not in json.dumps(in_lobby(guest)["tables"])


@both_ways
def test_closing_and_opening_again(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    owner, other = arrive(one_kind, "own"), arrive(other_kind, "oth")
    in_lobby(other)
    assert owner.ask("close_table")["code"] == "no_such_table"
    for _ in range(2):
        assert owner.ask("open_table")["ok"]
        row = own_table(owner)
        assert other.until("table_update")["id"] == row["id"]
        assert owner.ask("open_table")["code"] == "table_open"
        assert in_lobby(owner)["own"]["id"] == row["id"]
        assert other.ask("close_table", id=row["id"])["code"] == "no_such_table"
        assert owner.ask("close_table")["ok"]
        assert other.until("table_gone") == {"id": row["id"]}
        assert own_table(owner) is None


@both_ways
def test_a_challenge_and_its_answers(arrive: Arrive, one_kind: str, other_kind: str) -> None:
    challenger, challenged = arrive(one_kind, "cha"), arrive(other_kind, "lle")
    stranger = arrive("browser", "str")
    in_lobby(stranger)
    reasons = {
        "declined": (challenged, "decline_challenge"),
        "withdrawn": (challenger, "withdraw_challenge"),
        "accepted": (challenged, "accept_challenge"),
    }
    for reason, (person, request) in reasons.items():
        assert challenger.ask("challenge", player=challenged.name, time="86400")["ok"]
        row = challenged.until("challenge")
        assert (row["owner"], row["invitee"]) == (challenger.name, challenged.name)
        assert challenger.ask("challenge", player=challenged.name)["code"] == "challenge_open"
        assert in_lobby(challenged)["challenges"] == {"incoming": [row], "outgoing": []}
        assert in_lobby(challenger)["challenges"] == {"incoming": [], "outgoing": [row]}
        for answer in ("accept_challenge", "decline_challenge", "withdraw_challenge"):
            assert stranger.ask(answer, id=row["id"])["code"] == "no_such_challenge"
        assert person.ask(request, id=row["id"])["ok"]
        for player in (challenger, challenged):
            gone = of_type(player, "challenge_gone")[-1][1]
            assert gone == {"id": row["id"], "reason": reason, "by": person.name}
            player.forget()
    assert row["id"] not in json.dumps(stranger.settle())
    play(row["id"], challenger, challenged, 2)


def test_a_match_and_a_table_are_acknowledged(arrive: Arrive) -> None:
    owner, other = arrive("browser", "own"), arrive("browser", "oth")
    opened = owner.ask("open_table", private=True)["table"]
    joined = other.ask("join_table", owner=owner.name, code=opened["code"])
    assert joined == {"ok": True, "match": opened["id"]}
    assert other.ask("join_table", id=opened["id"]) == joined, "once more is the same"
    play(opened["id"], owner, other, 2)
    assert owner.ask("end_match", id=opened["id"])["ok"]
    challenge = owner.ask("challenge", player=other.name, private=True, code="plum-7")["table"]
    assert challenge["code"] == "plum-7"
    seen = other.until("challenge")
    assert seen["private"]
    assert "code" not in seen
    accepted = other.ask("accept_challenge", id=challenge["id"])
    assert accepted == {"ok": True, "match": challenge["id"]}


@pytest.mark.parametrize("kind", ["browser", "raw"])
@pytest.mark.parametrize(
    ("request_type", "data", "code"),
    [
        ("open_table", {"game": "chess"}, "bad_game"),
        ("open_table", {"variant": "upside-down"}, "bad_variant"),
        ("open_table", {"time": "61"}, "bad_time"),
        ("open_table", {"time": "1+1"}, "bad_time"),
        ("open_table", {"time": 600}, "malformed"),
        ("open_table", {"rated": "yes"}, "malformed"),
        ("open_table", {"private": True, "code": "abc"}, "bad_code"),
        ("open_table", [], "malformed"),
        ("join_table", {}, "malformed"),
        ("join_table", {"id": NOWHERE, "owner": "ann"}, "malformed"),
        ("join_table", {"id": NOWHERE}, "no_such_table"),
        ("join_table", {"id": NOWHERE, "code": "plum-7"}, "no_such_table"),
        ("join_table", {"owner": "no-such-user"}, "no_such_table"),
        ("join_table", {"owner": "no-such-user", "code": "plum-7"}, "wrong_code"),
        ("join_table", {"id": "\0"}, "no_such_table"),
        ("close_table", {"id": 5}, "malformed"),
        ("challenge", {}, "malformed"),
        ("challenge", {"player": "no-such-user"}, "unknown_user"),
        ("challenge", {"player": "no-such-user", "time": "x"}, "bad_time"),
        ("accept_challenge", {}, "malformed"),
        ("accept_challenge", {"id": NOWHERE}, "no_such_challenge"),
        ("decline_challenge", {"id": NOWHERE}, "no_such_challenge"),
        ("withdraw_challenge", {"id": NOWHERE}, "no_such_challenge"),
        ("watch", {"id": NOWHERE, "code": "plum-7"}, "no_such_match"),
        ("unwatch", {}, "malformed"),
    ],
)
def test_what_is_refused(
    arrive: Arrive, kind: str, request_type: str, data: Any, code: str
) -> None:
    person = arrive(kind, "ref")
    if isinstance(person, Raw):
        person.client.send_text(json.dumps({"type": request_type, "data": data}))
        error = person.until("error")
    else:
        person.socket.ask_raw(request_type, {"type": request_type, "data": data})
        error = person.until("error")
    assert (error["code"], error["request"]) == (code, request_type)
    assert person.ask("match_states_request")["ok"]


def test_strangers_do_nothing_in_the_hall(server: Server) -> None:
    with Visitor(server.url).socket() as stranger:
        for type in NEW_REQUESTS:
            ack = stranger.ask(type, id=NOWHERE, player="x", owner="x")
            assert ack["error"]["code"] == "sign_in"


@both_ways
def test_a_private_game_is_nowhere_without_its_code(
    server: Server, arrive: Arrive, one_kind: str, other_kind: str
) -> None:
    owner, guest = arrive(one_kind, "own"), arrive(other_kind, "joi")
    outsiders = [arrive("browser", "out"), arrive("raw", "out")]
    code = f"sesame-{secrets.token_hex(4)}"
    for outsider in outsiders:
        in_lobby(outsider)
    assert owner.ask("open_table", private=True, code=code, time="86400")["ok"]
    row = own_table(owner)
    assert row["code"] == code
    game = row["id"]

    def guess(outsider: Person) -> None:
        """Everything that could be tried: answered as if there were nothing at all."""
        for data in ({}, {"code": ""}, {"code": "sesame"}):
            for known, unknown in (
                ({"id": game}, {"id": NOWHERE}),
                ({"owner": owner.name}, {"owner": "no-such-user"}),
            ):
                answer = outsider.ask("join_table", **known, **data)
                assert not answer["ok"]
                assert answer == outsider.ask("join_table", **unknown, **data)
            for type in ("watch", "match_log"):
                answer = outsider.ask(type, id=game, **data)
                assert answer == {"ok": False, "code": "no_such_match"}
        for type in ("move", "end_match", "rematch", "match_states_request"):
            answer = outsider.ask(type, id=game, **move(0, 0))
            assert answer == {"ok": False, "code": "no_such_match"}
        for type in ("accept_challenge", "close_table"):
            assert not outsider.ask(type, id=game)["ok"]

    for outsider in outsiders:
        guess(outsider)
        assert in_lobby(outsider)["tables"] == []
    assert guest.ask("join_table", id=game, code=code)["ok"]
    play(game, owner, guest, 4)
    for outsider in outsiders:
        guess(outsider)
        assert game not in json.dumps(in_lobby(outsider))
    with Visitor(server.url).socket() as stranger:
        assert stranger.ask("watch", id=game)["error"]["code"] == "no_such_match"
        assert stranger.ask("watch", id=game, code="wrong")["error"]["code"] == "no_such_match"
        assert stranger.ask("watch", id=game, code=code) == {"ok": True}
        assert stranger.hear_until("match_update")["private"] is True
        assert guest.until("watchers") == {"id": game, "count": 1}
    assert guest.ask("end_match", id=game)["ok"]
    for outsider in outsiders:
        guess(outsider)
        said = json.dumps(outsider.settle())
        assert game not in said
        assert code not in said


@both_ways
def test_watchers_are_counted(
    server: Server, arrive: Arrive, one_kind: str, other_kind: str
) -> None:
    player, other = arrive(one_kind, "pla"), arrive(other_kind, "pla")
    lobby = arrive("browser", "lob")
    in_lobby(lobby)
    assert player.ask("open_table", time="86400")["ok"]
    game = own_table(player)["id"]
    other.ask("join_table", id=game)
    play(game, player, other, 2)
    live = lobby.until("live_update")
    assert [entry["name"] for entry in live["players"]] == [player.name, other.name]
    assert (live["id"], live["moves"], live["watchers"], live["time"]) == (game, 2, 0, "86400")
    watcher = arrive("raw", "wat")
    assert watcher.ask("watch", id=game)["ok"]
    assert ("watchers", {"id": game, "count": 1}) in watcher.settle()
    with Visitor(server.url).socket() as stranger:
        assert stranger.ask("watch", id=game)["ok"]
        assert stranger.ask("watch", id=game)["ok"], "twice is once"
        for person in (player, other, watcher, lobby):
            while (data := person.until("watchers", "live_update")).get(
                "count", data.get("watchers")
            ) != 2:
                pass
        assert [r["watchers"] for r in in_lobby(lobby)["live"] if r["id"] == game] == [2]
    for expected, leaving in ((1, None), (0, watcher)):
        if leaving is not None:
            assert leaving.ask("unwatch", id=game)["ok"]
        while player.until("watchers")["count"] != expected:
            pass
    assert other.ask("end_match", id=game)["ok"]
    assert lobby.until("live_gone") == {"id": game}
    assert game not in json.dumps(in_lobby(arrive("raw", "lat"))["live"])


def test_players_are_not_counted(arrive: Arrive) -> None:
    player, other = arrive("browser", "pla"), arrive("raw", "pla")
    game = player.ask("open_table", time="86400")["table"]["id"]
    other.ask("join_table", id=game)
    for person in (player, other):
        assert person.ask("watch", id=game)["ok"]
        assert ("watchers", {"id": game, "count": 0}) in person.settle()


@pytest.mark.parametrize("kind", ["browser", "raw"])
def test_a_rematch_takes_the_spectators_along(arrive: Arrive, kind: str) -> None:
    player, other, watcher = arrive("browser", "pla"), arrive("raw", "pla"), arrive(kind, "wat")
    code = "sesame-open"
    game = player.ask("open_table", private=True, code=code, time="86400")["table"]["id"]
    other.ask("join_table", id=game, code=code)
    assert watcher.ask("watch", id=game, code=code)["ok"]
    play(game, player, other, len(SHORT_WIN))
    again = player.ask("rematch", id=game)["match"]
    offer = watcher.until("rematch")
    assert (offer["id"], offer["match"]) == (game, again)
    other.ask("move", id=again, **move(0, 0))  # sides are swapped
    while (update := watcher.until("match_update"))["version"] != 1 or update["id"] != again:
        pass
    assert update["match_state"]["player_a"] == other.name
    assert watcher.ask("watch", id=again, code=code)["ok"]
    assert ("watchers", {"id": again, "count": 1}) in watcher.settle()
    assert watcher.ask("unwatch", id=again)["ok"]
    watcher.forget()
    player.ask("move", id=again, **move(0, 1))
    assert of_type(watcher, "match_update") == []
    while player.until("watchers") != {"id": again, "count": 0}:
        pass


@both_ways
def test_the_blocked_hear_nothing_of_each_other(
    arrive: Arrive, one_kind: str, other_kind: str
) -> None:
    owner, blocked = arrive(one_kind, "own"), arrive(other_kind, "blo")
    in_lobby(blocked)
    assert owner.ask("block", user=blocked.name)["ok"]
    assert owner.ask("open_table")["ok"]
    game = own_table(owner)["id"]
    assert blocked.ask("join_table", id=game)["code"] == "no_such_table"
    assert blocked.ask("join_table", owner=owner.name)["code"] == "no_such_table"
    for one, other in ((owner, blocked), (blocked, owner)):
        assert one.ask("challenge", player=other.name)["code"] == "blocked"
    assert game not in json.dumps([in_lobby(blocked), of_type(blocked, "table_update")])


def test_guessing_is_limited(make_server: Callable[..., Server], arrive: Arrive) -> None:
    server = make_server(RATELIMIT_ENABLED="1", CODE_LIMIT="3 per minute")
    owner, guesser = arrive("browser", "own", server), arrive("raw", "gue", server)
    opened = owner.ask("open_table", private=True)["table"]
    for number in range(3):
        answer = guesser.ask("join_table", owner=owner.name, code=f"guess{number}")
        assert answer["code"] == "wrong_code"
    for data in ({"owner": owner.name}, {"id": opened["id"]}, {"owner": "nobody"}):
        answer = guesser.ask("join_table", **data, code=opened["code"])
        assert answer["code"] == "too_many"


def test_joining_at_once_through_two_workers(
    make_server: Callable[..., Server], arrive: Arrive
) -> None:
    workers = [make_server(), make_server()]
    owner = arrive("browser", "own", workers[0])
    others = [arrive("raw", "joi", workers[n % 2]) for n in range(6)]
    for _ in range(4):
        game = owner.ask("open_table", time="86400")["table"]["id"]
        for other in others:
            other.forget()
            other.client.send("join_table", {"id": game})
        answers = [other.until("error", "match_begins") for other in others]
        assert [answer.get("code") for answer in answers].count("no_such_table") == 5
        assert {"id": game} in answers
        winner = others[answers.index({"id": game})]
        assert winner.ask("end_match", id=game)["ok"]
