"""Tables whose seats are given out one by one: the form for them, and the table's own page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.services import friends, matches, tables
from app.services.house import House
from app.services.records import MatchRecord
from app.services.tables import TableRow
from app.services.time_control import PER_MOVE
from app.web.offering import chosen, kinds
from tests.web.conftest import Visitor
from tests.web.test_every_page import check
from tests.web.test_tables import error_at, opened

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]

TWO = {"game": "scopa", "variant": "classic", "players": "2", "time": "86400", "access": "public"}
FOUR = TWO | {"variant": "scopone", "rated": "y"}


def kinds_at(row: TableRow) -> list[tuple[str, str | None]]:
    return [(seat.kind, seat.name) for seat in row.seats]


def parts(page: str) -> dict[str, str]:
    """The text of each seat's row on a table's page, without its tags."""
    rows = re.findall(r'(?s)<li id="(seat-\d)"[^>]*>(.*?)</li>', page)
    return {name: " ".join(re.sub("<[^>]*>", " ", text).split()) for name, text in rows}


def the_match(house: House, person: Visitor) -> MatchRecord:
    (record,) = matches.open_of(house, person.caller(house).user_id)
    return record


# The form


def test_each_game_has_a_form_of_its_own(account: Make) -> None:
    ann = account("ann")
    usual, scopa = ann.text("/table/new"), ann.text("/table/new?game=scopa")
    for page in (usual, scopa):
        check(page)
        assert 'href="/table/new?game=uttt"' in page
        assert 'href="/table/new?game=scopa"' in page
    assert 'value="swap"' in usual
    assert "seat_1" not in usual
    for variant in ("classic", "scopone", "rebello", "cucita", "cirulla"):
        assert f'value="{variant}"' in scopa
        assert f'value="{variant}"' not in usual
    assert 'value="swap"' not in scopa
    assert ann.get("/table/new?game=chess").status_code == 404
    assert ann.post("/table/new", **TWO | {"game": "chess"}).status_code == 404


def test_the_form_knows_what_the_rules_allow() -> None:
    offered = kinds("scopa")
    assert {key for key, kind in offered.items() if kind.players == (2, 4)} == {
        "classic", "rebello", "cucita", "cirulla",
    }  # fmt: skip
    assert offered["scopone"].players == (4,)
    assert {key: kind.choices for key, kind in offered.items() if kind.choices} == {
        "cirulla": ("matta", "grande")
    }
    assert all(kind.rated for kind in offered.values())
    assert [kind.players for kind in kinds("uttt").values()] == [(2,), (2,)]
    assert chosen("scopa", "cirulla", {"matta": "seven_of_coins"}) == {
        "matta": "seven_of_coins", "grande": "five",
    }  # fmt: skip
    assert chosen("scopa", "classic", {}) == chosen("uttt", "swap", {}) == {}


def test_a_table_for_four_is_opened_with_each_seat_as_it_was_wished(
    account: Make, house: House
) -> None:
    ann, ben = account("ann"), account("ben")
    seats = {"seat_1": "free", "seat_2": "ask", "name_2": " BEN ", "seat_3": "bot-strong"}
    row_id = ann.post("/table/new", **FOUR | seats).location.rpartition("/")[2]
    row = opened(house, ann)
    assert row.id == row_id
    assert (row.variant, row.players) == ("scopone", 4)  # though "2" was sent: it is for four
    assert kinds_at(row) == [("taken", "ann"), ("free", None), ("asked", "ben"), ("bot", "cpu1")]
    assert row.seats[3].strength == "strong"
    assert not row.rated
    assert "Scopa, scopone · 1 of 4 seats free · casual · 1 d a move" in ben.text("/lobby")


def test_what_traditions_differ_in_is_shown_before_anyone_joins(
    account: Make, house: House
) -> None:
    ann, ben = account("ann"), account("ben")
    terms = TWO | {"variant": "cirulla", "seat_1": "free", "rated": "y"}
    ann.post("/table/new", **terms | {"matta": "seven_of_coins", "grande": "downwards"})
    row = opened(house, ann)
    assert (row.options["matta"], row.options["grande"]) == ("seven_of_coins", "downwards")
    said = "Scopa, cirulla (matta the seven of coins, grande counted downwards) · rated"
    assert said in ben.text("/lobby")
    page = ben.text(f"/table/{row.id}")
    assert "Seven of coins" in page
    assert "Counted downwards" in page
    ann.post(f"/table/{row.id}/close")
    ann.post("/table/new", **terms)
    assert "Scopa, cirulla · rated" in ben.text("/lobby")
    page = ben.text(f"/table/{opened(house, ann).id}")
    assert "Seven of cups" in page


def test_a_match_against_the_computer_begins_at_once(account: Make, house: House) -> None:
    ann = account("ann")
    page = ann.text("/table/new?game=scopa&computer=medium")
    check(page)
    assert len(re.findall(r'<option selected value="bot-medium">', page)) == 3
    assert re.search(rf'<input checked[^>]*value="{PER_MOVE[-1]}"', page)
    answer = ann.post("/table/new", **TWO | {"seat_1": "bot-medium", "rated": "y"})
    record = the_match(house, ann)
    assert answer.location == f"/match/{record.id}"
    assert [info.bot for info in record.seats] == [None, "medium"]
    assert not record.rated
    for path in ("computer=huge", "game=scopa&computer=huge", "game=scopa&computer=beginner"):
        assert ann.get(f"/table/new?{path}").status_code == 404


def test_whoever_is_the_only_one_asked_is_challenged(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    friends.add(house, ann.caller(house), "ben")
    page = ann.text("/table/new?game=scopa&player=ben")
    check(page)
    assert "Challenge a player" in page
    assert re.search(r'id="name_1"[^>]*value="ben"', page)
    assert '<option selected value="ask">' in page
    assert '<option value="ben">' in page
    path = ann.post("/table/new", **TWO | {"seat_1": "ask", "name_1": "ben"}).location
    assert "Your challenge to ben" in ann.text(path)
    assert "ann challenges you" in ben.text(path)
    assert ben.post(f"{path}/accept").location == path.replace("table", "match")
    assert the_match(house, ben).game == "scopa"


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"seat_1": "ask", "name_1": "nobody"}, "name_1", "Nobody here has that name."),
        ({"seat_1": "ask", "name_1": ""}, "name_1", "Whom do you want to ask?"),
        ({"seat_1": "ask", "name_1": "ann"}, "name_1", "That is you."),
        ({"seat_1": "bot-huge"}, "seat_1", "Not a valid choice."),
        ({"seat_1": "free", "players": "3"}, "players", "Not a valid choice"),
        ({"seat_1": "free", "players": "x"}, "players", "Invalid Choice"),
        ({"seat_1": "free", "variant": "standard"}, "variant", "Not a valid choice"),
        ({"seat_1": "free", "variant": "cirulla", "matta": "ace"}, "matta", "Not a valid choice"),
        (
            {"players": "4", "seat_2": "ask", "name_2": "ben", "seat_3": "ask", "name_3": "nobody"},
            "name_3",
            "Nobody here has that name.",
        ),
        (
            {"players": "4", "seat_2": "ask", "name_2": "ben", "seat_3": "ask", "name_3": "ben"},
            "name_3",
            "Nobody can have two seats at a table.",
        ),
    ],
)
def test_what_is_wrong_with_a_seat_is_said_beside_it(
    account: Make, house: House, fields: dict[str, str], field: str, said: str
) -> None:
    ann = account("ann")
    account("ben")
    answer = ann.post("/table/new", **TWO | fields)
    assert answer.status_code == 422
    check(answer.text)
    assert said in error_at(answer.text, field)
    assert tables.own(house, ann.caller(house).user_id) is None


# The table's page


@pytest.fixture
def four(account: Make, house: House) -> Any:
    """ann's table: ben is asked to be her partner, the seats between them are free."""
    ann, ben = account("ann"), account("ben")
    seats = {"seat_1": "free", "seat_2": "ask", "name_2": "ben", "seat_3": "free"}
    path = ann.post("/table/new", **FOUR | seats).location
    return ann, ben, path


