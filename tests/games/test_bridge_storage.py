"""Stored deals, options and moves of bridge: what is read back, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.games.api import Json, Malformed
from app.games.bridge import BRIDGE, Call
from tests.games.bridge_kit import STATES
from tests.games.matches import through_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 55) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=10,
)


@pytest.mark.parametrize("raw", STATES)
def test_the_positions_that_bad_ones_are_made_of_are_in_order(raw: Json) -> None:
    assert BRIDGE.dump(BRIDGE.load(through_json(raw))) == raw


@pytest.mark.parametrize("read", [BRIDGE.load, BRIDGE.parse_move, BRIDGE.parse_options])
@settings(deadline=None)
@given(raw=json_values)
def test_garbage_is_read_or_malformed(read: Callable[[Json], object], raw: Json) -> None:
    with suppress(Malformed):
        read(raw)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_spoilt_position_is_another_or_malformed(data: st.DataObject) -> None:
    raw = dict(data.draw(st.sampled_from(STATES)))
    raw[data.draw(st.sampled_from(sorted(raw)))] = data.draw(json_values)
    with suppress(Malformed):
        assert BRIDGE.dump(BRIDGE.load(raw)) == raw


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_position_mixed_from_two_is_another_or_malformed(data: st.DataObject) -> None:
    """Each field of one of them, so that all are right by themselves."""
    first, second = (data.draw(st.sampled_from(STATES)) for _ in range(2))
    raw = {key: data.draw(st.sampled_from([first[key], second[key]])) for key in first}
    try:
        state = BRIDGE.load(raw)
    except Malformed:
        return
    assert BRIDGE.dump(state) == raw
    for viewer in (None, 0, 1, 2, 3):
        assert BRIDGE.view(state, viewer)["over"] is (BRIDGE.outcome(state) is not None)


@settings(deadline=None)
@given(st.text(max_size=90))
def test_an_alert_is_a_line_of_eighty_characters(text: str) -> None:
    raw = {"bid": "2D", "alert": text}
    if len(text.strip()) > 80 or not text.strip().isprintable():
        with pytest.raises(Malformed):
            BRIDGE.parse_move(raw)
    else:
        assert BRIDGE.parse_move(raw) == Call("2D", text.strip() or None)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("1C", "A move is one of bid, card, claim, answer and undo."),
        ({"bid": "1C", "card": 1}, "A move is one of bid, card, claim, answer and undo."),
        ({"bid": "1NT"}, "A call is pass, dbl, rdbl, or a bid as 1C or 3Z."),
        ({"bid": "1C", "alert": 5}, "An alert is a text."),
        ({"bid": "1C", "alert": "x" * 81}, "An alert has 80 characters at most."),
        ({"bid": "1C", "alert": "a\nb"}, "An alert is one line of text."),
        ({"card": "SA"}, "A card is named by its number from 0 to 51."),
        ({"claim": 14}, "A claim is a number of tricks from 0 to 13."),
        ({"answer": 1}, "An answer is true or false."),
        ({"undo": False}, "Who wants something back says undo: true."),
    ],
)
def test_what_is_said_of_bad_moves(raw: Json, complaint: str) -> None:
    with pytest.raises(Malformed) as refused:
        BRIDGE.parse_move(raw)
    assert refused.value.msg == complaint


def test_what_travels_beside_a_move_is_ignored() -> None:
    assert BRIDGE.parse_move({"bid": "1C", "tid": "table", "alert": "  "}) == Call("1C")
    assert BRIDGE.move_json(Call("1C")) == {"bid": "1C"}
