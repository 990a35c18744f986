"""The rules of Ultimate Tic-Tac-Toe, sentence by sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from app.games.api import (
    SYSTEM,
    Event,
    GameOver,
    Illegal,
    Malformed,
    NotYourTurn,
    Outcome,
    Seat,
    Step,
    SystemMove,
)
from app.games.uttt import UTTT, Move, State
from app.games.uttt.bitboard import FULL, HAS_LINE, LINES, PLACES
from app.games.uttt.notation import parse_square

START = UTTT.initial(UTTT.parse_options({}), b"").state
ROWS = ((0, 1, 2), (3, 4, 5), (6, 7, 8))
COLUMNS = ((0, 3, 6), (1, 4, 7), (2, 5, 8))
EIGHT_LINES = (*ROWS, *COLUMNS, (0, 4, 8), (2, 4, 6))
# Nine cells with no line in them, five of one player and four of the other:
#   X O X
#   X O O
#   O X X
FIVE, FOUR = (0, 2, 3, 7, 8), (1, 4, 5, 6)

BOARD_NAMES = (
    *("top left", "top", "top right"),
    *("left", "centre", "right"),
    *("bottom left", "bottom", "bottom right"),
)

both_seats = pytest.mark.parametrize("seat", [0, 1])
every_line = pytest.mark.parametrize("line", EIGHT_LINES)

Cells = Mapping[int, Sequence[int]]
"""Some player's marks: cells by local board."""


def bits(places: Sequence[int]) -> int:
    return sum(1 << place for place in places)


def play(squares: str, state: State = START) -> Step[State]:
    """The last step after these moves, made in turn."""
    step = Step(state)
    for name in squares.split():
        step = UTTT.apply(step.state, step.state.to_move, parse_square(name))
    return step


def position(seat: Seat, own: Cells, other: Cells, sent_to: int) -> State:
    """A position with `seat` to move, sent to the local board `sent_to`.

    The opponent's last mark, and what more is needed for both to have moved in turn, comes into
    boards not mentioned, at most two marks a board, so that it decides nothing there.
    """
    marks = [[0] * 9, [0] * 9]
    for player, cells in ((seat, own), (1 - seat, other)):
        for board, places in cells.items():
            marks[player][board] = bits(places)
    spare = [board for board in range(9) if board not in own and board not in other]
    last = [spare[0], sent_to]
    marks[1 - seat][spare[0]] |= 1 << sent_to
    free = [(board, cell) for board in spare[1:] for cell in (0, 5)]
    while (lead := _count(marks[0]) - _count(marks[1])) != seat:
        board, cell = free.pop(0)
        marks[1 if lead > seat else 0][board] |= 1 << cell
    raw = {"variant": "standard", "marks": marks, "to_move": seat, "last": last, "outcome": None}
    return UTTT.load(raw)


def _count(boards: Sequence[int]) -> int:
    return sum(board.bit_count() for board in boards)


def legal(state: State) -> set[Move]:
    return set(UTTT.legal_moves(state, state.to_move))


def cells_of(*boards: int) -> set[Move]:
    return {Move(board, cell) for board in boards for cell in range(9)}


def global_field(state: State) -> Any:
    return UTTT.view(state, None)["global_field"]


def refusal(state: State, move: Move) -> str:
    """What the player to move is told about an illegal move."""
    with pytest.raises(Illegal) as error:
        UTTT.apply(state, state.to_move, move)
    assert move not in legal(state)
    return error.value.msg


# Boards and cells


def test_the_table_of_lines() -> None:
    assert {PLACES[line] for line in LINES} == set(EIGHT_LINES)
    assert len(LINES) == 8
    for places in range(FULL + 1):
        assert HAS_LINE[places] == any(set(line) <= set(PLACES[places]) for line in EIGHT_LINES)
        assert bits(PLACES[places]) == places


@pytest.mark.parametrize("sub_y", range(3))
@pytest.mark.parametrize("sub_x", range(3))
def test_a_cell_has_its_row_and_column_in_the_complete_field(sub_x: int, sub_y: int) -> None:
    for x in range(3):
        for y in range(3):
            move = UTTT.parse_move({"sub_x": sub_x, "sub_y": sub_y, "x": x, "y": y})
            assert (move.board, move.cell) == (sub_y * 3 + sub_x, y * 3 + x)
            field = UTTT.view(UTTT.apply(START, 0, move).state, None)["complete_field"]
            expected = [[0] * 9 for _ in range(9)]
            expected[sub_y * 3 + y][sub_x * 3 + x] = 1
            assert field == expected


