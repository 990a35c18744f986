"""How a match comes about at scopa clients: who may be asked, who answers what, who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import accounts, friends, tables
from app.services.sessions import Caller, Client
from app.services.tables import Bot, Setup
from tests.legacy.cage import eventually
from tests.legacy.scopa_clients import PASSWORD, Inside, ScopaClient, teams

Make = Callable[..., Inside]
HUMANS = ("anna", "bob", "cleo", "dora")


@pytest.fixture
def house(inside: Make) -> Inside:
    return inside(*HUMANS)


def caller(house: Inside, name: str) -> Caller:
    return accounts.sign_in(house.house, name, PASSWORD, client=Client("", "")).caller


def four(house: Inside) -> list[ScopaClient]:
    """Four who are there, and have heard of each other."""
    clients = [house.documented(name) for name in HUMANS]
    house.later()
    for client in clients:
        client.settle()
    return clients


def quiet(*clients: ScopaClient) -> None:
    for client in clients:
        assert client.settle() == []


# Asking


@pytest.mark.parametrize(
    ("game", "given", "code"),
    [
        ("briscola", teams("anna", "bob"), "bad_game"),
        ("classic", [], "bad_teams"),
        ("classic", [[], []], "bad_teams"),
        ("classic", teams("anna", "bob")[:1], "bad_teams"),
        ("classic", [*teams("anna", "bob"), []], "bad_teams"),
        ("classic", teams("anna", "bob", "cleo"), "bad_teams"),
        ("classic", teams("anna", "bob", "cleo", "dora", "cpu1", "cpu2"), "bad_teams"),
        ("scopone", teams("anna", "bob"), "bad_teams"),
        ("classic", teams("bob", "cleo"), "bad_teams"),
        ("classic", teams("cpu1", "cpu2"), "bad_teams"),
        ("classic", teams("anna", "anna"), "bad_teams"),
        ("classic", teams("anna", "Anna"), "bad_teams"),
        ("classic", teams("anna", "cpu1", "cpu1", "bob"), "bad_teams"),
        ("classic", [[{"name": "anna", "type": "cpu"}], [{"name": "bob", "type": "human"}]],
         "bad_teams"),
        ("classic", [[{"name": "anna", "type": "human"}], [{"name": "cleo", "type": "cpu"}]],
         "bad_name"),
        ("classic", [[{"name": "anna", "type": "human"}], [{"name": "9", "type": "cpu"}]],
         "bad_name"),
        ("classic", [[{"name": "anna", "type": "human"}], [{"name": "a b", "type": "cpu"}]],
         "bad_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for(house: Inside, game: str, given: Any, code: str) -> None:
    bob = house.documented("bob")
    for client in (house.documented("anna"), house.old("anna")):
        client.say("new_match", {"game": game, "teams": given})
        client.refused(code)
        if client.head.lower().count("sec-websocket-protocol"):
            assert client.expect("player_refused") == "anna"
        quiet(client)
    quiet(bob)


@pytest.mark.parametrize(
    "data",
    [
        None,
        "classic",
        {},
        {"game": "classic"},
        {"teams": []},
        {"game": 1, "teams": []},
        {"game": "classic", "teams": {}},
        {"game": "classic", "teams": ["anna", "bob"]},
        {"game": "classic", "teams": [["anna"], ["bob"]]},
        {"game": "classic", "teams": [[{"name": "anna"}], [{"name": "bob"}]]},
        {"game": "classic", "teams": [[{"name": 1, "type": "human"}], []]},
        {"game": "classic", "teams": [[{"name": "anna", "type": "cat"}], []]},
    ],
)
def test_what_cannot_be_read(house: Inside, data: Any) -> None:
    client = house.documented("anna")
    client.say("new_match", data)
    client.refused("malformed")
    quiet(client)


def test_who_is_not_available_is_named_and_nobody_else_hears_of_it(house: Inside) -> None:
    anna, bob = house.documented("anna"), house.documented("bob")
    house.later()
    for client in (anna, bob):
        client.settle()
    for name in ("dora", "nobody", "gus"):
        anna.propose("anna", "bob", name, "cpu1")
        assert anna.expect("player_refused") == name
        quiet(anna, bob)
    house.later()
    quiet(anna, bob)


def test_who_is_blocked_is_not_available(house: Inside) -> None:
    anna, bob = house.documented("anna"), house.documented("bob")
    friends.block(house.house, caller(house, "bob"), "anna")
    anna.propose("anna", "bob")
    assert anna.expect("player_refused") == "bob"
    bob.propose("anna", "bob")
    assert bob.expect("player_refused") == "anna"


def test_names_are_read_in_small_letters(house: Inside) -> None:
    anna, bob = house.documented("anna"), house.documented("bob")
    anna.propose("ANNA", "Bob")
    assert bob.expect("match_proposal")["teams"] == teams("anna", "bob")


# Answering


def test_all_are_asked_and_busy_and_play_when_all_have_accepted(house: Inside) -> None:
    anna, bob, cleo, dora = four(house)
    anna.propose("bob", "anna", "cleo", "dora", game="classic_scopa")
    for client in (bob, cleo, dora):
        proposal = client.expect("match_proposal")
        assert proposal == {
            "game": "classic_scopa",
            "teams": teams("bob", "anna", "cleo", "dora"),
        }
    assert set(house.roll(anna).values()) == {"busy"}
    for client in (bob, cleo):
        client.expect("players")
        client.say("match_proposal", "accept")
        quiet(client)
    quiet(anna)
    dora.expect("players")
    dora.say("match_proposal", "accept")
    for client in (anna, bob, cleo, dora):
        client.expect("match_started")
        groups = client.info("cards_description")
        assert [group["owners"] for group in groups[:2]] == [["bob", "cleo"], ["anna", "dora"]]
    house.later()
    for client in (anna, bob, cleo, dora):
        assert [control for control, _ in client.settle() if control == "players"] == []


def test_one_refusal_ends_it_for_all_others(house: Inside) -> None:
    anna, bob, cleo, dora = four(house)
    anna.propose(*HUMANS)
    for client in (bob, cleo, dora):
        client.expect("match_proposal")
    assert house.roll(anna)["dora"] == "busy"
    bob.say("match_proposal", "accept")
    cleo.say("match_proposal", "refuse")
    for client in (bob, dora):
        client.settle()
    assert anna.expect("player_refused") == "cleo"
    assert set(house.roll(anna).values()) == {"available"}
    for client, code in ((bob, "no_proposal"), (cleo, "no_proposal"), (dora, "no_proposal")):
        client.settle()
        client.say("match_proposal", "accept")
        client.refused(code)


def test_everyone_asked_but_the_refuser_is_told(house: Inside) -> None:
    anna, bob, cleo, dora = four(house)
    anna.propose(*HUMANS)
    for client in (bob, cleo, dora):
        client.expect("match_proposal")
    bob.say("match_proposal", "refuse")
    for client in (anna, cleo, dora):
        assert client.expect("player_refused") == "bob"
    quiet(bob)


@pytest.mark.parametrize("gone", [0, 1])
def test_who_disconnects_has_refused(house: Inside, gone: int) -> None:
    clients = four(house)
    clients[0].propose(*HUMANS)
    for client in clients[1:]:
        client.expect("match_proposal")
    clients.pop(gone).drop()
    for client in clients:
        assert client.expect("player_refused") == HUMANS[gone]


def test_who_keeps_silent_has_refused(house: Inside) -> None:
    anna, bob, *_ = four(house)
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    assert house.roll(anna)["bob"] == "busy"
    house.later(59)
    quiet(anna)
    house.later(61)
    assert anna.expect("player_refused") == "bob"
    assert ("player_refused", "bob") in bob.settle()
    assert house.roll(anna)["bob"] == "available"


def test_who_is_asked_cannot_be_asked_nor_ask(house: Inside) -> None:
    anna, bob, cleo, _ = four(house)
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    cleo.propose("cleo", "bob")
    assert cleo.expect("player_refused") == "bob"
    bob.propose("bob", "cleo")
    assert bob.expect("player_refused") == "bob"
    anna.propose("anna", "cleo")
    assert anna.expect("player_refused") == "anna"
    quiet(anna, cleo)
    bob.say("match_proposal", "accept")
    bob.expect("match_started")


@pytest.mark.parametrize("data", [None, "perhaps", True, {}, {"answer": "accept"}, 1])
def test_an_answer_that_is_none(house: Inside, data: Any) -> None:
    anna, bob, *_ = four(house)
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    bob.say("match_proposal", data)
    bob.refused("malformed")
    quiet(anna)
    bob.say("match_proposal", "accept")
    bob.expect("match_started")


def test_an_answer_to_nothing(house: Inside) -> None:
    anna, *_ = four(house)
    for word in ("accept", "refuse"):
        anna.say("match_proposal", word)
        anna.refused("no_proposal")
    anna.propose("anna", "bob")
    anna.say("match_proposal", "accept")
    anna.refused("no_proposal")


def test_who_plays_is_asked_nothing_and_asks_nothing(house: Inside) -> None:
    anna, bob, *_ = four(house)
    anna.propose("anna", "cpu1")
    anna.expect("match_started")
    anna.settle()
    bob.propose("bob", "anna")
    assert bob.expect("player_refused") == "anna"
    anna.propose("anna", "bob")
    anna.refused("in_match")
    quiet(anna)


def test_who_cannot_play_has_refused_by_accepting(inside: Make) -> None:
    house = inside("anna", "bob", MAX_OPEN_MATCHES=1)
    anna, bob = house.documented("anna"), house.documented("bob")
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    site = Setup("scopa", "classic")
    tables.open(house.house, caller(house, "bob"), site, [Bot("easy", "cpu1")])
    refused = ("player_refused", "bob")
    bob.say("match_proposal", "accept")
    assert [control for control, _ in bob.settle()].count("match_started") == 0
    assert refused in anna.settle()


# Several connections


def test_every_connection_is_asked_and_any_may_answer(house: Inside) -> None:
    anna, bob = house.documented("anna"), house.documented("bob")
    elsewhere, old = house.documented("bob"), house.old("bob")
    anna.propose("anna", "bob")
    for client in (bob, elsewhere, old):
        client.expect("match_proposal")
    elsewhere.say("match_proposal", "accept")
    for client in (anna, bob, elsewhere, old):
        client.expect("match_started")


def test_a_refusal_elsewhere_is_told(house: Inside) -> None:
    anna, bob, elsewhere = (house.documented(name) for name in ("anna", "bob", "bob"))
    anna.propose("anna", "bob")
    for client in (bob, elsewhere):
        client.expect("match_proposal")
    elsewhere.say("match_proposal", "refuse")
    assert anna.expect("player_refused") == "bob"
    assert bob.expect("player_refused") == "bob"
    quiet(elsewhere)


def test_one_connection_of_several_may_go(house: Inside) -> None:
    anna, bob, elsewhere = (house.documented(name) for name in ("anna", "bob", "bob"))
    anna.propose("anna", "bob")
    for client in (bob, elsewhere):
        client.expect("match_proposal")
    elsewhere.drop()
    eventually(lambda: len(house.house.connections) == 2)
    bob.say("match_proposal", "accept")
    for client in (anna, bob):
        client.expect("match_started")


def test_who_comes_in_while_they_are_asked_is_shown_it(house: Inside) -> None:
    anna, bob = house.documented("anna"), house.documented("bob")
    anna.propose("anna", "bob")
    bob.expect("match_proposal")
    again = house.documented("bob")
    assert again.expect("match_proposal")["teams"] == teams("anna", "bob")
