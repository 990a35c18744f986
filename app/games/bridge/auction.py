"""The auction, as the calls made so far, in their order, by whoever dealt and so on clockwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from app.games.api import Seat
from app.games.bridge.deal import TEAMS, partner

STRAINS: Final = "CDHSZ"
"""From the lowest to the highest; Z is no trumps."""

PASS: Final = "pass"
DOUBLE: Final = "dbl"
REDOUBLE: Final = "rdbl"
BIDS: Final = tuple(f"{level}{strain}" for level, strain in product(range(1, 8), STRAINS))
"""The value bids, ascending."""

CALLS: Final = (PASS, DOUBLE, REDOUBLE, *BIDS)
_RANK: Final = {bid: number for number, bid in enumerate(BIDS)}


@dataclass(frozen=True, slots=True)
class Contract:
    """What declarer's side has undertaken: `level` + 6 tricks with `strain` as trumps.

    strain: a letter of `STRAINS`. doubled: 0, 1 if doubled, 2 if redoubled.

    >>> str(Contract(4, "S", 1, declarer=0))
    '4SX'
    """

    level: int
    strain: str
    doubled: int
    declarer: Seat

    def __str__(self) -> str:
        return f"{self.level}{self.strain}{'X' * self.doubled}"

    @property
    def dummy(self) -> Seat:
        return partner(self.declarer)

    @property
    def lead(self) -> Seat:
        """Who leads to the first trick."""
        return (self.declarer + 1) % 4

    @property
    def target(self) -> int:
        """The number of tricks that make it."""
        return self.level + 6


def is_over(calls: Sequence[str]) -> bool:
    """Whether nobody may call any more: four passes at first, or three after a bid.

    >>> is_over([PASS] * 3), is_over([PASS] * 4), is_over(["1C", PASS, PASS, PASS])
    (False, True, True)
    """
    return len(calls) >= 4 and all(call == PASS for call in calls[-3:])


def caller(dealer: Seat, calls: Sequence[str]) -> Seat | None:
    """Whose call it is; None when the auction is over."""
    return None if is_over(calls) else (dealer + len(calls)) % 4


def legal_calls(calls: Sequence[str]) -> tuple[str, ...]:
    """What may be called next, in the order of `CALLS`; nothing when the auction is over.

    >>> legal_calls(["7S"])
    ('pass', 'dbl', '7Z')
    >>> legal_calls(["7Z", "dbl"])
    ('pass', 'rdbl')
    >>> legal_calls(["7Z", "pass"])
    ('pass',)
    """
    if is_over(calls):
        return ()
    last = _last(calls)
    if last is None:
        return (PASS, *BIDS)
    higher = BIDS[_RANK[calls[last]] + 1 :]
    doubled = _doubled(calls, last)
    # A double of what the opponents bid, a redouble of what they doubled: both are calls made an
    # odd number of calls ago.
    on = calls[last] if doubled == 0 else (DOUBLE, REDOUBLE)[doubled - 1]
    back = len(calls) - max(number for number, call in enumerate(calls) if call == on)
    if back % 2 == 0 or doubled == 2:
        return (PASS, *higher)
    return (PASS, (DOUBLE, REDOUBLE)[doubled], *higher)


def contract(dealer: Seat, calls: Sequence[str]) -> Contract | None:
    """What the calls so far come to, the last bid and its declarer; None without any bid.

    >>> contract(0, ["1H", PASS, "2H", PASS, "4H", DOUBLE, PASS, PASS, PASS])
    Contract(level=4, strain='H', doubled=1, declarer=0)
    """
    last = _last(calls)
    if last is None:
        return None
    level, strain = calls[last][0], calls[last][1]
    side = TEAMS[(dealer + last) % 4]
    first = next(
        seat
        for number, call in enumerate(calls)
        if call in _RANK and call[1] == strain and TEAMS[seat := (dealer + number) % 4] == side
    )
    return Contract(int(level), strain, _doubled(calls, last), first)


def _last(calls: Sequence[str]) -> int | None:
    """Where the last bid stands."""
    for number in range(len(calls) - 1, -1, -1):
        if calls[number] in _RANK:
            return number
    return None


def _doubled(calls: Sequence[str], last: int) -> int:
    """How often the bid that stands there has been doubled."""
    return sum(call in (DOUBLE, REDOUBLE) for call in calls[last:])
