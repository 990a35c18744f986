"""Deals of bridge on all the other pages, which list matches of any game or act on them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.services import matches, moderation
from app.services.audit import HOST
from app.services.bridge import tables
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.services.bridge_deals import bid, claimed, dealt
from tests.web.conftest import Visitor
from tests.web.test_every_page import check
from tests.web.test_scopa_lists import rows, text_of

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]


@pytest.fixture
def table(account: Make) -> list[Visitor]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


@pytest.fixture
def players(table: list[Visitor], house: House) -> list[Caller]:
    return [person.caller(house) for person in table]


@pytest.fixture
def running(house: House, players: list[Caller]) -> MatchRecord:
    """The first deal of a table where all four have sat down: North is to call."""
    row = tables.open(house, players[0], "N", kibitz=True)
    for player, side in zip(players[1:], "ESW", strict=True):
        row = tables.sit(house, player, row.id, side)
    assert row.match_id
    return matches.get(house, row.match_id)


def test_my_matches_lead_to_the_table(
    table: list[Visitor], house: House, running: MatchRecord
) -> None:
    for person, said in zip(
        table, ("Your turn", "anna's turn", "anna's turn", "anna's turn"), strict=True
    ):
        page = person.text("/lobby")
        check(page)
        (row,) = rows(page, "matches")
        assert row.endswith(f"Bridge {said}"), row  # and no time: who stays away loses the seat
        answer = person.get(f"/match/{running.id}")
        assert (answer.status_code, answer.location) == (303, f"/bridge/table/{running.table_id}")
    assert rows(table[1].text("/lobby"), "matches")[0].startswith(
        "with dora, against anna and carl"
    )


def test_whoever_is_to_answer_is_waited_for(
    table: list[Visitor], house: House, players: list[Caller], running: MatchRecord
) -> None:
    bid(house, running.id, players, "1Z", "pass", "pass", "pass")
    lead = running.engine.legal_moves(matches.get(house, running.id).state, 1)[0]
    matches.submit(house, players[1], running.id, running.engine.move_json(lead))
    matches.submit(house, players[0], running.id, {"claim": 7})
    turns = ["bert's turn", "Your turn", "bert's turn", "Your turn"]
    for person, said in zip(table, turns, strict=True):
        page = person.text("/lobby")
        assert rows(page, "matches")[0].endswith(said)
        assert ('id="waiting" data-count="1"' in page) is (said == "Your turn")


def test_a_deal_to_watch_leads_to_its_table(
    account: Make,
    visitor: New,
    house: House,
    players: list[Caller],
    running: MatchRecord,
) -> None:
    bid(house, running.id, players, "1H", "pass")
    eve = account("eve")
    for number in (0, 1):
        board = "N E S W The auction NS anna 1000 carl 1000 The auction"
        for page, names in (
            (visitor().text("/watch"), f"EW bert 1000 dora 1000 {board}"),
            (eve.text("/lobby"), "anna .*carl .*– bert .*dora .*"),
        ):
            check(page)
            (row,) = rows(page, "live-list")
            assert re.fullmatch(rf"{names} Bridge \D*{number}\D*", row)
            assert f'href="/match/{running.id}"' in page
        tables.watch(house, eve.caller(house), running.table_id or "")
    for person in (eve, visitor()):
        assert person.get(f"/match/{running.id}").location == f"/bridge/table/{running.table_id}"


def test_the_front_page_shows_a_board_and_no_deal(
    visitor: New, house: House, players: list[Caller], running: MatchRecord
) -> None:
    bid(house, running.id, players, "1H", "pass")
    page = visitor().text("/")
    check(page)
    assert running.id not in page


def test_the_lobby_leads_to_the_hall_and_offers_no_bridge(account: Make) -> None:
    page = account("eve").text("/lobby")
    assert 'href="/bridge"' in page
    assert 'value="bridge"' not in page
    assert account("fred").get("/table/new?game=bridge").status_code == 404


def test_nothing_of_bridge_is_begun_where_others_are(account: Make, house: House) -> None:
    eve, fred = account("eve"), account("fred")
    assert eve.post("/lobby/seek", game="bridge").status_code == 303
    assert "There is no such game." in eve.text("/lobby")
    fred.post("/table/new", game="bridge", variant="standard", time="604800", access="public")
    for person in (eve, fred):
        assert matches.open_of(house, person.caller(house).user_id) == []


def test_rankings_and_profile_have_a_tab(
    table: list[Visitor], account: Make, visitor: New, house: House, players: list[Caller]
) -> None:
    first = claimed(house, dealt(house, *players), players, 13)
    others = [account(name).caller(house) for name in ("eve", "fred", "gus", "hans")]
    again = dealt(house, *others, tid="b" * 32, board_id=first.board_id)
    record = claimed(house, again, others, 7)
    down, up = record.ratings[0], record.ratings[1]
    assert down
    assert up
    assert down.after < down.before < up.after
    page = visitor().text("/rankings/bridge")
    check(page)
    assert "Bridge" in page
    assert re.search(rf'href="/player/fred">fred</a></td><td class="number">{up.after}</td>', page)
    for name, change, word in (("eve", down, "+90"), ("fred", up, "−90")):
        person = visitor()
        person.sign_in(name)
        page = person.text(f"/player/{name}?game=bridge")
        check(page)
        assert re.search(rf"<dt>Rating</dt><dd>{change.after}</dd>", page)
        (row,) = rows(page, "recent")
        step = f"{change.after - change.before:+d}".replace("-", "−")
        assert row.startswith(
            f"{word} against "
        )  # the deal itself: what it was worth says the step
        assert row.endswith(step)
        assert f"Bridge {change.after} · rank " in text_of(person.text("/lobby"))


def test_an_admin_ends_a_deal(
    account: Make, table: list[Visitor], house: House, running: MatchRecord
) -> None:
    boss = account("boss")
    moderation.make_admin(house, HOST, "boss")
    page = boss.text("/admin/matches")
    check(page)
    (row,) = rows(page, "running")
    assert row.startswith("anna & carl – bert & dora Bridge · 0 moves")
    answer = boss.post(f"/admin/matches/{running.id}/end", look_at="/admin/matches")
    assert answer.status_code in (302, 303)
    ended = matches.get(house, running.id)
    assert ended.outcome
    assert ended.outcome.reason == "abort"
    row_after = tables.row(house, running.table_id or "")
    assert not row_after.playing
    assert sorted(row_after.seated) == sorted(ended.user_ids)
    (ended_row,) = rows(table[0].text("/lobby"), "recent")
    assert ended_row.endswith("No result")
    page = table[0].text(f"/match/{running.id}/replay")
    assert "The deal was broken off." in page


# What belongs to matches of other games


@pytest.mark.parametrize("act", ["move", "end", "rematch"])
def test_a_deal_is_neither_left_nor_moved_in_as_a_match(
    table: list[Visitor], account: Make, house: House, running: MatchRecord, act: str
) -> None:
    there = f"/bridge/table/{running.table_id}"
    for person in (table[0], account("eve")):
        answer = person.post(f"/match/{running.id}/{act}", bid="1C", version="0")
        assert (answer.status_code, answer.location) == (303, there)
    assert table[0].get(f"/match/{running.id}/end").location == there
    record = matches.get(house, running.id)
    assert (record.version, record.over) == (0, False)
    assert tables.row(house, running.table_id or "").match_id == running.id


def test_a_deal_that_is_over_is_not_played_again(
    table: list[Visitor], house: House, players: list[Caller]
) -> None:
    record = claimed(house, dealt(house, *players), players, 8)
    answer = table[0].post(f"/match/{record.id}/rematch")
    assert answer.location == f"/match/{record.id}/replay?ply=0"
    assert matches.get(house, record.id).rematch_id is None
    assert matches.open_of(house, players[0].user_id) == []


def test_why_a_deal_is_not_rated(
    table: list[Visitor], guest: Make, house: House, players: list[Caller]
) -> None:
    with_guest = [*players[:3], guest("passer-by").caller(house)]
    record = claimed(house, dealt(house, *with_guest), with_guest, 8)
    assert not record.rated
    assert "Not rated: a guest was playing." in table[0].text(f"/match/{record.id}/replay")
    rated = claimed(house, dealt(house, *players), players, 8)
    assert "Not rated" not in table[0].text(f"/match/{rated.id}/replay")
