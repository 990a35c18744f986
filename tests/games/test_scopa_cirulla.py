"""The rules of cirulla, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest

from app.games.api import Json, Step
from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, State
from app.games.scopa.dealing import deal
from app.games.scopa.variants import RULES
from tests.games.scopa_positions import (
    cards,
    data_of,
    kinds,
    last_turn,
    offered,
    play,
    position,
    rest,
    text,
    text_of,
    won_by,
)
from tests.games.test_scopa_variants import declared

CIRULLA = {"variant": "cirulla", "players": 2}
COINS = "1D 2D 3D 4D 5D 6D 7D 8D 9D 10D"
RULE = RULES["cirulla"]


def at(table: str, *hands: str, **fields: Any) -> State:
    return position(table, *hands, **{"options": CIRULLA, **fields})


def bonus(pile: str, grande: str = "five") -> dict[str, int]:
    """What these cards score beyond the points of every deal."""
    return RULE.bonus(cards(pile), SCOPA.parse_options({"variant": "cirulla", "grande": grande}))


def dealt(**wanted: Any) -> Step[State]:
    """A deal that seat 1 leads in which seat 0, the dealer, takes so many scope."""
    options = SCOPA.parse_options(CIRULLA)
    for number in range(2000):
        step = deal(options, number.to_bytes(2, "big"), 1, ())
        found = [event.data for event in step.events if event.kind == "dealer_took"]
        if [data["scope"] for data in found] == wanted["scope"]:
            return step
    raise AssertionError("no such deal")


def test_to_51_with_three_cards_each_and_four_on_the_table() -> None:
    assert (RULE.target, RULE.hand_size, RULE.table_size) == (51, 3, 4)


# The opening


def test_two_aces_on_the_table_are_dealt_again() -> None:
    assert RULE.is_misdeal(cards("1D 1C 3B 4S"))
    assert RULE.is_misdeal(cards("1D 1C 1B 1S"))
    assert not RULE.is_misdeal(cards("1D 2C 3B 4S"))
    assert not RULE.is_misdeal(cards("10D 10C 10B 4S"))


@pytest.mark.parametrize(
    ("table", "scope"),
    [("1D 2C 3B 9S", 1), ("10D 9C 8B 3S", 2), ("1D 2C 3B 8S", 0), ("7C 2D 3B 3S", 1)],
)
def test_a_total_of_15_is_one_scopa_and_30_two(table: str, scope: int) -> None:
    assert RULE.dealer_scope(cards(table)) == scope


@pytest.mark.parametrize("scope", [1, 2])
def test_the_dealer_gets_the_scope_and_the_cards(scope: int) -> None:
    step = dealt(scope=[scope])
    state = step.state
    assert [kind for kind in kinds(step.events) if kind not in ("misdealt", "declared")] == [
        *("deal", "dealer_took", "dealt"),
    ]
    # Seat 1 leads, so seat 0 has dealt.
    assert data_of(step, "dealer_took")["seat"] == 0
    assert state.scope == ((None,) * scope, ())
    assert (state.table, state.piles, state.taker) == ((), (state.deck[:4], ()), 0)
    assert sum(card.value for card in state.deck[:4]) == 15 * scope
    assert SCOPA.view(state, None)["scope"] == [[None] * scope, []]


def test_the_dealer_sits_before_the_one_who_leads() -> None:
    options = SCOPA.parse_options({**CIRULLA, "players": 4})
    for number in range(2000):
        step = deal(options, number.to_bytes(2, "big"), 0, ())
        if "dealer_took" in kinds(step.events):
            break
    assert data_of(step, "dealer_took")["seat"] == step.state.taker == 3
    assert (step.state.piles[0], len(step.state.piles[1])) == ((), 4)


def test_otherwise_the_table_stays() -> None:
    state = dealt(scope=[]).state
    assert (state.table, state.piles, state.taker) == (state.deck[:4], ((), ()), None)


# Captures


def test_an_equal_card_a_sum_or_fifteen() -> None:
    state = at("6C 2B 4S 9C 5D", "6D 1D", "")
    # 6; 2+4; and with the 6 fifteen: 9, 4+5.
    assert offered(state, "6D") == {"6C", "2B 4S", "9C", "4S 5D"}


def test_an_equal_card_is_no_duty() -> None:
    state = at("6C 9C 10D", "6D 1D", "")
    assert offered(state, "6D") == {"6C", "9C"}
    assert play(state, "6D", 1).state.table == cards("6C 10D")


def test_a_capture_to_fifteen_is_compulsory_too() -> None:
    assert play(at("9C 10D", "6D 1D", ""), "6D").state.table == cards("10D")


def test_an_ace_captures_the_whole_table() -> None:
    step = play(at("6C 2B 10S", "1D 3D", ""), "1D")
    assert step.state.table == ()
    assert step.state.piles[0] == cards("6C 2B 10S 1D")
    assert data_of(step, "captured")["scopa"] is True
    assert step.state.scope == (cards("1D"), ())


def test_an_ace_may_take_fourteen_instead() -> None:
    assert offered(at("10C 4B 3S", "1D 3D", ""), "1D") == {"10C 4B", "10C 4B 3S"}
    # The whole table is fourteen: one capture, no choice.
    assert play(at("10C 4B", "1D 3D", ""), "1D").state.table == ()


def test_unless_an_ace_lies_on_it() -> None:
    assert offered(at("1C 10S 3D", "1D 5D", ""), "1D") == {"1C", "1C 10S 3D"}
    assert play(at("1C 6B 10S", "1D 5D", ""), "1D").state.table == cards("6B 10S")


def test_an_ace_on_an_empty_table_stays() -> None:
    assert play(at("", "1D 5D", ""), "1D").state.table == cards("1D")


def test_an_ace_that_is_the_last_card_is_no_scopa() -> None:
    state = last_turn("6C 2B", "1D", ("", rest("6C 2B 1D")), options=CIRULLA)
    step = play(state, "1D")
    assert data_of(step, "captured")["scopa"] is False
    assert [team["cards"] for team in data_of(step, "scored")["teams"]] == [3, 37]


# Declarations


@pytest.mark.parametrize(
    ("hand", "kinds", "points", "stands"),
    [
        ("1D 2D 6D", ["low"], 3, None),
        ("4D 4C 4B", ["three_alike"], 10, None),
        ("3D 3C 3B", ["low", "three_alike"], 13, None),
        # The matta makes a low hand as an ace, and whatever else is needed for three alike.
        ("3D 5D 7C", ["low"], 3, 1),
        ("8D 8C 7C", ["three_alike"], 10, 8),
        ("7C 4D 4C", ["three_alike"], 10, 4),
        ("3D 7C 3C", ["low", "three_alike"], 13, 3),
        ("1S 1C 7C", ["low", "three_alike"], 13, 1),
        ("7D 7C 7S", ["three_alike"], 10, None),
    ],
)
def test_declarations(hand: str, kinds: list[str], points: int, stands: int | None) -> None:
    data = declared(hand, CIRULLA)
    assert (data["seat"], data["kinds"], data["points"]) == (1, kinds, points)
    assert text_of(data["cards"]) == hand
    assert [card.get("new_value") for card in data["cards"]] == [
        stands if card == "7C" else None for card in hand.split()
    ]


def test_what_declares_nothing() -> None:
    assert declared("1D 2D 7S", CIRULLA) is None
    assert declared("9D 9C 5B", CIRULLA) is None
    assert declared("4D 5D 7C", CIRULLA) is None


@pytest.mark.parametrize(("matta", "card"), [("seven_of_cups", "7C"), ("seven_of_coins", "7D")])
def test_the_matta_is_an_option_of_the_table(matta: str, card: str) -> None:
    table = {**CIRULLA, "matta": matta}
    assert SCOPA.parse_options(CIRULLA).matta == "seven_of_cups"
    assert declared(f"8S 8C {card}", table)["points"] == 10
    other = "7D" if card == "7C" else "7C"
    assert declared(f"8S 8C {other}", table) is None


def with_matta(stands: int, table: str, *hands: str) -> State:
    return at(table, *hands, matta=(ITALIAN.parse("7C"), stands))


def test_the_matta_keeps_its_value_in_the_hand() -> None:
    assert offered(with_matta(1, "6C 2B 10S", "7C 3D", ""), "7C") == {"6C 2B 10S"}
    assert offered(with_matta(8, "8C 2B", "7C 3D", ""), "7C") == {"8C"}
    assert offered(at("8C 2B", "7C 3D", ""), "7C") == {"8C"}  # Seven and eight are fifteen.
    assert offered(at("6C 2B 10S", "7C 3D", ""), "7C") == {"6C 2B"}


def test_and_on_the_table() -> None:
    state = play(with_matta(8, "2B", "7C 3D", "8S 5S"), "7C").state
    assert state.table == cards("2B 7C")
    assert SCOPA.view(state, None)["table"][1]["new_value"] == 8
    assert offered(state, "8S") == {"7C"}
    # Standing for an ace it keeps another ace from taking the table.
    assert offered(with_matta(1, "7C 9D", "1D 3D", ""), "1D") == {"7C"}


def test_until_it_is_captured() -> None:
    step = play(with_matta(8, "7C 2B", "8S 5S", ""), "8S")
    assert step.state.matta is None
    assert data_of(step, "captured")["taken"][0]["new_value"] == 8
    assert play(with_matta(8, "8C 2B", "7C 3D", ""), "7C").state.matta is None
    # What stays on the table keeps it through another deal of hands.
    state = play(with_matta(8, "7C 2B", "6S", ""), "6S").state
    assert state.matta == (ITALIAN.parse("7C"), 8)


def test_a_captured_matta_counts_as_what_is_printed_on_it() -> None:
    pile = "1D 2D 5C 6B 6S"
    state = last_turn(
        "7C", "8S", (pile, rest(pile, "7C 8S")), options=CIRULLA, matta=(ITALIAN.parse("7C"), 8)
    )
    first, _ = data_of(play(state, "8S"), "scored")["teams"]
    assert first["primiera"] == 16 + 21 + 18 + 18


# Scoring


@pytest.mark.parametrize(
    ("pile", "points"),
    [("1D 2D", 0), ("2D 3D 4D", 0), ("1D 2D 3D", 3), ("1D 2D 3D 4D", 4), ("1D 2D 4D 5D", 0)],
)
def test_piccola(pile: str, points: int) -> None:
    assert bonus(pile)["piccola"] == points
    assert bonus(pile + " 6D 3C")["piccola"] == points
    assert bonus("1D 2D 3D 4D 5D 6D 7D 8D 9D")["piccola"] == 9


@pytest.mark.parametrize(
    ("pile", "five", "downwards"),
    [
        ("8D 9D", 0, 0),
        ("8D 9D 10C", 0, 0),
        ("8D 9D 10D", 5, 3),
        ("7D 8D 9D 10D", 5, 4),
        ("6D 8D 9D 10D", 5, 3),
        ("2D 3D 4D 5D 6D 7D 8D 9D 10D", 5, 9),
    ],
)
def test_grande(pile: str, five: int, downwards: int) -> None:
    assert bonus(pile)["grande"] == five
    assert bonus(pile, "downwards")["grande"] == downwards


def test_the_grande_is_an_option_of_the_table() -> None:
    assert SCOPA.parse_options(CIRULLA).grande == "five"
    pile = "1D 2D 3D 8D 9D 10D"
    for grande, points in (("five", 5), ("downwards", 3)):
        options = {**CIRULLA, "grande": grande}
        state = last_turn("10C", "10S", (pile, rest(pile, "10C 10S")), options=options)
        first, second = data_of(play(state, "10S"), "scored")["teams"]
        assert (first["piccola"], first["grande"], second["grande"]) == (3, points, 0)
        # And the coins; the others have cards, seven of coins and primiera.
        assert (first["partial"], second["partial"]) == (1 + 3 + points, 3)


def test_all_ten_coins_win_the_match_at_once() -> None:
    pile = COINS.removesuffix(" 10D")
    state = at("10D 9C", "10C 2C", "3B", piles=(pile, ""), points=((0, 50),))
    step = play(state, "10C")
    assert kinds(step.events) == ["played", "captured", "over"]
    assert step.state.outcome == won_by(0, reason="coins")
    assert step.state.points == ((0, 50),)


def test_whoever_gets_the_tenth_coin_with_what_is_left_wins_too() -> None:
    pile = COINS.removesuffix(" 10D")
    state = last_turn("10D", "9C", (pile, rest(pile, "10D 9C")), options=CIRULLA, taker=0)
    step = play(state, "9C")
    assert kinds(step.events) == ["played", "leftovers", "over"]
    assert step.state.outcome == won_by(0, reason="coins")


def test_only_cirulla_is_won_by_coins() -> None:
    classic: Json = {"variant": "classic", "players": 2}
    pile = COINS.removesuffix(" 10D")
    state = position("10D 9C", "10C 2C", "3B", piles=(pile, ""), options=classic)
    assert play(state, "10C").state.outcome is None
    assert text(state.table) == "10D 9C"
