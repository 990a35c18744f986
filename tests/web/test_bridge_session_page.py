"""The deals of a bridge table: what they came to, and for whom."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.services import matches
from app.services.bridge import boards, tables
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.services.bridge_deals import TABLE, analyse, claimed, dealt, passed
from tests.web.conftest import Visitor
from tests.web.test_every_page import check
from tests.web.test_scopa_lists import text_of

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]

PATH = f"/bridge/session/{TABLE}"
OTHER = "b" * 32


@pytest.fixture
def table(account: Make) -> list[Visitor]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


@pytest.fixture
def players(table: list[Visitor], house: House) -> list[Caller]:
    return [person.caller(house) for person in table]


@pytest.fixture
def played(house: House, players: list[Caller]) -> list[MatchRecord]:
    """Three deals: one no trump of North's and an overtrick, two passed out, of which another
    table knows the last."""
    first = claimed(house, dealt(house, *players), players, 8)
    second = dealt(house, *players)
    analyse(house, second.board_id or "")
    second = passed(house, second, players)
    third = passed(house, dealt(house, *players), players)
    return [first, second, third]


def lines(page: str) -> list[str]:
    part = re.search(r'(?s)id="deals">.*?<tbody>(.*?)</tbody>', page)
    assert part
    return [text_of(row) for row in re.findall("(?s)<tr>(.*?)</tr>", part[1])]


def test_every_deal_has_its_line(
    table: list[Visitor], account: Make, house: House, played: list[MatchRecord]
) -> None:
    others = [account(name).caller(house) for name in ("eve", "fred", "gus", "hans")]
    again = dealt(house, *others, tid=OTHER, board_id=played[2].board_id)
    claimed(house, again, others, 7, "pass", "1Z")
    page = table[0].text(PATH)
    check(page)
    pairs = "North–South: anna carl East–West: bert dora"
    first, second, third = lines(page)
    assert first == f"1 {pairs} 1 NT N 1 no trump, North +1 , 1 over +120 –"
    assert second == f"2 {pairs} Passed out 0 −3 *"  # par is 110 of North and South's
    assert third == f"3 {pairs} Passed out 0 +3"  # where East and West had 90
    (foot,) = re.findall("(?s)<tfoot>(.*?)</tfoot>", page)
    assert text_of(foot) == "North–South in all 0"
    for record in played:
        assert f'href="/bridge/board/{record.board_id}"' in page
        assert f'href="/match/{record.id}/replay?ply=0"' in page
    shares = re.search(r'(?s)aria-labelledby="shares-heading">.*?</ul>', page)
    assert shares
    assert text_of(shares[0]).count("2 deals") == 4


def test_of_a_board_that_one_may_be_dealt_only_the_number_is_told(
    account: Make, visitor: New, house: House, played: list[MatchRecord]
) -> None:
    eve = account("eve")
    for person in (eve, visitor()):
        page = person.text(PATH)
        check(page)
        assert len(lines(page)) == 3
        for number, line in enumerate(lines(page), 1):
            players = "North–South: anna carl East–West: bert dora"
            assert line == f"{number} {players} You may still be dealt this board."
        (foot,) = re.findall("(?s)<tfoot>(.*?)</tfoot>", page)
        assert text_of(foot) == "North–South in all 0"
        assert "shares-heading" not in page
        assert "[Board" not in person.text(f"{PATH}.pbn")
    with house.store.write() as unit:
        boards.mark_seen(unit, played[0].board_id or "", [eve.caller(house).user_id])
    first, *rest = lines(eve.text(PATH))
    assert "1 no trump, North" in first
    assert all("You may still be dealt" in line for line in rest)
    assert eve.text(f"{PATH}.pbn").count("[Board ") == 1


def test_a_session_as_a_file(table: list[Visitor], played: list[MatchRecord]) -> None:
    pbn = table[1].text(f"{PATH}.pbn")
    assert re.findall(r'\[Board "(.*?)"\]', pbn) == ["1", "2", "3"]
    lin = table[1].get(f"{PATH}.lin")
    assert lin.text.count("qx|") == 3
    assert 'attachment; filename="aaaaaaaaaaaa.lin"' in lin.headers["Content-Disposition"]
    assert table[1].get(f"{PATH}.txt").status_code == 404


def test_a_table_without_deals_and_no_table_at_all(account: Make, house: House) -> None:
    eve = account("eve")
    row = tables.open(house, eve.caller(house), "N")
    page = eve.text(f"/bridge/session/{row.id}")
    check(page)
    assert "No deal has been finished here yet." in page
    assert eve.get(f"/bridge/session/{'c' * 32}").status_code == 404


def test_a_deal_that_was_broken_off_is_no_result(
    table: list[Visitor], house: House, players: list[Caller], played: list[MatchRecord]
) -> None:
    off = dealt(house, *players)
    matches.end_by_house(house, off.id)
    assert len(lines(table[0].text(PATH))) == 3