def test_marks_are_1_for_player_a_and_2_for_player_b() -> None:
    view = UTTT.view(play("e5 d6").state, None)
    assert view["complete_field"][4][4] == 1
    assert view["complete_field"][3][3] == 2
    assert sum(map(sum, view["complete_field"])) == 3


def test_the_view_of_the_empty_board() -> None:
    for viewer in (None, 0, 1):
        assert UTTT.view(START, viewer) == {
            "complete_field": [[0] * 9] * 9,
            "global_field": [[0] * 3] * 3,
            "last_move": None,
            "active": 0,
            "over": False,
            "outcome": None,
            "allowed": list(range(9)),
        }


# Whose turn, and where


def test_player_a_moves_first_anywhere() -> None:
    assert UTTT.actors(START) == {0}
    assert legal(START) == cells_of(*range(9))
    with pytest.raises(NotYourTurn):
        UTTT.apply(START, 1, Move(4, 4))


def test_players_move_in_turn() -> None:
    state = play("e5").state
    assert UTTT.actors(state) == {1}
    with pytest.raises(NotYourTurn):
        UTTT.apply(state, 0, parse_square("d6"))
    assert UTTT.actors(play("e5 d6").state) == {0}


@pytest.mark.parametrize("cell", range(9))
def test_a_move_sends_the_opponent_to_the_board_at_its_place(cell: int) -> None:
    for board in range(9):
        state = UTTT.apply(START, 0, Move(board, cell)).state
        assert legal(state) == cells_of(cell) - {Move(board, cell)}
        assert UTTT.view(state, 1)["allowed"] == [cell]
        told = f"You have been sent to the {BOARD_NAMES[cell]} board."
        assert refusal(state, Move((cell + 1) % 9, 0)) == told


@both_seats
def test_a_taken_cell_is_refused_whoever_took_it(seat: Seat) -> None:
    state = position(seat, {4: (0, 1)}, {4: (7, 8)}, sent_to=4)
    for cell in (0, 1, 7, 8):
        assert refusal(state, Move(4, cell)) == "That cell is taken."
    assert legal(state) == {Move(4, cell) for cell in (2, 3, 4, 5, 6)}


# Local boards


@every_line
@both_seats
def test_three_in_a_line_win_a_local_board(seat: Seat, line: tuple[int, int, int]) -> None:
    for cell in line:
        rest = [place for place in line if place != cell]
        step = UTTT.apply(position(seat, {4: rest}, {}, sent_to=4), seat, Move(4, cell))
        assert global_field(step.state) == [[0, 0, 0], [0, seat + 1, 0], [0, 0, 0]]
        assert step.events[1:] == (Event("board_won", {"seat": seat, "sub_x": 1, "sub_y": 1}),)


@both_seats
def test_three_that_are_not_a_line_win_nothing(seat: Seat) -> None:
    step = UTTT.apply(position(seat, {4: (0, 1)}, {}, sent_to=4), seat, Move(4, 3))
    assert global_field(step.state) == [[0] * 3] * 3
    assert len(step.events) == 1


@both_seats
def test_a_full_board_without_a_line_is_drawn(seat: Seat) -> None:
    before = position(seat, {2: FIVE[:-1]}, {2: FOUR}, sent_to=2)
    assert legal(before) == {Move(2, 8)}
    step = UTTT.apply(before, seat, Move(2, 8))
    assert global_field(step.state) == [[0, 0, 3], [0, 0, 0], [0, 0, 0]]
    assert step.events[1:] == (Event("board_drawn", {"sub_x": 2, "sub_y": 0}),)
    assert all(3 not in row for row in UTTT.view(step.state, None)["complete_field"])


@both_seats
def test_a_line_made_by_the_last_cell_wins_the_board(seat: Seat) -> None:
    before = position(seat, {2: (0, 1, 5, 7)}, {2: (3, 4, 6, 8)}, sent_to=2)
    step = UTTT.apply(before, seat, Move(2, 2))
    assert global_field(step.state) == [[0, 0, seat + 1], [0, 0, 0], [0, 0, 0]]
    assert [event.kind for event in step.events] == ["placed", "board_won"]


