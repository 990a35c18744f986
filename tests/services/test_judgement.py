"""What a move is called by what it cost, and how a player did."""

from __future__ import annotations

from math import exp

import pytest

from app.services.judgement import Finding, tally


def found(chance: float, played: float | None, seat: int = 0) -> Finding:
    return Finding(seat, {}, chance, played)


@pytest.mark.parametrize(
    ("chance", "played", "kind"),
    [
        (0.5, 0.5, ""),
        (0.5, 0.4001, ""),
        (0.5, 0.4, "inaccuracy"),  # as a difference of floats a little less than 0.1
        (0.6, 0.4001, "inaccuracy"),
        (0.6, 0.4, "mistake"),
        (0.9, 0.6, "blunder"),
        (1.0, 0.0, "blunder"),
        (0.5, 0.9, ""),  # the search saw more after the move than before it
        (0.5, None, ""),
    ],
)
def test_what_a_move_is_called(chance: float, played: float | None, kind: str) -> None:
    assert found(chance, played).kind == kind


def test_chances_are_of_both() -> None:
    of_o = found(0.7, 0.7, seat=1)
    assert (of_o.chance_of(1), of_o.chance_of(0)) == (0.7, pytest.approx(0.3))


def test_how_a_player_did() -> None:
    findings = [
        found(0.5, 0.5),
        found(0.5, 0.1, seat=1),
        found(0.8, 0.65),
        found(0.4, 0.4, seat=1),
        found(0.6, None),  # the last position, in which nobody moved
    ]
    first, second = tally(findings, 0), tally(findings, 1)
    assert first.moves == second.moves == 2
    assert first.accuracy == pytest.approx((1 + exp(-0.6)) / 2)
    assert second.accuracy == pytest.approx((1 + exp(-1.6)) / 2)
    assert first.counts == {"inaccuracy": 1, "mistake": 0, "blunder": 0}
    assert second.counts == {"inaccuracy": 0, "mistake": 0, "blunder": 1}
    assert tally(findings[:1], 1).accuracy is None
