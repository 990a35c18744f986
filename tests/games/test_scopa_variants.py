"""What the variants of scopa differ in, sentence by sentence; cirulla has a file of its own."""

from __future__ import annotations

import pytest

from app.games.api import Json, Malformed
from app.games.scopa import SCOPA
from app.games.scopa.dealing import deal
from app.games.scopa.variants import RULES
from tests.games.scopa_positions import (
    ALL,
    cards,
    data_of,
    kinds,
    last_turn,
    play,
    position,
    rest,
    scored,
    start,
    text_of,
)


def test_classic() -> None:
    state = start()
    assert state.options.variant == "classic"
    assert (len(state.table), [len(hand) for hand in state.hands]) == (4, [3, 3])
    assert state.rules.target == 11


@pytest.mark.parametrize("variant", ["classic", "rebello", "cucita"])
def test_three_kings_on_the_table_are_dealt_again(variant: str) -> None:
    rules = RULES[variant]
    assert rules.is_misdeal(cards("10D 10C 10B 1D"))
    assert rules.is_misdeal(cards("10D 10C 10B 10S"))
    assert not rules.is_misdeal(cards("10D 10C 9B 9S"))


def test_a_misdeal_is_told_and_dealt_again() -> None:
    options = SCOPA.parse_options({})
    for number in range(2000):
        step = deal(options, number.to_bytes(2, "big"), 0, ())
        if kinds(step.events)[0] == "misdealt":
            break
    assert kinds(step.events) == ["misdealt", "deal", "dealt"]
    thrown = [card["value"] for card in step.events[0].data["table"]]
    assert thrown.count(10) >= 3
    assert [card.value for card in step.state.table].count(10) < 3
    assert (step.state.first, step.state.to_move, step.state.points) == (0, 0, ())


def test_scopone() -> None:
    state = start(variant="scopone")
    assert (state.table, [len(hand) for hand in state.hands]) == ((), [10] * 4)
    assert (state.dealt, state.rules.target) == (40, 11)
    with pytest.raises(Malformed):
        SCOPA.parse_options({"variant": "scopone", "players": 2})


@pytest.mark.parametrize("variant", ["classic", "rebello"])
def test_the_king_of_coins_is_a_point_in_re_bello(variant: str) -> None:
    pile = "10D 7S"
    state = last_turn(
        "10C", "10S", (pile, rest(pile, "10C 10S")), options={"variant": variant, "players": 2}
    )
    first, second = scored(state, "10S")
    if variant == "rebello":
        assert (first["re_bello"], second["re_bello"]) == (1, 0)
        assert (first["partial"], second["partial"]) == (1, 4)
    else:
        assert "re_bello" not in first
        assert (first["partial"], second["partial"]) == (0, 4)


CUCITA = {"variant": "cucita", "players": 2}


def declared(hand: str, options: Json = CUCITA, other: str = "10B 9S 8S") -> Json:
    """What seat 1 declares on being dealt these cards, when seat 0 has played its last; or None."""
    state = position("10D", "10C", "", options=options)
    deck = cards(f"10D 10C {other} {hand}")
    state = position("10D", "10C", "", options=options, deck=(*deck, *sorted(ALL - set(deck))))
    step = play(state, "10C")
    found = [event.data for event in step.events if event.kind == "declared"]
    assert step.state.shown == (False, bool(found))
    assert step.state.declared == (0, found[0]["points"] if found else 0)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("hand", "kinds", "points"),
    [
        ("1D 2D 6D", ["low"], 2),
        ("4D 4C 4B", ["three_alike"], 7),
        ("9D 9C 5B", ["two_alike"], 3),
        ("5B 9D 9C", ["two_alike"], 3),
        ("9D 5B 9C", ["two_alike"], 3),
        ("2D 2C 5D", ["low", "two_alike"], 5),
        ("3D 3C 3B", ["low", "three_alike"], 9),
    ],
)
def test_cucita_declarations(hand: str, kinds: list[str], points: int) -> None:
    data = declared(hand)
    assert (data["seat"], data["kinds"], data["points"]) == (1, kinds, points)
    assert text_of(data["cards"]) == hand


def test_what_declares_nothing_in_cucita() -> None:
    assert declared("1D 2D 7D") is None
    assert declared("8D 9D 10S") is None
    # Nor does the matta of cirulla count there.
    assert declared("4D 3D 7C") is None


def test_a_declared_hand_is_shown_for_as_long_as_it_lasts() -> None:
    deck = cards("10D 10C 10B 9S 8S 1D 2D 6D")
    rest_of_deck = (*deck, *sorted(ALL - set(deck)))
    state = play(position("10D", "10C", "", options=CUCITA, deck=rest_of_deck), "10C").state
    for viewer in (None, 0, 1):
        view = SCOPA.view(state, viewer)
        assert text_of(view["hands"][1]) == "1D 2D 6D"
        assert view["shown"] == [False, True]
    assert [set(card) for card in SCOPA.view(state, 1)["hands"][0]] == [{"place"}] * 3


def test_declarations_score_and_cucita_goes_to_21() -> None:
    assert RULES["cucita"].target == 21
    state = last_turn(
        "", "10S", (rest("10S"), ""), taker=0, options=CUCITA, declared=(2, 7), points=((14, 3),)
    )
    step = play(state, "10S")
    first, second = data_of(step, "scored")["teams"]
    assert (first["declared"], first["partial"], first["total"]) == (2, 6, 20)
    assert (second["declared"], second["partial"], second["total"]) == (7, 7, 10)
    assert step.state.outcome is None


def test_no_declarations_in_classic() -> None:
    assert declared("3D 3C 3B", options={"variant": "classic", "players": 2}) is None
