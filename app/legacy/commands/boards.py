"""A game as a client of the commands sees it: tiles and places numbered from 1, X and O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from app.legacy.commands.answers import Refused
from app.legacy.commands.shapes import (
    Chars,
    GameState,
    Last,
    Mark,
    OtherState,
    Swaps,
    Tile,
)
from app.services import matches
from app.services.house import House
from app.services.joined import Opened
from app.services.records import MatchRecord

GAME: Final = "uttt"
MARKS: Final[tuple[Mark, Mark]] = ("X", "O")

_CELLS: Final[tuple[Mark, ...]] = ("", "X", "O")
_TILES: Final[tuple[Tile, ...]] = ("", "X", "O", "-")
_COORDINATES: Final = re.compile(r"\s*([0-9]{1,4})\s*,\s*([0-9]{1,4})\s*")
_EMPTY: Final = [[""] * 9] * 9
_SWAPPING: Final = "swap"  # the variant
_SWAPS: Final = 3  # of each player before the first

State = GameState | OtherState


def coordinates(text: str) -> tuple[int, int]:
    """The X and Y of `X,Y`. Raises Refused unless each is from 1 to 9."""
    found = _COORDINATES.fullmatch(text)
    if found is None:
        raise Refused(400, "Coordinates are X,Y, each a number from 1 to 9")
    x, y = int(found[1]), int(found[2])
    if not (1 <= x <= 9 and 1 <= y <= 9):
        raise Refused(400, "X and Y must each be from 1 to 9")
    return x, y


def place(tile: int, cell: int) -> dict[str, Any]:
    """The game's own move for a mark in the place `cell` of a tile."""
    sub_y, sub_x = divmod(tile - 1, 3)
    y, x = divmod(cell - 1, 3)
    return {"sub_x": sub_x, "sub_y": sub_y, "x": x, "y": y}


def swap(one: int, other: int) -> dict[str, Any]:
    """The game's own move for two tiles that change places."""
    return {"swap": [one - 1, other - 1]}


def is_blank(view: dict[str, Any], tile: int, cell: int) -> bool:
    """Whether nobody has a mark there. `view`: the game's own."""
    at = place(tile, cell)
    row = view["complete_field"][3 * at["sub_y"] + at["y"]]
    return bool(row[3 * at["sub_x"] + at["x"]] == 0)


def opened_state(table: Opened, user_id: int, spectators: Sequence[str]) -> State:
    """A game that still waits for its second player."""
    seat = 0 if table.owner_id == user_id else None
    if table.game != GAME:
        return OtherState(
            id=table.id,
            game=table.game,
            variant=table.variant,
            version=0,
            started=False,
            over=False,
            seat=seat,
            players=[table.owner],
            spectators=list(spectators),
            view=None,
        )
    swaps = _SWAPS if table.variant == _SWAPPING else 0
    return GameState(
        id=table.id,
        game=table.game,
        variant=table.variant,
        version=0,
        started=False,
        over=False,
        you=_mark(seat),
        turn="",
        winner="",
        reason="",
        players=Chars(table.owner, ""),
        spectators=list(spectators),
        board=_EMPTY,  # type: ignore[arg-type]
        tiles=[""] * 9,
        allowed=[],
        swaps_left=Swaps(swaps, swaps),
        last=None,
    )


def state(house: House, record: MatchRecord, user_id: int, spectators: Sequence[str]) -> State:
    """A match, as that user may see it."""
    seat = record.seat_of(user_id)
    view = matches.view(house, record, user_id)
    if record.game != GAME:
        return OtherState(
            id=record.id,
            game=record.game,
            variant=record.variant,
            version=record.version + 1,
            started=True,
            over=record.over,
            seat=seat,
            players=[info.name for info in record.seats],
            spectators=list(spectators),
            view=view,
        )
    outcome = record.outcome
    winners = outcome.winners if outcome is not None else ()
    left = view.get("swaps_left", (0, 0))
    return GameState(
        id=record.id,
        game=record.game,
        variant=record.variant,
        version=record.version + 1,
        started=True,
        over=record.over,
        you=_mark(seat),
        turn="" if record.over else MARKS[view["active"]],
        winner=_mark(winners[0] if winners else None),
        reason="" if outcome is None else outcome.reason,
        players=Chars(*(info.name for info in record.seats)),
        spectators=list(spectators),
        board=_board(view["complete_field"]),
        tiles=[_TILES[tile] for row in view["global_field"] for tile in row],
        allowed=[] if record.over else [tile + 1 for tile in view["allowed"]],
        swaps_left=Swaps(*left),
        last=_last(view),
    )


def _mark(seat: int | None) -> Mark:
    return "" if seat is None else MARKS[seat]


def _board(rows: list[list[int]]) -> list[list[Mark]]:
    return [
        [_CELLS[cell] for row in rows[top : top + 3] for cell in row[left : left + 3]]
        for top in (0, 3, 6)
        for left in (0, 3, 6)
    ]


def _last(view: dict[str, Any]) -> Last | None:
    by = MARKS[1 - view["active"]]
    pair = view.get("last_swap")
    if pair is not None:
        return Last("swap", f"{pair[0] + 1},{pair[1] + 1}", by)
    mark = view["last_move"]
    if mark is None:
        return None
    tile, cell = 3 * mark["sub_y"] + mark["sub_x"], 3 * mark["y"] + mark["x"]
    return Last("place", f"{tile + 1},{cell + 1}", by)
