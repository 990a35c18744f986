"""What a contract scores: the table of duplicate bridge (Law 77)."""

from __future__ import annotations

from typing import Final

_TRICK: Final = {"C": 20, "D": 20, "H": 30, "S": 30, "Z": 30}
_FIRST_NO_TRUMP: Final = 10
"""What the first trick without trumps scores more than the others."""


def score(level: int, strain: str, doubled: int, vulnerable: bool, tricks: int) -> int:
    """Declarer's score for a contract in which their side won so many tricks of the thirteen.

    doubled: 0, 1, or 2 if redoubled. Negative if the contract went down.

    >>> score(3, "Z", 0, False, 9), score(4, "S", 2, False, 6), score(1, "Z", 2, True, 7)
    (400, -1600, 760)
    """
    over = tricks - (level + 6)
    if over < 0:
        return -_penalty(-over, doubled, vulnerable)
    contract = (_TRICK[strain] * level + _FIRST_NO_TRUMP * (strain == "Z")) << doubled
    bonus = (500 if vulnerable else 300) if contract >= 100 else 50
    slam = {6: 750 if vulnerable else 500, 7: 1500 if vulnerable else 1000}.get(level, 0)
    each = _overtrick(strain, doubled, vulnerable)
    return contract + bonus + slam + 50 * doubled + each * over


def _overtrick(strain: str, doubled: int, vulnerable: bool) -> int:
    if not doubled:
        return _TRICK[strain]
    return 100 * doubled * (2 if vulnerable else 1)


def _penalty(down: int, doubled: int, vulnerable: bool) -> int:
    """What so many undertricks cost."""
    if not doubled:
        return down * (100 if vulnerable else 50)
    first = 200 if vulnerable else 100
    # The second and the third cost 200 where the first costs 100; all further ones cost 300.
    cheap = 0 if vulnerable else min(down - 1, 2)
    return doubled * (first + 200 * cheap + 300 * (down - 1 - cheap))
