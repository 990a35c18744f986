"""The numbers of move sequences: a rule that is a little wrong gives another number."""

from __future__ import annotations

from copy import deepcopy

import pytest

from app.games.uttt import UTTT
from bench.perft import perft
from tests.games.uttt_reference import SwapReference

COUNTS = (1, 81, 720, 6_336, 55_080, 473_256, 4_020_960)
SWAP_COUNTS = (1, 81 + 36, 13_572, 1_564_956)
"""Counted by the second implementation, to the end."""
WON_BOARDS_OPEN = 4_017_888
"""The count at depth 6 of a known misreading of the rules."""


@pytest.mark.parametrize("depth", range(len(COUNTS)))
def test_uttt(depth: int) -> None:
    count = perft(UTTT, UTTT.initial(UTTT.parse_options({}), b"").state, depth)
    hint = "won boards were left playable" if count == WON_BOARDS_OPEN else "the rules are wrong"
    assert count == COUNTS[depth], f"{count:,} sequences, not {COUNTS[depth]:,}: {hint}"


@pytest.mark.parametrize("depth", range(len(SWAP_COUNTS)))
def test_uttt_with_swaps(depth: int) -> None:
    options = UTTT.parse_options({"variant": "swap"})
    assert perft(UTTT, UTTT.initial(options, b"").state, depth) == SWAP_COUNTS[depth]


def swap_perft(reference: SwapReference, depth: int) -> int:
    """The same count by the second implementation."""
    if depth == 0:
        return 1
    count = 0
    for play, moves in (
        (SwapReference.play, reference.legal_moves()),
        (SwapReference.swap, reference.legal_swaps()),
    ):
        for move in moves:
            play(after := deepcopy(reference), move)
            count += swap_perft(after, depth - 1)
    return count


@pytest.mark.parametrize("depth", range(len(SWAP_COUNTS) - 1))
def test_the_second_implementation_counts_the_same(depth: int) -> None:
    assert swap_perft(SwapReference(), depth) == SWAP_COUNTS[depth]
