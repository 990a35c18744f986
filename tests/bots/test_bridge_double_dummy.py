"""The solver's answers, in this project's numbers."""

from __future__ import annotations

import subprocess
import sys

from app.bots.bridge import double_dummy
from config import ROOT
from tests.games.bridge_positions import LONG_SUITS, card, hand

FINESSE = (
    hand("32...AKQJT987654"), hand("K654.K.AQT9876.2"),
    hand("AQ.QJT98765432.."), hand("JT987.A.KJ5432.3"),
)  # fmt: skip


def test_tricks_of_every_declarer() -> None:
    """North has all clubs, East all diamonds, South all hearts, West all spades."""
    assert double_dummy.tricks(LONG_SUITS, "C") == {"N": 13, "E": 0, "S": 13, "W": 0}
    assert double_dummy.tricks(LONG_SUITS, "S") == {"N": 0, "E": 13, "S": 0, "W": 13}
    # Without trumps whoever leads takes everything.
    assert double_dummy.tricks(LONG_SUITS, "Z") == {"N": 0, "E": 0, "S": 0, "W": 0}


def test_par() -> None:
    table = {
        side: {strain: double_dummy.tricks(LONG_SUITS, strain)[side] for strain in "CDHSZ"}
        for side in "NESW"
    }
    # Spades are highest, and vulnerable opponents lose more by a sacrifice.
    found = double_dummy.par(table, "N", "NS")
    assert found == {"score_ns": -1510, "contracts": ["7S by EW"]}
    nobody = {side: dict.fromkeys("CDHSZ", 6) for side in "NESW"}
    assert double_dummy.par(nobody, "E", "none") == {"score_ns": 0, "contracts": []}


def test_par_names_a_sacrifice() -> None:
    table = {
        "N": {"C": 5, "D": 5, "H": 10, "S": 3, "Z": 5},
        "E": {"C": 6, "D": 6, "H": 3, "S": 9, "Z": 5},
        "S": {"C": 5, "D": 5, "H": 10, "S": 3, "Z": 5},
        "W": {"C": 6, "D": 6, "H": 3, "S": 9, "Z": 5},
    }
    found = double_dummy.par(table, "N", "none")
    assert found == {"score_ns": 100, "contracts": ["4SX by EW"]}


def test_each_card_and_what_it_yields() -> None:
    yields, work = double_dummy.solve(FINESSE, None, 0)
    assert set(yields) == set(FINESSE[0])
    assert len({yields[card(f"C{rank}")] for rank in "AKQJT987654"}) == 1, "they are equal"
    assert work > 0


def test_within_a_trick() -> None:
    """North has led a spade and East has played low: the queen wins, the ace does too."""
    rest = [[each for each in cards if each not in (card("S2"), card("S4"))] for cards in FINESSE]
    yields, _ = double_dummy.solve(rest, None, 0, ((0, card("S2")), (1, card("S4"))))
    assert set(yields) == {card("SA"), card("SQ")}
    assert yields[card("SQ")] > yields[card("SA")]
    # With spades as trumps a heart may not be played, as South follows suit.
    trumps, _ = double_dummy.solve(rest, 3, 0, ((0, card("S2")), (1, card("S4"))))
    assert set(trumps) == {card("SA"), card("SQ")}


def test_only_the_solver_is_loaded() -> None:
    """The server has little memory: what draws pictures stays out of the process."""
    program = (
        "import sys; from app.bots.bridge import double_dummy; "
        "print(sorted({'numpy', 'matplotlib', 'endplay'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_the_server_does_not_load_it() -> None:
    program = (
        "import sys; from app import create_app, server; "
        "print('app.bots.bridge' in sys.modules, 'app.bots.bridge.double_dummy' in sys.modules)"
    )
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["True", "False"]
