"""The lobby without a script: forms, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.services import friends, lobby, matches, tables
from app.services.house import House
from app.services.records import MatchRecord
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]

CHANGES = ("/lobby/seek", "/lobby/cancel", "/lobby/challenge")


def test_two_who_seek_meet(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    assert ann.post("/lobby/seek").location == "/lobby?wait=1"
    waiting = ann.text("/lobby?wait=1")
    check(waiting)
    assert '<meta http-equiv="refresh" content="5; url=/lobby?wait=1">' in waiting
    assert re.search(r'id="seek-form" hidden', waiting)
    answer = ben.post("/lobby/seek")
    (record,) = matches.open_of(house, ben.caller(house).user_id)
    assert (answer.status_code, answer.location) == (303, f"/match/{record.id}")
    assert [info.name for info in record.seats] == ["ann", "ben"]
    assert ann.get("/lobby?wait=1").location == f"/match/{record.id}"
    assert ann.get("/lobby").status_code == 200  # whoever asks for the lobby gets it


def test_seeking_twice_and_cancelling(account: Make, house: House) -> None:
    ann = account("ann")
    ann.post("/lobby/seek")
    ann.post("/lobby/seek")
    assert "You are waiting for an opponent already." in ann.text("/lobby")
    assert ann.post("/lobby/cancel").location == "/lobby"
    assert not lobby.is_seeking(house, ann.caller(house).user_id)
    assert ann.post("/lobby/cancel").location == "/lobby"


def test_a_challenge_waits_for_its_answer(account: Make, guest: Make, house: House) -> None:
    ann, passer = account("ann"), guest("passer-by")
    answer = ann.post("/lobby/challenge", player=" Passer-By ")
    ((row,), _) = tables.challenges(house, passer.caller(house).user_id)
    assert answer.location == f"/table/{row.id}"
    assert not row.rated
    assert matches.open_of(house, passer.caller(house).user_id) == []
    mine, theirs = ann.text("/lobby"), passer.text("/lobby")
    check(mine)
    check(theirs)
    assert f'action="/table/{row.id}/withdraw"' in mine
    assert f'action="/table/{row.id}/accept"' not in mine
    assert f'action="/table/{row.id}/accept"' in theirs
    assert f'action="/table/{row.id}/decline"' in theirs


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "Nobody here has that name."),
        ("ann", "That is you."),
        ("", "Whom do you look for?"),
        ("ben", "You have challenged them already."),
        ("carl", "You are playing each other already."),
        ('"><b>', "Nobody here has that name."),
    ],
)
def test_a_refusal_stands_beside_the_name(account: Make, play: Play, name: str, said: str) -> None:
    ann = account("ann")
    account("ben")
    play(ann, account("carl"), 0)
    ann.post("/lobby/challenge", player="ben")
    answer = ann.post("/lobby/challenge", player=name)
    assert answer.status_code == 422
    error = re.search(r'<p class="error" id="player-error">(.*?)</p>', answer.text)
    assert error
    assert error[1] == said
    assert 'aria-invalid="true"' in answer.text
    assert "<b>" not in answer.text
    check(answer.text)


def test_too_many_matches_are_refused(account: Make, play: Play, house: House) -> None:
    ann = account("ann")
    for number in range(house.config.MAX_OPEN_MATCHES):
        play(ann, account(f"ben-{number}"), 0)
    account("carl")
    said = "You have as many matches as one may have. Finish one first."
    assert said in ann.post("/lobby/challenge", player="carl").text
    ann.post("/lobby/seek")
    assert said in ann.text("/lobby")


def test_rows_say_whose_turn_it_is(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 1)
    page = ann.text("/lobby")
    check(page)
    row = re.search(r'<li class="match".*?</li>', page, re.DOTALL)
    assert row
    assert f'href="/match/{record.id}"' in row[0]
    assert "Their turn" in row[0]
    assert re.search(r">(6 d 23|7 d 0) h</time>", row[0])
    assert "Your turn" in ben.text("/lobby")


def test_ended_matches_come_with_the_change_of_rating(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben)
    words = {(1,): ("Won", "Lost"), (): ("Draw", "Draw"), (0,): ("Lost", "Won")}
    assert record.outcome
    mine, theirs = words[record.outcome.winners][::-1]
    for person, word, step in ((ann, mine, record.ratings[0]), (ben, theirs, record.ratings[1])):
        assert step
        page = person.text("/lobby")
        change = f"{step.after - step.before:+d}".replace("-", "−")
        assert re.search(rf"{word}</span>\s*<span[^>]*>{re.escape(change)}<", page), page


def test_friends_are_offered(account: Make, house: House) -> None:
    ann = account("ann")
    account("ben")
    friends.add(house, ann.caller(house), "ben")
    assert '<option value="ben">' in ann.text("/lobby")


@pytest.mark.parametrize("path", CHANGES)
def test_changes_need_the_pages_token_and_somebody_signed_in(
    visitor: Callable[[], Visitor], account: Make, house: House, path: str
) -> None:
    ann = account("ann")
    account("ben")
    assert ann.get(path).status_code == 405
    assert ann.client.post(path, data={"player": "ben"}).status_code == 400
    assert visitor().post(path, player="ben").location == "/sign-in"
    assert not lobby.is_seeking(house, ann.caller(house).user_id)
    assert matches.open_of(house, ann.caller(house).user_id) == []
