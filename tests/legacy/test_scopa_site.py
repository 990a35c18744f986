"""What the website asks old scopa clients, and what it answers them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import accounts, matches, presence, tables
from app.services.sessions import Caller, Client
from app.services.tables import FREE, Ask, Bot, Setup
from tests.legacy.scopa_clients import PASSWORD, Inside, ScopaClient, teams

Make = Callable[..., Inside]


@pytest.fixture
def house(inside: Make) -> Inside:
    return inside("anna", "bob", "cleo")


def caller(house: Inside, name: str) -> Caller:
    return accounts.sign_in(house.house, name, PASSWORD, client=Client("", "")).caller


def quiet(*clients: ScopaClient) -> None:
    for client in clients:
        assert client.settle() == []


def test_a_challenge_of_the_website_is_a_proposal(house: Inside) -> None:
    bob = house.old("bob")
    anna = caller(house, "anna")
    row = tables.challenge(house.house, anna, "bob", Setup("scopa", "cirulla"))
    assert bob.expect("match_proposal") == {"game": "cirulla", "teams": teams("anna", "bob")}
    bob.say("match_proposal", "accept")
    bob.expect("match_started")
    bob.info("cards_description")
    assert matches.get(house.house, row.id).grace is None


def test_a_refusal_and_a_withdrawal_on_the_website(house: Inside) -> None:
    bob = house.documented("bob")
    anna, setup = caller(house, "anna"), Setup("scopa", "classic")
    tables.challenge(house.house, anna, "bob", setup)
    bob.expect("match_proposal")
    bob.say("match_proposal", "refuse")
    quiet(bob)
    assert tables.challenges(house.house, anna.user_id) == ([], [])
    row = tables.challenge(house.house, anna, "bob", setup)
    bob.expect("match_proposal")
    tables.withdraw(house.house, anna, row.id)
    assert bob.expect("player_refused") == "anna"


def test_a_challenge_to_another_game_is_not_shown(house: Inside) -> None:
    bob = house.documented("bob")
    tables.challenge(house.house, caller(house, "anna"), "bob", Setup("uttt"))
    quiet(bob)


def test_a_table_is_shown_once_everybody_has_a_name(house: Inside) -> None:
    bob = house.documented("bob")
    anna = caller(house, "anna")
    plans = [Ask("bob"), FREE, Bot("easy", "cpu1")]
    setup = Setup("scopa", "classic", options={"players": 4})
    row = tables.open(house.house, anna, setup, plans)
    quiet(bob)
    cleo = caller(house, "cleo")
    tables.join(house.house, cleo, row.id)
    assert bob.expect("match_proposal")["teams"] == teams("anna", "bob", "cleo", "cpu1")
    tables.stand(house.house, cleo, row.id)
    assert bob.expect("player_refused") == "anna"
    tables.join(house.house, cleo, row.id)
    bob.expect("match_proposal")
    bob.say("match_proposal", "accept")
    bob.expect("match_started")


def test_a_proposal_comes_before_a_challenge_that_can_wait(house: Inside) -> None:
    bob, cleo = house.documented("bob"), house.documented("cleo")
    tables.challenge(house.house, caller(house, "anna"), "bob", Setup("scopa", "classic"))
    assert bob.expect("match_proposal")["teams"] == teams("anna", "bob")
    cleo.propose("cleo", "bob", game="rebello")
    assert bob.expect("player_refused") == "anna"
    assert bob.expect("match_proposal") == {"game": "rebello", "teams": teams("cleo", "bob")}
    bob.say("match_proposal", "refuse")
    assert cleo.expect("player_refused") == "bob"
    assert bob.expect("match_proposal")["teams"] == teams("anna", "bob")


def test_names_that_old_clients_cannot_bear_are_not_shown_to_them(inside: Make) -> None:
    house = inside("9lives", "bob")
    bob = house.documented("bob")
    tables.challenge(house.house, caller(house, "9lives"), "bob", Setup("scopa", "classic"))
    quiet(bob)


def test_the_website_accepts_a_proposal_of_an_old_client(house: Inside) -> None:
    anna = house.old("anna")
    bob = caller(house, "bob")
    presence.connect(house.house, bob, "socket.io")
    anna.propose("anna", "bob")
    anna.settle()
    ((row,), _) = tables.challenges(house.house, bob.user_id)
    tables.accept(house.house, bob, row.id)
    anna.expect("match_started")
