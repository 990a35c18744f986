"""Chat as it is read: unread marks, blocks, reports, and what the house says and removes."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, event, select, update

from app.services import channels, chat, friends, guests, housekeeping, lobby, matches, reports
from app.services.house import House
from app.services.publish import Audience
from app.services.sessions import Caller
from app.store import Match, Message, ReadMark, Report, User
from tests.services.conftest import Account, Clock, Heard
from tests.services.hall import refusal
from tests.services.talk import eyes, say, texts

CODE = "swordfish"


def make_private(house: House, match_id: str) -> None:
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == match_id).values(code=CODE))


@pytest.fixture
def match_id(house: House, anna: Caller, bert: Caller) -> str:
    return lobby.invite(house, anna, "bert").id


# Unread marks


def test_unread_lines_are_counted_and_told(
    house: House, anna: Caller, bert: Caller, match_id: str, heard: Heard
) -> None:
    room = f"match:{match_id}"
    say(house, anna, room, "one")
    say(house, anna, "with:bert", "two")
    last = say(house, anna, "with:bert", "three")
    assert chat.unread(house, bert.user_id) == {room: 1, "with:anna": 2}
    assert chat.unread(house, anna.user_id) == {}
    told = {"room": "with:anna", "count": 2, "total": 3}
    assert (bert.user_id, "unread", told) in heard.users
    heard.users.clear()
    chat.mark_read(house, eyes(bert), "with:anna", last)
    told = {"room": "with:anna", "count": 0, "total": 1}
    assert heard.users == [(bert.user_id, "unread", told)]
    chat.mark_read(house, eyes(bert), "with:anna", last)  # and again: nothing to tell
    chat.mark_read(house, eyes(bert), "with:anna", 1)  # nor is it ever taken back
    assert len(heard.users) == 1
    chat.mark_read(house, eyes(bert), room, 2**70)
    assert chat.unread(house, bert.user_id) == {}
    say(house, bert, room, "four")
    assert chat.unread(house, anna.user_id) == {room: 1}


def test_an_answer_shows_that_one_has_read(house: House, anna: Caller, bert: Caller) -> None:
    say(house, anna, "with:bert", "hello?")
    say(house, bert, "with:anna", "yes?")
    assert chat.unread(house, bert.user_id) == {}
    assert chat.unread(house, anna.user_id) == {"with:bert": 1}


def test_unread_lines_are_counted_up_to_a_hundred(
    house: House, anna: Caller, bert: Caller, match_id: str, heard: Heard
) -> None:
    say(house, anna, "with:bert", "hello")
    many = [
        Message(room=room, user_id=anna.user_id, name="anna", text="x", at=house.clock())
        for room in (channels.talk_key(anna.user_id, bert.user_id), f"match:{match_id}")
        for _ in range(150)
    ]
    with house.store.write() as unit:
        unit.add_all(many)
    say(house, anna, f"match:{match_id}", "your move")
    assert chat.unread(house, bert.user_id) == {"with:anna": 100, f"match:{match_id}": 1}
    assert [talk.unread for talk in chat.talks(house, bert.user_id)] == [100]
    say(house, anna, "with:bert", "still there?")
    told = {"room": "with:anna", "count": 100, "total": 101}
    assert (bert.user_id, "unread", told) in heard.users
    chat.mark_read(house, eyes(bert), "with:anna", many[100].id)
    assert chat.unread_in(house, eyes(bert), "with:anna") == 50


def test_a_line_costs_as_many_queries_however_much_is_unread(
    house: House, anna: Caller, bert: Caller, carl: Caller
) -> None:
    asked: list[str] = []

    @event.listens_for(house.store.engine, "before_cursor_execute")
    def _listen(*call: Any) -> None:
        asked.append(call[2])

    for other, caller in (("bert", anna), ("carl", anna), ("anna", bert), ("anna", carl)):
        say(house, caller, f"with:{other}", "hello")
    asked.clear()
    say(house, anna, "with:bert", "hello again")
    assert len(asked) <= 13


def test_what_was_said_before_one_first_came_is_not_unread(
    house: House, anna: Caller, bert: Caller
) -> None:
    first = say(house, anna, "lobby", "one")
    assert chat.unread_in(house, eyes(bert), "lobby") == 0
    chat.mark_read(house, eyes(bert), "lobby", first)
    say(house, anna, "lobby", "two")
    assert chat.unread_in(house, eyes(bert), "lobby") == 1
    assert chat.unread(house, bert.user_id) == {}  # the lobby is not for one in particular


def test_talks_are_listed_last_first(
    house: House, anna: Caller, bert: Caller, carl: Caller
) -> None:
    say(house, bert, "with:anna", "from bert")
    say(house, carl, "with:anna", "from carl")
    say(house, carl, "with:anna", "and again")
    rows = chat.talks(house, anna.user_id)
    assert [(row.name, row.last.text, row.unread, row.here) for row in rows] == [
        ("carl", "and again", 2, True),
        ("bert", "from bert", 1, True),
    ]
    assert {row.last.room for row in rows} == {"with:carl", "with:bert"}


# Blocks


def test_who_is_blocked_vanishes_from_the_very_next_line(
    house: House, anna: Caller, bert: Caller, carl: Caller, match_id: str, heard: Heard
) -> None:
    room = f"match:{match_id}"
    say(house, bert, "with:anna", "hello")
    say(house, bert, "lobby", "before")
    friends.block(house, anna, "bert")
    say(house, bert, "lobby", "after")
    assert heard.told[-1][0] == Audience(lobby=True, but=(anna.user_id,))
    heard.users.clear()
    say(house, bert, room, "your move")
    assert heard.told[-1][0].but == (anna.user_id,)
    assert [user for user, *_ in heard.users] == [bert.user_id]  # nor is she told it is unread
    assert texts(house, anna, "lobby") == texts(house, anna, room) == []
    assert texts(house, anna, "with:bert") == []
    assert texts(house, carl, "lobby") == ["before", "after"]
    assert chat.talks(house, anna.user_id) == []
    assert chat.unread(house, anna.user_id) == {}
    for caller, name in ((anna, "bert"), (bert, "anna")):
        code = refusal(lambda c=caller, n=name: say(house, c, f"with:{n}", "please"))
        assert code == "blocked"
    assert texts(house, bert, "with:anna") == ["hello"]
    friends.unblock(house, anna, "bert")
    assert texts(house, anna, "lobby") == ["before", "after"]
    assert chat.unread(house, anna.user_id) == {"with:bert": 1, room: 1}


def test_a_blocked_guest_stays_out_of_sight_when_gone(
    house: House, anna: Caller, guest: Account, clock: Clock
) -> None:
    rude = guest("rude")
    say(house, rude, "lobby", "something rude")
    friends.block(house, anna, "rude")
    clock.turn(hours=2)
    guests.release(house)
    assert texts(house, anna, "lobby") == []


# Reports, and what is hidden


def test_a_line_that_is_deleted_while_it_is_reported_is_gone(
    house: House, anna: Caller, bert: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, find = say(house, bert, "lobby", "rude"), chat.find

    def slow(*call: Any) -> Any:
        line = find(*call)
        with house.store.write() as unit:
            unit.execute(delete(Message))
        return line

    monkeypatch.setattr(chat, "find", slow)
    reported = partial(reports.report, house, anna, eyes(anna), number, "rude")
    assert refusal(reported) == "no_such_message"


def test_a_report_comes_to_the_admins(
    house: House, anna: Caller, bert: Caller, carl: Caller, heard: Heard
) -> None:
    with house.store.write() as unit:
        unit.execute(update(User).where(User.name == "carl").values(admin=True))
    number = say(house, bert, "with:anna", "something rude")
    reports.report(house, anna, eyes(anna), number, " he is\0 rude ")
    audience = Audience(users=(carl.user_id,))
    assert heard.told[-1] == (audience, "reports_update", {"count": 1})
    reports.report(house, anna, eyes(anna), number, "he is very rude")  # thought better of it
    [row] = reports.waiting(house)
    assert (row.name, row.text, row.reporter, row.reason) == (
        "bert", "something rude", "anna", "he is very rude",
    )  # fmt: skip
    assert reports.close(house, row.id, "carl", hide=True) == number
    assert (audience, "reports_update", {"count": 0}) == heard.told[-1]
    told = [(each, data) for each, type, data in heard.told if type == "chat_hidden"]
    assert told == [
        (Audience(users=(anna.user_id,)), {"room": "with:bert", "id": number}),
        (Audience(users=(bert.user_id,)), {"room": "with:anna", "id": number}),
    ]
    assert texts(house, anna, "with:bert") == texts(house, bert, "with:anna") == []
    assert chat.unread(house, anna.user_id) == {}
    assert heard.users[-1][2]["total"] == 0
    assert refusal(lambda: reports.close(house, row.id, "carl", hide=False)) == "no_such_report"
    assert refusal(lambda: chat.find(house, eyes(anna), number)) == "no_such_message"


def test_only_what_one_may_read_can_be_reported(
    house: House, anna: Caller, bert: Caller, carl: Caller, match_id: str
) -> None:
    chat.announce(house, "tea is served")
    secret = say(house, anna, f"match:{match_id}", "between us")
    own = say(house, carl, f"watch:{match_id}", "look at that")
    for number in (secret, 10**6, -1, 2**80, 1):
        code = refusal(lambda n=number: reports.report(house, carl, eyes(carl), n, "rude"))
        assert code == "no_such_message"
    assert refusal(lambda: reports.report(house, carl, eyes(carl), own, "rude")) == "yourself"
    assert refusal(lambda: reports.report(house, anna, eyes(anna), own, "r")) == "no_such_message"
    for reason, code in ((" \n", "empty"), ("x" * 501, "too_long")):
        assert refusal(lambda r=reason: reports.report(house, bert, eyes(bert), 1, r)) == code
    assert reports.count(house) == 0


def test_what_is_hidden_is_taken_from_whoever_hears_the_room(
    house: House, anna: Caller, carl: Caller, match_id: str, heard: Heard
) -> None:
    players = tuple(info.user_id for info in matches.get(house, match_id).seats)
    for caller, room, audience in (
        (anna, "lobby", Audience(lobby=True)),
        (anna, f"match:{match_id}", Audience(users=players)),
        (carl, f"watch:{match_id}", Audience(watching=(match_id,), but=players)),
    ):
        number = say(house, caller, room, "rude")
        chat.hide(house, number)
        assert heard.told[-1] == (audience, "chat_hidden", {"room": room, "id": number})
        assert texts(house, caller, room) == []
    assert refusal(lambda: chat.hide(house, 10**6)) == "no_such_message"


# The house


def test_the_house_speaks_in_the_lobby_and_at_every_running_match(
    house: House, anna: Caller, bert: Caller, carl: Caller, match_id: str, heard: Heard
) -> None:
    over = lobby.invite(house, anna, "carl").id
    matches.end(house, anna, over)
    say(house, bert, f"match:{match_id}", "hm")
    heard.told.clear()
    chat.announce(house, "the house closes\nat ten")
    spoken = {data["room"]: (audience, data) for audience, _, data in heard.told}
    assert set(spoken) == {"lobby", f"match:{match_id}", f"watch:{match_id}"}
    audience, line = spoken["lobby"]
    assert audience == Audience(lobby=True)
    assert (line["name"], line["text"], line["house"]) == ("admin", "the house closes at ten", True)
    assert spoken[f"watch:{match_id}"][0].watching == (match_id,)
    assert chat.history(house, eyes(bert), f"match:{match_id}")[-1].by_house
    assert chat.unread(house, bert.user_id) == {}
    assert refusal(lambda: chat.announce(house, "\n")) == "empty"


def test_old_lines_go_and_nothing_is_left_of_them(
    house: House, anna: Caller, bert: Caller, clock: Clock
) -> None:
    number = say(house, anna, "with:bert", "long ago")
    reports.report(house, bert, eyes(bert), number, "hm")
    say(house, anna, "lobby", "long ago, too")
    clock.turn(seconds=house.config.CHAT_TTL)
    assert housekeeping.PARTS["messages_expired"](house) == 0
    say(house, bert, "lobby", "just now")
    clock.turn(seconds=1)
    assert chat.expire(house) == 2
    assert chat.expire(house) == 0
    with house.store.read() as unit:
        assert [message.text for message in unit.scalars(select(Message))] == ["just now"]
        assert {mark.room for mark in unit.scalars(select(ReadMark))} == {"lobby"}
        assert list(unit.scalars(select(Report))) == []
