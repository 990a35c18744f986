"""The rules of the variant `swap` of Ultimate Tic-Tac-Toe, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.games.api import (
    SYSTEM,
    Event,
    GameOver,
    Illegal,
    Json,
    Malformed,
    NotYourTurn,
    Outcome,
    Seat,
    Step,
    SystemMove,
)
from app.games.uttt import UTTT, Move, State, Swap
from app.games.uttt.move import SWAPS
from app.games.uttt.notation import parse_turn
from tests.games.test_uttt_rules import (
    FIVE,
    FOUR,
    Cells,
    bits,
    both_seats,
    cells_of,
    legal,
    nearly_drawn,
)

START = UTTT.initial(UTTT.parse_options({"variant": "swap"}), b"").state
STANDARD = UTTT.initial(UTTT.parse_options({}), b"").state
ROW, COLUMN = (0, 1, 2), (0, 3, 6)
NOT_TWO = "A swap names two boards, each by its number from 0 to 8."


def play(names: str, state: State = START) -> Step[State]:
    """The last step after these moves, made in turn."""
    step = Step(state)
    for name in names.split():
        step = UTTT.apply(step.state, step.state.to_move, parse_turn(name))
    return step


def position(seat: Seat, own: Cells, other: Cells) -> State:
    """A position with `seat` to move and every swap left.

    The opponent's last mark, and what more is needed for both to have moved in turn, comes into
    boards not mentioned, at most two marks a board, so that it decides nothing there.
    """
    marks = [[0] * 9, [0] * 9]
    for player, cells in ((seat, own), (1 - seat, other)):
        for board, places in cells.items():
            marks[player][board] = bits(places)
    spare = [board for board in range(9) if board not in own and board not in other]
    marks[1 - seat][spare[0]] = bits([0])
    free = [(board, cell) for board in spare[1:] for cell in (0, 5)]
    while (lead := _count(marks[0]) - _count(marks[1])) != seat:
        board, cell = free.pop(0)
        marks[1 if lead > seat else 0][board] |= bits([cell])
    return stored(marks=marks, to_move=seat, last=[spare[0], 0])


def _count(boards: Sequence[int]) -> int:
    return sum(board.bit_count() for board in boards)


def stored(**fields: Json) -> State:
    """A stored position with every swap left."""
    swaps = {"swaps_left": [3, 3], "last_swap": None}
    return UTTT.load({"variant": "swap", "outcome": None, **swaps, **fields})


def refusal(state: State, move: Move | Swap) -> str:
    """What the player to move is told about an illegal move."""
    with pytest.raises(Illegal) as error:
        UTTT.apply(state, state.to_move, move)
    assert move not in legal(state)
    return error.value.msg


def swaps(state: State) -> set[Swap]:
    return {move for move in legal(state) if isinstance(move, Swap)}


def marks(state: State) -> set[Move]:
    return {move for move in legal(state) if isinstance(move, Move)}


def swap(state: State, first: int, second: int) -> Step[State]:
    return UTTT.apply(state, state.to_move, Swap(first, second))


def outcome(state: State) -> Json:
    return UTTT.view(state, None)["outcome"]


# A turn


def test_player_a_begins_with_a_mark_or_a_swap() -> None:
    assert UTTT.actors(START) == {0}
    assert marks(START) == cells_of(*range(9))
    assert swaps(START) == set(SWAPS)
    assert len(SWAPS) == 36
    for move in (Move(4, 4), Swap(0, 4)):
        with pytest.raises(NotYourTurn):
            UTTT.apply(START, 1, move)


@pytest.mark.parametrize("cell", range(9))
def test_a_mark_sends_nobody_anywhere(cell: int) -> None:
    for board in range(9):
        state = UTTT.apply(START, 0, Move(board, cell)).state
        assert marks(state) == cells_of(*range(9)) - {Move(board, cell)}
        assert UTTT.view(state, 1)["allowed"] == list(range(9))


def test_a_swap_is_a_turn() -> None:
    state = play("1=5").state
    assert UTTT.actors(state) == {1}
    assert marks(state) == cells_of(*range(9))
    with pytest.raises(NotYourTurn):
        UTTT.apply(state, 0, Move(0, 0))


def test_a_taken_cell_is_refused() -> None:
    state = play("e5 d6").state
    for name in ("e5", "d6"):
        assert refusal(state, parse_turn(name)) == "That cell is taken."
    assert refusal(play("e5 1=5").state, parse_turn("b8")) == "That cell is taken."
    assert parse_turn("e5") in legal(play("e5 1=5").state)


@both_seats
def test_a_decided_board_takes_no_mark(seat: Seat) -> None:
    state = position(seat, {4: ROW, 2: FIVE}, {5: COLUMN, 2: FOUR})
    for board, told in (
        (4, "That board is already won. Play in a lit one."),
        (5, "That board is already won. Play in a lit one."),
        (2, "That board is full. Play in a lit one."),
    ):
        for cell in range(9):
            assert refusal(state, Move(board, cell)) == told
    assert UTTT.view(state, seat)["allowed"] == [0, 1, 3, 6, 7, 8]


def test_boards_are_not_swapped_in_a_standard_match() -> None:
    for move in SWAPS:
        with pytest.raises(Illegal) as error:
            UTTT.apply(STANDARD, 0, move)
        assert error.value.msg == "Boards are not swapped in this match."
    with pytest.raises(Malformed):
        UTTT.apply(START, SYSTEM, Swap(0, 1))
    with pytest.raises(NotYourTurn):
        UTTT.apply(STANDARD, 1, Swap(0, 1))


# What a swap moves


@both_seats
@pytest.mark.parametrize("pair", [(0, 1), (1, 4), (2, 6), (3, 7), (0, 7), (6, 7), (2, 4)])
def test_boards_change_places_with_all_that_is_in_them(seat: Seat, pair: tuple[int, int]) -> None:
    before = position(
        seat,
        {0: ROW, 1: (4, 5), 2: FIVE, 4: (8,), 6: (0, 4)},
        {1: (0,), 2: FOUR, 3: COLUMN, 6: (2,)},
    )
    step = swap(before, *pair)
    was, now = UTTT.view(before, None), UTTT.view(step.state, None)
    first, second = pair
    for board in range(9):
        source = second if board == first else first if board == second else board
        assert local(now, board) == local(was, source)
        assert now["global_field"][board // 3][board % 3] == flat(was["global_field"])[source]
    assert step.events == (Event("swapped", {"seat": seat, "swap": [first, second]}),)
    assert now["active"] == 1 - seat
    assert now["allowed"] == [board for board in range(9) if not flat(now["global_field"])[board]]


def flat(rows: Sequence[Sequence[int]]) -> list[int]:
    return [value for row in rows for value in row]


def local(view: Json, board: int) -> list[list[int]]:
    top, left = board // 3 * 3, board % 3 * 3
    return [row[left : left + 3] for row in view["complete_field"][top : top + 3]]


def test_empty_boards_may_be_swapped_and_alike_ones() -> None:
    before, after = UTTT.view(START, None), UTTT.view(swap(START, 0, 8).state, None)
    assert after["complete_field"] == before["complete_field"]
    assert (after["swaps_left"], after["last_swap"]) == ([2, 3], [0, 8])


# Three swaps each


def test_each_player_has_three_swaps() -> None:
    state = START
    for number, name in enumerate(["1=2", "2=3"] * 3, 1):
        state = play(name, state).state
        assert UTTT.view(state, None)["swaps_left"] == [3 - (number + 1) // 2, 3 - number // 2]
    assert swaps(state) == set()
    for move in SWAPS:
        assert refusal(state, move) == "You have no swaps left."
    assert marks(state) == cells_of(*range(9)), "marks are not used up"
    state = play("e5", state).state
    assert swaps(state) == set()


def test_one_player_may_have_swaps_when_the_other_has_none() -> None:
    state = play("1=2 e5 1=2 d5 1=2 c5").state
    assert UTTT.view(state, None)["swaps_left"] == [0, 3]
    assert refusal(state, Swap(3, 4)) == "You have no swaps left."
    assert swaps(play("b5", state).state) == set(SWAPS)


# No undoing


@pytest.mark.parametrize("pair", SWAPS)
def test_a_swap_may_not_be_undone_at_once(pair: Swap) -> None:
    state = UTTT.apply(play("e5").state, 1, pair).state
    told = "You may not undo the swap your opponent has just made."
    assert refusal(state, pair) == told
    assert refusal(state, Swap(pair.second, pair.first)) == told
    assert swaps(state) == set(SWAPS) - {pair}
    assert UTTT.view(state, None)["barred_swap"] == [pair.first, pair.second]


def test_undoing_is_barred_for_one_move_only() -> None:
    assert Swap(0, 4) in legal(play("1=5 e5").state), "one's own, a turn later"
    assert Swap(0, 4) in legal(play("1=5 e5 d5").state), "the opponent's, a turn later"
    assert Swap(0, 4) in legal(play("1=5 2=3").state), "the swap before the last one"
    assert Swap(0, 3) in legal(play("1=5").state), "half of it"


def test_who_has_no_swaps_left_is_told_that_first() -> None:
    state = play("1=2 2=3 1=2 2=3 1=2 e5 d5 2=3").state
    assert refusal(state, Swap(1, 2)) == "You have no swaps left."


# Who wins

TWO_AND_A_STRAY = {0: ROW, 1: COLUMN, 5: (2, 4, 6)}
"""Two boards of the top row won, and one of the middle row."""


@both_seats
def test_a_swap_that_makes_ones_own_line_wins(seat: Seat) -> None:
    step = swap(position(seat, TWO_AND_A_STRAY, {}), 2, 5)
    scores = (1.0, 0.0) if seat == 0 else (0.0, 1.0)
    assert UTTT.outcome(step.state) == Outcome("line", scores, (seat,))
    assert step.events[-1] == Event("over", {"reason": "line", "winners": [seat]})
    view = UTTT.view(step.state, None)
    assert (view["over"], view["allowed"], view["active"]) == (True, [], 1 - seat)
    assert (view["last_swap"], view["barred_swap"], view["last_move"]) == ([2, 5], None, None)
    with pytest.raises(GameOver):
        UTTT.apply(step.state, 1 - seat, Swap(0, 1))


@both_seats
def test_a_swap_that_makes_only_the_opponents_line_loses(seat: Seat) -> None:
    step = swap(position(seat, {}, TWO_AND_A_STRAY), 2, 5)
    assert outcome(step.state) == {"reason": "line", "winners": [1 - seat]}
    assert UTTT.view(step.state, None)["active"] == 1 - seat


@both_seats
def test_a_swap_that_makes_a_line_for_both_wins_for_who_swapped(seat: Seat) -> None:
    before = position(seat, TWO_AND_A_STRAY, {3: ROW, 4: COLUMN, 2: (2, 4, 6)})
    assert UTTT.outcome(before) is None
    step = swap(before, 2, 5)
    assert UTTT.view(step.state, None)["global_field"][:2] == [[seat + 1] * 3, [2 - seat] * 3]
    assert outcome(step.state) == {"reason": "line", "winners": [seat]}
    assert UTTT.load(UTTT.dump(step.state)) == step.state


@both_seats
def test_a_mark_that_completes_a_line_wins_as_ever(seat: Seat) -> None:
    before = position(seat, {0: ROW, 1: COLUMN, 2: (0, 1)}, {})
    step = UTTT.apply(before, seat, Move(2, 2))
    assert outcome(step.state) == {"reason": "line", "winners": [seat]}
    assert [event.kind for event in step.events] == ["placed", "board_won", "over"]


@both_seats
def test_a_swap_out_of_line_wins_nothing(seat: Seat) -> None:
    assert outcome(swap(position(seat, TWO_AND_A_STRAY, {}), 2, 3).state) is None


@pytest.mark.parametrize(
    ("own", "other"),
    [((0, 1, 3, 8), (4, 5, 6, 7)), ((0, 3, 7, 8), (1, 4, 5, 6))],
    ids=["last board won", "last board drawn"],
)
def test_all_decided_without_a_line_is_a_draw_whatever_swaps_are_left(
    own: tuple[int, ...], other: tuple[int, ...]
) -> None:
    raw = UTTT.dump(nearly_drawn({7: own}, {7: other}))
    before = stored(marks=raw["marks"], to_move=0, last=raw["last"])
    after = UTTT.apply(before, 0, Move(7, 2)).state
    assert UTTT.outcome(after) == Outcome("draw", (0.5, 0.5), ())
    assert UTTT.view(after, None)["swaps_left"] == [3, 3]
    on = swap(before, 0, 7).state
    assert UTTT.outcome(on) is None, "not while there is still a cell to mark"
    assert marks(on) == {Move(0, 2)}


# What ends a match besides


@both_seats
def test_after_a_swap_a_match_may_be_resigned_or_closed(seat: Seat) -> None:
    before = play("e5 1=5").state
    for move, winners in ((SystemMove("resign", seat), [1 - seat]), (SystemMove("abort"), [])):
        after = UTTT.apply(before, SYSTEM, move).state
        view = UTTT.view(after, None)
        assert outcome(after) == {"reason": move.kind, "winners": winners}
        assert (view["swaps_left"], view["last_swap"], view["barred_swap"]) == (
            [3, 2],
            [0, 4],
            None,
        )
        assert UTTT.load(UTTT.dump(after)) == after


# Values


@pytest.mark.parametrize("raw", [[1, 5], [5, 1], ["1", "5"], ["5", 1]], ids=str)
def test_the_order_of_boards_makes_no_difference(raw: Json) -> None:
    move = UTTT.parse_move({"swap": raw, "id": "9c", "version": 3})
    assert move == Swap(1, 5) == Swap(5, 1)
    assert UTTT.move_json(move) == {"swap": [1, 5]}


@pytest.mark.parametrize(
    ("told", "values"),
    [
        ("A board cannot be swapped with itself.", [{"swap": [4, 4]}, {"swap": ["4", 4]}]),
        (NOT_TWO, [{"swap": [0, 9]}, {"swap": [-1, 3]}, {"swap": [0]}, {"swap": None}]),
        (
            "A move marks a cell or swaps two boards, not both.",
            [{"swap": [0, 1], "sub_x": 0, "sub_y": 0, "x": 0, "y": 0}],
        ),
    ],
)
def test_what_is_no_swap_is_said(told: str, values: Sequence[Json]) -> None:
    for raw in values:
        with pytest.raises(Malformed) as error:
            UTTT.parse_move(raw)
        assert error.value.msg == told


@pytest.mark.parametrize(("first", "second"), [(-1, 0), (0, 9), (9, 10), (3, 3)])
def test_a_swap_is_one_of_36(first: int, second: int) -> None:
    with pytest.raises(Malformed):
        Swap(first, second)


def test_the_view_of_the_empty_board() -> None:
    plain = UTTT.view(STANDARD, None)
    assert plain.keys().isdisjoint({"swaps_left", "last_swap", "barred_swap"})
    swaps = {"swaps_left": [3, 3], "last_swap": None, "barred_swap": None}
    assert UTTT.view(START, None) == {**plain, **swaps}


def test_the_last_move_is_a_mark_or_a_swap() -> None:
    for names, last_move, last_swap in (
        ("e5", {"sub_x": 1, "sub_y": 1, "x": 1, "y": 1}, None),
        ("e5 1=5", None, [0, 4]),
        ("e5 1=5 a9", {"sub_x": 0, "sub_y": 0, "x": 0, "y": 0}, None),
    ):
        view = UTTT.view(play(names).state, None)
        assert (view["last_move"], view["last_swap"]) == (last_move, last_swap)


def test_what_is_stored() -> None:
    assert UTTT.dump(play("e5 1=5").state) == {
        "variant": "swap",
        "marks": [[16, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0]],
        "to_move": 0,
        "last": None,
        "outcome": None,
        "swaps_left": [3, 2],
        "last_swap": [0, 4],
    }


def test_matches_of_this_variant_are_not_rated() -> None:
    assert UTTT.info.variants == ("standard", "swap")
    assert UTTT.info.rated_variants == ("standard",)
