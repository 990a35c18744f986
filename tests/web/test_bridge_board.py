"""A board's page: what it tells of every table, and to whom nothing of it is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from random import Random

import pytest
from sqlalchemy import update

from app.games.bridge import BRIDGE
from app.games.bridge.comparison import imps
from app.services import matches, moderation
from app.services.audit import HOST
from app.services.bridge import boards
from app.services.house import House
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.store import Board
from app.web.bridge import paper, tale
from tests.services.bridge_deals import analyse, bid, claimed, dealt
from tests.web.bridge_deals import go_on
from tests.web.conftest import Visitor
from tests.web.test_every_page import check
from tests.web.test_scopa_lists import rows, text_of

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]

OTHER = "b" * 32
LISTS = ("/player/anna?game=bridge", "/player/anna", "/watch", "/bridge", "/rankings/bridge")
ROBOTS = tuple(Bot("easy", f"cpu{number}") for number in range(1, 5))


@pytest.fixture
def table(account: Make) -> list[Visitor]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


@pytest.fixture
def players(table: list[Visitor], house: House) -> list[Caller]:
    return [person.caller(house) for person in table]


@pytest.fixture
def record(house: House, players: list[Caller]) -> MatchRecord:
    """A deal that these four have played: one no trump of North's, claimed with an overtrick."""
    return claimed(house, dealt(house, *players), players, 8)


def lines(page: str) -> list[str]:
    """The rows of the table of results, as text."""
    part = re.search(r'(?s)id="results">.*?<tbody>(.*?)</tbody>', page)
    assert part
    return [text_of(row) for row in re.findall("(?s)<tr>(.*?)</tr>", part[1])]


def close(house: House, board_id: str) -> None:
    """Have the time be over in which a board is dealt."""
    with house.store.write() as unit:
        past = house.clock() - timedelta(seconds=1)
        unit.execute(update(Board).where(Board.id == board_id).values(open_until=past))


def test_every_table_is_listed_with_what_it_was_worth(
    table: list[Visitor], house: House, record: MatchRecord
) -> None:
    assert record.board_id
    other = matches.get(
        house, dealt(house, *ROBOTS, tid=OTHER, board_id=record.board_id).id
    )  # robots have played it at once
    theirs = BRIDGE.open_view(other.state)["result"]
    worth = imps(120 - theirs["score_ns"])
    page = table[0].text(f"/bridge/board/{record.board_id}")
    check(page)
    ours, other_line = sorted(lines(page), key=lambda line: "anna" not in line)
    points = (theirs["score_ns"] < 120) + (theirs["score_ns"] <= 120)
    assert ours.startswith(
        "North–South: anna carl East–West: bert dora 1 NT N 1 no trump, North +1"
    )
    assert "lead " in ours
    assert ours.endswith(f"+120 {points} {paper.imps_words(worth)}")
    assert other_line.startswith("North–South: cpu1 cpu3 East–West: cpu2 cpu4 ")
    score = paper.signed(theirs["score_ns"])
    assert other_line.endswith(f"{score} {2 - points} {paper.imps_words(-worth)}")
    assert "Matchpoints, of 2" in page
    for each in (record, other):
        assert f'href="/match/{each.id}/replay?ply=0"' in page
    assert page.count('href="/player/') == 4 + 1  # and one's own in the menu
    assert "It is still being worked out." in page


def test_its_cards_dealer_and_who_is_vulnerable(
    table: list[Visitor], house: House, record: MatchRecord
) -> None:
    page = table[0].text(f"/bridge/board/{record.board_id}")
    deal = BRIDGE.open_view(record.state)["deal"]
    for side, cards in deal.items():
        part = re.search(rf'(?s)data-side="{side}".*?</section>', page)
        assert part
        ranks = re.findall("<span data-ranks>(.*?)</span>", part[0])
        assert ranks == [paper.ranks_of(cards, letter) for letter in "SHDC"]
    assert "<h1>Board 1</h1>" in page
    assert "North deals · Nobody vulnerable" in page


