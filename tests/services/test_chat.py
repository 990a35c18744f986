"""Chat: who reads what, what is kept of what is said, unread marks, blocks and reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import delete, event, select, update

from app.services import channels, chat, friends, guests, housekeeping, lobby, matches, reports
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.lines import clean
from app.services.publish import Audience
from app.services.sessions import Caller
from app.store import Match, Message, OpenTable, ReadMark, Report, User
from tests.services.conftest import Clock, Heard

Account = Callable[[str], Caller]

STRANGER = Viewer(None, "192.0.2.9")
CODE = "swordfish"


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


def eyes(caller: Caller, code: str | None = None) -> Viewer:
    return Viewer(caller.user_id, "192.0.2.1", code)


def say(house: House, caller: Caller, room: str, text: str, code: str | None = None) -> int:
    return chat.say(house, caller, eyes(caller, code), room, text).id


def texts(house: House, viewer: Caller | Viewer, room: str, **how: Any) -> list[str]:
    viewer = viewer if isinstance(viewer, Viewer) else eyes(viewer)
    return [line.text for line in chat.history(house, viewer, room, **how)]


def make_private(house: House, match_id: str) -> None:
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == match_id).values(code=CODE))


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def carla(account: Account) -> Caller:
    return account("carla")


@pytest.fixture
def match_id(house: House, anna: Caller, bert: Caller) -> str:
    return lobby.invite(house, anna, "bert").id


# Rooms, and who may read them


def test_a_line_is_told_and_kept(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    number = say(house, anna, "lobby", "  good   evening ")
    line = {
        "id": number,
        "room": "lobby",
        "name": "anna",
        "text": "good evening",
        "at": "2026-01-01T12:00:00+00:00",
    }
    assert heard.told == [(Audience(lobby=True), "chat_message", line)]
    kept = chat.history(house, eyes(bert), "lobby")
    assert [each.json() for each in kept] == [line]
    assert kept[0].json(anna.user_id)["mine"] is True
    assert kept[0].json(bert.user_id)["mine"] is False


def test_players_talk_among_themselves(
    house: House, anna: Caller, bert: Caller, carla: Caller, match_id: str, heard: Heard
) -> None:
    room = f"match:{match_id}"
    say(house, anna, room, "your move")
    audience = heard.told[-1][0]
    assert audience == Audience(users=(anna.user_id, bert.user_id))
    assert texts(house, bert, room) == ["your move"]
    matches.end(house, anna, match_id)
    assert texts(house, bert, room) == ["your move"]  # for ever
    say(house, bert, room, "too bad")
    for act in (
        lambda: chat.history(house, eyes(carla), room),
        lambda: chat.history(house, eyes(carla, CODE), room),
        lambda: say(house, carla, room, "me too"),
        lambda: chat.mark_read(house, eyes(carla), room, 1),
        lambda: chat.unread_in(house, eyes(carla), room),
    ):
        assert refusal(act) == "no_such_room"


def test_spectators_are_not_heard_by_the_players_until_the_end(
    house: House, anna: Caller, carla: Caller, match_id: str, heard: Heard
) -> None:
    room = f"watch:{match_id}"
    players = tuple(info.user_id for info in matches.get(house, match_id).seats)
    say(house, carla, room, "she should take e5")
    assert heard.told[-1][0] == Audience(watching=(match_id,), but=players)
    assert texts(house, STRANGER, room) == ["she should take e5"]
    assert refusal(lambda: chat.history(house, eyes(anna), room)) == "no_such_room"
    assert refusal(lambda: say(house, anna, room, "what?")) == "no_such_room"
    assert refusal(lambda: chat.find(house, eyes(anna), 1)) == "no_such_message"
    assert chat.unread(house, anna.user_id) == {}
    matches.end(house, anna, match_id)
    assert texts(house, anna, room) == ["she should take e5"]
    say(house, anna, room, "so that is what you said")
    assert heard.told[-1][0] == Audience(users=players, watching=(match_id,))


def test_a_private_match_is_watched_and_read_with_its_code_only(
    house: House, anna: Caller, carla: Caller, match_id: str
) -> None:
    make_private(house, match_id)
    room = f"watch:{match_id}"
    number = say(house, carla, room, "psst", CODE)
    for viewer in (STRANGER, eyes(carla), eyes(carla, "guess"), replace(STRANGER, code="guess")):
        assert refusal(lambda viewer=viewer: chat.history(house, viewer, room)) == "no_such_room"
        assert refusal(lambda v=viewer: chat.find(house, v, number)) == "no_such_message"
    assert texts(house, replace(STRANGER, code=CODE), room) == ["psst"]
    matches.end(house, anna, match_id)
    assert refusal(lambda: chat.history(house, STRANGER, room)) == "no_such_room"
    assert texts(house, anna, room) == ["psst"]


def test_codes_are_not_guessed_through_the_chat(house: House, match_id: str, carla: Caller) -> None:
    make_private(house, match_id)
    counter = FixedWindowRateLimiter(MemoryStorage())
    rates = {name: parse("3 per hour") for name in ("code", "code_game")}
    house = replace(house, limits=Limits(counter, rates))
    room = f"watch:{match_id}"
    codes = [refusal(lambda: chat.history(house, eyes(carla, "guess"), room)) for _ in range(4)]
    assert codes == ["no_such_room"] * 3 + ["too_many"]
    assert refusal(lambda: chat.history(house, eyes(carla, CODE), room)) == "too_many"


def test_a_talk_of_two_is_nobody_elses(
    house: House, anna: Caller, bert: Caller, carla: Caller, heard: Heard
) -> None:
    number = say(house, anna, "with:bert", "hello")
    told = [
        (audience, data["room"]) for audience, type, data in heard.told if type == "chat_message"
    ]
    assert told == [
        (Audience(users=(anna.user_id,)), "with:bert"),
        (Audience(users=(bert.user_id,)), "with:anna"),
    ]
    assert texts(house, bert, "with:Anna ") == ["hello"]
    assert texts(house, carla, "with:anna") == texts(house, carla, "with:bert") == []
    key = channels.talk_key(anna.user_id, bert.user_id)
    for viewer in (eyes(carla), STRANGER):
        assert refusal(lambda v=viewer: chat.find(house, v, number)) == "no_such_message"
        assert refusal(lambda v=viewer: channels.enter_key(house, v, key)) == "no_such_room"
    for viewer in (eyes(anna), eyes(carla)):  # nobody asks for it by its key
        assert refusal(lambda v=viewer: channels.enter(house, v, key)) == "no_such_room"
    assert chat.find(house, eyes(bert), number).room == "with:anna"
    assert chat.talks(house, carla.user_id) == []


def test_a_window_is_opened_for_a_new_talk(
    house: House, anna: Caller, bert: Caller, heard: Heard
) -> None:
    say(house, anna, "with:bert", "hello")
    say(house, bert, "with:anna", "hello")
    opened = [(audience, data) for audience, type, data in heard.told if type == "chat.add"]
    assert opened == [
        (Audience(users=(anna.user_id,)), {"wid": "bert", "title": "bert"}),
        (Audience(users=(bert.user_id,)), {"wid": "anna", "title": "anna"}),
    ]
    assert heard.told[0][1] == "chat.add"  # before the line that opens it
    assert heard.told[2][0].by == anna.user_id


@pytest.mark.parametrize(
    "room",
    ["", "lobby:x", "match:", "match:nowhere", "watch:nowhere", "with:", "with:nobody",
     "with:anna", "dm:1:2", "dm:", "user:1", "watch:" + "0" * 32, "match:" + "é" * 32, "with:\0",
     "match:\ud800", "x" * 5000],
)  # fmt: skip
def test_rooms_that_are_none(house: House, anna: Caller, room: str) -> None:
    assert refusal(lambda: chat.history(house, eyes(anna), room)) == "no_such_room"
    assert refusal(lambda: say(house, anna, room, "hello?")) == "no_such_room"


@pytest.mark.parametrize("room", ["lobby", "match:{}", "with:anna", "with:nobody", "match:x"])
def test_strangers_read_nothing_but_spectators(house: House, match_id: str, room: str) -> None:
    room = room.format(match_id)
    assert refusal(lambda: chat.history(house, STRANGER, room)) == "sign_in"
    assert refusal(lambda: chat.unread_in(house, STRANGER, room)) == "sign_in"
    assert chat.history(house, STRANGER, f"watch:{match_id}") == []
    chat.mark_read(house, STRANGER, f"watch:{match_id}", 1)  # nothing is kept of it
    with house.store.read() as unit:
        assert list(unit.scalars(select(ReadMark))) == []


def test_an_open_tables_owner_waits_where_the_match_will_be(
    house: House, anna: Caller, carla: Caller
) -> None:
    table = "5" * 32
    with house.store.write() as unit:
        unit.add(
            OpenTable(id=table, owner_id=anna.user_id, game="uttt", variant="standard",
                      options="{}", players=2, rated=False, created_at=house.clock())
        )  # fmt: skip
    say(house, anna, f"match:{table}", "anybody?")
    assert refusal(lambda: chat.history(house, eyes(carla), f"match:{table}")) == "no_such_room"


def test_guests_talk_too_and_stay_who_they_were(
    house: House, anna: Caller, guest: Account, clock: Clock
) -> None:
    passer = guest("passer")
    say(house, passer, "lobby", "hello all")
    say(house, passer, "with:anna", "hello anna")
    clock.turn(hours=2)
    assert guests.release(house) == 1
    other = guest("passer")
    assert other.user_id != passer.user_id  # whatever the database does with free numbers
    assert texts(house, other, "with:anna") == []
    assert chat.talks(house, other.user_id) == []
    assert texts(house, anna, "with:passer") == []  # the name is another's now
    assert chat.talks(house, anna.user_id) == []
    assert chat.unread(house, anna.user_id) == {}
    line = chat.history(house, eyes(other), "lobby")[0]
    assert (line.name, line.by_house, line.json(other.user_id)["mine"]) == ("passer", False, False)


def test_who_is_gone_can_be_read_and_not_written_to(
    house: House, anna: Caller, guest: Account, clock: Clock
) -> None:
    passer = guest("passer")
    say(house, passer, "with:anna", "bye")
    clock.turn(hours=2)
    guests.release(house)
    assert texts(house, anna, "with:passer") == ["bye"]
    assert [(talk.name, talk.here, talk.unread) for talk in chat.talks(house, anna.user_id)] == [
        ("passer", False, 1)
    ]
    assert refusal(lambda: say(house, anna, "with:passer", "wait")) == "gone"
    assert refusal(lambda: say(house, passer, "lobby", "I am back")) == "session_ended"


# What is said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("\"'`javascript:alert(1)", "\"'`javascript:alert(1)"),
        ("a\0b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("one\r\n\ttwo\u2028three\u00a0four", "one two three four"),
        ("evil \u202etxt.exe\u202c \u2066a\u2069 \u200fb", "evil txt.exe a b"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("👩‍👩‍👧 🏳️‍🌈 \U0001fae8", "👩‍👩‍👧 🏳️‍🌈 \U0001fae8"),  # joined emoji stay whole
        ("e\u0301", "é"),
        ("half \ud83d a character", "half  a character"),
        ("שלום", "שלום"),
    ],
)
def test_what_is_kept_of_what_is_said(
    house: House, anna: Caller, heard: Heard, said: str, kept: str
) -> None:
    say(house, anna, "lobby", said)
    assert heard.told[0][2]["text"] == kept
    assert texts(house, anna, "lobby") == [kept]


@pytest.mark.parametrize("text", ["", "   ", "\0\n", "\u202e\u200b", "\u200d", "\u0301", "\u2060"])
def test_nothing_that_can_be_seen_is_nothing_said(house: House, anna: Caller, text: str) -> None:
    assert clean(text) == ""
    assert refusal(lambda: say(house, anna, "lobby", text)) == "empty"


def test_length_is_counted_in_characters(house: House, anna: Caller) -> None:
    most = house.config.CHAT_LENGTH
    say(house, anna, "lobby", "🎲" * most)
    with pytest.raises(ServiceError) as caught:
        say(house, anna, "lobby", "x" * (most + 1))
    assert (caught.value.code, caught.value.msg) == (
        "too_long", f"Too long message. Max length is {most}",
    )  # fmt: skip
    assert refusal(lambda: say(house, anna, "lobby", "x" * 100_000)) == "too_long"


def test_haste_is_refused_and_what_is_refused_does_not_count(house: House, anna: Caller) -> None:
    counter = FixedWindowRateLimiter(MemoryStorage())
    house = replace(house, limits=Limits(counter, {"chat": parse("1 per hour")}))
    for text in ("", "x" * 1000):
        refusal(lambda text=text: say(house, anna, "lobby", text))
    refusal(lambda: say(house, anna, "match:nowhere", "hello"))
    say(house, anna, "lobby", "one")
    with pytest.raises(ServiceError) as caught:
        say(house, anna, "lobby", "two")
    assert caught.value.code == "too_fast"
    assert caught.value.msg == "Wait a little and retry sending message!"


def test_history_comes_in_pages_that_meet(house: House, anna: Caller) -> None:
    numbers = [say(house, anna, "lobby", str(number)) for number in range(120)]
    last = chat.history(house, eyes(anna), "lobby")
    assert [line.id for line in last] == numbers[70:]
    older = chat.history(house, eyes(anna), "lobby", before=last[0].id)
    assert [line.id for line in older] == numbers[20:70]
    oldest = chat.history(house, eyes(anna), "lobby", before=older[0].id)
    assert [line.id for line in oldest] == numbers[:20]
    assert chat.history(house, eyes(anna), "lobby", before=oldest[0].id) == []
    missed = chat.history(house, eyes(anna), "lobby", since=numbers[115], limit=chat.MOST)
    assert [line.id for line in missed] == numbers[115:]
    assert texts(house, anna, "lobby", limit=16) == [str(n) for n in range(104, 120)]
    for far in (-5, 2**80):
        chat.history(house, eyes(anna), "lobby", before=far)
        chat.history(house, eyes(anna), "lobby", since=far)
        refusal(lambda far=far: chat.find(house, eyes(anna), far))


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
    house: House, anna: Caller, bert: Caller, carla: Caller
) -> None:
    asked: list[str] = []

    @event.listens_for(house.store.engine, "before_cursor_execute")
    def _listen(*call: Any) -> None:
        asked.append(call[2])

    for other, caller in (("bert", anna), ("carla", anna), ("anna", bert), ("anna", carla)):
        say(house, caller, f"with:{other}", "hello")
    asked.clear()
    say(house, anna, "with:bert", "hello again")
    # That lines are said one at a time has to be asked of PostgreSQL.
    assert len(asked) <= 13 + (house.store.engine.dialect.name == "postgresql")


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
    house: House, anna: Caller, bert: Caller, carla: Caller
) -> None:
    say(house, bert, "with:anna", "from bert")
    say(house, carla, "with:anna", "from carla")
    say(house, carla, "with:anna", "and again")
    rows = chat.talks(house, anna.user_id)
    assert [(row.name, row.last.text, row.unread, row.here) for row in rows] == [
        ("carla", "and again", 2, True),
        ("bert", "from bert", 1, True),
    ]
    assert {row.last.room for row in rows} == {"with:carla", "with:bert"}


def test_talks_come_in_pages(house: House, anna: Caller, account: Account) -> None:
    for number in range(5):
        say(house, account(f"user{number}"), "with:anna", f"line {number}")
    say(house, anna, "with:user1", "once more")

    def page(number: int) -> tuple[list[str], int, int]:
        found = chat.talk_page(house, anna.user_id, number, size=2)
        return [talk.last.text for talk in found.talks], found.page, found.pages

    assert page(1) == (["once more", "line 4"], 1, 3)
    assert page(2) == (["line 3", "line 2"], 2, 3)
    assert page(3) == page(99) == (["line 0"], 3, 3)
    assert page(-1) == page(1)
    friends.block(house, anna, "user3")
    assert page(2) == (["line 2", "line 0"], 2, 2)
    nobody = chat.talk_page(house, account("zoe").user_id)
    assert nobody == chat.TalkPage([], 1, 1)


# Blocks


def test_who_is_blocked_vanishes_from_the_very_next_line(
    house: House, anna: Caller, bert: Caller, carla: Caller, match_id: str, heard: Heard
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
    assert texts(house, carla, "lobby") == ["before", "after"]
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
    house: House, anna: Caller, bert: Caller, carla: Caller, heard: Heard
) -> None:
    with house.store.write() as unit:
        unit.execute(update(User).where(User.name == "carla").values(admin=True))
    number = say(house, bert, "with:anna", "something rude")
    reports.report(house, anna, eyes(anna), number, " he is\0 rude ")
    audience = Audience(users=(carla.user_id,))
    assert heard.told[-1] == (audience, "reports_update", {"count": 1})
    reports.report(house, anna, eyes(anna), number, "he is very rude")  # thought better of it
    [row] = reports.waiting(house)
    assert (row.name, row.text, row.reporter, row.reason) == (
        "bert", "something rude", "anna", "he is very rude",
    )  # fmt: skip
    assert reports.close(house, row.id, "carla", hide=True) == number
    assert (audience, "reports_update", {"count": 0}) == heard.told[-1]
    told = [(each, data) for each, type, data in heard.told if type == "chat_hidden"]
    assert told == [
        (Audience(users=(anna.user_id,)), {"room": "with:bert", "id": number}),
        (Audience(users=(bert.user_id,)), {"room": "with:anna", "id": number}),
    ]
    assert texts(house, anna, "with:bert") == texts(house, bert, "with:anna") == []
    assert chat.unread(house, anna.user_id) == {}
    assert heard.users[-1][2]["total"] == 0
    assert refusal(lambda: reports.close(house, row.id, "carla", hide=False)) == "no_such_report"
    assert refusal(lambda: chat.find(house, eyes(anna), number)) == "no_such_message"


def test_only_what_one_may_read_can_be_reported(
    house: House, anna: Caller, bert: Caller, carla: Caller, match_id: str
) -> None:
    chat.announce(house, "tea is served")
    secret = say(house, anna, f"match:{match_id}", "between us")
    own = say(house, carla, f"watch:{match_id}", "look at that")
    for number in (secret, 10**6, -1, 2**80, 1):
        code = refusal(lambda n=number: reports.report(house, carla, eyes(carla), n, "rude"))
        assert code == "no_such_message"
    assert refusal(lambda: reports.report(house, carla, eyes(carla), own, "rude")) == "yourself"
    assert refusal(lambda: reports.report(house, anna, eyes(anna), own, "r")) == "no_such_message"
    for reason, code in ((" \n", "empty"), ("x" * 501, "too_long")):
        assert refusal(lambda r=reason: reports.report(house, bert, eyes(bert), 1, r)) == code
    assert reports.count(house) == 0


def test_what_is_hidden_is_taken_from_whoever_hears_the_room(
    house: House, anna: Caller, carla: Caller, match_id: str, heard: Heard
) -> None:
    players = tuple(info.user_id for info in matches.get(house, match_id).seats)
    for caller, room, audience in (
        (anna, "lobby", Audience(lobby=True)),
        (anna, f"match:{match_id}", Audience(users=players)),
        (carla, f"watch:{match_id}", Audience(watching=(match_id,), but=players)),
    ):
        number = say(house, caller, room, "rude")
        chat.hide(house, number)
        assert heard.told[-1] == (audience, "chat_hidden", {"room": room, "id": number})
        assert texts(house, caller, room) == []
    assert refusal(lambda: chat.hide(house, 10**6)) == "no_such_message"


# The house


def test_the_house_speaks_in_the_lobby_and_at_every_running_match(
    house: House, anna: Caller, bert: Caller, carla: Caller, match_id: str, heard: Heard
) -> None:
    over = lobby.invite(house, anna, "carla").id
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
