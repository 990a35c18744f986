"""Stored positions, options and moves of scopa: what is refused, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.games.api import Json, Malformed
from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, Move
from tests.games.kits import SCOPA_STATES, scopa_end, scopa_state
from tests.games.matches import through_json
from tests.games.scopa_positions import deck_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 45) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("raw", SCOPA_STATES)
def test_the_positions_that_bad_ones_are_made_of_are_in_order(raw: Json) -> None:
    assert SCOPA.dump(SCOPA.load(through_json(raw))) == raw


def test_what_is_not_stored_is_found_again() -> None:
    options = SCOPA.parse_options({"variant": "cirulla", "players": 2})
    for number in range(1000):
        state = SCOPA.initial(options, number.to_bytes(2, "big")).state
        assert SCOPA.load(through_json(SCOPA.dump(state))) == state
        if state.matta is not None:
            break
    assert state.matta is not None
    assert any(state.shown)


def test_a_matta_on_the_table_is_found_again_when_other_hands_have_declared_since() -> None:
    first_round = "10D 9D 8D 2S 4D 5D 6S 7C 3C 4C"
    deck = [card.id for card in deck_of(first_round, "1D 2D 3D 5C 6D 9C")]
    options = {"variant": "cirulla", "players": 2, "matta": "seven_of_cups", "grande": "five"}
    hands = [deck[10:13], deck[13:16]]
    raw = scopa_state(options=options, deck=deck, dealt=16, hands=hands, table=deck[:10])
    state = SCOPA.load(raw)
    assert state.matta == (ITALIAN.parse("7C"), 1)
    assert (state.shown, state.declared) == ((True, False), (3, 3))


OPTIONS = "This game's options are variant, players, matta and grande."
OUTCOME = "The stored outcome is not that of the position."


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ([], "A stored position has other fields."),
        (scopa_state(options=[]), OPTIONS),
        (scopa_state(options={"deck": 40}), OPTIONS),
        (scopa_state(options={"variant": "classic"}), "Stored options leave nothing out."),
        (scopa_state(seed="x"), "A stored seed is in hex."),
        (scopa_state(first=2), "There is no such seat at this table."),
        (scopa_state(dealt="10"), "A number of a stored position is from 0."),
        (scopa_state(dealt=11), "Cards are dealt in rounds."),
        (scopa_state(dealt=4), "Cards are dealt in rounds."),
        (scopa_state(deck=[*range(1, 40), 1]), "A deck has every card once."),
        (scopa_state(deck=None), "Stored cards are a list."),
        (scopa_state(table=[1, 2, 3, 4, 40]), "A card is named by its number from 0 to 39."),
        (scopa_state(table=[1, 2, 3, 4]), "Every card that was dealt is in one place."),
        (scopa_state(hands=[[5, 6]]), "A stored position has a hand for each seat."),
        (
            scopa_state(hands=[[6, 5], [8, 9, 10]]),
            "A hand is what is left of the cards last dealt to it.",
        ),
        (scopa_state(first=1), "The players play a card each in turn."),
        (scopa_state(piles=[[]]), "A stored position has two teams."),
        (scopa_state(piles=[[1, 7], []], table=[2, 3, 4]), "Somebody has captured the captured"),
        (scopa_state(taker=0), "The last to capture has captured nothing."),
        (scopa_state(scope=[[7], []]), "A scopa shows a captured card."),
        (scopa_state(scope=[[], [None]]), "The cards on the table were other scope for the dealer"),
        (scopa_state(points=3), "The points are a list of the deals."),
        (scopa_state(points=[[11, 0]]), "Nothing is dealt when a team has won."),
        (scopa_state(outcome={"reason": "abort"}), "An outcome has a reason and winners."),
        (scopa_state(outcome={"reason": "resign", "winners": [2]}), "There is no such outcome."),
        (scopa_state(outcome={"reason": "resign", "winners": [True]}), "A winner is a seat."),
        (scopa_state(outcome={"reason": "coins", "winners": [0]}), OUTCOME),
        (scopa_end(outcome=None), "In a match that goes on somebody holds cards."),
        (scopa_end(outcome={"reason": "points", "winners": [1]}), OUTCOME),
        (scopa_end(points=[[9, 0], [4, 0]]), "The last deal has scored something else."),
        (
            scopa_state(outcome={"reason": "points", "winners": [0]}),
            "A deal is scored when all cards are played.",
        ),
        (
            scopa_end(piles=[[*range(1, 40)], []], table=[0]),
            "What lies on the table at the end is the last capturer's.",
        ),
    ],
)
def test_complaints(raw: Json, complaint: str) -> None:
    with pytest.raises(Malformed) as refused:
        SCOPA.load(raw)
    assert refused.value.msg.startswith(complaint)
    assert refused.value.msg.endswith(".")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (None, OPTIONS),
        ({"seats": 2}, OPTIONS),
        ({"variant": "classic_scopa"}, "This game has no such variant."),
        ({"players": 3}, "This variant is not for that number of players."),
        ({"variant": "scopone", "players": 2}, "This variant is not for that number of players."),
        ({"matta": "seven_of_cups"}, "This variant has no such option."),
        ({"variant": "cirulla", "grande": 5}, "This variant has no such option."),
    ],
)
def test_complaints_about_options(raw: Json, complaint: str) -> None:
    with pytest.raises(Malformed) as refused:
        SCOPA.parse_options(raw)
    assert refused.value.msg == complaint


@pytest.mark.parametrize("read", [SCOPA.load, SCOPA.parse_move, SCOPA.parse_options])
@given(raw=json_values)
def test_garbage_is_read_or_malformed(read: Callable[[Json], object], raw: Json) -> None:
    with suppress(Malformed):
        read(raw)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_position_is_another_or_malformed(data: st.DataObject) -> None:
    raw = dict(data.draw(st.sampled_from(SCOPA_STATES)))
    raw[data.draw(st.sampled_from(sorted(raw)))] = data.draw(json_values)
    with suppress(Malformed):
        assert SCOPA.dump(SCOPA.load(raw)) == raw


def test_moves() -> None:
    seven = ITALIAN.parse("7D")
    assert SCOPA.parse_move({"card": 6}) == SCOPA.parse_move({"card": 6, "take": None})
    assert SCOPA.parse_move({"card": 6, "take": 1, "id": "match"}) == Move(seven, 1)
    assert SCOPA.move_json(Move(seven)) == {"card": 6}
    with pytest.raises(Malformed):
        Move(seven, -1)
    for raw, complaint in (
        ("7D", "A move has the field card, and take where there is a choice."),
        ({"card": 40}, "A card is named by its number from 0 to 39."),
        ({"card": 6, "take": -1}, "A capture is named by its number from 0."),
        ({"card": 6, "take": "0"}, "A capture is named by its number from 0."),
    ):
        with pytest.raises(Malformed) as refused:
            SCOPA.parse_move(raw)
        assert refused.value.msg == complaint