def test_what_it_is_worth_double_dummy(
    table: list[Visitor], house: House, record: MatchRecord
) -> None:
    assert record.board_id
    tricks = {side: {"C": 5, "D": 6, "H": 7, "S": 10, "Z": 9} for side in "NESW"}
    par = {"score_ns": -420, "contracts": ["4S by EW", "5CX by N"]}
    analyse(house, record.board_id, {"tricks": tricks, "par": par})
    page = table[0].text(f"/bridge/board/{record.board_id}")
    check(page)
    (found,) = re.findall('(?s)<table class="dd".*?</table>', page)
    assert text_of(found).count("5 6 7 10 9") == 4
    assert found.count(' game"') == 8  # four spades, and three no trumps
    assert "Par −420: 4♠ East–West, 5♣× North" in text_of(page)


@pytest.mark.parametrize(
    ("par", "said"),
    [
        ({"score_ns": 0, "contracts": []}, "0"),
        ({"score_ns": 400, "contracts": ["3Z by NS"]}, "+400: 3NT North–South"),
        ({"score_ns": -100, "contracts": ["7SX by W"]}, "−100: 7♠× West"),
    ],
)
@pytest.mark.usefixtures("app_context")
def test_par_in_words(par: object, said: str) -> None:
    assert paper.par_words(par) == said


def test_scores_in_words() -> None:
    assert [paper.signed(points) for points in (420, -50, 0)] == ["+420", "−50", "0"]
    worth = [paper.imps_words(imps) for imps in (5.5, -12.0, 0.0, 0.04, -0.04, None)]
    assert worth == ["+5.5", "−12", "0", "0", "0", "–"]


# Who sees it


def everything_of(record: MatchRecord) -> Iterator[str]:
    """The addresses under which anything of a deal and its board is told."""
    for ending in ("", ".pbn", ".lin"):
        yield f"/bridge/board/{record.board_id}{ending}"
    for page in ("", "/replay", "/replay?ply=3", "/verify", "/export.txt", "/export.json", "/end"):
        yield f"/match/{record.id}{page}"
    for ending in ("pbn", "lin"):
        yield f"/bridge/deal/{record.id}.{ending}"
    yield f"/table/{record.id}"


def tells(text: str, record: MatchRecord) -> list[str]:
    """What a text has of a deal that only those may know who will not be dealt it."""
    result = tale.result_words(BRIDGE.open_view(record.state)["result"])
    secrets = [record.seed.hex(), result, "[Deal ", "md|", "data-ranks", 'id="replay"', "data-text"]
    return [secret for secret in secrets if secret in unescape(text)]


def test_who_may_still_be_dealt_a_board_is_told_nothing_of_it(
    account: Make, visitor: New, house: House, players: list[Caller]
) -> None:
    record = go_on(house, dealt(house, *players), players, Random(3))
    while not record.state.play:  # passed out: another
        record = go_on(house, dealt(house, *players), players, Random(record.state.options.board))
    boss = account("boss")
    moderation.make_admin(house, HOST, "boss")
    for person in (account("eve"), visitor(), boss):
        for path in everything_of(record):
            answer = person.get(path, follow_redirects=True)
            assert answer.status_code in (403, 404) or answer.request.path == "/sign-in", path
            assert tells(answer.text, record) == [], path
        for path in (
            "/player/anna?game=bridge",
            "/player/anna",
            "/watch",
            "/bridge",
            "/rankings/bridge",
        ):
            assert tells(person.text(path), record) == [], path
        session = person.text(f"/bridge/session/{record.table_id}")
        assert tells(session, record) == []
        assert "You may still be dealt this board." in session
        for ending in ("pbn", "lin"):
            assert tells(person.text(f"/bridge/session/{record.table_id}.{ending}"), record) == []
    assert tells(boss.text("/admin/matches"), record) == []
    # It is there to be told: whoever has played it is told all of it.
    anna = visitor()
    anna.sign_in("anna")
    assert tells(anna.text(f"/bridge/board/{record.board_id}.pbn"), record) == ["[Deal "]
    assert record.seed.hex() in tells(anna.text(f"/match/{record.id}/verify"), record)
    told = tells(anna.text("/player/anna?game=bridge"), record)
    assert told[:1] == [tale.result_words(BRIDGE.open_view(record.state)["result"])]


