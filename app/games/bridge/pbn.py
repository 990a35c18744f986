"""Portable Bridge Notation, version 2.1, in its export format (https://www.tistis.nl/pbn/).

The text is in Latin-1 and its lines end in CR LF: write it with `.encode("latin-1")`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.games.bridge.auction import DOUBLE, PASS, REDOUBLE
from app.games.bridge.deal import SIDES, card_text, vulnerable
from app.games.bridge.notation import Record, plain, suits
from app.games.bridge.play import CardPlay, follow

_HEADER: Final = ("% PBN 2.1", "% EXPORT")
_VULNERABLE: Final = {"none": "None", "NS": "NS", "EW": "EW", "both": "All"}
_CALLS: Final = {PASS: "Pass", DOUBLE: "X", REDOUBLE: "XX"}
_NOTES: Final = 32
"""The most notes that a section may have."""

_STRAINS: Final = {"Z": "NT", "S": "S", "H": "H", "D": "D", "C": "C"}
"""In the order of a table of results."""

_UNKNOWN: Final = "?"


def board_pbn(record: Record) -> str:
    """A deal as one game of a PBN file, with an empty line at its end; see `session_pbn`."""
    lines = [*_tags(record), *_auction(record), *_play(record), *_analysis(record.analysis), ""]
    return "".join(f"{line}\r\n" for line in lines)


def session_pbn(records: Iterable[Record]) -> str:
    """A whole PBN file with these deals."""
    header = "".join(f"{line}\r\n" for line in _HEADER)
    return header + "".join(board_pbn(record) for record in records)


def _tag(name: str, value: str) -> str:
    text = plain(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name} "{text}"]'


def _tags(record: Record) -> Iterator[str]:
    """The mandatory tags in their order, and what else is known of the deal."""
    north, east, south, west = record.names
    declarer, contract, tricks = _made(record)
    yield _tag("Event", record.event)
    yield _tag("Site", record.site)
    yield _tag("Date", f"{record.played_on:%Y.%m.%d}")
    yield _tag("Board", str(record.board))
    for name, player in (("West", west), ("North", north), ("East", east), ("South", south)):
        yield _tag(name, player)
    yield _tag("Dealer", SIDES[record.dealer])
    yield _tag("Vulnerable", _VULNERABLE[vulnerable(record.board)])
    yield _tag("Deal", _deal(record))
    yield _tag("Scoring", "IMP")
    yield _tag("Declarer", declarer)
    yield _tag("Contract", contract)
    yield _tag("Result", tricks)
    if record.result is not None:
        yield _tag("Score", f"NS {record.result.score}")
    if record.imps is not None:
        yield _tag("ScoreIMP", f"NS {record.imps:.2f}")
    if record.table:
        yield _tag("Table", record.table)


def _made(record: Record) -> tuple[str, str, str]:
    """The values of the tags Declarer, Contract and Result."""
    if record.passed_out:
        return "", "Pass", ""
    contract = record.contract
    if contract is None:
        return _UNKNOWN, _UNKNOWN, _UNKNOWN
    tricks = _UNKNOWN if record.tricks is None else str(record.tricks)
    return SIDES[contract.declarer], str(contract).replace("Z", "NT"), tricks


def _deal(record: Record) -> str:
    """The hands, the dealer's first."""
    order = [(record.dealer + number) % 4 for number in range(4)]
    hands = " ".join(".".join(suits(record.deal[seat])) for seat in order)
    return f"{SIDES[record.dealer]}:{hands}"


def _auction(record: Record) -> Iterator[str]:
    """The auction, four calls to a line; alerts are notes."""
    if not record.calls:
        return
    notes: dict[str, int] = {}
    calls = []
    for call in record.calls:
        written = _CALLS.get(call.bid, call.bid.replace("Z", "NT"))
        if call.alert and (call.alert in notes or len(notes) < _NOTES):
            written += f" ={notes.setdefault(call.alert, len(notes) + 1)}="
        calls.append(written)
    if record.contract is None and not record.passed_out:
        calls.append("*")
    yield _tag("Auction", SIDES[record.dealer])
    yield from _rows(calls)
    for text, number in notes.items():
        yield _tag("Note", f"{number}:{text}")


def _play(record: Record) -> Iterator[str]:
    """The cards, a trick to a line, each player's in a column, the opening leader's first."""
    contract = record.contract
    if contract is None or not record.cards:
        return
    play = follow(contract, record.deal, record.cards)
    yield _tag("Play", SIDES[contract.lead])
    yield from _rows([card for trick in _columns(play) for card in trick])
    if not play.is_over:
        yield "*"


def _columns(play: CardPlay) -> Iterator[list[str]]:
    tricks: list[tuple[int, Sequence[int]]] = [(t.leader, t.cards) for t in play.tricks]
    if play.trick:
        tricks.append((play.leader, play.trick))
    for leader, cards in tricks:
        row = ["-"] * 4
        for number, card in enumerate(cards):
            row[(leader + number - play.contract.lead) % 4] = card_text(card)
        yield row


def _rows(words: Sequence[str]) -> Iterator[str]:
    for first in range(0, len(words), 4):
        yield " ".join(words[first : first + 4])


def _analysis(analysis: Mapping[str, Any] | None) -> Iterator[str]:
    """Par and the double-dummy table."""
    if analysis is None:
        return
    yield _tag("OptimumScore", f"NS {analysis['par']['score_ns']}")
    # Its backslashes are the table's own and stand as they are.
    yield r'[OptimumResultTable "Declarer;Denomination\2R;Result\2R"]'
    for side in "NSEW":
        for strain, written in _STRAINS.items():
            yield f"{side} {written:>2} {analysis['tricks'][side][strain]:>2}"
