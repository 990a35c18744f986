"""Ultimate Tic-Tac-Toe against a second, independent implementation, and against garbage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.games.api import Event, Json, Malformed, Outcome
from app.games.uttt import UTTT, Move, State, Swap
from app.games.uttt.move import Turn
from tests.games.kits import UTTT_STATES
from tests.games.uttt_reference import Pair, Place, Reference, SwapReference

WORDS = {
    0: None,
    1: Outcome("line", (1.0, 0.0), (0,)),
    2: Outcome("line", (0.0, 1.0), (1,)),
    3: Outcome("draw", (0.5, 0.5), ()),
}
REFERENCES: dict[str, type[Reference]] = {"standard": Reference, "swap": SwapReference}
START = {
    variant: UTTT.initial(UTTT.parse_options({"variant": variant}), b"").state
    for variant in UTTT.info.variants
}

choices = st.lists(st.integers(0, 200), max_size=87)
"""Which of the legal moves is made at each ply. Where the list ends, it is the first."""
every_variant = pytest.mark.parametrize("variant", UTTT.info.variants)


def place_of(move: Move) -> Place:
    raw = UTTT.move_json(move)
    return raw["sub_x"], raw["sub_y"], raw["x"], raw["y"]


def pair_of(swap: Swap) -> Pair:
    return frozenset((board % 3, board // 3) for board in (swap.first, swap.second))


def follow(reference: Reference, turn: Turn) -> None:
    """Make the same move in the second implementation."""
    if isinstance(turn, Move):
        reference.play(place_of(turn))
    else:
        assert isinstance(reference, SwapReference)
        reference.swap(pair_of(turn))


def line_of_play(variant: str, picks: Iterable[int], *, to_the_end: bool = True) -> list[Turn]:
    """The moves that these choices make of a match."""
    moves, state, picking = [], START[variant], iter(picks)
    while legal := UTTT.legal_moves(state, state.to_move):
        pick = next(picking, None)
        if pick is None and not to_the_end:
            break
        moves.append(legal[(pick or 0) % len(legal)])
        state = UTTT.apply(state, state.to_move, moves[-1]).state
    return moves


def compare(state: State, reference: Reference) -> None:
    """Both implementations say the same of the position, in everything a client sees."""
    legal = UTTT.legal_moves(state, state.to_move)
    places = reference.legal_moves()
    marks = [move for move in legal if isinstance(move, Move)]
    swaps = [move for move in legal if isinstance(move, Swap)]
    assert {place_of(move) for move in marks} == places
    assert list(legal) == sorted(marks) + sorted(swaps)
    outcome = WORDS[reference.outcome()]
    assert UTTT.outcome(state) == outcome
    last = reference.last
    view = UTTT.view(state, None)
    if isinstance(reference, SwapReference):
        assert {pair_of(swap) for swap in swaps} == reference.legal_swaps()
        compare_swaps(view, reference)
    assert view == {
        "complete_field": reference.complete_field,
        "global_field": reference.global_field(),
        "last_move": dict(zip(("sub_x", "sub_y", "x", "y"), last, strict=True)) if last else None,
        "active": reference.player - 1,
        "over": outcome is not None,
        "outcome": outcome and {"reason": outcome.reason, "winners": list(outcome.winners)},
        "allowed": sorted({3 * sub_y + sub_x for sub_x, sub_y, _, _ in places}),
    }


def compare_swaps(view: Json, reference: SwapReference) -> None:
    """The same of what a client sees of swaps, which is taken out of the view."""
    assert view.pop("swaps_left") == [reference.swaps_left[1], reference.swaps_left[2]]
    pair = reference.last_swap and sorted(3 * sub_y + sub_x for sub_x, sub_y in reference.last_swap)
    assert view.pop("last_swap") == pair
    assert view.pop("barred_swap") == (None if view["over"] else pair)


@every_variant
@settings(max_examples=25)
@given(choices)
def test_both_implementations_agree_at_every_ply(variant: str, picks: list[int]) -> None:
    state, reference = START[variant], REFERENCES[variant]()
    compare(state, reference)
    for move in line_of_play(variant, picks):
        state = UTTT.apply(state, state.to_move, move).state
        follow(reference, move)
        compare(state, reference)
    assert reference.outcome()


@every_variant
@settings(max_examples=25)
@given(choices)
def test_events_say_what_changed(variant: str, picks: list[int]) -> None:
    state, reference = START[variant], REFERENCES[variant]()
    for move in line_of_play(variant, picks):
        seat, field = state.to_move, reference.global_field()
        state, events = (step := UTTT.apply(state, seat, move)).state, step.events
        follow(reference, move)
        kind = "placed" if isinstance(move, Move) else "swapped"
        expected = [Event(kind, {"seat": seat, **UTTT.move_json(move)})]
        if isinstance(move, Move) and reference.global_field() != field:
            sub_x, sub_y, *_ = place_of(move)
            board = {"sub_x": sub_x, "sub_y": sub_y}
            if reference.global_field()[sub_y][sub_x] == 3:
                expected.append(Event("board_drawn", board))
            else:
                expected.append(Event("board_won", {"seat": seat, **board}))
        if outcome := WORDS[reference.outcome()]:
            over = {"reason": outcome.reason, "winners": list(outcome.winners)}
            expected.append(Event("over", over))
        assert list(events) == expected


def turned(place: int) -> int:
    """The place of nine where this one comes to lie when the board is turned clockwise."""
    return 3 * (place % 3) + 2 - place // 3


def mirrored(place: int) -> int:
    return 3 * (place // 3) + 2 - place % 3


def image_of(turn: Turn, image: Callable[[int], int]) -> Turn:
    if isinstance(turn, Swap):
        return Swap(image(turn.first), image(turn.second))
    return Move(image(turn.board), image(turn.cell))


@every_variant
@pytest.mark.parametrize("image", [turned, mirrored])
@settings(max_examples=20)
@given(choices)
def test_the_rules_know_no_direction(
    image: Callable[[int], int], variant: str, picks: list[int]
) -> None:
    state = other = START[variant]
    for move in line_of_play(variant, picks):
        legal = UTTT.legal_moves(state, state.to_move)
        images = {image_of(move, image) for move in legal}
        assert set(UTTT.legal_moves(other, other.to_move)) == images
        state = UTTT.apply(state, state.to_move, move).state
        other = UTTT.apply(other, other.to_move, image_of(move, image)).state
    assert UTTT.outcome(other) == UTTT.outcome(state)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["standard", "swap", "line", "draw", "abort", "resign", 0, 1, 2, 7, 511]),
    lambda inner: (
        st.lists(inner, max_size=9)
        | st.dictionaries(
            st.sampled_from(
                [*UTTT_STATES[2], *("sub_x", "sub_y", "x", "y", "swap", "reason", "winners", "")]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300)
@given(json_values)
def test_garbage_is_malformed_and_nothing_worse(raw: Json) -> None:
    for read in (UTTT.load, UTTT.parse_move, UTTT.parse_options):
        with suppress(Malformed):
            read(raw)


@every_variant
@settings(max_examples=120)
@given(st.data())
def test_a_damaged_state_is_refused_or_whole(variant: str, data: st.DataObject) -> None:
    state = START[variant]
    for move in line_of_play(variant, data.draw(choices), to_the_end=False):
        state = UTTT.apply(state, state.to_move, move).state
    raw = UTTT.dump(state)
    field = data.draw(st.sampled_from(sorted(raw)))
    if field == "marks" and data.draw(st.booleans()):
        boards = raw["marks"][data.draw(st.integers(0, 1))]
        boards[data.draw(st.integers(0, 8))] = data.draw(st.integers(0, 511))
    else:
        raw[field] = data.draw(json_values)
    try:
        loaded = UTTT.load(raw)
    except Malformed:
        return
    assert json.dumps(UTTT.dump(loaded)) == json.dumps(raw)
    reference = REFERENCES[loaded.variant]()
    reference.player = loaded.to_move + 1
    reference.complete_field = UTTT.view(loaded, None)["complete_field"]
    assert UTTT.view(loaded, None)["global_field"] == reference.global_field()
    if loaded.outcome is None or loaded.outcome.reason in ("line", "draw"):
        assert loaded.outcome == WORDS[reference.outcome()]
    assert bool(UTTT.actors(loaded)) is (loaded.outcome is None)
    for move in UTTT.legal_moves(loaded, loaded.to_move):
        UTTT.apply(loaded, loaded.to_move, move)
