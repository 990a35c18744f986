"""Matches at scopa clients: from the first deal to the end, what is said, and coming back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.games.scopa import SCOPA
from app.services import accounts, chat, matches, players, presence, tables
from app.services.access import Viewer
from app.services.sessions import Client
from app.services.tables import Bot, Setup
from tests.legacy.cage import eventually
from tests.legacy.scopa_clients import PASSWORD, Inside, ScopaClient, Table, listen, play_on

Make = Callable[..., Inside]
Seat = tuple[ScopaClient, Table]


def started(client: ScopaClient, name: str) -> Seat:
    """A player whose match begins with the next message, which has read up to the first turn."""
    client.expect("match_started")
    table = Table(name)
    listen(client, table)
    assert table.infos[0][0] == "cards_description"
    return client, table


def begin(*clients: tuple[str, ScopaClient], game: str = "classic") -> list[Seat]:
    """A match of these, proposed by the first and accepted by the others."""
    names = [name for name, _ in clients]
    clients[0][1].propose(*names, game=game)
    for _, client in clients[1:]:
        client.expect("match_proposal")
        client.say("match_proposal", "accept")
    return [started(client, name) for name, client in clients]


def test_a_match_of_two_to_its_end(inside: Make) -> None:
    house = inside("anna", "bob")
    one, two = begin(("anna", house.documented("anna")), ("bob", house.documented("bob")))
    play_on(one, two)
    assert one[1].winners == two[1].winners
    for client, _ in (one, two):
        client.expect("match_end")
    summaries = [data for kind, data in one[1].infos if kind == "summary"]
    assert [side["players"] for side in summaries[-1]] == [["anna"], ["bob"]]
    assert max(side["total"] for side in summaries[-1]) >= 11


@pytest.mark.parametrize("game", ["cirulla", "cucita", "rebello", "classic_scopa"])
def test_every_game_against_the_computer(inside: Make, game: str) -> None:
    house = inside("anna")
    client = house.documented("anna")
    client.propose("anna", "cpu1", game=game)
    seat = started(client, "anna")
    play_on(seat)
    client.expect("match_end")
    assert seat[1].winners in (["anna"], ["cpu1"])


def misdealt(variant: str) -> bytes:
    """A seed whose first cards are dealt again."""
    options = SCOPA.parse_options({"variant": variant})
    seeds = (number.to_bytes(32, "big") for number in range(10_000))
    return next(
        seed
        for seed in seeds
        if any(event.kind == "misdealt" for event in SCOPA.initial(options, seed).events)
    )


@pytest.mark.parametrize("game", ["cirulla", "classic"])
def test_cards_that_are_dealt_again(
    inside: Make, draw: Callable[[Callable[[int], bytes]], None], game: str
) -> None:
    house = inside("anna", "bob")
    seed = misdealt(game)
    draw(lambda _: seed)
    clients = (("anna", house.documented("anna")), ("bob", house.old("bob")))
    seats = begin(*clients, game=game)
    for _, table in seats:
        assert len(table.groups["table_cards"]) == 4
        assert len(table.hand) == 3
    play_on(*seats)
    assert seats[0][1].winners == seats[1][1].winners


def test_four_of_whom_one_is_old_and_one_the_computer(inside: Make) -> None:
    house = inside("anna", "bob", "cleo")
    clients = [("anna", house.documented("anna")), ("bob", house.old("bob"))]
    clients.append(("cleo", house.documented("cleo")))
    clients[0][1].propose("anna", "bob", "cpu7", "cleo", game="scopone")
    for _, client in clients[1:]:
        proposal = client.expect("match_proposal")
        assert [[player["name"] for player in team] for team in proposal["teams"]] == [
            ["anna", "cpu7"],
            ["bob", "cleo"],
        ]
        client.say("match_proposal", "accept")
    seats = [started(client, name) for name, client in clients]
    play_on(*seats)
    assert seats[0][1].winners in (["anna", "cpu7"], ["bob", "cleo"])
    for _, client in (clients[0], clients[2]):
        client.expect("match_end")


# What may not be played


@pytest.fixture
def seats(inside: Make) -> tuple[Inside, Seat, Seat]:
    """A house with a match of anna and bob: who is to play, and who waits."""
    house = inside("anna", "bob")
    one, two = begin(("anna", house.documented("anna")), ("bob", house.documented("bob")))
    return (house, one, two) if one[1].waiting == "anna" else (house, two, one)


def test_what_cannot_be_played_is_told_to_nobody_else(seats: tuple[Inside, Seat, Seat]) -> None:
    _, (mover, mine), (waiter, theirs) = seats
    card, theirs_card = mine.hand[0]["id"], theirs.hand[0]["id"]
    on_table = mine.groups["table_cards"][0]["id"]
    refusals = [
        (mover, theirs.me, card, {}, "wrong_player"),
        (mover, "cpu1", card, {}, "wrong_player"),
        (mover, mine.me, theirs_card, {}, "illegal"),
        (mover, mine.me, on_table, {}, "illegal"),
        (mover, mine.me, 40, {}, "illegal"),
        (mover, mine.me, -1, {}, "illegal"),
        (mover, mine.me, 10**30, {}, "illegal"),
        (mover, mine.me, card, {"take": 99}, "illegal"),
        (waiter, theirs.me, theirs_card, {}, "not_your_turn"),
        (waiter, mine.me, card, {}, "wrong_player"),
    ]
    for client, player, played, take, code in refusals:
        client.play(player, played, **take)
        assert client.info("error")["code"] == code, (player, played, take)
    assert mover.settle() == waiter.settle() == []
    play_on((mover, mine), (waiter, theirs), plays=4)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "human_play",
        {},
        {"command": "human_play"},
        {"command": "human_play", "data": None},
        {"command": "human_play", "data": {"player": "anna"}},
        {"command": "human_play", "data": {"card": 1}},
        {"command": "human_play", "data": {"player": 1, "card": 1}},
        {"command": "human_play", "data": {"player": "anna", "card": "1"}},
        {"command": "human_play", "data": {"player": "anna", "card": 1.5}},
        {"command": "human_play", "data": {"player": "anna", "card": True}},
        {"command": "human_play", "data": {"player": "anna", "card": 1, "take": "0"}},
        {"command": "human_play", "data": {"player": "anna", "card": 1, "take": [0]}},
        {"command": 1, "data": {"player": "anna", "card": 1}},
        {"command": "cpu_play", "data": {"player": "anna", "card": 1}},
    ],
)
def test_what_cannot_be_read_is_told_in_the_protocols_form(inside: Make, data: object) -> None:
    house = inside("anna")
    client, old = house.documented("anna"), house.old("anna")
    for code in ("no_match", None):
        client.say("match_data", data)
        told = client.info("error")["code"]
        assert told in ("malformed", "unknown_command"), code
        old.say("match_data", data)
        assert old.settle() == []
        if code:
            client.propose("anna", "cpu1")
            for each in (client, old):
                started(each, "anna")
            break


def test_a_play_without_a_match(inside: Make) -> None:
    house = inside("anna")
    client, old = house.documented("anna"), house.old("anna")
    client.play("anna", 1)
    assert client.info("error")["code"] == "no_match"
    old.play("anna", 1)
    assert old.settle() == []


# Chat


def test_what_is_said_reaches_the_players_and_nobody_else(seats: tuple[Inside, Seat, Seat]) -> None:
    house, (mover, mine), (waiter, _) = seats
    house.account("cleo")
    cleo = house.documented("cleo")
    for client in (mover, waiter):
        client.settle()
    mover.say("chat", " Nice  move! ")
    for client in (mover, waiter):
        line = client.expect("chat")
        assert (line["player"], line["message"]) == (mine.me, "Nice move!")
    assert cleo.settle() == []
    cleo.say("chat", "may I?")
    cleo.refused("no_match")


@pytest.mark.parametrize(
    ("data", "code"),
    [(None, "malformed"), ({"message": "x"}, "malformed"), (7, "malformed"), ("", "empty"),
     ("\u200b", "empty"), ("x" * 301, "too_long")],
)  # fmt: skip
def test_what_cannot_be_said(seats: tuple[Inside, Seat, Seat], data: object, code: str) -> None:
    _, (mover, _), (waiter, _) = seats
    mover.say("chat", data)
    mover.refused(code)
    assert waiter.settle() == []


def test_the_website_hears_it_too_and_is_heard(seats: tuple[Inside, Seat, Seat]) -> None:
    house, (mover, mine), _ = seats
    caller = accounts.sign_in(house.house, mine.me, PASSWORD, client=Client("", "")).caller
    (record,) = matches.open_of(house.house, caller.user_id)
    viewer = Viewer(caller.user_id, "")
    chat.say(house.house, caller, viewer, f"match:{record.id}", "from the website")
    assert mover.expect("chat")["message"] == "from the website"
    chat.say(house.house, caller, viewer, "lobby", "not for the match")
    mover.say("chat", "hello")
    assert mover.expect("chat")["message"] == "hello"
    lines = chat.history(house.house, viewer, f"match:{record.id}")
    assert [line.text for line in lines] == ["from the website", "hello"]


# Coming back


def test_a_lost_connection_gets_the_whole_table_back(seats: tuple[Inside, Seat, Seat]) -> None:
    house, (mover, mine), (waiter, theirs) = seats
    play_on((mover, mine), (waiter, theirs), plays=3)
    waiter.drop()
    eventually(lambda: presence.count(house.house) == 1)
    assert house.roll(mover)[theirs.me] == "offline"
    back = house.connect()
    there = back.sign_in(theirs.me)
    assert {"username": theirs.me, "status": "busy"} in there
    back.expect("match_started")
    again = Table(theirs.me)
    listen(back, again)
    for group in ("table_cards", f"hand_{theirs.me}", "main_deck"):
        shown = {card["id"] for card in again.groups[group]}
        if group != "main_deck":
            assert shown == {card["id"] for card in theirs.groups[group]}, group
    assert house.roll(mover)[theirs.me] == "busy"
    play_on((mover, mine), (back, again))
    for client in (mover, back):
        assert ("match_end", None) in client.settle()


def test_who_stays_away_has_left(inside: Make) -> None:
    house = inside("anna", "bob", SCOPA_GRACE=0)
    anna, bob = house.documented("anna"), house.documented("bob")
    one, two = begin(("anna", anna), ("bob", bob))
    play_on(one, two, plays=2)
    bob.drop()
    eventually(lambda: presence.count(house.house) == 1)
    eventually(lambda: (house.later(), players.running(house.house, 1) is None)[1])
    table = one[1]
    while table.winners is None:
        control, data = anna.receive()
        if control == "match_data":
            table.show(data)
    assert table.winners == ["anna"]
    assert ("ended", {"reason": "resign", "player": "bob"}) in table.infos
    anna.expect("match_end")
    assert house.roll(anna) == {"anna": "available", "bob": "offline"}


# Several connections, several matches


def test_every_connection_of_a_player_is_in_the_match(inside: Make) -> None:
    house = inside("anna", "bob")
    anna, other, old = house.documented("anna"), house.documented("anna"), house.old("anna")
    bob = house.documented("bob")
    one, two = begin(("anna", anna), ("bob", bob))
    seats = [one, two, started(other, "anna"), started(old, "anna")]
    late = house.connect()
    late.sign_in("anna")
    late.expect("match_started")
    table = Table("anna")
    listen(late, table)
    play_on(*seats, (late, table))
    for client in (anna, other, late, bob):
        client.expect("match_end")


def test_one_of_several_connections_leaves_and_the_match_goes_on(inside: Make) -> None:
    house = inside("anna", "bob")
    old, anna = house.old("anna"), house.documented("anna")
    one, two = begin(("anna", anna), ("bob", house.documented("bob")))
    started(old, "anna")
    old.drop()
    eventually(lambda: len(house.house.connections) == 2)
    play_on(one, two)


def test_a_match_of_the_website_does_not_come_between(inside: Make) -> None:
    house = inside("anna", "bob")
    anna = house.documented("anna")
    caller = accounts.sign_in(house.house, "anna", PASSWORD, client=Client("", "")).caller
    tables.open(house.house, caller, Setup("scopa", "classic"), [Bot("easy", "cpu1")])
    assert anna.settle() == []  # it was not asked
    assert players.listed(house.house, caller.user_id)[0].status == "available"
    one, two = begin(("anna", anna), ("bob", house.documented("bob")))
    (site,) = [m for m in matches.open_of(house.house, caller.user_id) if m.grace is None]
    view = matches.view(house.house, site, caller.user_id)
    card = view["hands"][site.seat_of(caller.user_id)][0]
    if site.actors == {site.seat_of(caller.user_id)} and len(view["takes"][0]) < 2:
        number = 10 * card["suit"] + card["value"] - 1
        matches.submit(house.house, caller, site.id, {"card": number})
    play_on(one, two)
    anna.expect("match_end")


def test_what_is_told_in_the_wrong_order_is_shown_in_the_right_one(
    seats: tuple[Inside, Seat, Seat], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move that is saved first may be told last, where two save at the same moment."""
    house, (mover, mine), (waiter, theirs) = seats
    held: list[tuple[object, ...]] = []
    publisher = type(house.house.publish)
    tell = publisher.match

    def late(self: object, record: object, events: object = ()) -> None:
        if not held:
            held.append((self, record, events))
        else:
            tell(self, record, events)  # type: ignore[arg-type]
            tell(*held[0])  # type: ignore[arg-type]

    monkeypatch.setattr(publisher, "match", late)
    mover.play(mine.me, mine.hand[0]["id"])
    choice = mover.settle()
    if choice:  # it needs a capture
        mover.play(mine.me, mine.hand[0]["id"], take=0)
        mover.settle()  # what it led to is saved, and held
    user = accounts.sign_in(house.house, theirs.me, PASSWORD, client=Client("", "")).caller
    (record,) = matches.open_of(house.house, user.user_id)
    matches.end(house.house, user, record.id)
    kinds = [control for control, _ in waiter.settle() if control != "players"]
    assert kinds[-1] == "match_end"
    for table, client in ((mine, mover),):
        heard = [data for control, data in client.settle() if control == "match_data"]
        assert heard[0]["moves"][0]["source"] == f"hand_{table.me}"
        assert heard[-1]["infos"][0]["info"] == "winner"


