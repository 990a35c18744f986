"""Chat on the pages, without a script: what is shown, said, kept from others, and reported."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.services import channels, chat, matches, readmarks, reports
from app.services.access import Viewer
from app.services.house import House
from app.services.records import MatchRecord
from app.store import Match, Message, ReadMark, User
from tests.web.conftest import Visitor

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]

HOSTILE = '<img src=x onerror="alert(1)"><script>alert(1)</script> "\' & https://example.org/<b>'
CODE = "swordfish"


def say(house: House, who: Visitor, room: str, text: str, code: str | None = None) -> int:
    caller = who.caller(house)
    return chat.say(house, caller, Viewer(caller.user_id, "", code), room, text).id


def lines(page: str) -> list[str]:
    """The texts of the lines on a page, as markup."""
    found = re.findall(r'<p class="line-text" dir="auto">(.*?)</p>', page)
    return [text for text in found if text]  # the row for the script is empty


# Saying and reading


def test_a_talk_by_forms_alone(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    assert "/messages/ben" in ann.text("/player/ben")
    page = ann.text("/messages/ben")
    assert "Nothing has been said here yet." in page
    response = ann.post(
        "/chat", look_at="/messages/ben", room="with:ben", text=" hello  ben ",
        next="/messages/ben#chat-with-ben",
    )  # fmt: skip
    assert (response.status_code, response.location) == (303, "/messages/ben#chat-with-ben")
    assert lines(ann.text("/messages/ben")) == ["hello ben"]
    assert '<span class="badge" id="unread"><span aria-hidden="true">1<' in ben.text("/rules/uttt")
    assert "1 unread message<" in ben.text("/messages").split('id="talks"')[1]
    listed = ben.text("/messages")
    assert "hello ben" in listed
    assert 'href="/messages/ann"' in listed
    assert lines(ben.text("/messages/ann")) == ["hello ben"]
    assert 'id="unread" hidden' in ben.text("/rules/uttt")  # reading it was reading it


@pytest.mark.parametrize("name", ["nobody", "ann", "a b", "x" * 300, "%00", "%ed%a0%80", "é"])
def test_there_is_no_talk_with_nobody(account: Make, name: str) -> None:
    assert account("ann").get(f"/messages/{name}").status_code == 404


def test_a_player_is_found_by_name(account: Make) -> None:
    ann, _ = account("ann"), account("ben")
    assert ann.get("/messages?name=%20BEN").location == "/messages/ben"
    for nobody in ("nobody", "ann"):
        page = ann.text(f"/messages?name={nobody}")
        assert f"Nobody you could write to is called {nobody}." in page


def test_many_talks_come_in_pages(account: Make, house: House) -> None:
    ann = account("ann")
    me, now, count = ann.caller(house).user_id, house.clock(), readmarks.PAGE + 5
    with house.store.write() as unit:
        for number in range(count):
            other = User(name=f"user-{number}", registered=True, created_at=now, seen_at=now)
            unit.add(other)
            unit.flush()
            room = channels.talk_key(me, other.id)
            unit.add(Message(room=room, user_id=other.id, name=other.name, text="hello", at=now))
            unit.add(ReadMark(user_id=me, room=room, message_id=0))

    def listed(path: str) -> list[str]:
        return re.findall(r'href="/messages/(user-[0-9]+)"', ann.text(path))

    assert "Page 1 of 2" in ann.text("/messages")
    newest_first = [f"user-{number}" for number in reversed(range(count))]
    assert listed("/messages") + listed("/messages?page=2") == newest_first
    assert len(listed("/messages?page=7")) == 5


def test_nothing_becomes_markup(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    number = say(house, ben, "lobby", HOSTILE)
    say(house, ben, "with:ann", HOSTILE)
    for path in ("/lobby", "/chat/lobby", "/messages/ben", f"/chat/line/{number}", "/messages"):
        page = ann.text(path)
        assert "onerror=&#34;alert" in page, path
        assert "<img" not in page
        assert "<script>" not in page
    link = '<a href="https://example.org/" rel="noopener nofollow ugc" target="_blank">'
    assert link in lines(ann.text("/lobby"))[0]


@pytest.mark.parametrize(
    ("text", "status", "complaint"),
    [
        (" ", 422, "Write something first."),
        ("long " * 100, 422, "Too long: at most 300 characters."),
        ('"><b>' + "x" * 300, 422, "Too long: at most 300 characters."),
    ],
)
def test_a_refused_text_is_not_lost(account: Make, text: str, status: int, complaint: str) -> None:
    ann = account("ann")
    response = ann.post("/chat", look_at="/lobby", room="lobby", text=text, next="/lobby")
    assert response.status_code == status
    assert complaint in response.text
    kept = re.search(r'name="text" value="([^"]*)"', response.text)
    assert kept
    assert kept[1] == text.replace('"', "&#34;").replace(">", "&gt;").replace("<", "&lt;")


def test_older_lines_are_a_link_away(account: Make, house: House) -> None:
    ann = account("ann")
    for number in range(120):
        say(house, ann, "lobby", f"line {number}")
    page = ann.text("/lobby")
    assert lines(page) == [f"line {number}" for number in range(70, 120)]
    seen = 0
    while found := re.search(r'<p class="chat-older"><a href="([^"]+)"', page):
        page = ann.text(found[1].replace("&amp;", "&"))
        seen += len(lines(page))
    assert seen == 70
    assert lines(page)[0] == "line 0"
    for odd in ("x", "-1", "9" * 30):
        assert ann.get(f"/chat/lobby?before={odd}").status_code == 200


# Who may read what


def test_strangers_read_the_spectators_of_public_matches_only(
    visitor: Callable[[], Visitor], account: Make, house: House, play: Play
) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    record = play(ann, ben, 2)
    say(house, ann, f"match:{record.id}", "between us")
    watched = say(house, eve, f"watch:{record.id}", "among us")
    stranger = visitor()
    for room in ("lobby", f"match:{record.id}", "match:x", "nowhere:1"):
        assert stranger.get(f"/chat/{room}").status_code in (403, 404), room
    for page in (stranger.text(f"/match/{record.id}"), stranger.text(f"/chat/watch:{record.id}")):
        assert lines(page) == ["among us"]
        assert "Only those who have come in may talk here." in page
        assert "chat-form" not in page
        assert "line-more" not in page
    assert stranger.get(f"/chat/line/{watched}").location.startswith("/sign-in")
    assert stranger.post("/chat", room=f"watch:{record.id}", text="hi").location == "/sign-in"
    assert stranger.get("/messages").location.startswith("/sign-in")


def test_players_and_spectators_are_apart_until_the_end(
    account: Make, house: House, play: Play
) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    record = play(ann, ben, 2)
    path = f"/match/{record.id}"
    secret = say(house, ann, f"match:{record.id}", "between us")
    remark = say(house, eve, f"watch:{record.id}", "about them")
    assert lines(ben.text(path)) == ["between us"]
    assert lines(eve.text(path)) == ["about them"]
    assert ben.get(f"/chat/watch:{record.id}").status_code == 404
    assert eve.get(f"/chat/match:{record.id}").status_code == 404
    assert ben.get(f"/chat/line/{remark}").status_code == 404
    assert eve.get(f"/chat/line/{secret}").status_code == 404
    for who, room in ((ben, "watch"), (eve, "match")):
        look_at = f"/chat/{'match' if room == 'watch' else 'watch'}:{record.id}"
        answer = who.post("/chat", look_at=look_at, room=f"{room}:{record.id}", text="hi")
        assert answer.status_code == 404
    matches.end(house, ann.caller(house), record.id)
    assert lines(ben.text(path)) == ["between us", "about them"]
    assert lines(eve.text(path)) == ["about them"]


def test_a_private_match_is_read_with_its_code_only(
    account: Make, house: House, play: Play
) -> None:
    ann, ben, eve, cat = account("ann"), account("ben"), account("eve"), account("cat")
    record = play(ann, ben, 2)
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == record.id).values(code=CODE))
    room = f"watch:{record.id}"
    number = say(house, eve, room, "psst", CODE)
    assert lines(cat.text(f"/match/{record.id}?code={CODE}")) == ["psst"]
    assert lines(cat.text(f"/chat/{room}")) == ["psst"]  # this browser has shown it
    cat.post("/chat", look_at=f"/chat/{room}", room=room, text="who is there?")
    assert lines(cat.text(f"/chat/{room}")) == ["psst", "who is there?"]
    assert "psst" in cat.text(f"/chat/line/{number}?room={room}")
    dan = account("dan")
    for path in (f"/chat/{room}", f"/chat/{room}?code=guess", f"/chat/line/{number}?room={room}"):
        assert dan.get(path).status_code == 404, path
    assert dan.post("/chat", room=room, text="me too").status_code == 404
    assert dan.post("/chat/line/report", room=room, id=number, reason="hm").status_code == 404


def test_a_talk_is_its_twos_alone(account: Make, house: House) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    number = say(house, ann, "with:ben", "between us")
    key = f"dm:{ann.caller(house).user_id}:{ben.caller(house).user_id}"
    assert eve.get(f"/chat/line/{number}").status_code == 404
    assert eve.get(f"/chat/{key}").status_code == ann.get(f"/chat/{key}").status_code == 404
    assert eve.post("/chat/line/report", id=number, reason="nosy").status_code == 404
    assert "between us" not in eve.text("/messages/ann") + eve.text("/messages/ben")


# Blocks and reports


def test_a_blocked_player_vanishes(account: Make, house: House, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 2)
    for room in ("lobby", "with:ann", f"match:{record.id}"):
        say(house, ben, room, "something rude")
    page = ann.text("/lobby")
    about = re.search(r'class="line-more" href="([^"]+)"', page)
    assert about
    page = ann.text(about[1].replace("&amp;", "&"))
    assert "Block ben" in page
    ann.post("/friends/block", look_at=about[1].replace("&amp;", "&"), player="ben")
    for path in ("/lobby", "/messages", "/messages/ben", f"/match/{record.id}"):
        assert "something rude" not in ann.text(path), path
    page = ann.text("/messages/ben")
    assert "You cannot reach that player." in page
    assert "chat-form" not in page
    refused = ben.post("/chat", look_at="/lobby", room="with:ann", text="please")
    assert refused.status_code == 403
    assert chat.unread(house, ann.caller(house).user_id) == {}


def test_a_line_is_reported_from_a_page_of_its_own(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    number = say(house, ben, "lobby", "something rude")
    path = f"/chat/line/{number}"
    refused = ann.post("/chat/line/report", look_at=path, id=number, room="lobby", reason=" ")
    assert refused.status_code == 422
    assert "Say what is wrong with it." in refused.text
    long = ann.post("/chat/line/report", look_at=path, id=number, room="lobby", reason="x" * 501)
    assert "Too long: at most 500 characters." in long.text
    answer = ann.post(
        "/chat/line/report",
        look_at=path,
        id=number,
        room="lobby",
        reason="<b>rude</b>",
        next="/lobby",
    )
    assert (answer.status_code, answer.location) == (303, "/lobby")
    assert "An admin will look at it." in ann.text("/lobby")
    [row] = reports.waiting(house)
    assert (row.reporter, row.reason) == ("ann", "<b>rude</b>")
    for nobody in (ben, account("eve")):  # one's own line; the other may look
        status = nobody.get(path).status_code
        assert status == (404 if nobody is ben else 200)
    assert ann.post("/chat/line/report", look_at=path, id="x", reason="hm").status_code == 404


def test_matches_in_which_something_was_said_are_listed(
    account: Make, house: House, play: Play
) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 2)
    say(house, ben, f"match:{record.id}", "good move")
    page = ann.text("/messages")
    assert f'href="/match/{record.id}#chat"' in page
    assert "In your matches" in page
    assert "In your matches" not in ben.text("/messages")