@both_seats
@pytest.mark.parametrize("sent_to", [4, 8])
def test_a_won_board_takes_no_further_move(seat: Seat, sent_to: int) -> None:
    for own, other in (({4: (0, 1, 2)}, {}), ({}, {4: (0, 1, 2)})):
        state = position(seat, own, other, sent_to)
        for cell in range(9):
            told = "That board is already won. Play in a lit one."
            assert refusal(state, Move(4, cell)) == told


@both_seats
@pytest.mark.parametrize("sent_to", [4, 8])
def test_a_drawn_board_takes_no_further_move(seat: Seat, sent_to: int) -> None:
    state = position(seat, {4: FIVE}, {4: FOUR}, sent_to)
    for cell in range(9):
        assert refusal(state, Move(4, cell)) == "That board is full. Play in a lit one."


@both_seats
def test_sent_to_a_decided_board_one_plays_in_any_undecided_one(seat: Seat) -> None:
    won, drawn = {4: (0, 1, 2), 7: FIVE}, {1: (3, 4, 5), 7: FOUR}
    for sent_to in (4, 1, 7):
        state = position(seat, won, drawn, sent_to)
        taken = {Move(b, c) for boards in state.marks for b in range(9) for c in PLACES[boards[b]]}
        assert legal(state) == cells_of(0, 2, 3, 5, 6, 8) - taken
        assert UTTT.view(state, seat)["allowed"] == [0, 2, 3, 5, 6, 8]
    assert UTTT.view(position(seat, won, drawn, sent_to=5), seat)["allowed"] == [5]


def test_the_move_that_decides_a_board_may_send_back_to_it() -> None:
    """B, sent to the board A has just won, plays anywhere else."""
    before = position(0, {4: (3, 5)}, {}, sent_to=4)
    after = UTTT.apply(before, 0, Move(4, 4)).state
    assert UTTT.view(after, 1)["allowed"] == [0, 1, 2, 3, 5, 6, 7, 8]


# The match


@every_line
@both_seats
def test_three_won_boards_in_a_line_win_the_match(seat: Seat, line: tuple[int, int, int]) -> None:
    first, second, third = line
    own = {first: (0, 1, 2), second: (2, 4, 6), third: (0, 1)}
    before = position(seat, own, {}, sent_to=third)
    assert UTTT.outcome(before) is None
    step = UTTT.apply(before, seat, Move(third, 2))
    scores = (1.0, 0.0) if seat == 0 else (0.0, 1.0)
    assert UTTT.outcome(step.state) == Outcome("line", scores, (seat,))
    assert step.events[-1] == Event("over", {"reason": "line", "winners": [seat]})
    view = UTTT.view(step.state, None)
    assert view["over"] is True
    assert view["outcome"] == {"reason": "line", "winners": [seat]}
    assert view["allowed"] == []
    assert view["active"] == 1 - seat
    with pytest.raises(GameOver):
        UTTT.apply(step.state, 1 - seat, Move(third, 5))


@both_seats
def test_three_won_boards_out_of_line_win_nothing(seat: Seat) -> None:
    before = position(seat, {0: (0, 1, 2), 1: (0, 1, 2), 3: (0, 1)}, {}, sent_to=3)
    assert UTTT.outcome(UTTT.apply(before, seat, Move(3, 2)).state) is None


@both_seats
def test_a_drawn_board_is_nobodys_in_a_line(seat: Seat) -> None:
    own = {0: (0, 1, 2), 1: FIVE, 2: (0, 1)}
    before = position(seat, own, {1: FOUR}, sent_to=2)
    after = UTTT.apply(before, seat, Move(2, 2)).state
    assert global_field(after)[0] == [seat + 1, 3, seat + 1]
    assert UTTT.outcome(after) is None


def nearly_drawn(last_board: Cells, other: Cells) -> State:
    """Eight boards decided without a line for anybody, A to move in the middle of the bottom row.

    A B A
    A B B
    B . A
    """
    raw_marks = [[0] * 9, [0] * 9]
    for board, player in enumerate((0, 1, 0, 0, 1, 1, 1, None, 0)):
        if player is not None:
            raw_marks[player][board] = bits((0, 1, 2))
    raw_marks[0][7], raw_marks[1][7] = bits(last_board[7]), bits(other[7])
    raw = {"variant": "standard", "marks": raw_marks, "to_move": 0, "last": [1, 0], "outcome": None}
    return UTTT.load(raw)


