"""The page of scopa's rules says what the rules say."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.games.cards import ITALIAN
from app.games.scopa import SCOPA
from app.games.scopa.scoring import count, grande, piccola
from app.games.scopa.variants import RULES
from app.web.scopa_diagrams import CAPTURES, HANDS, primiera_rows
from tests.web.conftest import Visitor
from tests.web.test_every_page import check


@pytest.mark.parametrize("name", CAPTURES)
def test_pictured_captures_are_offered(name: str) -> None:
    capture = CAPTURES[name]
    table = [ITALIAN.parse(text).value for text in capture.table.split()]
    offered = RULES[capture.variant].takes(ITALIAN.parse(capture.card).value, table)
    assert capture.takes in offered
    if name == "first":
        assert offered == (capture.takes,), "no sum may be taken instead"
        assert sum(table[1:3]) == ITALIAN.parse(capture.card).value, "though there is one"
    if name == "scopa":
        assert len(capture.takes) == len(table)


def test_pictured_hands_score_what_is_said() -> None:
    hands = {name: [ITALIAN.parse(t) for t in text.split()] for name, text in HANDS.items()}
    cucita, cirulla = RULES["cucita"], RULES["cirulla"]
    options = SCOPA.parse_options({"variant": "cirulla", "players": 2})
    low = cucita.declaration(hands["low"], options)
    matta = cirulla.declaration(hands["matta"], options)
    assert low is not None
    assert low.points == 2
    assert matta is not None
    assert (matta.points, matta.matta) == (10, 9)
    assert count(hands["primiera"]).primiera == 81
    assert piccola(hands["piccola"]) == 4
    assert grande(hands["grande"]) == 5


def test_the_primiera_table_has_every_card_once() -> None:
    rows = primiera_rows()
    assert sorted(value for values, _ in rows for value in values) == list(range(1, 11))
    assert rows[0] == ([7], 21)
    assert rows[-1] == ([8, 9, 10], 10)


def test_the_pages_stand_and_lead_to_each_other(visitor: Callable[[], Visitor]) -> None:
    page = visitor().text("/rules")
    check(page)
    for game in ("uttt", "scopa"):
        assert f'href="/rules/{game}"' in page
    page = visitor().text("/rules/scopa")
    check(page)
    assert page.count('<section class="rule"') == page.count('<figure class="rule-board"') == 13
    assert re.search(r'aria-label="seven of coins"', page)