def test_nothing_of_a_deal_that_is_played_is_told_to_others(
    account: Make, visitor: New, table: list[Visitor], house: House, players: list[Caller]
) -> None:
    record = dealt(house, *players)
    bid(house, record.id, players, "1C", "pass", "pass", "pass")
    for person in (account("eve"), visitor()):
        for path in everything_of(record):
            answer = person.get(path)
            assert answer.status_code in (302, 303, 403, 404), path
            assert "data-ranks" not in answer.text
            assert record.commitment not in answer.text
    # Its players do not see more of it than at the table, either.
    for path in ("/replay", "/export.txt", "/export.json", ""):
        answer = table[0].get(f"/match/{record.id}{path}")
        assert answer.status_code == 303, path
    for ending in ("pbn", "lin"):
        assert table[0].get(f"/bridge/deal/{record.id}.{ending}").status_code == 403
        assert table[0].get(f"/bridge/board/{record.board_id}.{ending}").status_code == 403
    page = table[0].get(f"/bridge/board/{record.board_id}")
    assert page.status_code == 403
    assert "It is being played where you are." in page.text
    assert "Show me the board" not in page.text


def test_whoever_likes_to_see_a_board_is_not_dealt_it(
    account: Make, house: House, record: MatchRecord
) -> None:
    assert record.board_id
    eve = account("eve")
    path = f"/bridge/board/{record.board_id}"
    page = eve.get(path)
    check(page.text)
    assert page.status_code == 403
    assert "Show me the board" in page.text
    answer = eve.post(f"{path}/look", look_at=path)
    assert (answer.status_code, answer.location) == (303, path)
    check(eve.text(path))
    assert eve.get(f"/match/{record.id}").location == f"/match/{record.id}/replay?ply=0"
    check(eve.text(f"/match/{record.id}/replay"))
    with house.store.write() as unit:
        assert boards.pick(house, unit, [eve.caller(house).user_id]).id != record.board_id


def test_a_stranger_sees_it_when_nobody_can_be_dealt_it_any_more(
    visitor: New, house: House, record: MatchRecord
) -> None:
    assert record.board_id
    path = f"/bridge/board/{record.board_id}"
    before = visitor().get(path)
    check(before.text)
    assert before.status_code == 403
    assert f'href="/sign-in?next={path}"' in before.text
    answer = visitor().post(f"{path}/look", look_at=path)
    assert answer.location.startswith("/sign-in")
    close(house, record.board_id)
    check(visitor().text(path))
    check(visitor().text(f"/match/{record.id}/replay"))
    assert "[Deal " in visitor().text(f"{path}.pbn")


def test_there_is_no_such_board(account: Make, visitor: New) -> None:
    for person in (visitor(), account("eve")):
        for path in ("", ".pbn", ".doc"):
            assert person.get(f"/bridge/board/{'0' * 32}{path}").status_code == 404
    assert account("fred").post(f"/bridge/board/{'0' * 32}/look").status_code == 404


def test_the_gate_of_a_hidden_deal_is_its_boards_page(
    account: Make, visitor: New, house: House, record: MatchRecord, players: list[Caller]
) -> None:
    for person in (account("eve"), visitor()):
        for page in ("", "/replay", "/verify", "/export.json"):
            answer = person.get(f"/match/{record.id}{page}")
            assert answer.location == f"/bridge/board/{record.board_id}", page
    running = dealt(house, *players)
    assert visitor().get(f"/match/{running.id}").location == f"/bridge/table/{running.table_id}"
    assert matches.get(house, running.id).version == 0


def test_the_lists_of_others_hide_how_it_ended(
    account: Make, table: list[Visitor], house: House, record: MatchRecord
) -> None:
    eve = account("eve")
    page = eve.text("/player/anna?game=bridge")
    check(page)
    (row,) = rows(page, "recent")
    assert row.startswith("Played against bert & dora with carl ")
    assert "result-won" not in page
    own = table[0].text("/player/anna?game=bridge")
    check(own)
    (row,) = rows(own, "recent")
    assert row.startswith("+120 against bert & dora with carl 1 no trump, North: 1 over · ")
    (row,) = rows(table[1].text("/lobby"), "recent")
    assert row.startswith("with dora, against anna and carl Bridge · ")
    assert " −120" in row
    with house.store.write() as unit:
        boards.mark_seen(unit, record.board_id or "", [eve.caller(house).user_id])
    assert "+120" in rows(eve.text("/player/anna?game=bridge"), "recent")[0]