def test_what_never_comes_is_made_up_for_by_the_whole_table(
    seats: tuple[Inside, Seat, Seat], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed between saving a move and telling of it."""
    house, (mover, mine), (waiter, theirs) = seats
    publisher = type(house.house.publish)
    with monkeypatch.context() as silence:
        silence.setattr(publisher, "match", lambda *_: None)
        mover.play(mine.me, mine.hand[0]["id"])
        for control, data in mover.settle():
            if control == "match_data" and data["infos"][0]["info"] == "choice":
                mover.play(mine.me, mine.hand[0]["id"], take=0)
        mover.settle()
    user = accounts.sign_in(house.house, theirs.me, PASSWORD, client=Client("", "")).caller
    (record,) = matches.open_of(house.house, user.user_id)
    matches.end(house.house, user, record.id)
    assert [control for control, _ in waiter.settle() if control != "players"] == []
    house.later(3)
    told = [data for control, data in waiter.settle() if control == "match_data"]
    assert len(told) == 1
    infos = [info["info"] for info in told[0]["infos"]]
    assert infos[0] == "cards_description"
    assert infos[-1] == "winner"


def test_a_guest_who_becomes_an_account_is_shown_under_the_new_name(inside: Make) -> None:
    house = inside("anna")
    gus = accounts.guest(house.house, "gus", client=Client("", "")).caller
    tables.challenge(house.house, gus, "anna", Setup("scopa", "classic"))
    anna = house.documented("anna")
    anna.expect("match_proposal")
    anna.say("match_proposal", "accept")
    anna.expect("match_started")
    anna.settle()
    accounts.upgrade(house.house, gus, "gustav", PASSWORD)
    table = Table("anna")
    control, data = anna.receive()
    assert control == "match_data"
    table.show(data)
    (groups,) = (data for kind, data in table.infos if kind == "cards_description")
    assert "hand_gustav" in [group["id"] for group in groups]
    assert len(table.hand) == 3
