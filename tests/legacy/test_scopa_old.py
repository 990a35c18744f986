"""What the old browser client of scopa needs beyond the documented protocol."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import accounts, matches, players, presence, tables
from app.services.sessions import Caller, Client
from app.services.tables import Setup
from tests.legacy.cage import eventually
from tests.legacy.scopa_clients import PASSWORD, Inside, ScopaClient, Table, listen, play_on

Make = Callable[..., Inside]
Seat = tuple[ScopaClient, Table]


@pytest.fixture
def house(inside: Make) -> Inside:
    return inside("anna", "bob")


def caller(house: Inside, name: str) -> Caller:
    return accounts.sign_in(house.house, name, PASSWORD, client=Client("", "")).caller


def begin(house: Inside, first: ScopaClient, second: ScopaClient) -> tuple[Seat, Seat]:
    """A match of anna, who proposes it, and bob."""
    first.propose("anna", "bob")
    second.expect("match_proposal")
    second.say("match_proposal", "accept")
    seats = []
    for name, client in (("anna", first), ("bob", second)):
        client.expect("match_started")
        table = Table(name)
        listen(client, table)
        seats.append((client, table))
    return seats[0], seats[1]


def running(house: Inside, name: str) -> str | None:
    return players.running(house.house, caller(house, name).user_id)


# Playing


def test_a_hand_that_was_locked_is_freed_by_waiting(house: Inside) -> None:
    seats = begin(house, house.old("anna"), house.old("bob"))
    mover, waiter = seats if seats[0][1].waiting == "anna" else seats[::-1]
    client, table = mover
    for card, player in ((40, table.me), (table.hand[0]["id"], waiter[1].me)):
        client.play(player, card)
        assert client.info("waiting") == table.me
    client.say("match_data", {"command": "human_play", "data": {}})
    assert client.info("waiting") == table.me
    waiter[0].play(waiter[1].me, waiter[1].hand[0]["id"])
    assert waiter[0].settle() == client.settle() == []
    play_on(mover, waiter, plays=3)


def test_a_choice_is_followed_by_waiting_and_told_to_its_player_alone(house: Inside) -> None:
    seats = begin(house, house.old("anna"), house.old("bob"))
    for _ in range(400):
        mover, waiter = seats if seats[0][1].waiting == "anna" else seats[::-1]
        client, table = mover
        client.play(table.me, table.hand[0]["id"])
        listen(client, table)
        if table.choice is not None:
            break
        listen(*waiter)
        if table.winners is not None:
            pytest.skip("no choice came up in a whole match")
    assert table.waiting == table.me
    assert len(table.choice or ()) > 1
    assert waiter[0].settle() == []


# The end


def finished(house: Inside) -> tuple[ScopaClient, ScopaClient]:
    """Two old clients whose match is over, and who have been told who won."""
    one, two = begin(house, house.old("anna"), house.old("bob"))
    matches.end(house.house, caller(house, "bob"), str(running(house, "bob")))
    for client, table in (one, two):
        listen(client, table)
        assert table.winners is not None
    return one[0], two[0]


def test_the_end_comes_when_it_has_been_shown(house: Inside) -> None:
    anna, bob = finished(house)
    assert house.roll(anna) == {"anna": "available", "bob": "available"}
    house.later(19)
    assert ("match_end", None) not in anna.settle() + bob.settle()
    house.later(21)
    anna.expect("match_end")
    bob.expect("match_end")
    house.later(60)
    assert ("match_end", None) not in anna.settle() + bob.settle()


def test_the_end_comes_before_what_is_asked_next(house: Inside) -> None:
    anna, bob = finished(house)
    anna.propose("anna", "bob")
    anna.expect("match_end")
    bob.expect("match_proposal")
    bob.say("match_proposal", "accept")
    bob.expect("match_end")
    for client in (anna, bob):
        client.expect("match_started")
    for client in (anna, bob):
        assert ("match_end", None) not in client.settle()
    house.later(30)
    for client in (anna, bob):
        assert ("match_end", None) not in client.settle()


def test_what_is_said_after_the_end_ends_it_too(house: Inside) -> None:
    anna, _ = finished(house)
    anna.say("chat", "Well played!")
    anna.expect("match_end")
    anna.refused("no_match")


def test_the_end_comes_before_another_match(house: Inside) -> None:
    anna, _ = finished(house)
    elsewhere = house.documented("anna")
    elsewhere.propose("anna", "cpu1")
    anna.expect("match_end")
    anna.expect("match_started")


# Leaving


def test_who_leaves_a_match_ends_it_at_once(house: Inside) -> None:
    (anna, table), (bob, _) = begin(house, house.documented("anna"), house.old("bob"))
    bob.drop()
    while table.winners is None:
        control, data = anna.receive()
        if control == "match_data":
            table.show(data)
    assert ("ended", {"reason": "abort", "player": "bob"}) in table.infos
    anna.expect("match_end")


def test_who_leaves_while_the_end_is_shown_leaves_nothing(house: Inside) -> None:
    anna, bob = finished(house)
    bob.drop()
    eventually(lambda: len(house.house.connections) == 1)
    house.later(30)
    assert ("match_end", None) in anna.settle()


def test_who_is_on_the_website_too_has_not_left(house: Inside) -> None:
    bob = caller(house, "bob")
    presence.connect(house.house, bob, "socket.io")
    (anna, _), (old, _) = begin(house, house.documented("anna"), house.old("bob"))
    old.drop()
    eventually(lambda: len(house.house.connections) == 2)
    anna.settle()
    assert running(house, "anna") is not None


def test_a_worker_that_stops_ends_no_match(house: Inside) -> None:
    (anna, _), (bob, _) = begin(house, house.old("anna"), house.old("bob"))
    match_id = running(house, "bob")
    house.house.connections.clear()  # as app.closing does it
    presence.leave(house.house)
    house.app.extensions["edge"].exchange.close_all()
    assert anna.closed() == bob.closed() == 1001
    eventually(lambda: not len(house.app.extensions["edge"].exchange))
    assert running(house, "bob") == match_id


def test_who_was_cut_off_and_comes_again_has_left(house: Inside) -> None:
    (anna, table), (bob, _) = begin(house, house.documented("anna"), house.old("bob"))
    table.infos.clear()
    # The worker was killed, and started again; anna is back already.
    presence.leave(house.house)
    house.house.connections.clear()
    presence.arrive(house.house)
    presence.connect(house.house, caller(house, "anna"), "socket.io")
    again = house.old("bob")
    assert running(house, "bob") is None
    assert again.settle() == []
    while table.winners is None:
        control, data = anna.receive()
        if control == "match_data":
            table.show(data)
    assert ("ended", {"reason": "abort", "player": "bob"}) in table.infos
    bob.drop()


def test_a_match_of_the_website_goes_on_without_the_client(house: Inside) -> None:
    anna = caller(house, "anna")
    row = tables.challenge(house.house, anna, "bob", Setup("scopa", "classic"))
    bob = house.old("bob")
    bob.expect("match_proposal")
    bob.say("match_proposal", "accept")
    bob.expect("match_started")
    bob.drop()
    eventually(lambda: not house.house.connections)
    assert not matches.get(house.house, row.id).over


def test_the_computer_plays_on_when_it_is_its_turn(house: Inside) -> None:
    client = house.old("anna")
    client.propose("anna", "cpu1")
    client.expect("match_started")
    record = matches.get(house.house, str(running(house, "anna")))
    assert [seat.bot for seat in record.seats] == [None, "medium"]
    table = Table("anna")
    listen(client, table)
    play_on((client, table))
    assert table.winners in (["anna"], ["cpu1"])
