"""LIN, the notation of Bridge Base Online's viewer: pairs of a two-letter command and its text.

There is no standard; what is written here is what such files have in common. A deal is on a line:
`qx` the board, `pn` the players and `md` the hands from South clockwise, the dealer's number before
them, `sv` who is vulnerable, `mb` a call and `an` its alert, `pc` a card, `pg` a pause, `mc` the
tricks of declarer's side where the play was cut short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from app.games.bridge.auction import DOUBLE, PASS, REDOUBLE
from app.games.bridge.deal import HAND, card_text, vulnerable
from app.games.bridge.notation import Record, plain, suits

_ORDER: Final = (2, 3, 0, 1)
"""The seats as LIN has them: South, West, North, East."""

_VULNERABLE: Final = {"none": "o", "NS": "n", "EW": "e", "both": "b"}
_CALLS: Final = {PASS: "p", DOUBLE: "d", REDOUBLE: "r"}


def board_lin(record: Record) -> str:
    """A deal as a line of a LIN file."""
    pairs = [*_board(record), *_auction(record), *_play(record)]
    return "".join(f"{command}|{text}|" for command, text in pairs) + "\n"


def session_lin(records: Iterable[Record]) -> str:
    """A whole LIN file with these deals."""
    return "".join(board_lin(record) for record in records)


def _text(text: str) -> str:
    """A text without what has a meaning in LIN."""
    return plain(text).replace("|", "/")


def _board(record: Record) -> Iterator[tuple[str, str]]:
    hands = [
        "".join(
            letter + ranks[::-1]
            for letter, ranks in zip("SHDC", suits(record.deal[seat]), strict=True)
        )
        for seat in _ORDER
    ]
    yield "qx", f"o{record.board}"
    yield "pn", ",".join(_text(record.names[seat].replace(",", " ")) for seat in _ORDER)
    yield "st", ""
    yield "md", str(_ORDER.index(record.dealer) + 1) + ",".join(hands)
    yield "rh", ""
    yield "ah", f"Board {record.board}"
    yield "sv", _VULNERABLE[vulnerable(record.board)]


def _auction(record: Record) -> Iterator[tuple[str, str]]:
    for call in record.calls:
        bid = _CALLS.get(call.bid, call.bid.replace("Z", "N"))
        if call.alert:
            yield "mb", f"{bid}!"
            yield "an", _text(call.alert)
        else:
            yield "mb", bid
    yield "pg", ""


def _play(record: Record) -> Iterator[tuple[str, str]]:
    cards = record.cards
    for number, card in enumerate(cards, 1):
        yield "pc", card_text(card)
        if number % 4 == 0:
            yield "pg", ""
    if record.tricks is not None and len(cards) < 4 * HAND:
        yield "mc", str(record.tricks)
        yield "pg", ""
