"""Why the lit boards of ultimate tic-tac-toe are lit, and what a newcomer is told of it.

static/js/why.js says the same after every move; tests/web/whys.json holds both to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from app.games.api import Seat
from app.services.records import SeatInfo
from app.web.words import say

DRAWN: Final = 3
LINES: Final = (
    (0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6),
)  # fmt: skip


class Reason(NamedTuple):
    """A text by its key, and the place it speaks of: a board and a square's place, 0 to 8 each."""

    key: str
    board: int = 0
    cell: int = 0


def why(view: Any, seat: Seat | None, bots: Sequence[bool]) -> Reason | None:
    """Why the boards that are lit in a view are, as who looks from `seat` is told; None once the
    match is over. `bots`: which seats are the computer's.
    """
    last = view["last_move"]
    if view["over"]:
        return None
    if "swaps_left" in view:
        return Reason("why_swaps")
    if last is None:
        return Reason("why_start")
    cell = last["y"] * 3 + last["x"]
    mark = _decided(view)[cell]
    if mark:
        who = "you" if seat == view["active"] else _of("them", bots[view["active"]])
        return Reason(f"why_{'drawn' if mark == DRAWN else 'won'}_{who}", cell, cell)
    if seat is None:
        who = "_by_bot" if bots[1 - view["active"]] else "_to_bot" * bots[view["active"]]
        return Reason(f"why_sent_all{who}", cell, cell)
    opponent = bots[1 - seat]
    return Reason(
        f"why_sent_{_of('you' if seat == view['active'] else 'them', opponent)}", cell, cell
    )


def why_words(view: Any, seat: Seat | None, seats: Sequence[SeatInfo]) -> str:
    """The same in words; "" once the match is over."""
    found = why(view, seat, [info.bot is not None for info in seats])
    if found is None:
        return ""
    return _say(found, name=seats[view["active"]].name, other=seats[1 - view["active"]].name)


def lesson(view: Any, seat: Seat) -> Reason | None:
    """What a newcomer in `seat` may be told of a position; None once the match is over."""
    if view["over"]:
        return None
    return next(found for rule in _LESSONS if (found := rule(view, seat)) is not None)


def lesson_words(view: Any, seat: Seat) -> str:
    """The same in words; "" once the match is over."""
    found = lesson(view, seat)
    return "" if found is None else _say(found)


def _say(reason: Reason, **values: str) -> str:
    return say(
        reason.key,
        square=say(f"cell_{reason.cell}"),
        where=say(f"in_{reason.board}"),
        board=say(f"sub_{reason.board}"),
        **values,
    )


def _of(who: str, bot: bool) -> str:
    return f"{who}_bot" if bot else who


# ---- the lessons: the first that has something to say does ------------------------


def _swaps(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_swaps") if "swaps_left" in view else None


def _start(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_start") if view["last_move"] is None else None


def _just_won(view: Any, seat: Seat) -> Reason | None:
    """The last move has won a board."""
    last = view["last_move"]
    board = last["sub_y"] * 3 + last["sub_x"]
    mover = 1 - view["active"]
    if _decided(view)[board] != mover + 1:
        return None
    return Reason("coach_won" if mover == seat else "coach_lost", board)


def _wait(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_wait") if view["active"] != seat else None


def _win(view: Any, seat: Seat) -> Reason | None:
    return _two_in_a_row(view, seat, "coach_win")


def _block(view: Any, seat: Seat) -> Reason | None:
    return _two_in_a_row(view, 1 - seat, "coach_block")


def _look(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_look") if _marks(view) <= FIRST else None


def _free(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_free") if len(view["allowed"]) > 1 else None


def _mind(view: Any, seat: Seat) -> Reason | None:
    return Reason("coach_mind")


FIRST: Final = 4  # marks on the board while it is still explained how to look ahead

_LESSONS: Final[tuple[Callable[[Any, Seat], Reason | None], ...]] = (
    _swaps, _start, _just_won, _wait, _win, _block, _look, _free, _mind,
)  # fmt: skip


def _two_in_a_row(view: Any, owner: Seat, key: str) -> Reason | None:
    """The first lit board in which a third mark of that seat would make a row."""
    for board in view["allowed"]:
        marks = list(_local(view, board))
        for line in LINES:
            held = sorted(marks[cell] for cell in line)
            if held == [0, owner + 1, owner + 1]:
                return Reason(key, board)
    return None


def _local(view: Any, board: int) -> Iterator[int]:
    top, left = board // 3 * 3, board % 3 * 3
    for row in view["complete_field"][top : top + 3]:
        yield from row[left : left + 3]


def _decided(view: Any) -> list[int]:
    return [mark for row in view["global_field"] for mark in row]


def _marks(view: Any) -> int:
    return sum(mark != 0 for row in view["complete_field"] for mark in row)
