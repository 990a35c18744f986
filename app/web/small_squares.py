"""The small board of ultimate tic-tac-toe as a drawing: static/js/small-uttt.js makes the same.

The board is 100 units wide; a local board is 30 and stands 34 from the next, a square is 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

Point = tuple[int, int]

EDGE, APART, WIDE, SQUARE = 1, 34, 30, 10
KINDS: Final = ("open", "won-a", "won-b", "drawn")  # of a local board, by its mark


def drawing(board: Any) -> dict[str, Any]:
    """`{"plates": [{"kind", "x", "y"}, …] of the nine local boards, "paths": by class}`.

    `board`: the position as `app.services.glimpses` gives it.
    """
    decided = [mark for row in board["global_field"] for mark in row]
    plates = []
    for index in range(9):
        x, y = _corner(index)
        kind = "lit" if index in board["allowed"] else KINDS[decided[index]]
        plates.append({"kind": kind, "x": x, "y": y})
    marks = board["complete_field"]

    def squares(mark: int, *, faint: bool) -> Iterable[Point]:
        for row, column in product(range(9), repeat=2):
            shut = decided[row // 3 * 3 + column // 3] != 0
            if marks[row][column] == mark and shut == faint:
                yield _middle(row, column)

    def boards(mark: int) -> Iterable[Point]:
        return (_corner(index, WIDE // 2) for index in range(9) if decided[index] == mark)

    paths = {
        "last": _last(board["last_move"]),
        "x faint": _crosses(squares(1, faint=True), 3),
        "o faint": _rings(squares(2, faint=True), 3),
        "x": _crosses(squares(1, faint=False), 3),
        "o": _rings(squares(2, faint=False), 3),
        "x big": _crosses(boards(1), 9),
        "o big": _rings(boards(2), 10),
    }
    return {"plates": plates, "paths": paths}


def _corner(index: int, inside: int = 0) -> Point:
    """The top left corner of a local board, or so far inside of it."""
    return EDGE + APART * (index % 3) + inside, EDGE + APART * (index // 3) + inside


def _middle(row: int, column: int) -> Point:
    x, y = (EDGE + APART * (at // 3) + SQUARE * (at % 3) + SQUARE // 2 for at in (column, row))
    return x, y


def _crosses(points: Iterable[Point], r: int) -> str:
    """An ✕ around each of these points, `r` to each side."""
    return "".join(
        f"M{x - r} {y - r}l{2 * r} {2 * r}m0-{2 * r}l-{2 * r} {2 * r}" for x, y in points
    )


def _rings(points: Iterable[Point], r: int) -> str:
    """A ◯ around each of these points."""
    return "".join(
        f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0" for x, y in points
    )


def _last(move: Any) -> str:
    """A frame around the square that was taken last."""
    if move is None:
        return ""
    x, y = _middle(move["sub_y"] * 3 + move["y"], move["sub_x"] * 3 + move["x"])
    return f"M{x - 4} {y - 4}h8v8h-8z"
