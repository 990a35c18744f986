"""The numbers of move sequences: a rule that is a little wrong gives another number."""

from __future__ import annotations

import pytest

from app.games.uttt import UTTT
from bench.perft import perft

COUNTS = (1, 81, 720, 6_336, 55_080, 473_256, 4_020_960)
WON_BOARDS_OPEN = 4_017_888
"""The count at depth 6 of a known misreading of the rules."""


@pytest.mark.parametrize("depth", range(len(COUNTS)))
def test_uttt(depth: int) -> None:
    count = perft(UTTT, UTTT.initial(UTTT.parse_options({}), b"").state, depth)
    hint = "won boards were left playable" if count == WON_BOARDS_OPEN else "the rules are wrong"
    assert count == COUNTS[depth], f"{count:,} sequences, not {COUNTS[depth]:,}: {hint}"
