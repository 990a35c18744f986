"""What is written down of a deal, in whatever format: `pbn`, `lin`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.games.bridge import auction
from app.games.bridge.auction import Contract
from app.games.bridge.deal import HAND, RANKS, SEATS, Deal, dealer
from app.games.bridge.move import Call
from app.games.bridge.result import Result, result
from app.games.bridge.state import State


@dataclass(frozen=True, slots=True)
class Record:
    """A deal as it was played at a table.

    names: the players, from North clockwise.
    calls, cards: all that were made, in their order; fewer cards than 52 after a claim.
    result: None for a deal that was not played to an end.
    imps: what it was worth to North and South against the field.
    analysis: `{"tricks": {side: {strain: tricks}}, "par": {"score_ns", "contracts"}}`, the
        double-dummy table and par, if they are known.
    """

    board: int
    deal: Deal
    names: tuple[str, str, str, str]
    calls: tuple[Call, ...]
    cards: tuple[int, ...]
    result: Result | None
    played_on: date
    event: str = ""
    site: str = ""
    table: str = ""
    imps: float | None = None
    analysis: Mapping[str, Any] | None = None

    @property
    def dealer(self) -> int:
        return dealer(self.board)

    @property
    def contract(self) -> Contract | None:
        """The contract; None if the deal was passed out, or the auction was not completed."""
        bids = [call.bid for call in self.calls]
        return auction.contract(self.dealer, bids) if auction.is_over(bids) else None

    @property
    def passed_out(self) -> bool:
        return self.result is not None and self.result.contract is None

    @property
    def tricks(self) -> int | None:
        """Those of declarer's side."""
        return None if self.result is None else self.result.tricks


def record(state: State, names: tuple[str, str, str, str], played_on: date, **more: Any) -> Record:
    """The record of a match that is over; `more` are the fields of `Record` from `event` on."""
    return Record(
        board=state.options.board,
        deal=state.deal,
        names=names,
        calls=state.calls,
        cards=() if state.play is None else state.play.cards,
        result=result(state),
        played_on=played_on,
        **more,
    )


def suits(hand: tuple[int, ...]) -> tuple[str, str, str, str]:
    """The ranks that a hand holds in spades, hearts, diamonds and clubs, the highest first.

    >>> suits((0, 12, 38, 50, 51))
    ('AK', 'A', '', 'A2')
    """
    spades, hearts, diamonds, clubs = (
        "".join(RANKS[card % HAND] for card in reversed(hand) if card // HAND == suit)
        for suit in reversed(SEATS)
    )
    return spades, hearts, diamonds, clubs


def plain(text: str) -> str:
    """A text as files can hold it: in one line of Latin-1, with `?` for what that has not."""
    line = " ".join(text.split())
    return (
        "".join(char for char in line if char.isprintable())
        .encode("latin-1", "replace")
        .decode("latin-1")
    )
