"""Tables and challenges without a script, and who gets to see a private one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app import create_app
from app.services import matches, tables
from app.services.house import House
from app.services.records import MatchRecord, Setup
from app.services.tables import TableRow
from app.services.time_control import CLOCKS, PER_MOVE, TimeControl
from app.web.access import KEPT
from app.web.words import clock_words, kind_words, time_words
from config import Config
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]
New = Callable[[], Visitor]

TERMS = {"game": "uttt", "variant": "standard", "time": "300+3", "rated": "y", "access": "public"}


def opened(house: House, visitor: Visitor) -> TableRow:
    row = tables.own(house, visitor.caller(house).user_id)
    assert row is not None
    return row


def error_at(page: str, field: str) -> str:
    found = re.search(rf'<p class="error" id="{field}-error"[^>]*>(.*?)</p>', page)
    assert found, field
    return found[1]


def private_match(house: House, one: Visitor, other: Visitor) -> MatchRecord:
    row = tables.open(house, one.caller(house), Setup("uttt"), private=True)
    return tables.join(house, other.caller(house), row.id, row.code)


# Opening


def test_a_table_is_opened_listed_and_joined(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    check(ann.text("/table/new"))
    answer = ann.post("/table/new", **TERMS)
    row = opened(house, ann)
    assert (answer.status_code, answer.location) == (303, f"/table/{row.id}")
    assert (row.time, row.rated, row.private) == (TimeControl(None, 300, 3), True, False)
    mine, theirs = ann.text("/lobby"), ben.text("/lobby")
    check(mine)
    check(theirs)
    assert f'action="/table/{row.id}/close"' in mine
    assert f'action="/table/{row.id}/join"' not in mine
    assert 'aria-label="Join ann&#39;s table"' in theirs
    assert "Ultimate tic-tac-toe · rated · 5+3" in theirs
    check(ann.text(f"/table/{row.id}"))
    check(ben.text(f"/table/{row.id}"))
    answer = ben.post(f"/table/{row.id}/join")
    assert answer.location == f"/match/{row.id}"
    record = matches.get(house, row.id)
    assert [info.name for info in record.seats] == ["ann", "ben"]
    assert ann.get(f"/table/{row.id}").location == f"/match/{row.id}"
    assert "Your table" not in re.sub(r'(?s)<div class="card" id="own" hidden>.*?</div>', "",
                                      ann.text("/lobby"))  # fmt: skip


@pytest.mark.parametrize("time", [*map(str, PER_MOVE), *(f"{b}+{i}" for b, i in CLOCKS)])
def test_every_time_on_offer_can_be_had(account: Make, house: House, time: str) -> None:
    ann = account("ann")
    assert f'value="{time}"' in ann.text("/table/new")
    ann.post("/table/new", **TERMS | {"time": time})
    assert opened(house, ann).time.text == time


def test_a_clock_of_ones_own(account: Make, house: House) -> None:
    ann = account("ann")
    for minutes, increment in (("0", "5"), ("181", "0"), ("5", "61"), ("-1", "0"), ("", "")):
        fields = {"time": "own", "minutes": minutes, "increment": increment}
        answer = ann.post("/table/new", **TERMS | fields)
        assert answer.status_code == 422
        check(answer.text)
        assert error_at(answer.text, "minutes").startswith("A clock starts with 1 to 180 minutes")
    ann.post("/table/new", **TERMS | {"time": "own", "minutes": "7", "increment": "13"})
    assert opened(house, ann).time == TimeControl(None, 420, 13)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time": "301"}, "time"),
        ({"variant": "chess"}, "variant"),
        ({"access": "nobody"}, "access"),
        ({"access": "private", "code": "abc"}, "code"),
        ({"time": "own", "minutes": "many"}, "minutes"),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    account: Make, house: House, fields: dict[str, str], field: str
) -> None:
    ann = account("ann")
    answer = ann.post("/table/new", **TERMS | fields)
    assert answer.status_code == 422
    check(answer.text)
    assert error_at(answer.text, field)
    assert tables.own(house, ann.caller(house).user_id) is None


def test_one_table_a_person(account: Make) -> None:
    ann = account("ann")
    ann.post("/table/new", **TERMS)
    answer = ann.post("/table/new", **TERMS)
    assert answer.status_code == 422
    assert "You have a table open already. Close it first." in answer.text


def test_what_cannot_be_rated_is_not(account: Make, guest: Make, house: House) -> None:
    passer, ann = guest("passer-by"), account("ann")
    page = passer.text("/table/new")
    assert re.search(r'id="rated"[^>]*disabled|disabled[^>]*id="rated"', page)
    assert "A guest's matches are not rated." in page
    passer.post("/table/new", **TERMS)
    assert not opened(house, passer).rated
    ann.post("/table/new", **TERMS | {"variant": "swap"})
    row = opened(house, ann)
    assert (row.variant, row.rated) == ("swap", False)
    assert "Ultimate tic-tac-toe, swap · casual · 5+3" in passer.text("/lobby")


def test_a_table_is_closed_by_its_owner_alone(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    ann.post("/table/new", **TERMS)
    row = opened(house, ann)
    ben.post(f"/table/{row.id}/close")
    assert "That table is gone." in ben.text("/lobby")
    assert tables.listed(house, None)
    assert ann.post(f"/table/{row.id}/close").location == "/lobby"
    assert not tables.listed(house, None)
    assert ben.get(f"/table/{row.id}").status_code == 404
    ben.post(f"/table/{row.id}/join")
    assert "That table is gone." in ben.text("/lobby")


# Challenges


def test_a_challenge_is_accepted_declined_and_withdrawn(account: Make, house: House) -> None:
    ann, ben, carl = account("ann"), account("ben"), account("carl")
    page = ann.text("/table/new?player=ben")
    check(page)
    assert 'value="ben"' in page
    answer = ann.post("/table/new", **TERMS | {"player": "ben", "variant": "swap"})
    path = answer.location
    assert "Your challenge to ben" in ann.text(path)
    assert "ann challenges you" in ben.text(path)
    for person in (ann, ben):
        check(person.text(path))
    assert carl.get(path).status_code == 404
    carl.post(f"{path}/accept")
    assert "That challenge is gone." in carl.text("/lobby")
    ben.post(f"{path}/decline")
    assert ann.get(path).status_code == 404
    path = ann.post("/table/new", **TERMS | {"player": "ben"}).location
    ben.post(f"{path}/withdraw")
    assert "That challenge is gone." in ben.text("/lobby")
    ann.post(f"{path}/withdraw")
    assert tables.challenges(house, ben.caller(house).user_id) == ([], [])
    path = ann.post("/table/new", **TERMS | {"player": "ben"}).location
    assert ben.post(f"{path}/accept").location == path.replace("table", "match")
    assert ann.get(path).location == path.replace("table", "match")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody", "Nobody here has that name."),
        ("ann", "That is you."),
        ("", "Nobody here has that name."),
        ('"><b>', "Nobody here has that name."),
    ],
)
def test_a_challenge_that_cannot_be_is_said_beside_the_name(
    account: Make, name: str, said: str
) -> None:
    answer = account("ann").post("/table/new", **TERMS | {"player": name})
    assert answer.status_code == 422
    assert error_at(answer.text, "player") == said
    assert "<b>" not in answer.text
    check(answer.text)


# Private games


def test_a_private_table_is_there_for_who_knows_its_code(
    account: Make, visitor: New, house: House
) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    ann.post("/table/new", **TERMS | {"access": "private"})
    row = opened(house, ann)
    path, code = f"/table/{row.id}", row.code
    assert code is not None
    link = f"http://localhost{path}?code={code}"
    assert link in ann.text(path)
    assert link in ann.text("/lobby")
    for other in (eve, visitor()):
        assert other.get(path).status_code == 404
        assert other.get(f"{path}?code=wrong").status_code == 404
    assert row.id not in eve.text("/lobby")
    eve.post(f"{path}/join")
    assert "That table is gone." in eve.text("/lobby")
    stranger = visitor()
    page = stranger.text(f"{path}?code={code}")
    check(page)
    assert f'value="{path}?code={code}"' in page
    check(ben.text(f"{path}?code={code}"))
    assert ben.get(path).status_code == 200  # the browser has the code now
    assert code not in ben.text(path).split("<main", 1)[1]
    assert ben.post(f"{path}/join").location == f"/match/{row.id}"
    assert stranger.get(path).location == f"/match/{row.id}"
    assert visitor().get(f"{path}?code={code}").location == f"/match/{row.id}?code={code}"
    assert eve.get(path).status_code == 404


def test_joining_by_the_hosts_name_and_the_code(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    ann.post("/table/new", **TERMS | {"access": "private", "code": "four words"})
    check(ben.text("/table/join"))
    for owner, code, field in (
        ("ann", "wrong", "code"),
        ("nobody", "four words", "code"),
        ("", "four words", "owner"),
        ("ann", "", "code"),
    ):
        answer = ben.post("/table/join", owner=owner, code=code)
        assert answer.status_code == 422
        assert error_at(answer.text, field)
        check(answer.text)
    said = [error_at(ben.post("/table/join", owner=name, code="x").text, "code")
            for name in ("ann", "nobody")]  # fmt: skip
    assert said[0] == said[1]  # whether there is a private table is nobody's business
    answer = ben.post("/table/join", owner=" ANN ", code="four words")
    assert answer.location == f"/match/{matches.open_of(house, ben.caller(house).user_id)[0].id}"


def test_nothing_of_a_private_match_is_seen_without_its_code(
    account: Make, visitor: New, house: House, play: Play
) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    record = private_match(house, ann, ben)
    path = f"/match/{record.id}"
    for person, square in ((ann, "e5"), (ben, "d6"), (ann, "a9")):
        person.post(f"{path}/move", square=square)
    everywhere = ("/", "/watch", "/lobby", "/player/ann", "/rankings/uttt", "/friends?name=ann")
    for onlooker in (eve, visitor()):
        for page in everywhere:
            assert record.id not in onlooker.client.get(page, follow_redirects=True).text, page
    ben.post(f"{path}/end")
    for onlooker in (eve, visitor()):
        for page in everywhere:
            assert record.id not in onlooker.client.get(page, follow_redirects=True).text, page
        for what in ("", "/replay", "/export.txt", "/export.json", "?ply=1"):
            assert onlooker.get(path + what).status_code == 404, what
            joint = "&" if "?" in what else "?"
            assert onlooker.get(f"{path}{what}{joint}code=wrong").status_code == 404, what
    for what in ("/move", "/end", "/rematch"):
        assert eve.post(path + what, square="e5").status_code == 404
    assert eve.get(f"{path}/end").status_code == 404
    for player in (ann, ben):
        assert player.get(path).status_code == 200
        assert f"/match/{record.id}" in player.text("/player/ann")


def test_the_code_is_kept_once_it_was_right(account: Make, visitor: New, house: House) -> None:
    record = private_match(house, account("ann"), account("ben"))
    path = f"/match/{record.id}"
    eve = visitor()
    assert eve.get(f"{path}?code={record.code}").status_code == 200
    page = eve.text(path)
    data = re.search(r'<script type="application/json" id="match">(.*?)</script>', page, re.DOTALL)
    assert data
    assert json.loads(data[1])["code"] == record.code


def test_only_the_last_codes_are_kept(account: Make, house: House) -> None:
    ann, eve = account("ann"), account("eve")
    records = []
    for number in range(KEPT + 1):
        records.append(private_match(house, ann, account(f"ben-{number}")))
        matches.end(house, ann.caller(house), records[-1].id)
        eve.get(f"/match/{records[-1].id}?code={records[-1].code}")
    statuses = [eve.get(f"/match/{record.id}").status_code for record in records]
    assert statuses == [404] + KEPT * [200]


def test_guessing_codes_comes_to_an_end(config: Config) -> None:
    limited = replace(config, RATELIMIT_ENABLED=True, CODE_LIMIT="3 per minute")
    app = create_app(limited)
    house: House = app.extensions["house"]
    ann, ben, eve = (Visitor(app.test_client()) for _ in range(3))
    ann.register("ann")
    ben.register("ben")
    record = private_match(house, ann, ben)
    path = f"/match/{record.id}?code="
    statuses = [
        eve.get(path + guess).status_code for guess in ("a", "b", "c", "d", str(record.code))
    ]
    assert statuses == [404, 404, 404, 429, 429]
    assert ann.get(f"/match/{record.id}").status_code == 200


# Words


def test_how_times_and_games_are_said(app_context: None) -> None:
    said = {text: time_words(TimeControl.parse(text)) for text in (
        "600", "86400", "259200", "604800", "60+1", "180+2", "90+0", "10800+60")}  # fmt: skip
    assert said == {
        "600": "10 min a move", "86400": "1 d a move", "259200": "3 d a move",
        "604800": "7 d a move", "60+1": "1+1", "180+2": "3+2", "90+0": "1:30+0",
        "10800+60": "180+60",
    }  # fmt: skip
    assert time_words(TimeControl(5)) == "5 s a move"  # MATCH_TTL may be anything
    terms: Any = ("uttt", "swap", False, TimeControl(None, 180, 2))
    assert kind_words(*terms) == "Ultimate tic-tac-toe, swap · casual · 3+2"


def test_what_a_clock_shows() -> None:
    shown = {
        0: "0.0", 99: "0.0", 100: "0.1", 9_999: "9.9", 10_000: "0:10", 59_999: "0:59",
        60_000: "1:00", 3_599_999: "59:59", 3_600_000: "1:00:00", 3_723_000: "1:02:03",
    }  # fmt: skip
    assert {left: clock_words(left) for left in shown} == shown
