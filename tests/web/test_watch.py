"""The pages of matches to look at, as they are without a script."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.games import GAMES
from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord, Setup
from app.services.time_control import TimeControl
from app.store import Rating
from app.web import small_squares
from tests.services.bridge_deals import bid, dealt
from tests.services.conftest import SHORT_WIN, move, play_out
from tests.services.hall import NOWHERE
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]
Play = Callable[..., MatchRecord]

POSITIONS = Path(__file__).with_name("small_squares.json")
CARD = re.compile(r'<li class="small .*?</li>', re.DOTALL)
SHOWN = re.compile(r'data-small="([0-9a-f]{32})"')


def begin(house: House, *people: Visitor, plies: int = 2, **terms: Any) -> str:
    """A match of these people that has got so far."""
    callers = [person.caller(house) for person in people]
    setup = Setup(**{"game": "uttt"} | terms)
    with house.store.write() as unit:
        match_id = matches.start(house, unit, setup, [caller.user_id for caller in callers])
    record = matches.get(house, match_id)
    for _ in range(plies):
        seat = min(record.actors)
        raw = record.engine.move_json(record.engine.legal_moves(record.state, seat)[0])
        record = matches.submit(house, callers[seat], match_id, raw)
    return match_id


def listed(page: str) -> list[str]:
    return SHOWN.findall(page)


@pytest.fixture
def pair(account: Make) -> tuple[Visitor, Visitor]:
    return account("ann"), account("ben")


def test_the_list_is_whole_without_a_script(
    pair: tuple[Visitor, Visitor], visitor: New, house: House
) -> None:
    empty = visitor().text("/watch")
    check(empty)
    assert listed(empty) == []
    assert "Nobody else is playing just now." in empty
    squares = begin(house, *pair)
    cards = begin(house, *pair, game="scopa", variant="classic")
    page = visitor().text("/watch")
    check(page)
    assert listed(page) == [cards, squares]
    scopa, uttt = CARD.findall(page.split("data-small-template", 1)[0])
    assert "ann is to move" in uttt
    assert "Boards won: x 0, o 0, drawn 0. Last move" in uttt
    assert f'href="/match/{squares}"' in uttt
    assert 'aria-label="Ultimate tic-tac-toe · 7 d a move: ann – ben"' in uttt
    lying = len(matches.get(house, cards).state.table)
    assert f"Cards on the table: {lying}. Cards left to deal: 30." in scopa
    assert "data-clock" not in page  # each has a time for the move, no clocks
    assert listed(visitor().text("/watch?game=scopa")) == [cards]
    assert listed(visitor().text("/watch?game=bridge")) == []
    assert visitor().get("/watch?game=chess").status_code == 404
    assert listed(pair[0].text("/watch")) == []  # one's own are no news


def test_more_matches_are_on_further_pages(
    pair: tuple[Visitor, Visitor], visitor: New, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["app.web.watch"], "SHOWN", 2)
    begun = [begin(house, *pair) for _ in range(3)]
    first = visitor().text("/watch?game=uttt")
    assert listed(first) == begun[:0:-1]
    assert 'href="/watch?game=uttt&amp;page=2"' in first
    second = visitor().text("/watch?game=uttt&page=2")
    check(second)
    assert listed(second) == begun[:1]
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second
    assert listed(visitor().text("/watch?page=99999999999999999999")) == []


def test_the_page_costs_the_same_however_many_there_are(
    pair: tuple[Visitor, Visitor], visitor: New, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with house.store.read() as unit:
        engine = unit.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    costs = []
    for _ in range(2):
        for _ in range(3):
            begin(house, *pair)
        for path in ("/watch", "/watch/best"):
            asked.clear()
            visitor().text(path)
            costs.append(len(asked))
    assert costs[:2] == costs[2:]


def test_a_clock_is_shown_as_it_stands(
    pair: tuple[Visitor, Visitor], visitor: New, house: House
) -> None:
    begin(house, *pair, time=TimeControl(None, 180, 2))
    page = visitor().text("/watch")
    assert len(re.findall(r"data-left>3:0[0-4]<", page)) == 2


# Bridge


def test_of_a_deal_of_bridge_only_how_far_it_is(account: Make, visitor: New, house: House) -> None:
    people = [account(name) for name in ("anna", "bert", "carl", "dora")]
    players = [person.caller(house) for person in people]
    record = dealt(house, *players)
    for calls, said in ((("1H", "pass"), "The auction"), (("4H", *["pass"] * 3), "Trick 1 of 13")):
        bid(house, record.id, players, *calls)
        for path in ("/watch", "/watch?game=bridge", "/watch/best/bridge"):
            page = visitor().text(path)
            check(page)
            assert listed(page) == [record.id]
            card = page.split('data-small="', 1)[1].split("small-foot", 1)[0]
            assert said in card
            assert "hearts" not in card
            assert "on-move" not in card
    assert listed(visitor().text("/watch/best")) == []


# The best match


def test_the_best_match_has_an_address(
    account: Make, pair: tuple[Visitor, Visitor], visitor: New, house: House
) -> None:
    quiet = visitor().text("/watch/best")
    check(quiet)
    assert "Nobody is playing just now" in quiet
    others = account("cat"), account("dan")
    with house.store.write() as unit:
        for person in pair:
            user_id = person.caller(house).user_id
            unit.merge(Rating(user_id=user_id, game="uttt", value=1800))
    best = begin(house, *pair)
    begin(house, *others)
    for path in ("/watch/best", "/watch/best/uttt", f"/watch/best?match={NOWHERE}"):
        page = visitor().text(path)
        check(page)
        assert listed(page) == [best]
        assert f'content="30;url={path.split("?")[0]}?match={best}"' in page
    assert f'data-watch="{best}"' in visitor().text("/")
    assert listed(visitor().text("/watch/best/scopa")) == []
    assert visitor().get("/watch/best/chess").status_code == 404
    link = re.search(r'<link rel="canonical" href="([^"]+)"', visitor().text("/watch/best/uttt"))
    assert link
    assert link[1].endswith("/watch/best/uttt")


def test_a_page_without_a_script_stays_with_its_match_and_shows_the_end(
    account: Make, pair: tuple[Visitor, Visitor], visitor: New, house: House
) -> None:
    callers = [person.caller(house) for person in pair]
    first = begin(house, *pair, plies=0)
    for number in range(2):
        matches.submit(house, callers[number], first, move(*SHORT_WIN[number]))
    better = account("cat"), account("dan")
    with house.store.write() as unit:
        for person in better:
            unit.merge(Rating(user_id=person.caller(house).user_id, game="uttt", value=1800))
    second = begin(house, *better)
    stays = visitor().text(f"/watch/best?match={first}")
    assert listed(stays) == [first]
    play_out(house, first, *callers)
    ended = visitor().text(f"/watch/best?match={first}")
    check(ended)
    assert listed(ended) == [first]
    assert "ann has won" in ended
    assert 'content="15;url=/watch/best"' in ended
    assert 'id="best-next" href="/watch/best">' in ended
    assert f'href="/match/{first}/replay"' in ended
    assert listed(visitor().text("/watch/best")) == [second]


def test_when_nobody_plays_a_great_match_is_shown(
    pair: tuple[Visitor, Visitor], visitor: New, play: Play
) -> None:
    record = play(*pair)
    page = visitor().text("/watch/best")
    check(page)
    assert listed(page) == [record.id]
    assert "This is the best match that has ended lately." in page
    assert f'href="/match/{record.id}/replay"' in page


def test_a_private_match_is_nowhere(
    pair: tuple[Visitor, Visitor], visitor: New, house: House
) -> None:
    private = begin(house, *pair, code="plum-7")
    for person in (visitor(), *pair):
        for path in ("/watch", "/watch/best", f"/watch/best?match={private}&code=plum-7"):
            page = person.text(path)
            assert listed(page) == []
            assert f"/match/{private}" not in page


# The drawing, which static/js/small-uttt.js makes, too (tests/js/small-uttt.test.mjs)


@pytest.mark.parametrize("number", range(4))
def test_the_drawing_is_the_one_that_the_script_makes(number: int) -> None:
    case = json.loads(POSITIONS.read_text())[number]
    assert small_squares.drawing(case["board"])["paths"] == case["paths"]
    marks = sum(mark != 0 for row in case["board"]["complete_field"] for mark in row)
    drawn = "".join(
        d for name, d in case["paths"].items() if name not in ("last", "x big", "o big")
    )
    assert drawn.count("M") == marks


def test_the_drawing_shows_the_state_of_each_board() -> None:
    game = GAMES["uttt"]
    state = game.initial(game.parse_options({"variant": "standard"}), b"").state
    for number, (board, cell) in enumerate(SHORT_WIN[:10]):
        state = game.apply(state, number % 2, game.parse_move(move(board, cell))).state
    view = game.view(state, None)
    kinds = [plate["kind"] for plate in small_squares.drawing(view)["plates"]]
    decided = [mark for row in view["global_field"] for mark in row]
    for index, kind in enumerate(kinds):
        lit = index in view["allowed"]
        assert kind == ("lit" if lit else small_squares.KINDS[decided[index]])