def test_everybody_sees_who_sits_where_and_what_they_may_do(
    four: Any, account: Make, visitor: New
) -> None:
    ann, ben, path = four
    carl = account("carl")
    for person in (ann, ben, carl, visitor()):
        check(person.text(path))
    owner, asked, other = parts(ann.text(path)), parts(ben.text(path)), parts(carl.text(path))
    assert owner["seat-0"] == "ann you"
    assert owner["seat-1"].startswith("free Fill it…")
    assert owner["seat-2"] == "ben has not answered yet Free"
    assert asked["seat-1"] == "free"
    assert "ann keeps a seat for you." in ben.text(path)
    assert f'action="{path}/accept"' in ben.text(path)
    assert f'action="{path}/decline"' in ben.text(path)
    assert other["seat-1"] == other["seat-3"] == "free Sit here"
    assert f'action="{path}/seat"' not in carl.text(path)
    stranger = visitor().text(path)
    assert parts(stranger)["seat-1"] == "free"
    assert "Play as a guest" in stranger


def test_seats_are_taken_changed_and_left_until_the_match_begins(
    four: Any, account: Make, house: House
) -> None:
    ann, ben, path = four
    carl, dora = account("carl"), account("dora")
    assert carl.post(f"{path}/join", seat="3").location == path
    page = carl.text(path)
    check(page)
    assert parts(page)["seat-3"] == "carl you"
    assert parts(page)["seat-1"] == "free Sit here"
    assert f'action="{path}/leave"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "you sit here" in carl.text("/lobby")
    carl.post(f"{path}/join", seat="1")
    assert kinds_at(opened(house, ann))[1:] == [("taken", "carl"), ("asked", "ben"), ("free", None)]
    dora.post(f"{path}/join", seat="1")
    assert "That seat is taken." in dora.text("/lobby")
    assert carl.post(f"{path}/leave").location == "/lobby"
    assert [kind for kind, _ in kinds_at(opened(house, ann))] == ["taken", "free", "asked", "free"]
    assert ben.post(f"{path}/accept").location == path
    dora.post(f"{path}/join", seat="1")
    page = carl.text(path)  # one seat left: nothing to choose
    assert parts(page)["seat-3"] == "free"
    assert ">Join<" in re.sub(r"\s+", "", page).replace("<span>", "").replace("</span>", "")
    match = path.replace("table", "match")
    assert carl.post(f"{path}/join").location == match
    assert ann.get(path).location == match
    record = the_match(house, ann)
    assert [info.name for info in record.seats] == ["ann", "dora", "ben", "carl"]
    assert record.rated


