"""A match with swaps on its pages without a script: swapping, looking back, and what is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from app.live.views import match_update
from app.services import matches, tables
from app.services.house import House
from app.services.records import MatchRecord, Setup
from tests.web.conftest import Visitor
from tests.web.test_every_page import check
from tests.web.test_play import enabled, messages

Table = tuple[Visitor, Visitor, MatchRecord]
Make = Callable[[str], Visitor]


@pytest.fixture
def table(account: Make, house: House) -> Table:
    """ann and ben, and a match with swaps between them in which nobody has moved."""
    ann, ben = account("ann"), account("ben")
    row = tables.open(house, ann.caller(house), Setup("uttt", "swap"))
    return ann, ben, tables.join(house, ben.caller(house), row.id)


def play(table: Table, names: str) -> str:
    """Send the forms for these moves, in turn; the path of the match."""
    *players, record = table
    path = f"/match/{record.id}"
    for ply, name in enumerate(names.split()):
        first, swap, second = name.partition("=")
        fields = {"square": name}
        if swap:
            fields = {"first": str(int(first) - 1), "second": str(int(second) - 1)}
        assert players[ply % 2].post(f"{path}/move", **fields).location == path
    return path


def test_a_swap_by_form(table: Table, house: House) -> None:
    ann, ben, record = table
    path = play(table, "a9")
    page = ben.text(path)
    check(page)
    assert "Your turn: play in any lit board, or swap two." in page
    assert len(enabled(page)) == 80
    assert page.count('name="first"') == page.count('name="second"') == 1
    assert 'name="first"' not in ann.text(path), "it is not ann's turn"
    ben.post(f"{path}/move", first="8", second="0", version=1)
    page = ann.text(path)
    check(page)
    assert matches.view(house, matches.get(house, record.id), None)["last_swap"] == [0, 8]
    assert 'aria-label="g3, x"' in page
    assert len(re.findall(r'<div class="plate[^"]* swapped"', page)) == 2
    said = "Last move: the top left board and the bottom right board changed places."
    assert said in page
    assert re.findall(r"data-swaps>(\d)<", page) == ["2"], "ben's"
    assert re.search(r'id="swap"[^>]*aria-pressed="false">', page)
    assert re.search(r'id="swap"[^>]*aria-disabled="true">', ben.text(path))
    assert "data-swaps-left>2 left<" in ben.text(path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first": "4", "second": "4"}, "A board cannot be swapped with itself."),
        ({"first": "0", "second": "9"}, "A swap names two boards"),
        ({"first": "", "second": "1"}, "A swap names two boards"),
        ({"first": "3"}, "A swap names two boards"),
        ({"first": "1", "second": "0"}, "You may not undo the swap"),
        ({"first": "3", "second": "4", "version": "0"}, "The match has moved on. Look again."),
    ],
)
def test_a_wrong_swap_is_said_and_changes_nothing(
    table: Table, house: House, fields: dict[str, str], said: str
) -> None:
    _, ben, record = table
    path = play(table, "1=2")
    assert ben.post(f"{path}/move", **fields).location == path
    (text,) = messages(ben.text(path))
    assert said in text
    assert matches.get(house, record.id).version == 1


def test_without_swaps_left_there_is_no_form(table: Table) -> None:
    ann, _, _ = table
    path = play(table, "1=2 a9 1=2 b9 1=2 c8")
    page = ann.text(path)
    assert 'name="first"' not in page
    assert "data-swaps-left>0 left<" in page
    assert "Your turn: play in any lit board." in page
    ann.post(f"{path}/move", first="3", second="4")
    assert messages(ann.text(path)) == ["You have no swaps left."]


def test_in_a_standard_match_there_is_nothing_of_it(
    account: Make, play: Callable[..., MatchRecord], house: House
) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 0)
    page = ann.text(f"/match/{record.id}")
    for trace in ('id="swap"', "data-swaps", "swap.css", 'name="first"', 'swaps_left":'):
        assert trace not in page
    ann.post(f"/match/{record.id}/move", first="0", second="1")
    assert messages(ann.text(f"/match/{record.id}")) == ["Boards are not swapped in this match."]
    state = match_update(record, None, house.clock())["match_state"]
    assert state.keys().isdisjoint({"swaps_left", "last_swap", "barred_swap"})


def test_who_watches_sees_both_players_swaps(table: Table, visitor: Callable[[], Visitor]) -> None:
    page = visitor().text(play(table, "1=2 a9 2=3"))
    check(page)
    assert 'id="swap"' not in page
    assert sorted(re.findall(r"data-swaps>(\d)<", page)) == ["1", "3"]


def test_what_is_sent_and_what_the_page_carries(table: Table, house: House) -> None:
    ann, _, record = table
    path = play(table, "a9 1=5")
    state = match_update(matches.get(house, record.id), None, house.clock())["match_state"]
    assert state["last_move"] is None
    swaps = {"swaps_left": [3, 2], "last_swap": [0, 4], "barred_swap": [0, 4]}
    assert {field: state[field] for field in swaps} == swaps
    found = re.search(r'id="match">(.*?)</script>', ann.text(path))
    assert found
    data = json.loads(found[1])
    assert data["moves"] == ["a9", "1=5"]
    assert {field: data["state"][field] for field in swaps} == swaps


def test_looking_back_replaying_and_saving(table: Table) -> None:
    ann, ben, _ = table
    path = play(table, "a9 1=5 e5 2=3 5=9")
    page = ann.text(f"{path}?ply=2")
    assert "After move 2 of 5." in page
    assert re.findall(r'data-ply="\d"[^>]*>([^<]*)<', page) == ["a9", "1=5", "e5", "2=3", "5=9"]
    assert 'aria-label="d6, x"' in page
    assert enabled(page) == set()
    ben.post(f"{path}/end")
    page = ann.text(f"{path}/replay?ply=4")
    check(page)
    assert sorted(re.findall(r"data-swaps>(\d)<", page)) == ["1", "3"]
    assert "Not rated: matches of this kind are played for fun." in ann.text(path)
    lines = ann.text(f"{path}/export.txt").splitlines()
    assert "Game: Ultimate Tic-Tac-Toe (swap)" in lines
    assert lines[-4:] == [" 1. a9 1=5", " 2. e5 2=3", " 3. 5=9", "B resigned."]
    log = ann.get(f"{path}/export.json").get_json()
    assert log["variant"] == "swap"
    assert log["moves"][1]["move"] == {"swap": [0, 4]}


def test_a_swap_may_end_the_match(table: Table) -> None:
    ann, ben, _ = table
    names = "a9 c6 b8 b5 c7 a4 d9 f6 e8 e5 f7 d4 g6 i3 h5 h2 i4 h8 3=6"
    path = play(table, names)
    assert "You won: three boards in a row." in ann.text(path)
    page = ben.text(path)
    check(page)
    assert len(re.findall(r'<div class="plate won-a line[^"]*"', page)) == 3
    assert 'id="swap"' not in page
