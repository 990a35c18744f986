"""The bridge hall: tables are opened, seats taken and left, places changed, and a deal begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.games.bridge import SIDES
from app.services import friends, lobby, matches
from app.services.bridge import tables
from app.services.house import House
from app.services.publish import Audience
from app.services.sessions import Caller
from tests.services.bridge_hall import (
    at,
    deal,
    in_hall,
    pass_out,
    seated,
    to_act,
    with_robots,
)
from tests.services.conftest import Clock, Heard
from tests.services.hall import NOWHERE, at_once, limited, refusal, turn

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


# A table fills


def test_a_table_is_opened_and_stands_in_the_hall(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, "E", kibitz=True)
    assert at(row) == ["-", "anna", "-", "-"]
    assert (row.robots, row.kibitz, row.playing, row.board, row.deals) == (
        False,
        True,
        False,
        None,
        0,
    )
    assert tables.listed(house) == [row] == [tables.row(house, row.id)]
    assert tables.seated_at(house, anna.user_id) == row.id
    assert tables.seated_at(house, bert.user_id) is None
    assert in_hall(heard) == [
        (
            "table.add",
            {"tid": row.id, "N": "", "E": "anna", "S": "", "W": "", "kibcount": 0}
            | {"robots": False, "kibitz": True, "playing": False},
        ),
        ("player.sit", {"tid": row.id, "name": "anna", "position": "E"}),
    ]
    assert in_hall(heard, "bridge_table") == [("bridge_table", row.json())]
    there = Audience(users=(anna.user_id,), hall=True, tables=(row.id,))
    assert heard.told[-1][0] == there


def test_the_row_as_json(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, fill=True)
    tables.watch(house, bert, row.id)
    data = tables.row(house, row.id).json()
    assert data["seats"]["N"] == {
        "name": "anna",
        "bot": None,
        "registered": True,
        "rating": 1000,
        "kept_until": None,
        "ready": False,
        "swap_with": None,
    }
    assert (data["seats"]["E"]["name"], data["seats"]["E"]["bot"]) == ("cpu1", "medium")
    assert data["kibitzers"] == [{"name": "bert", "over": None}]
    assert (data["kibcount"], data["playing"], data["board"], data["deals"]) == (1, True, 1, 1)
    assert (data["match"], data["next_at"]) == (row.match_id, None)


def test_the_fourth_seat_begins_the_deal(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora, _ = people
    row = seated(house, [anna, bert, carl])
    assert (row.playing, row.match_id) == (False, None)
    row = tables.sit(house, dora, row.id, "W")
    record = deal(house, row)
    assert [seat.name for seat in record.seats] == ["anna", "bert", "carl", "dora"]
    assert (record.game, record.rated, record.table_id) == ("bridge", True, row.id)
    assert (row.playing, row.match_id, row.board, row.deals) == (True, record.id, 1, 1)
    assert record.board_id == row.board_id
    assert [match.id for match in heard.matches] == [record.id]
    assert matches.view(house, record, anna.user_id)["hands"]["N"] is not None


def test_a_guest_makes_it_unrated(house: House, people: list[Caller], guest: Account) -> None:
    row = seated(house, [*people[:3], guest("gast")])
    assert not deal(house, row).rated


def test_robots_fill_a_table(house: House, people: list[Caller]) -> None:
    anna, *_ = people
    row = tables.open(house, anna, "S", robots=True, fill=True)
    assert at(row) == ["cpu1", "cpu2", "anna", "cpu3"]
    record = deal(house, row)
    assert not record.rated
    # The dealer, North, and East have passed: robots do not wait.
    assert record.actors == {2}
    assert record.version == 2


def test_of_two_who_want_the_last_seat_one_gets_it(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, emil = people
    row = seated(house, [anna, bert, carl])
    done = at_once(*(partial(tables.sit, house, who, row.id, "W") for who in (dora, emil)))
    assert [each for each in done if isinstance(each, str)] == ["seat_taken"]
    assert tables.row(house, row.id).deals == 1


def test_many_sit_down_at_once_and_one_deal_begins(house: House, people: list[Caller]) -> None:
    anna, *others = people
    row = tables.open(house, anna)
    tries = [partial(tables.sit, house, who, row.id, side) for who in others for side in SIDES[1:]]
    at_once(*tries)
    for side in tables.row(house, row.id).free:  # its first sitter has moved to another in time
        late = next(who for who in others if tables.seated_at(house, who.user_id) is None)
        tables.sit(house, late, row.id, side)
    found = tables.row(house, row.id)
    assert found.free == ()
    assert found.deals == 1
    assert len(set(at(found))) == 4
    assert len(matches.open_of(house, anna.user_id)) == 1


def test_nobody_sits_at_two_tables(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    first, second = tables.open(house, anna), tables.open(house, bert)
    assert refusal(lambda: tables.sit(house, anna, second.id, "S")) == "already_seated"
    assert refusal(lambda: tables.open(house, anna)) == "already_seated"
    at_once(*(partial(tables.sit, house, carl, row.id, "S") for row in (first, second)))
    rows = [tables.row(house, row.id) for row in (first, second)]
    assert sum(row.side_of(carl.user_id) == "S" for row in rows) == 1


def test_what_is_refused(house: House, people: list[Caller], account: Account) -> None:
    anna, bert, carl, dora, _ = people
    row = seated(house, [anna, bert])
    sit = partial(tables.sit, house)
    for position in ("", "X", "NE", "n"):
        assert refusal(partial(sit, carl, row.id, position)) == "bad_seats"
        assert refusal(partial(tables.open, house, carl, position)) == "bad_seats"
    assert refusal(lambda: sit(carl, row.id, "E")) == "seat_taken"
    assert refusal(lambda: sit(bert, row.id, "N")) == "seat_taken"
    for nowhere in (NOWHERE, "", "\0", row.id.upper()):
        if nowhere != row.id:
            assert refusal(partial(sit, carl, nowhere, "S")) == "no_such_table"
            assert refusal(partial(tables.row, house, nowhere)) == "no_such_table"
            assert refusal(partial(tables.play, house, anna, nowhere, {})) == "no_such_table"
    for action in (tables.leave, tables.ready):
        assert refusal(partial(action, house, carl, row.id)) == "not_seated"
    assert refusal(lambda: tables.swap(house, carl, row.id, "N")) == "not_seated"
    assert refusal(lambda: tables.settings(house, carl, row.id, robots=True)) == "not_seated"
    assert refusal(lambda: tables.robot(house, carl, row.id, "S", True)) == "not_seated"
    assert refusal(lambda: tables.play(house, carl, row.id, {})) == "not_seated"
    assert refusal(lambda: tables.play(house, anna, row.id, {"bid": "pass"})) == "not_now"
    friends.block(house, dora, "anna")
    assert refusal(lambda: sit(dora, row.id, "S")) == "blocked"
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "carl")
    assert refusal(lambda: sit(carl, row.id, "S")) == "too_many_matches"
    assert refusal(lambda: tables.open(house, carl)) == "too_many_matches"
    slow = limited(house, invite="1 per minute")
    tables.sit(slow, anna, row.id, "S")
    assert refusal(lambda: tables.sit(slow, anna, row.id, "N")) == "too_many"


# Places


def test_who_sits_moves_to_a_free_seat(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    heard.told.clear()
    assert at(tables.sit(house, anna, row.id, "S")) == ["-", "bert", "anna", "-"]
    assert in_hall(heard) == [
        ("player.leave", {"tid": row.id, "position": "N"}),
        ("player.sit", {"tid": row.id, "name": "anna", "position": "S"}),
    ]


def test_a_robot_gives_its_place(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    row = seated(house, [anna, bert])
    assert at(tables.robot(house, anna, row.id, "S", True)) == ["anna", "bert", "cpu1", "-"]
    assert at(tables.sit(house, anna, row.id, "S")) == ["cpu1", "bert", "anna", "-"]
    assert at(tables.swap(house, bert, row.id, "N")) == ["bert", "cpu1", "anna", "-"]
    assert at(tables.sit(house, carl, row.id, "E")) == ["bert", "carl", "anna", "-"]


def test_robots_come_and_go(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    assert refusal(lambda: tables.robot(house, anna, row.id, "E", True)) == "seat_taken"
    assert refusal(lambda: tables.robot(house, anna, row.id, "E", False)) == "seat_taken"
    assert refusal(lambda: tables.robot(house, anna, row.id, "S", True, "divine")) == "bad_seats"
    row = tables.robot(house, bert, row.id, "S", True, "easy")
    seat = row.seats["S"]
    assert seat is not None
    assert (seat.name, seat.bot, seat.user_id) == ("cpu1", "easy", None)
    assert at(tables.robot(house, anna, row.id, "S", False)) == ["anna", "bert", "-", "-"]
    assert at(tables.robot(house, anna, row.id, "W", False)) == ["anna", "bert", "-", "-"]
    assert in_hall(heard)[-1] == ("player.leave", {"tid": row.id, "position": "S"})
    tables.robot(house, anna, row.id, "S", True)
    assert tables.robot(house, anna, row.id, "W", True).playing


def test_two_who_both_ask_change_places(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    row = seated(house, [anna, bert, carl])
    row = tables.swap(house, anna, row.id, "E")
    assert at(row) == ["anna", "bert", "carl", "-"]
    assert row.seats["N"] is not None
    assert row.seats["N"].swap_with == "E"
    assert at(tables.swap(house, carl, row.id, "N")) == ["anna", "bert", "carl", "-"]
    row = tables.swap(house, bert, row.id, "N")
    assert at(row) == ["bert", "anna", "carl", "-"]
    # What carl asked was of anna, who is not there any more.
    assert [seat and seat.swap_with for seat in row.seats.values()] == [None] * 4


def test_a_wish_to_change_places_is_taken_back(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    tables.swap(house, anna, row.id, "E")
    tables.swap(house, anna, row.id, "N")
    assert at(tables.swap(house, bert, row.id, "N")) == ["anna", "bert", "-", "-"]


def test_nothing_moves_in_mid_deal(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, emil = people
    row = seated(house, [anna, bert, carl, dora])
    assert refusal(lambda: tables.sit(house, anna, row.id, "E")) == "not_now"
    assert refusal(lambda: tables.swap(house, anna, row.id, "E")) == "not_now"
    assert refusal(lambda: tables.ready(house, anna, row.id)) == "not_now"
    assert refusal(lambda: tables.robot(house, anna, row.id, "E", True)) == "not_now"
    assert refusal(lambda: tables.sit(house, emil, row.id, "E")) == "seat_taken"
    assert at(tables.sit(house, anna, row.id, "N")) == ["anna", "bert", "carl", "dora"]


# Leaving between deals


def test_a_seat_that_is_left_is_free(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    heard.told.clear()
    tables.leave(house, anna, row.id)
    assert at(tables.row(house, row.id)) == ["-", "bert", "-", "-"]
    assert in_hall(heard) == [("player.leave", {"tid": row.id, "position": "N"})]
    assert anna.user_id in heard.told[-1][0].users


def test_the_table_goes_with_the_last_one(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna)
    tables.robot(house, anna, row.id, "S", True)
    tables.watch(house, bert, row.id)
    heard.told.clear()
    tables.leave(house, anna, row.id)
    assert tables.listed(house) == []
    assert in_hall(heard)[-1] == ("table.remove", {"tid": row.id})
    assert set(heard.told[-1][0].users) == {anna.user_id, bert.user_id}
    looks = {"tid": row.id, "user_id": bert.user_id, "watching": False, "over": None}
    assert ("bridge_looks", looks) in heard.orders
    assert tables.watched_by(house, bert.user_id) == []


def test_a_block_parts_a_table(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    row = seated(house, [anna, bert, carl])
    friends.block(house, bert, "carl")
    assert at(tables.row(house, row.id)) == ["anna", "-", "carl", "-"]


def test_who_blocks_in_mid_deal_leaves_after_it(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four)
    friends.block(house, people[1], "carl")
    assert at(tables.row(house, row.id)) == ["anna", "bert", "carl", "dora"]
    row = pass_out(house, row, four)
    assert at(row) == ["anna", "-", "carl", "dora"]
    turn(house, clock, seconds=house.config.BRIDGE_NEXT)
    assert not tables.row(house, row.id).playing


def test_a_deal_is_not_ended_like_another_match(house: House, people: list[Caller]) -> None:
    row = seated(house, people[:4])
    record = deal(house, row)
    assert refusal(lambda: matches.end(house, people[0], record.id)) == "not_allowed"
    player = to_act(house, row, people)
    assert tables.play(house, player, row.id, {"bid": "1C"}, 0).version == 1
    assert refusal(lambda: tables.play(house, player, row.id, {"bid": "1C"})) == "not_your_turn"
    assert refusal(lambda: tables.play(house, player, row.id, {"bid": "1D"}, 0)) == "stale"
