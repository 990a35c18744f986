"""The auction: what may be called, when it is over, and what contract it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from app.games.api import Illegal, NotYourTurn
from app.games.bridge import BRIDGE, SIDES, Call, Play
from app.games.bridge.auction import BIDS, CALLS, Contract, caller, contract, is_over, legal_calls
from bench.perft import perft
from tests.games.bridge_positions import called, do, kinds, start, told

COUNTS = (1, 36, 701, 9_731)


def reference(calls: Sequence[str]) -> set[str]:
    """What may be called next, from the last call that was not a pass."""
    bids = [call for call in calls if call in BIDS]
    allowed = {"pass", *BIDS[BIDS.index(bids[-1]) + 1 if bids else 0 :]}
    passes = next((n for n, call in enumerate(reversed(calls)) if call != "pass"), len(calls))
    if passes == len(calls):
        return allowed if passes < 4 else set()
    if passes == 3:
        return set()
    by_opponents = passes % 2 == 0
    last = calls[-1 - passes]
    if by_opponents and last in BIDS:
        allowed.add("dbl")
    if by_opponents and last == "dbl":
        allowed.add("rdbl")
    return allowed


@pytest.mark.parametrize("depth", range(len(COUNTS)))
def test_the_number_of_auctions(depth: int) -> None:
    assert perft(BRIDGE, start(), depth) == COUNTS[depth]


@pytest.mark.parametrize("number", range(200))
def test_random_auctions_follow_the_laws(number: int) -> None:
    """Mostly passes, doubles and low bids, so that all kinds of endings come up."""
    random = Random(number)
    calls: list[str] = []
    while legal := legal_calls(calls):
        assert set(legal) == reference(calls)
        assert [call for call in CALLS if call in legal] == list(legal)
        assert not is_over(calls)
        calls.append(random.choice(["pass", *legal[:3]]))
    assert is_over(calls)
    assert reference(calls) == set()


@pytest.mark.parametrize(
    ("dealer", "calls", "expected"),
    [
        (0, "1C - - -", Contract(1, "C", 0, declarer=0)),
        (3, "- - - 1C - - -", Contract(1, "C", 0, declarer=2)),
        # The first of the side to have named the strain, in whatever bid.
        (0, "1S - 2S - 4S - - -", Contract(4, "S", 0, declarer=0)),
        (0, "- 1H - 3H - 4H - - -", Contract(4, "H", 0, declarer=1)),
        (0, "1D 1S 2H 2S 3D - 3S - 4S dbl - - -", Contract(4, "S", 1, declarer=2)),
        # The opponents named it earlier; the other side's declarer is still its own first.
        (0, "1H 2H - 3H - - -", Contract(3, "H", 0, declarer=1)),
        (1, "1Z dbl rdbl - - -", Contract(1, "Z", 2, declarer=1)),
        (1, "1Z dbl rdbl 2C - - -", Contract(2, "C", 0, declarer=0)),
        (2, "7Z - - dbl - - rdbl - - -", Contract(7, "Z", 2, declarer=2)),
        (2, "- - - -", None),
    ],
)
def test_the_contract(dealer: int, calls: str, expected: Contract | None) -> None:
    bids = ["pass" if call == "-" else call for call in calls.split()]
    assert is_over(bids)
    assert contract(dealer, bids) == expected


def test_a_contract_is_written_and_led_against() -> None:
    doubled = Contract(3, "Z", 2, declarer=3)
    assert (str(doubled), doubled.dummy, doubled.lead, doubled.target) == ("3ZXX", 1, 0, 9)
    assert str(Contract(1, "C", 0, declarer=0)) == "1C"


def test_callers_go_round_from_the_dealer() -> None:
    assert [caller(2, ["pass"] * number) for number in range(5)] == [2, 3, 0, 1, None]


@pytest.mark.parametrize(("board", "side"), [(1, "N"), (2, "E"), (3, "S"), (4, "W"), (17, "N")])
def test_the_dealer_calls_first(board: int, side: str) -> None:
    assert BRIDGE.actors(start(board)) == {SIDES.index(side)}


def test_four_passes_end_the_deal() -> None:
    state = called(start(), "- - -")
    step = do(state, Call("pass", "nothing at all"))
    assert kinds(step.events) == ["bid", "scored", "over"]
    assert told(step, "bid") == {
        **{"side": "W", "bid": "pass", "alert": "nothing at all"},
        **{"dbl_mode": "none", "next": None},
    }
    assert told(step, "scored") == {
        **{"contract": "pass", "declarer": None, "tricks": None},
        **{"points": 0, "score_ns": 0, "lead": None},
    }
    outcome = BRIDGE.outcome(step.state)
    assert outcome is not None
    assert (outcome.reason, outcome.scores, outcome.winners) == ("passed", (0.5, 0.5), ())
    view = BRIDGE.view(step.state, 0)
    assert (view["phase"], view["contract"], view["to_move"]) == ("over", "pass", None)


def test_three_passes_after_a_bid_end_the_auction() -> None:
    step = do(called(start(board=2), "1Z dbl - -"), Call("pass"))
    assert BRIDGE.outcome(step.state) is None
    assert kinds(step.events) == ["bid", "contract"]
    assert told(step, "contract") == {"contract": "1ZX", "declarer": "E", "lead": "S"}
    assert BRIDGE.actors(step.state) == {2}
    assert all(isinstance(move, Play) for move in BRIDGE.legal_moves(step.state, 2))


@pytest.mark.parametrize(
    ("calls", "mode"),
    [
        *(("1C", "dbl"), ("1C -", "none"), ("1C - -", "dbl"), ("-", "none")),
        *(("1C dbl", "rdbl"), ("1C dbl -", "none"), ("1C dbl - -", "rdbl")),
        *(("1C dbl rdbl", "none"), ("1C dbl 1D", "dbl"), ("1C - - -", "none")),
    ],
)
def test_a_call_says_what_the_next_may_double(calls: str, mode: str) -> None:
    *before, last = calls.split()
    step = do(called(start(), " ".join(before)), Call("pass" if last == "-" else last))
    assert told(step, "bid")["dbl_mode"] == mode


def test_refusals() -> None:
    state = called(start(), "2C")
    for bid in ("1S", "2C", "rdbl"):
        with pytest.raises(Illegal) as refused:
            do(state, Call(bid))
        assert refused.value.msg == "That call is not allowed now."
    with pytest.raises(NotYourTurn):
        do(state, Call("pass"), 0)
    with pytest.raises(Illegal) as refused:
        do(state, Play(13))
    assert refused.value.msg == "The auction is not over."
    with pytest.raises(Illegal) as refused:
        do(called(state, "- - -"), Call("pass"))
    assert refused.value.msg == "The auction is over."
