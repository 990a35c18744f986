"""What the computer answers to a claim, and to who would take a card back."""

from __future__ import annotations

from random import Random

import pytest

from app.bots.bridge import double_dummy
from app.bots.bridge.player import players
from app.games.bridge import BRIDGE, SIDES, State, Undo
from tests.games.bridge_positions import LONG_SUITS, called, claimed, do, hand, played, start

SEES = players(double_dummy.solve)["strong"]
GUESSES = players(None)["strong"]

NORTH_SOUTH = hand("32.A..AKQJT98765"), hand("AQ.2.8765432.432")
WITH_EAST = hand("K7654.876543.T9."), hand("JT98.KQJT9.AKQJ.")
"""East's and West's cards; the king of spades is where a finesse finds it."""
WITH_WEST = hand("J7654.876543.T9."), hand("KT98.KQJT9.AKQJ.")


def slam(east: tuple[int, ...], west: tuple[int, ...]) -> State:
    """South plays six no trumps with twelve tricks on top, and a finesse; dummy is on lead."""
    north, south = NORTH_SOUTH
    state = called(start(deal=(north, east, south, west)), "- - 6Z - - -")
    return played(state, "HK HA H3 H2")


def says(state: State, side: str, player: object = SEES) -> bool:
    """What a player in that seat answers."""
    view = BRIDGE.view(state, SIDES.index(side))
    assert callable(player)
    raw = player(view, Random(1), 1.0)
    assert list(raw) == ["answer"]
    return bool(raw["answer"])


@pytest.mark.parametrize("hands", [WITH_EAST, WITH_WEST], ids=["finesse works", "finesse fails"])
def test_tricks_on_top_are_given_and_a_finesse_is_not(hands: tuple[tuple[int, ...], ...]) -> None:
    state = slam(*hands)
    for side in "EW":
        assert says(claimed(state, "S", 12), side)
        assert not says(claimed(state, "S", 13), side), "it is not known who has the king"
        assert says(claimed(state, "S", 5), side), "whoever wants less may have it"


def test_without_a_solver_only_what_lies_open_is_given() -> None:
    state = slam(*WITH_EAST)
    for side in "EW":
        assert says(claimed(state, "S", 11), side, GUESSES), "dummy's ace, and ten clubs"
        assert not says(claimed(state, "S", 13), side, GUESSES)
        assert says(claimed(state, "S", 1), side, GUESSES), "they are won already"


def test_trumps_that_are_out_are_counted() -> None:
    """North plays in clubs, then in no trumps; East leads diamonds, and has all of them."""
    trumps = played(called(start(deal=LONG_SUITS), "7C - - -"), "D2 H2 S2 C2")
    assert says(claimed(trumps, "N", 13), "E")
    assert says(claimed(trumps, "N", 13), "E", GUESSES)
    none = played(called(start(deal=LONG_SUITS), "7Z - - -"), "D2 H2 S2 C2")
    assert not says(claimed(none, "N", 1), "E")
    assert not says(claimed(none, "N", 1), "W")
    assert says(claimed(none, "N", 0), "W")
    assert not says(claimed(none, "N", 1), "W", GUESSES)


def test_a_partner_does_not_give_the_others_tricks_away() -> None:
    """East has all diamonds, on lead against no trumps, and concedes some of the tricks."""
    state = played(called(start(deal=LONG_SUITS), "1Z - - -"), "D2 H2 S2 C2")
    assert not says(claimed(state, "E", 12), "W")
    assert says(claimed(state, "E", 13), "W")
    assert says(claimed(state, "E", 13), "N"), "declarer sees that there is nothing else"
    assert says(claimed(state, "E", 12), "N")


def test_a_defender_may_have_what_is_theirs_and_no_more() -> None:
    """West's king is behind the ace and the queen of spades."""
    state = slam(*WITH_WEST)
    assert says(claimed(state, "W", 0), "S")
    assert says(claimed(state, "W", 1), "S")
    assert not says(claimed(state, "W", 2), "S")
    assert not says(claimed(slam(*WITH_EAST), "W", 1), "S"), "there the queen wins"


@pytest.mark.parametrize("side", ["E", "W"])
def test_a_card_may_be_taken_back(side: str) -> None:
    state = played(slam(*WITH_EAST), "CA")
    asked = do(state, Undo(), 2).state
    assert says(asked, side)
    assert says(asked, side, GUESSES)
