"""PBN and LIN: written as their readers expect, and read back by a second implementation."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from endplay.parsers import lin as lin_reader
from endplay.parsers import pbn as pbn_reader
from endplay.types import Board as Reference

from app.games.api import SYSTEM, SystemMove
from app.games.bridge import BRIDGE, Call, State
from app.games.bridge.deal import card_text
from app.games.bridge.lin import board_lin, session_lin
from app.games.bridge.notation import Record, plain, record
from app.games.bridge.pbn import board_pbn, session_pbn
from tests.games.bridge_positions import (
    LONG_SUITS,
    answered,
    called,
    claimed,
    do,
    played,
    start,
)
from tests.games.matches import play

NAMES = ("Nora", "Émile", "Sam, jr", "W|u")
DAY = date(2024, 5, 7)
ANALYSIS = {
    "tricks": {
        side: {strain: tricks for tricks, strain in enumerate("CDHSZ", 5 + seat)}
        for seat, side in enumerate("NESW")
    },
    "par": {"score_ns": -140, "contracts": ["3S by E"]},
}
FANS = {"♣": "C", "♦": "D", "♥": "H", "♠": "S"}

CLAIMED_PBN = """\
[Event "Monday"]
[Site "Parlour"]
[Date "2024.05.07"]
[Board "2"]
[West "W|u"]
[North "Nora"]
[East "Émile"]
[South "Sam, jr"]
[Dealer "E"]
[Vulnerable "NS"]
[Deal "E:..AKQJT98765432. .AKQJT98765432.. AKQJT98765432... ...AKQJT98765432"]
[Scoring "IMP"]
[Declarer "N"]
[Contract "7NTX"]
[Result "12"]
[Score "NS -200"]
[ScoreIMP "NS -3.50"]
[Table "t1"]
[Auction "E"]
Pass Pass =1= Pass 1C =2=
Pass Pass 1D 7NT =1=
X Pass Pass Pass
[Note "1:as agreed"]
[Note "2:a \\"strong\\" club"]
[Play "E"]
D2 H2 S2 C2
D3 - - -
*
[OptimumScore "NS -140"]
[OptimumResultTable "Declarer;Denomination\\2R;Result\\2R"]
"""
CLAIMED_LIN = (
    "qx|o2|pn|Sam jr,W/u,Nora,Émile|st||md|4SH23456789TJQKADC,S23456789TJQKAHDC,SHDC23456789TJQKA,"
    "SHD23456789TJQKAC|rh||ah|Board 2|sv|n|"
    'mb|p|mb|p!|an|as agreed|mb|p|mb|1C!|an|a "strong" club|mb|p|mb|p|mb|1D|mb|7N!|an|as agreed|'
    "mb|d|mb|p|mb|p|mb|p|pg||pc|D2|pc|H2|pc|S2|pc|C2|pg||pc|D3|mc|12|pg||\n"
)


def written(state: State, **more: Any) -> Record:
    return record(state, NAMES, DAY, **more)


@pytest.fixture
def claim() -> State:
    """Board 2 in 7NT doubled: East has won the first trick and led to the second when North claims
    all that is left, and the others agree."""
    state = start(board=2)
    for bid, alert in (
        *(("pass", None), ("pass", "as agreed"), ("pass", None), ("1C", 'a "strong" club')),
        *(("pass", None), ("pass", None), ("1D", None), ("7Z", "as agreed"), ("dbl", None)),
    ):
        state = do(state, Call(bid, alert)).state
    state = played(called(state, "- - -"), "D2 H2 S2 C2 D3")
    return answered(answered(claimed(state, "N", 12), "E", True), "W", True)


def test_a_claimed_deal_as_pbn(claim: State) -> None:
    text = board_pbn(
        written(claim, event="Monday", site="Parlour", table="t1", imps=-3.5, analysis=ANALYSIS)
    )
    assert text.endswith("\r\n\r\n")
    assert text.count("\n") == text.count("\r\n")
    lines = text.replace("\r\n", "\n")
    assert lines.startswith(CLAIMED_PBN)
    table = lines.removeprefix(CLAIMED_PBN).splitlines()
    assert len(table) == 21
    assert table[:6] == ["N NT  9", "N  S  8", "N  H  7", "N  D  6", "N  C  5", "S NT 11"]
    assert [line[0] for line in table[::5][:4]] == ["N", "S", "E", "W"]


def test_a_claimed_deal_as_lin(claim: State) -> None:
    assert board_lin(written(claim)) == CLAIMED_LIN


def test_a_deal_passed_out() -> None:
    passed = written(called(start(), "- - - -"))
    text = board_pbn(passed)
    assert '[Declarer ""]\r\n[Contract "Pass"]\r\n[Result ""]\r\n[Score "NS 0"]\r\n' in text
    assert text.endswith('[Auction "N"]\r\nPass Pass Pass Pass\r\n\r\n')
    assert board_lin(passed).endswith("|sv|o|mb|p|mb|p|mb|p|mb|p|pg||\n")


@pytest.mark.parametrize(
    ("calls", "cards", "tags", "end"),
    [
        ("1C -", "", ("?", "?", "?"), '[Auction "N"]\r\n1C Pass *\r\n\r\n'),
        ("1C - - -", "D2", ("N", "1C", "?"), '[Play "E"]\r\nD2 - - -\r\n*\r\n\r\n'),
    ],
)
def test_a_deal_that_was_not_played_to_an_end(
    calls: str, cards: str, tags: tuple[str, str, str], end: str
) -> None:
    state = played(called(start(), calls), cards)
    aborted = BRIDGE.apply(state, SYSTEM, SystemMove("abort")).state
    text = board_pbn(written(aborted))
    declarer, contract, result = tags
    assert f'[Declarer "{declarer}"]\r\n[Contract "{contract}"]\r\n[Result "{result}"]' in text
    assert "[Score " not in text
    assert text.endswith(end)
    assert "|mc|" not in board_lin(written(aborted))


def test_a_file_has_a_header_and_every_deal(claim: State) -> None:
    records = [written(claim), written(called(start(), "- - - -"))]
    text = session_pbn(records)
    assert text.startswith('% PBN 2.1\r\n% EXPORT\r\n[Event ""]\r\n')
    assert text.count("[Board ") == 2
    assert text.encode("latin-1").decode("latin-1") == text
    assert session_lin(records) == "".join(board_lin(one) for one in records)


def test_names_are_made_fit_for_files() -> None:
    assert plain(" two\r\nlines\x07 日本 é ") == "two lines ?? é"
    names = ('a"b', "c\\d", "e|f\n", "日本")
    one = record(called(start(), "- - - -"), names, DAY)
    assert '[North "a\\"b"]\r\n' in board_pbn(one)
    assert '[East "c\\\\d"]\r\n' in board_pbn(one)
    assert '[West "??"]\r\n' in board_pbn(one)
    assert '|pn|e/f,??,a"b,c\\d|' in board_lin(one)


# The second implementation


@pytest.mark.parametrize("number", range(10))
def test_it_reads_the_pbn(number: int) -> None:
    state = play(BRIDGE, "standard", number).states[-1]
    text = session_pbn([written(state, analysis=ANALYSIS)]).replace("\r\n", "\n")
    (read,) = pbn_reader.load(io.StringIO(text))
    compare(read, state)
    result = BRIDGE.view(state, None)["result"]
    assert read.contract is not None
    assert read.contract.result == result["tricks"] - int(result["contract"][0]) - 6
    assert read.info.Score == f"NS {result['score_ns']}"


@pytest.mark.parametrize("number", range(10))
def test_it_reads_the_lin(number: int) -> None:
    state = play(BRIDGE, "standard", number).states[-1]
    (read,) = lin_reader.load(io.StringIO(session_lin([written(state)])))
    compare(read, state)


def compare(read: Reference, state: State) -> None:
    """Another program has understood what was dealt, called and played."""
    view = BRIDGE.open_view(state)
    assert read.board_num == view["board"]
    assert read.dealer is not None
    assert read.dealer.abbr == view["dealer"]
    for side, hand in zip(
        "NESW", (read.deal.north, read.deal.east, read.deal.south, read.deal.west), strict=True
    ):
        assert {_plain(card) for card in hand} == {card_text(card) for card in view["deal"][side]}
    # It leaves the backslashes before quotes where the standard has them.
    alerts = [(call.announcement or "").replace("\\", "") for call in read.auction]
    assert alerts == [call["alert"] or "" for call in view["auction"]]
    cards = [each["card"] for trick in [*view["played"], view["trick"]] for each in trick]
    assert [_plain(card) for card in read.play][: 4 * len(view["played"])] == [
        card_text(card) for card in cards
    ][: 4 * len(view["played"])]
    assert read.contract is not None
    strain = {**FANS, "NT": "Z"}[read.contract.denom.abbr]
    assert f"{read.contract.level}{strain}" == view["contract"][:2]
    assert read.contract.declarer.abbr == view["declarer"]


def _plain(card: object) -> str:
    text = str(card)
    return FANS[text[0]] + text[1]


def test_a_hand_of_one_suit_is_written() -> None:
    assert board_pbn(written(called(start(deal=LONG_SUITS), "- - - -"))).count("AKQJT98765432") == 4
