"""The captures of scopa against a search through every set of table cards, and its declarations
against a search through every value of the matta."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.games.api import Illegal
from app.games.cards import ITALIAN, Card
from app.games.scopa import SCOPA, Move
from app.games.scopa.captures import Take, cirulla, classic
from app.games.scopa.declarations import Tariff, declare, declare_with_matta
from app.games.scopa.variants import RULES
from tests.games.scopa_positions import position, text

values = st.integers(1, 10)
tables = st.lists(values, max_size=11)
deals = st.permutations(ITALIAN.cards).flatmap(
    lambda deck: st.integers(0, 10).map(lambda size: (deck[:3], deck[3 : 3 + size]))
)
"""Three cards for a hand and up to ten for the table."""


def sets_on(table: list[int]) -> list[Take]:
    """Every set of table cards but the empty one, the smaller first."""
    places = range(len(table))
    return [take for size in places for take in combinations(places, size + 1)]


def classic_oracle(value: int, table: list[int]) -> list[Take]:
    equal = [take for take in sets_on(table) if len(take) == 1 and table[take[0]] == value]
    sums = [take for take in sets_on(table) if sum(table[i] for i in take) == value]
    return equal if equal else sums


def cirulla_oracle(value: int, table: list[int]) -> list[Take]:
    def may(take: Take) -> bool:
        total = sum(table[i] for i in take)
        ace_takes_all = value == 1 and len(take) == len(table) and 1 not in table
        return total == value or total + value == 15 or ace_takes_all

    return [take for take in sets_on(table) if may(take)]


ORACLES = {
    "classic": classic_oracle,
    "scopone": classic_oracle,
    "rebello": classic_oracle,
    "cucita": classic_oracle,
    "cirulla": cirulla_oracle,
}


@settings(max_examples=150, deadline=None)
@given(value=values, table=tables)
def test_captures(value: int, table: list[int]) -> None:
    assert list(classic(value, table)) == classic_oracle(value, table)
    assert list(cirulla(value, table)) == cirulla_oracle(value, table)


@pytest.mark.parametrize("table", [[], [1], [1] * 4, [2] * 4 + [1], [10] * 4, [7] * 4 + [1, 1]])
@pytest.mark.parametrize("value", range(1, 11))
def test_captures_from_odd_tables(value: int, table: list[int]) -> None:
    test_captures.hypothesis.inner_test(value, table)  # type: ignore[attr-defined]


@pytest.mark.parametrize("variant", ORACLES)
@settings(max_examples=30, deadline=None)
@given(deal=deals)
def test_moves(variant: str, deal: tuple[list[Card], list[Card]]) -> None:
    """Of each card in hand exactly the captures of the oracle can be made, and one must be."""
    hand, table = deal
    players = RULES[variant].players[0]
    hands = (text(hand), *[""] * (players - 1))
    state = position(text(table), *hands, options={"variant": variant, "players": players})
    on_table = [card.value for card in table]
    legal = SCOPA.legal_moves(state, 0)
    for card in hand:
        takes = ORACLES[variant](card.value, on_table)
        numbers: list[int | None] = [*range(len(takes))] if len(takes) > 1 else [None]
        assert [move.take for move in legal if move.card == card] == numbers
        for number, take in zip(numbers, takes or [()], strict=True):
            after = SCOPA.apply(state, 0, Move(card, number)).state
            taken = [table[i] for i in take]
            left = [other for other in table if other not in taken]
            assert after.piles == ((*taken, card) if take else (), ())
            assert after.table == (*left, *([] if take else [card]))
            assert after.scope == ((card,) if take and not left else (), ())
        for number in {None, *range(len(takes) + 2)} - set(numbers):
            with pytest.raises(Illegal):
                SCOPA.apply(state, 0, Move(card, number))


def points_oracle(hand: list[int], tariff: Tariff) -> int:
    """What a hand without a matta scores, counted another way."""
    alike = max(hand.count(value) for value in hand)
    return (
        tariff.low * (hand[0] + hand[1] + hand[2] < 10)
        + tariff.three_alike * (alike == 3)
        + tariff.two_alike * (alike == 2)
    )


@pytest.mark.parametrize("tariff", [Tariff(2, 7, 3), Tariff(3, 10, 0)])
@given(hand=st.lists(values, min_size=3, max_size=3))
def test_declarations(tariff: Tariff, hand: list[int]) -> None:
    found = declare(hand, tariff)
    assert (found.points if found else 0) == points_oracle(hand, tariff)


@pytest.mark.parametrize("first", range(1, 11))
@pytest.mark.parametrize("second", range(1, 11))
def test_the_matta_stands_for_what_scores_most(first: int, second: int) -> None:
    tariff = Tariff(3, 10, 0)
    points = {value: points_oracle([value, first, second], tariff) for value in range(1, 11)}
    best = max(points.values())
    found = declare_with_matta(7, [first, second], tariff)
    assert (found.points if found else 0) == best
    if found is not None:
        assert points[found.matta or 7] == best
        lowest = min(value for value in points if points[value] == best)
        assert found.matta == (None if points[7] == best else lowest)