def test_the_owner_fills_and_frees_seats(four: Any, house: House) -> None:
    ann, ben, path = four
    assert ann.post(f"{path}/seat", seat="1", kind="bot-easy").location == path
    assert ann.post(f"{path}/seat", seat="2", kind="free").location == path
    assert [kind for kind, _ in kinds_at(opened(house, ann))] == ["taken", "bot", "free", "free"]
    assert parts(ann.text(path))["seat-1"] == "cpu1 Computer, easy Free"
    assert 'href="/player/cpu1"' not in ann.text(path)
    assert f'action="{path}/accept"' not in ben.text(path)
    ann.post(f"{path}/seat", seat="3", kind="ask", name="nobody")
    assert "Nobody here has that name." in ann.text(path)
    for odd in ({"seat": "0", "kind": "free"}, {"seat": "9", "kind": "free"}, {"kind": "free"}):
        assert ann.post(f"{path}/seat", **odd).location == path
    ben.post(f"{path}/seat", seat="3", kind="bot-easy")
    assert "That table is gone." in ben.text("/lobby")
    assert [kind for kind, _ in kinds_at(opened(house, ann))] == ["taken", "bot", "free", "free"]
    ann.post(f"{path}/seat", seat="2", kind="bot-medium")
    answer = ann.post(f"{path}/seat", seat="3", kind="bot-strong")
    assert answer.location == path.replace("table", "match")
    assert [info.bot for info in the_match(house, ann).seats] == [None, "easy", "medium", "strong"]


def test_a_seat_that_is_declined_is_free_again(four: Any, house: House) -> None:
    ann, ben, path = four
    assert ben.post(f"{path}/decline").location == "/lobby"
    assert kinds_at(opened(house, ann))[2] == ("free", None)
    assert parts(ben.text(path))["seat-2"] == "free Sit here"


def test_a_private_table_is_closed_to_who_left_it_without_its_code(
    account: Make, house: House
) -> None:
    ann, ben, eve = account("ann"), account("ben"), account("eve")
    seats = {"seat_1": "free", "seat_2": "ask", "name_2": "ben", "seat_3": "free"}
    path = ann.post("/table/new", **FOUR | seats | {"access": "private"}).location
    row = opened(house, ann)
    assert row.code
    assert row.code not in ben.text(path).split("<main", 1)[1]
    assert eve.get(path).status_code == 404
    eve.post(f"{path}/join", seat="1")
    assert kinds_at(opened(house, ann))[1] == ("free", None)
    check(eve.text(f"{path}?code={row.code}"))
    assert eve.post(f"{path}/join", seat="1").location == path
    ben.post(f"{path}/decline")
    assert ben.get(path).status_code == 404
