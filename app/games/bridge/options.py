"""What is agreed before a deal: which board it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.games.api import Json, Malformed, Options

VARIANTS: Final = ("standard",)
_LAST_BOARD: Final = 10**9


@dataclass(frozen=True)
class BridgeOptions(Options):
    """A board's number, from 1. It decides who deals and who is vulnerable."""

    board: int


def parse_options(raw: Json) -> BridgeOptions:
    """The options that `{"variant", "board"}` names; either may be left out.

    Raises Malformed for a name or value that there is not.

    >>> parse_options({"board": 7})
    BridgeOptions(variant='standard', board=7)
    """
    if not isinstance(raw, dict) or not raw.keys() <= {"variant", "board"}:
        raise Malformed("This game's options are variant and board.")
    variant, board = raw.get("variant", VARIANTS[0]), raw.get("board", 1)
    if not isinstance(variant, str) or variant not in VARIANTS:
        raise Malformed("This game has no such variant.")
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if type(board) is not int or not 1 <= board <= _LAST_BOARD:
        raise Malformed("A board has a number from 1.")
    return BridgeOptions(variant, board)
