"""Chat: who reads what, and what is kept of what is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select, update

from app.services import channels, chat, guests, lobby, matches
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.lines import clean
from app.services.publish import Audience
from app.services.sessions import Caller
from app.store import Match, OpenTable, ReadMark
from tests.services.conftest import Account, Clock, Heard
from tests.services.hall import refusal
from tests.services.talk import eyes, say, texts

STRANGER = Viewer(None, "192.0.2.9")
CODE = "swordfish"


def make_private(house: House, match_id: str) -> None:
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == match_id).values(code=CODE))


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
    house: House, anna: Caller, bert: Caller, carl: Caller, match_id: str, heard: Heard
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
        lambda: chat.history(house, eyes(carl), room),
        lambda: chat.history(house, eyes(carl, CODE), room),
        lambda: say(house, carl, room, "me too"),
        lambda: chat.mark_read(house, eyes(carl), room, 1),
        lambda: chat.unread_in(house, eyes(carl), room),
    ):
        assert refusal(act) == "no_such_room"


def test_spectators_are_not_heard_by_the_players_until_the_end(
    house: House, anna: Caller, carl: Caller, match_id: str, heard: Heard
) -> None:
    room = f"watch:{match_id}"
    players = tuple(info.user_id for info in matches.get(house, match_id).seats)
    say(house, carl, room, "she should take e5")
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
    house: House, anna: Caller, carl: Caller, match_id: str
) -> None:
    make_private(house, match_id)
    room = f"watch:{match_id}"
    number = say(house, carl, room, "psst", CODE)
    for viewer in (STRANGER, eyes(carl), eyes(carl, "guess"), replace(STRANGER, code="guess")):
        assert refusal(lambda viewer=viewer: chat.history(house, viewer, room)) == "no_such_room"
        assert refusal(lambda v=viewer: chat.find(house, v, number)) == "no_such_message"
    assert texts(house, replace(STRANGER, code=CODE), room) == ["psst"]
    matches.end(house, anna, match_id)
    assert refusal(lambda: chat.history(house, STRANGER, room)) == "no_such_room"
    assert texts(house, anna, room) == ["psst"]


def test_codes_are_not_guessed_through_the_chat(house: House, match_id: str, carl: Caller) -> None:
    make_private(house, match_id)
    counter = FixedWindowRateLimiter(MemoryStorage())
    rates = {name: parse("3 per hour") for name in ("code", "code_game")}
    house = replace(house, limits=Limits(counter, rates))
    room = f"watch:{match_id}"
    codes = [refusal(lambda: chat.history(house, eyes(carl, "guess"), room)) for _ in range(4)]
    assert codes == ["no_such_room"] * 3 + ["too_many"]
    assert refusal(lambda: chat.history(house, eyes(carl, CODE), room)) == "too_many"


def test_a_talk_of_two_is_nobody_elses(
    house: House, anna: Caller, bert: Caller, carl: Caller, heard: Heard
) -> None:
    number = say(house, anna, "with:bert", "hello")
    told = [(audience, data["room"]) for audience, type, data in heard.told]
    assert told == [
        (Audience(users=(anna.user_id,)), "with:bert"),
        (Audience(users=(bert.user_id,)), "with:anna"),
    ]
    assert texts(house, bert, "with:Anna ") == ["hello"]
    assert texts(house, carl, "with:anna") == texts(house, carl, "with:bert") == []
    key = channels.talk_key(anna.user_id, bert.user_id)
    for viewer in (eyes(carl), STRANGER):
        assert refusal(lambda v=viewer: chat.find(house, v, number)) == "no_such_message"
        assert refusal(lambda v=viewer: channels.enter_key(house, v, key)) == "no_such_room"
    for viewer in (eyes(anna), eyes(carl)):  # nobody asks for it by its key
        assert refusal(lambda v=viewer: channels.enter(house, v, key)) == "no_such_room"
    assert chat.find(house, eyes(bert), number).room == "with:anna"
    assert chat.talks(house, carl.user_id) == []


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
    house: House, anna: Caller, carl: Caller
) -> None:
    table = "5" * 32
    with house.store.write() as unit:
        unit.add(
            OpenTable(id=table, owner_id=anna.user_id, game="uttt", variant="standard",
                      rated=False, created_at=house.clock())
        )  # fmt: skip
    say(house, anna, f"match:{table}", "anybody?")
    assert refusal(lambda: chat.history(house, eyes(carl), f"match:{table}")) == "no_such_room"


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
