"""Who looks on at a bridge table, over whose shoulder, and what is said there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import chat, friends
from app.services.access import Viewer
from app.services.bridge import boards, tables
from app.services.house import House
from app.services.sessions import Caller
from tests.services.bridge_hall import deal, in_hall, pass_out, seated, with_robots
from tests.services.conftest import Heard
from tests.services.hall import HERE, NOWHERE, refusal

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


def lookers(house: House, row: tables.TableRow) -> list[tuple[str, str | None]]:
    return [(who.name, who.over) for who in tables.row(house, row.id).kibitzers]


def looks(
    row: tables.TableRow, who: Caller, watching: bool, over: str | None
) -> tuple[str, object]:
    """The order that says how somebody looks on."""
    data = {"tid": row.id, "user_id": who.user_id, "watching": watching, "over": over}
    return "bridge_looks", data


def test_looking_on(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, *_ = people
    row = tables.open(house, anna, kibitz=True)
    heard.told.clear()
    seen = tables.watch(house, carl, row.id)
    tables.watch(house, bert, row.id, "N")
    assert lookers(house, row) == [("bert", "N"), ("carl", None)]
    assert (seen.is_looker(carl.user_id), seen.is_looker(anna.user_id)) == (True, False)
    assert tables.row(house, row.id).over_of(bert.user_id) == "N"
    assert tables.row(house, row.id).brief()["kibcount"] == 2
    assert heard.orders[-2:] == [looks(row, carl, True, None), looks(row, bert, True, "N")]
    assert in_hall(heard, "bridge_table")[-1][1]["kibcount"] == 2
    tables.watch(house, bert, row.id, "S")
    assert lookers(house, row) == [("bert", "S"), ("carl", None)]
    assert tables.watched_by(house, bert.user_id) == [row.id]
    tables.unwatch(house, bert, row.id)
    tables.unwatch(house, bert, row.id)  # no less than not at all
    assert lookers(house, row) == [("carl", None)]
    assert heard.orders[-1] == looks(row, bert, False, None)


def test_what_is_refused(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    row = tables.open(house, anna)
    watch = partial(tables.watch, house)
    assert refusal(lambda: watch(bert, NOWHERE)) == "no_such_table"
    assert refusal(lambda: tables.unwatch(house, bert, NOWHERE)) == "no_such_table"
    assert refusal(lambda: watch(bert, row.id, "Q")) == "bad_seats"
    assert refusal(lambda: watch(bert, row.id, "N")) == "not_allowed"
    assert refusal(lambda: watch(anna, row.id)) == "already_seated"
    tables.open(house, carl)
    assert refusal(lambda: watch(carl, row.id)) == "already_seated"
    tables.settings(house, anna, row.id, kibitz=True)
    friends.block(house, anna, "bert")
    assert refusal(lambda: watch(bert, row.id, "N")) == "blocked"
    watch(bert, row.id)
    assert lookers(house, row) == [("bert", None)]


def test_who_sits_down_looks_on_nowhere(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, *_ = people
    one, other = tables.open(house, anna, kibitz=True), tables.open(house, bert, kibitz=True)
    tables.watch(house, carl, one.id, "N")
    tables.watch(house, carl, other.id, "N")
    heard.told.clear()
    tables.sit(house, carl, one.id, "S")
    assert tables.watched_by(house, carl.user_id) == []
    assert set(map(repr, heard.orders[-2:])) == {
        repr(looks(row, carl, False, None)) for row in (one, other)
    }
    told = {data["tid"]: data["kibcount"] for _, data in in_hall(heard, "bridge_table")}
    assert told == {one.id: 0, other.id: 0}


def test_shoulders_are_turned(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora, _ = people
    row = tables.open(house, anna, kibitz=True, fill=True)
    for who, over in ((bert, "N"), (carl, "E"), (dora, None)):
        tables.watch(house, who, row.id, over)
    friends.block(house, bert, "anna")
    assert lookers(house, row) == [("bert", None), ("carl", "E"), ("dora", None)]
    assert heard.orders[-1] == looks(row, bert, True, None)
    tables.settings(house, anna, row.id, kibitz=False)
    assert lookers(house, row) == [("bert", None), ("carl", None), ("dora", None)]
    assert heard.orders[-1] == looks(row, carl, True, None)
    assert refusal(lambda: tables.watch(house, carl, row.id, "E")) == "not_allowed"


def test_a_shoulder_is_turned_when_somebody_blocked_sits_down(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, dora, emil = people
    friends.block(house, bert, "emil")
    row = seated(house, [anna, carl, dora], kibitz=True)
    tables.watch(house, emil, row.id, "W")
    heard.orders.clear()
    tables.sit(house, bert, row.id, "W")
    assert lookers(house, row) == [("emil", None)]
    assert heard.orders[-1] == looks(row, emil, True, None)


def test_who_comes_between_the_end_of_a_deal_and_the_news_of_it_has_seen_it(
    house: House, people: list[Caller]
) -> None:
    *four, emil = people
    row = seated(house, four)
    house.after["bridge"] = lambda *_: None  # as if that were still to come
    pass_out(house, row, four)
    board_id = deal(house, row).board_id
    assert board_id is not None
    tables.watch(house, emil, row.id)
    assert boards.may_see(house, emil.user_id, board_id)


# What is said at a table


def viewer(who: Caller) -> Viewer:
    return Viewer(who.user_id, HERE)


def test_the_tables_room(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora, _ = people
    row = seated(house, [anna, bert])
    tables.watch(house, carl, row.id)
    room = f"bridge:{row.id}"
    line = chat.say(house, anna, viewer(anna), room, "good luck")
    chat.say(house, carl, viewer(carl), room, "have fun")
    assert line.room == room
    for who in (anna, bert, carl):
        texts = [said.text for said in chat.history(house, viewer(who), room)]
        assert texts == ["good luck", "have fun"]
    audience = next(who for who, type, _ in heard.told if type == "chat_message")
    assert set(audience.users) == {anna.user_id, bert.user_id, carl.user_id}
    assert not audience.hall
    assert not audience.tables
    for stranger in (Viewer(None, HERE), viewer(dora)):
        assert refusal(partial(chat.history, house, stranger, room)) in ("no_such_room", "sign_in")
    assert refusal(lambda: chat.say(house, dora, viewer(dora), room, "hi")) == "no_such_room"
    assert refusal(lambda: chat.history(house, viewer(anna), f"bridge:{NOWHERE}")) == "no_such_room"
    assert chat.find(house, viewer(bert), line.id).text == "good luck"
    heard.told.clear()
    chat.hide(house, line.id)
    hidden = {who.users for who, type, _ in heard.told if type == "chat_hidden"}
    assert hidden == {(anna.user_id, bert.user_id, carl.user_id)}
    tables.leave(house, bert, row.id)
    assert refusal(lambda: chat.history(house, viewer(bert), room)) == "no_such_room"


def test_the_house_speaks_at_the_tables(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, fill=True)
    tables.watch(house, bert, row.id)
    chat.announce(house, "we close soon")
    heard_in = {data["room"]: who.users for who, type, data in heard.told if type == "chat_message"}
    assert heard_in == {"lobby": (), f"bridge:{row.id}": (anna.user_id, bert.user_id)}
    assert [line.text for line in chat.history(house, viewer(bert), f"bridge:{row.id}")] == [
        "we close soon"
    ]
