"""The robots' system, situation by situation: which hand makes which call, and docs/robots.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from app.bots.bridge.bidding import Hand, call, meaning
from app.bots.bridge.bidding.system import choose, read

DOCS: Final = Path(__file__).resolve().parents[2] / "docs" / "robots.md"
SHORT: Final = {"p": "pass", "x": "dbl", "xx": "rdbl"}
RANKS: Final = "23456789TJQKA"

# The auction so far | spades, hearts, diamonds, clubs | what is called. North deals, all are safe.
OPENINGS: Final = """
- | AK952 K83 Q42 75 | 1S
- | K8 AQ752 KJ93 42 | 1H
- | AQ752 AQ752 K3 2 | 1S
- | AQ4 K93 KJ82 Q75 | 1Z
- | A4 KQ952 KJ8 Q75 | 1Z
- | AQ42 K932 Q82 K7 | 1D
- | AQ4 K932 Q82 J75 | 1C
- | AQ4 K93 AKQ2 KJ7 | 2C
- | AQ4 K93 AKQ2 K75 | 2Z
- | 42 KQJ952 832 75 | 2H
- | 4 KQJ9852 832 75 | 3H
- | 4 2 K83 KQJT9852 | 4C
- | KQJT9852 2 K83 4 | 4S
- | 4 32 K83 AKQJ985 | 1C
- | 4 32 J83 AKQJ985 | 3Z
- | Q42 K832 Q82 J75 | p
- | K4 AQJT2 KJ953 2 | 1H
- | AKQJT98765 AK A - | 7Z
- | AKQJT9876 A A K3 | 2C
- | AKQJT9876 A A A3 | 6Z
p p p | 42 KQJ952 832 75 | p
"""
RESPONSES: Final = """
1S p | K842 A93 Q8742 7 | 3S
1S p | K842 83 Q8742 75 | 2S
1S p | KQ842 83 87542 7 | 4S
1S p | KQ84 A3 KQ42 875 | 2Z
1S p | 42 AQ9 KJ84 Q875 | 2D
1S p | 42 Q93 KJ84 J875 | 1Z
1S p | 42 AQ953 KJ8 Q87 | 2H
1H p | KJ42 93 Q84 J875 | 1S
1H p | KJ42 Q93 84 J875 | 2H
1C p | KJ42 AQ53 84 875 | 1H
1C p | KJ42 Q3 J8742 87 | 1D
1C p | K42 Q93 KJ8 Q875 | 2Z
1C p | K42 AQ3 KJ8 Q875 | 3Z
1C p | 42 Q3 J82 KQ8752 | 2C
1D p | 42 Q3 KJ82 87542 | 2D
1D p | 842 Q3 J82 87542 | p
"""
NOTRUMP: Final = """
1Z p | KJ42 Q953 84 Q87 | 2C
1Z p | KJ942 93 8432 87 | 2H
1Z p | 42 KJ9532 843 87 | 2D
1Z p | 42 Q93 KQ843 K87 | 3Z
1Z p | 42 Q93 KJ843 Q87 | 2Z
1Z p | 42 Q93 KJ843 J87 | p
1Z p | K2 QJ3 KQ84 KQ87 | 4Z
1Z p 2C p | AQ4 K932 KJ82 Q7 | 2H
1Z p 2C p | AQ42 K93 KJ82 Q7 | 2S
1Z p 2C p | AQ4 K93 KJ82 Q75 | 2D
1Z p 2C p 2H p | KJ42 Q953 84 A87 | 4H
1Z p 2C p 2D p | KJ42 Q953 84 A87 | 3Z
1Z p 2C p 2D p | KJ42 Q953 84 Q87 | 2Z
1Z p 2H p | AQ4 K932 KJ82 Q7 | 2S
1Z p 2H p | AQ42 K93 KJ82 A7 | 3S
1Z p 2H p 2S p | KJ942 93 84 8732 | p
1Z p 2H p 2S p | KJ942 A93 84 Q73 | 3Z
1Z p 2H p 2S p | KJ9842 A93 84 Q7 | 4S
1Z p 2H p 2S p 3Z p | AQ4 K932 KJ82 Q7 | 4S
1Z p 2H p 2S p 3Z p | AQ K932 KJ82 Q74 | p
1Z p 4Z p | AQ4 K932 KJ82 A7 | 6Z
1Z p 4Z p | AQ4 K932 KJ82 Q7 | p
2Z p | KJ942 93 8432 87 | 3H
2Z p | KJ42 Q953 843 87 | 3C
"""
TWO_CLUBS: Final = """
2C p | KJ42 Q953 843 87 | 2D
2C p | 42 953 843 AKQ87 | 3C
2C p 2D p | AK4 KQ3 AKQ2 K75 | 2Z
2C p 2D p | AKQJ42 AK3 AQ2 7 | 2S
2C p 2D p 2Z p | KJ942 93 8432 87 | 3H
"""
REBIDS: Final = """
1C p 1H p | AQ42 K9 Q82 KJ75 | 1S
1C p 1H p | AQ2 K9 Q842 K975 | 1Z
1C p 1H p | AQ2 K954 42 KQ75 | 2H
1C p 1H p | AQ2 KQ54 42 AQ75 | 3H
1C p 1H p | AQ2 K9 AJ42 KQ75 | 2Z
1C p 1H p | A2 K9 Q42 KQJ752 | 2C
1C p 1H p | K2 K9 AQ2 KQJ752 | 3C
1C p 1S p | A2 AQ92 42 KQJ75 | 2H
1H p 1S p | A2 AQ952 KJ42 75 | 2D
1H p 1Z p | A2 AQ952 KJ42 75 | 2D
1H p 1Z p | A72 AQ952 K2 Q75 | p
1H p 1Z p | A2 AQJ952 KJ2 75 | 2H
1H p 2H p | A72 AQ952 K2 Q75 | p
1H p 2H p | A7 AQ9542 KQ2 A5 | 4H
1H p 3H p | A72 AQ952 KJ2 K5 | 4H
1H p 3H p | 872 AQJ52 K2 J75 | p
1S p 2Z p | AKJ52 Q72 2 K752 | 3D
1S p 2Z p | AKJ52 Q72 Q2 752 | 4S
1C p 1H p 1Z p | K2 AQ954 K42 875 | 2C
1C p 1H p 1Z p 2C p | AQ2 K92 Q842 Q97 | 2H
"""
BLACKWOOD: Final = """
1S p 3S p | AKQ952 K AKQ2 75 | 4Z
1S p 3S p 4Z p | K842 A93 Q8742 7 | 5D
1S p 3S p 4Z p 5D p | AKQ952 K AKQ2 75 | 6S
1S p 3S p 4Z p 5C p | AKQ952 K AKQ2 75 | 5S
"""
COMPETITIVE: Final = """
1H | AQ952 K3 Q842 75 | 1S
1H | AQ52 3 KJ42 K875 | x
1H | AQ4 KJ3 KJ42 Q75 | 1Z
1H | A42 K3 42 AKJ875 | 2C
1H | KQJ952 3 842 875 | 2S
1H | KJ952 3 42 KQ875 | 2H
1H | 42 3 KQT92 KJ875 | 2Z
1H | K42 Q863 J2 K875 | p
1C | KQ952 AJ863 2 75 | 2C
1Z | AQ4 KJ3 KJ42 K75 | x
1Z | KQJ952 A3 842 75 | 2S
2S | A2 KQ63 KJ42 K75 | 2Z
2S | 92 AQ63 KJ42 K75 | x
3H | AQ92 2 AJ42 KQ76 | x
1H 1S p | K42 863 AJ42 875 | 2S
1H 1S p | K42 A6 AJ42 8753 | 2H
1H x p | K842 863 J42 875 | 1S
1H x p | KQ84 863 A42 875 | 2S
1H x p | KQ842 A6 A42 875 | 4S
1H x p | 842 KJ6 Q542 J75 | 1Z
1H x p | 8 KQJT96 542 J75 | p
1H x p | 842 6532 J54 752 | 1S
1H 1S | 42 86 AJ42 KJ753 | x
1H 1S | 42 Q863 AJ42 975 | 2H
1H 1S | A2 Q863 AJ42 975 | 2S
1H 1S | KJ9 63 QJ42 9754 | 1Z
1H 1S | 42 63 AQJ842 AQ5 | 2D
1H x | A2 63 KQ42 Q9754 | xx
1H x | 42 Q86 AJ42 9754 | 2H
1H x | A2 Q863 AJ42 975 | 2Z
1Z 2S | 42 AQ632 KJ2 Q75 | 3H
1Z 2S | QJ92 A63 K42 975 | x
1Z 2S | 92 KJT963 842 75 | p
1H 1S 2H p p | AQJ952 K3 A84 75 | 2S
1H p p | KQ52 3 KJ42 Q752 | x
1H p p | KQ952 43 J42 K75 | 1S
1C 1S x p | AQ2 K964 42 KQ75 | 2H
1S p 2S p | AQJ952 K3 A8 K75 | 4S
1S 2H 2S p p | 4 AQJ942 KQ8 K75 | 3H
1S 2H p p | AQ952 3 KQ84 K75 | x
2H p | KQ52 A3 AKJ42 Q5 | 2Z
2H p | 52 K63 KQJ42 Q75 | 3H
2H p | 52 63 KQJ42 Q754 | p
2H p 2Z p | 42 KQJ952 832 75 | 3D
1S p 4S p | AQJ952 K3 A84 75 | p
4S | 2 AK3 AKJ42 KQ75 | x
"""

CASES: Final = [
    line.split(" | ")
    for table in (OPENINGS, RESPONSES, NOTRUMP, TWO_CLUBS, REBIDS, BLACKWOOD, COMPETITIVE)
    for line in table.strip().splitlines()
]


def cards(text: str) -> list[int]:
    """Cards from four suits, spades first, `-` for none."""
    return [
        13 * suit + RANKS.index(rank)
        for suit, held in zip((3, 2, 1, 0), text.split(), strict=True)
        for rank in held.replace("-", "")
    ]


def calls(text: str) -> tuple[str, ...]:
    return tuple(SHORT.get(word, word) for word in text.replace("-", "").split())


@pytest.mark.parametrize(("auction", "hand", "expected"), CASES)
def test_calls(auction: str, hand: str, expected: str) -> None:
    held = cards(hand)
    assert len(held) == 13
    _, rules = read("N", "none", calls(auction))
    made = choose(rules, Hand.of(held)).call
    assert made == SHORT.get(expected, expected)
    told = meaning("N", "none", (*calls(auction), made))[-1]
    assert told.call == made
    assert told.fits(Hand.of(held))


def test_the_pages_tables_are_the_rules() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert len(rows) > 100
    for auction, told in rows:
        assert meaning("N", "none", calls(auction))[-1].text == told, auction


def view(hand: str, auction: str, dealer: str = "N", vuln: str = "none") -> dict[str, object]:
    said = [{"side": "", "bid": made, "alert": None} for made in calls(auction)]
    viewer = "NESW"[("NESW".index(dealer) + len(said)) % 4]
    hands = {side: cards(hand) if side == viewer else None for side in "NESW"}
    return {"dealer": dealer, "vuln": vuln, "viewer": viewer, "auction": said, "hands": hands}


def test_an_artificial_call_is_alerted() -> None:
    told = call(view("KJ42 Q953 84 Q87", "1Z p"))
    assert told["bid"] == "2C"
    assert told["alert"].startswith("Stayman: 8+ points")
    assert "alert" not in call(view("AK952 K83 Q42 75", "-"))


def test_a_pre_emptive_bid_is_sounder_when_vulnerable() -> None:
    hand = "4 J987542 K32 75"
    assert call(view(hand, "-"))["bid"] == "pass"
    hand = "4 QJ87542 832 A5"
    assert call(view(hand, "-"))["bid"] == "3H"
    poor = "4 Q987542 K32 J5"
    assert call(view(poor, "-"))["bid"] == "3H"
    assert call(view(poor, "-", vuln="NS"))["bid"] == "pass"
    assert call(view(poor, "-", vuln="EW"))["bid"] == "3H"


def test_passes_are_read_too() -> None:
    """Who has not answered partner's opening has little; who has doubled is short."""
    passed, doubled = meaning("N", "none", calls("1H p p x"))[2:]
    assert passed.points == (0, 5)
    assert doubled.lengths[2][0] == 0
    assert doubled.forcing == 1
    assert not doubled.artificial


def test_seats_follow_the_dealer() -> None:
    assert [told.seat for told in meaning("W", "both", calls("1S p 2S p"))] == [3, 0, 1, 2]


def test_calls_outside_the_system_are_explained() -> None:
    """A call of which the system knows nothing is explained as people would read it."""
    odd = meaning("N", "none", calls("1C p 4H"))[-1]
    assert odd.lengths[2][0] > 4
    assert "hearts" in odd.text
    cue = meaning("N", "none", calls("1C p 1H 1S 3S"))[-1]
    assert cue.text
