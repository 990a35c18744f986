"""The page of bridge's rules says what the rules say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.games.bridge import auction
from app.games.bridge.play import winner
from app.web import bridge_diagrams as shown
from tests.web.conftest import Visitor
from tests.web.test_every_page import check


@pytest.mark.parametrize("name", shown.TRICKS)
def test_pictured_tricks_go_to_whom_is_said(name: str) -> None:
    trick = shown.TRICKS[name]
    cards = [shown.number_of(text) for text in trick.cards.split()]
    assert winner(cards, trick.strain) == trick.winner


def test_the_auction_is_one_and_comes_to_what_is_said() -> None:
    for number, call in enumerate(shown.AUCTION):
        assert call in auction.legal_calls(shown.AUCTION[:number])
    assert auction.is_over(shown.AUCTION)
    contract = auction.contract(shown.DEALER, shown.AUCTION)
    assert contract is not None
    assert (str(contract), contract.declarer) == (shown.CONTRACT, shown.DECLARER)


def test_the_hand_has_the_points_that_are_said() -> None:
    assert len(set(shown.HAND)) == 13
    assert sum(max(0, card % 13 - 8) for card in shown.HAND) == 17


def test_the_page_stands(visitor: Callable[[], Visitor]) -> None:
    assert 'href="/rules/bridge"' in visitor().text("/rules")
    page = visitor().text("/rules/bridge")
    check(page)
    # Four spades with an overtrick, and two spades redoubled and just made.
    assert "<td>11</td><td>+450</td><td>+650</td>" in page
    assert "<td>8</td><td>+640</td><td>+840</td>" in page