@pytest.mark.parametrize(
    ("own", "other", "kind"),
    [((0, 1, 3, 8), (4, 5, 6, 7), "board_won"), ((0, 3, 7, 8), (1, 4, 5, 6), "board_drawn")],
    ids=["last board won", "last board drawn"],
)
def test_all_decided_without_a_line_is_a_draw(
    own: tuple[int, ...], other: tuple[int, ...], kind: str
) -> None:
    before = nearly_drawn({7: own}, {7: other})
    assert UTTT.outcome(before) is None, "not drawn while one board is undecided"
    assert legal(before) == {Move(7, 2)}
    step = UTTT.apply(before, 0, Move(7, 2))
    assert UTTT.outcome(step.state) == Outcome("draw", (0.5, 0.5), ())
    assert [event.kind for event in step.events] == ["placed", kind, "over"]
    assert step.events[-1].data == {"reason": "draw", "winners": []}
    view = UTTT.view(step.state, None)
    assert (view["over"], view["allowed"], view["active"]) == (True, [], 1)
    assert view["outcome"] == {"reason": "draw", "winners": []}


# What ends a match besides


@both_seats
@pytest.mark.parametrize("kind", ["resign", "timeout"])
@pytest.mark.parametrize("squares", ["", "e5", "e5 d6"])
def test_who_resigns_or_runs_out_of_time_loses(squares: str, kind: Any, seat: Seat) -> None:
    before = play(squares).state
    step = UTTT.apply(before, SYSTEM, SystemMove(kind, seat))
    scores = (0.0, 1.0) if seat == 0 else (1.0, 0.0)
    assert UTTT.outcome(step.state) == Outcome(kind, scores, (1 - seat,))
    over = Event("over", {"reason": kind, "winners": [1 - seat]})
    assert step.events == (Event(kind, {"seat": seat}), over)
    view = UTTT.view(step.state, None)
    assert view["outcome"] == {"reason": kind, "winners": [1 - seat]}
    assert view["allowed"] == []
    unchanged = ("complete_field", "global_field", "last_move", "active")
    assert all(view[key] == UTTT.view(before, None)[key] for key in unchanged)


@pytest.mark.parametrize("seat", [0, 1, None])
def test_an_aborted_match_has_no_result(seat: Seat | None) -> None:
    step = UTTT.apply(play("e5 d6").state, SYSTEM, SystemMove("abort", seat))
    assert UTTT.outcome(step.state) == Outcome("abort", (0.0, 0.0), ())
    over = Event("over", {"reason": "abort", "winners": []})
    assert step.events == (Event("abort", {"seat": seat}), over)
    with pytest.raises(GameOver):
        UTTT.apply(step.state, 0, Move(0, 0))


# Values


@pytest.mark.parametrize(("board", "cell"), [(-1, 0), (9, 0), (0, -1), (0, 9)])
def test_a_move_is_one_of_81(board: int, cell: int) -> None:
    with pytest.raises(Malformed):
        Move(board, cell)


@pytest.mark.parametrize("digit", [0, 1, 2])
def test_a_move_may_come_in_digits_and_with_other_fields(digit: int) -> None:
    raw = {"sub_x": str(digit), "sub_y": "1", "x": digit, "y": "0", "id": "9c", "version": 3}
    assert UTTT.parse_move(raw) == Move(3 + digit, digit)


def test_the_seed_makes_no_difference() -> None:
    options = UTTT.parse_options({"variant": "standard"})
    assert UTTT.initial(options, b"1") == UTTT.initial(options, b"2") == Step(START, ())


def test_what_is_stored() -> None:
    assert UTTT.dump(play("e5 d6").state) == {
        "variant": "standard",
        "marks": [[0, 0, 0, 0, 16, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0]],
        "to_move": 0,
        "last": [4, 0],
        "outcome": None,
    }
    ended = UTTT.apply(START, SYSTEM, SystemMove("resign", 0)).state
    assert UTTT.dump(ended)["outcome"] == {"reason": "resign", "winners": [1]}
