"""How boards, scores and cards are written on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import format_decimal

from app.games.bridge.deal import SUITS
from app.web.words import say

RANKS: Final = ("2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K", "A")
SHAPES: Final[Mapping[str, str]] = {"C": "♣", "D": "♦", "H": "♥", "S": "♠"}


def ranks_of(cards: Sequence[int], letter: str) -> str:
    """The ranks of a hand's cards in one suit, the highest first, or a dash.

    >>> ranks_of((0, 8, 12, 51), "C"), ranks_of((), "H")
    ('A 10 2', '–')
    """
    suit = SUITS.index(letter)
    held = sorted((card for card in cards if card // 13 == suit), reverse=True)
    return " ".join(RANKS[card % 13] for card in held) or "–"


def card_text(card: int) -> str:
    """A card in a line of text.

    >>> card_text(51), card_text(8)
    ('♠A', '♣10')
    """
    return SHAPES[SUITS[card // 13]] + RANKS[card % 13]


def call_text(bid: str) -> str:
    """A call in a line of text: "1♠", "3NT", "Pass"."""
    if bid in ("pass", "dbl", "rdbl"):
        return say(f"b_{bid}_short")
    return bid[0] + (SHAPES.get(bid[1]) or say("b_nt"))


def signed(points: int) -> str:
    """A score with its sign: "+420", "−50", "0"."""
    return f"{points:+d}".replace("-", "−") if points else "0"


def imps_words(imps: float | None) -> str:
    """IMPs with their sign and a tenth, "+5.5"; a dash for none at all."""
    if imps is None:
        return "–"
    text = str(format_decimal(abs(imps), "0.#"))
    return text if text == "0" else f"{'+' if imps > 0 else '−'}{text}"


def par_words(par: Any) -> str:
    """Par in a line: "+420: 4♠ North–South", with every contract that comes to it."""
    written = []
    for each in par["contracts"]:
        contract, _, sides = each.partition(" by ")
        doubled = contract[2:].replace("X", "×")
        key = "side" if len(sides) == 1 else "pair"
        written.append(f"{call_text(contract[:2])}{doubled} {say(f'b_{key}_{sides}')}")
    text = signed(par["score_ns"])
    return f"{text}: {', '.join(written)}" if written else text
