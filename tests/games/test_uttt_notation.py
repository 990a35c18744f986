"""The names of moves, and a match as text."""

from __future__ import annotations

import pytest

from app.games.api import Json, Malformed, SystemMove
from app.games.uttt.move import MOVES, SWAPS, Move, Swap, Turn, move_json
from app.games.uttt.notation import parse_square, parse_turn, square, transcript, turn_name


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a9", (0, 0, 0, 0)),
        ("i9", (2, 0, 2, 0)),
        ("a1", (0, 2, 0, 2)),
        ("i1", (2, 2, 2, 2)),
        ("e5", (1, 1, 1, 1)),
        ("b6", (0, 1, 1, 0)),
        ("g2", (2, 2, 0, 1)),
    ],
)
def test_squares(name: str, place: tuple[int, int, int, int]) -> None:
    move = parse_square(name)
    assert tuple(move_json(move).values()) == place
    assert square(move) == name


def test_every_square_has_its_own_name() -> None:
    names = [square(move) for move in MOVES]
    assert sorted(names) == [column + row for column in "abcdefghi" for row in "123456789"]
    assert [parse_square(name) for name in names] == list(MOVES)
    assert square(Move(4, 4)) == "e5", "a move made by hand is as good as a listed one"


@pytest.mark.parametrize(
    "raw", ["", "e", "e0", "j5", "E5", "e55", " e5", "5e", None, 5, ["e5"], {}]
)
def test_what_is_no_square(raw: Json) -> None:
    with pytest.raises(Malformed):
        parse_square(raw)


@pytest.mark.parametrize(
    ("name", "boards"), [("1=2", [0, 1]), ("1=5", [0, 4]), ("3=7", [2, 6]), ("8=9", [7, 8])]
)
def test_a_swap_is_named_by_its_boards(name: str, boards: list[int]) -> None:
    swap = parse_turn(name)
    assert move_json(swap) == {"swap": boards}
    assert turn_name(swap) == name


def test_every_move_has_its_own_name() -> None:
    turns: list[Turn] = [*MOVES, *SWAPS]
    names = [turn_name(turn) for turn in turns]
    assert len(set(names)) == 81 + 36
    assert [parse_turn(name) for name in names] == turns
    assert names[:81] == [square(move) for move in MOVES]
    assert turn_name(Swap(4, 0)) == "1=5", "the lower board is named first"


@pytest.mark.parametrize(
    "raw", ["", "1=1", "5=1", "0=1", "1=10", "1-5", "15", "1=5 ", "1==5", "a1=b2", "j5", None, 15]
)
def test_what_is_no_move(raw: Json) -> None:
    with pytest.raises(Malformed):
        parse_turn(raw)


def moves(names: str) -> list[Turn | SystemMove]:
    return [parse_turn(name) for name in names.split()]


def test_transcript() -> None:
    assert transcript([]) == ""
    assert transcript(moves("e5")) == " 1. e5\n"
    assert transcript(moves("e5 d6 a9")) == " 1. e5 d6\n 2. a9\n"
    assert transcript(moves("e5 1=5 2=3")) == " 1. e5 1=5\n 2. 2=3\n"
    lines = transcript(moves("e5 d6 " * 10)).splitlines()
    assert (lines[0], lines[-1], len(lines)) == (" 1. e5 d6", "10. e5 d6", 10)


@pytest.mark.parametrize(
    ("move", "line"),
    [
        (SystemMove("resign", 0), "A resigned."),
        (SystemMove("resign", 1), "B resigned."),
        (SystemMove("timeout", 1), "B ran out of time."),
        (SystemMove("abort", 0), "A closed the match."),
        (SystemMove("abort"), "The match was closed."),
    ],
)
def test_a_transcript_says_what_ended_the_match(move: SystemMove, line: str) -> None:
    assert transcript([move]) == f"{line}\n"
    assert transcript([*moves("e5"), move]) == f" 1. e5\n{line}\n"
