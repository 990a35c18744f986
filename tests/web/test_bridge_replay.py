"""Going through a deal: every position is that of the rules, on the page and in its script."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
from markupsafe import escape

from app.games.bridge import BRIDGE, SIDES, Call, Play
from app.services import accounts, matches
from app.services.bridge import explaining
from app.services.house import House
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.web.bridge import paper, replay, tale
from config import ROOT
from tests.services.bridge_deals import bid, claimed, dealt, passed
from tests.services.conftest import CLIENT
from tests.web.bridge_deals import go_on
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]

FOLLOW = ROOT / "tests" / "js" / "bridge-follow.mjs"
DEALS = 6
ROBOT = Bot("easy", "cpu1")


@pytest.fixture
def table(account: Make) -> list[Visitor]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


@pytest.fixture
def guests(house: House) -> list[Caller]:
    names = ("north", "east", "south", "west")
    return [accounts.guest(house, name, client=CLIENT).caller for name in names]


def played(house: House, guests: list[Caller], number: int) -> MatchRecord:
    """A deal that four have played to its end, with claims and things taken back."""
    return go_on(house, dealt(house, *guests), guests, Random(number))


def by_the_rules(record: MatchRecord) -> list[Any]:
    """The deal with nothing hidden, after each call and card that stands."""
    final = BRIDGE.open_view(record.state)
    state = BRIDGE.initial(record.options, record.seed).state
    views = [BRIDGE.open_view(state)]
    calls = [Call(call["bid"], call["alert"]) for call in final["auction"]]
    cards = [Play(each["card"]) for trick in (*final["played"], final["trick"]) for each in trick]
    for move in (*calls, *cards):
        (actor,) = BRIDGE.actors(state)
        state = BRIDGE.apply(state, actor, move).state
        views.append(BRIDGE.open_view(state))
    return views


def lying(view: Any) -> list[Any]:
    """The cards in the middle, a complete trick until the next is led to."""
    if view["trick"] or not view["played"]:
        return list(view["trick"])
    return list(view["played"][-1])


@pytest.mark.parametrize("number", range(DEALS))
def test_every_position_is_that_of_the_rules(
    house: House, guests: list[Caller], number: int
) -> None:
    record = played(house, guests, number)
    view = BRIDGE.open_view(record.state)
    steps = replay.steps_of(view)
    right = by_the_rules(record)
    assert len(right) == len(steps) + 1
    for ply, then in enumerate(right):
        shown = replay.position(view, steps, ply)
        assert shown["hands"] == then["hands"]
        assert shown["calls"] == len(then["auction"])
        assert shown["tricks"] == then["tricks"]
        pairs = [(step["side"], step["card"]) for step in shown["trick"]]
        assert pairs == [(each["side"], each["card"]) for each in lying(then)]
        if ply:
            mover = right[ply - 1]["to_move"]
            assert steps[ply - 1]["side"] == mover
    assert sum(view["tricks"].values()) == len(view["played"])


def test_the_script_shows_the_same_positions(
    house: House, guests: list[Caller], tmp_path: Path
) -> None:
    deals = []
    for number in range(DEALS):
        view = BRIDGE.open_view(played(house, guests, number).state)
        steps = replay.steps_of(view)
        positions = [replay.position(view, steps, ply) for ply in range(len(steps) + 1)]
        for each in positions:
            each["ranks"] = {
                side: [paper.ranks_of(each["hands"][side], letter) for letter in "SHDC"]
                for side in SIDES
            }
        deals.append({"deal": view["deal"], "steps": steps, "positions": positions})
    file = tmp_path / "deals.json"
    file.write_text(json.dumps(deals))
    done = subprocess.run(
        ["node", str(FOLLOW), str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(sum(len(d["positions"]) for d in deals)), "positions"]


def test_the_page_shows_a_position_and_leads_to_all_others(
    table: list[Visitor], house: House
) -> None:
    players = [person.caller(house) for person in table]
    record = go_on(house, dealt(house, *players), players, Random(1))
    view = BRIDGE.open_view(record.state)
    steps = replay.steps_of(view)
    for ply in (0, len(steps) // 2, len(steps), len(steps) + 9):
        page = table[0].text(f"/match/{record.id}/replay?ply={ply}")
        check(page)
        shown = replay.position(view, steps, min(ply, len(steps)))
        for letter in "SHDC":
            assert f"<span data-ranks>{paper.ranks_of(shown['hands']['N'], letter)}</span>" in page
        assert page.count("data-text=") == len(shown["trick"])
        assert page.count('class="later"') == len(view["auction"]) - shown["calls"]
        assert f'data-ply="{len(steps)}"' in page
    assert tale.result_words(view["result"]) in unescape(page)
    for name in ("anna", "bert", "carl", "dora"):
        assert name in page


def test_alerts_and_what_robots_mean_are_told_in_the_auction(
    table: list[Visitor], house: House
) -> None:
    players = [*(person.caller(house) for person in table[:3]), ROBOT]
    record = dealt(house, *players)
    alerted = {"bid": "1C", "alert": "not <clubs>"}
    matches.submit(house, players[0], record.id, alerted)  # North deals the first board
    bid(house, record.id, players, "pass", "pass")
    record = go_on(house, record, players, Random(2))
    meant = explaining.of(house, record)
    assert set(range(3, len(record.state.calls), 4)) >= set(meant)
    page = table[2].text(f"/match/{record.id}/replay")
    for text in ("not <clubs>", *meant.values()):
        assert f'title="{escape(text)}"' in page


def test_passed_out_and_broken_off(table: list[Visitor], house: House) -> None:
    players = [person.caller(house) for person in table]
    record = passed(house, dealt(house, *players), players)
    page = table[0].text(f"/match/{record.id}/replay")
    check(page)
    assert "<h2>Passed out</h2>" in page
    assert "After move 4 of 4." in page
    off = dealt(house, *players)
    bid(house, off.id, players, "1C")
    matches.end_by_house(house, off.id)
    page = table[0].text(f"/match/{off.id}/replay")
    check(page)
    assert "<h2>The deal was broken off.</h2>" in page
    assert "After move 1 of 1." in page
    assert table[0].get(f"/match/{off.id}").location == f"/match/{off.id}/replay?ply=0"


def test_a_deal_is_saved_as_files(table: list[Visitor], house: House) -> None:
    players = [person.caller(house) for person in table]
    record = claimed(house, dealt(house, *players), players, 7)
    pbn = table[0].get(f"/bridge/deal/{record.id}.pbn")
    assert pbn.status_code == 200
    assert pbn.headers["Content-Type"] == "text/plain; charset=iso-8859-1"
    assert f'filename="{record.id[:12]}.pbn"' in pbn.headers["Content-Disposition"]
    assert '[North "anna"]' in pbn.text
    assert (
        table[0]
        .get(f"/bridge/deal/{record.id}.lin")
        .text.startswith("qx|o1|pn|carl,dora,anna,bert|")
    )
    assert table[0].get(f"/bridge/deal/{record.id}.doc").status_code == 404
    text = table[1].text(f"/match/{record.id}/export.txt")
    assert "Result: 1 no trump, " in text
    assert '[North "anna"]' in text
    log = json.loads(table[1].text(f"/match/{record.id}/export.json"))
    assert log["players"] == ["anna", "bert", "carl", "dora"]
    assert log["seed"] == record.seed.hex()
    assert log["options"] == {"variant": "standard", "board": record.state.options.board}


def test_the_cards_are_checked_with_the_seed_once_it_is_told(
    table: list[Visitor], house: House
) -> None:
    players = [person.caller(house) for person in table]
    record = dealt(house, *players)
    before = table[0].text(f"/match/{record.id}/verify")
    check(before)
    assert record.commitment in before
    assert record.seed.hex() not in before
    assert "data-ranks" not in before
    record = passed(house, record, players)
    after = table[0].text(f"/match/{record.id}/verify")
    check(after)
    assert record.seed.hex() in after
    (program,) = (part.split("</code>")[0] for part in after.split("<pre")[1:])
    source = unescape(program.split("<code>")[1])
    done = subprocess.run(["python3", "-c", source], capture_output=True, text=True, check=True)
    told, *hands = done.stdout.splitlines()
    assert told == record.commitment
    deal = BRIDGE.open_view(record.state)["deal"]
    for line, (side, cards) in zip(hands, deal.items(), strict=True):
        named = ["CDHS"[card // 13] + "23456789TJQKA"[card % 13] for card in cards]
        assert line.split() == [side, *named]
