"""Captures to show on the page of scopa's rules; the tests ask the rules whether they are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from app.games.cards import ITALIAN, Card
from app.games.scopa.scoring import PRIMIERA


@dataclass(frozen=True)
class Capture:
    """A card that is played to a table, both as text ("7D"), and what it takes there.

    `takes`: the places of the cards on the table, from 0; empty if it takes nothing.
    """

    card: str
    table: str
    takes: tuple[int, ...] = ()
    variant: str = "classic"

    def view(self) -> dict[str, Any]:
        """For the template: `{"card", "table": [{card, "taken"}, …]}`."""
        table = [ITALIAN.parse(text) for text in self.table.split()]
        return {
            "card": shown(ITALIAN.parse(self.card)),
            "table": [
                {**shown(card), "taken": place in self.takes} for place, card in enumerate(table)
            ],
        }


def shown(card: Card) -> dict[str, int]:
    """A card as the macros of play/_scopa.html draw it."""
    return {"suit": card.suit, "value": card.value}


def hand(text: str) -> list[dict[str, int]]:
    """Cards in a row."""
    return [shown(ITALIAN.parse(word)) for word in text.split()]


CAPTURES: Final[Mapping[str, Capture]] = MappingProxyType(
    {
        "equal": Capture("7D", "7C 4S 2B 10D", (0,)),
        "total": Capture("8S", "5C 3D 10B 2S", (0, 1)),
        "first": Capture("6D", "6B 4C 2S 9D", (0,)),
        "scopa": Capture("9C", "4D 3S 2B", (0, 1, 2)),
        "fifteen": Capture("5C", "7D 3S 9B 2C", (0, 1), "cirulla"),
        "ace": Capture("1S", "10D 6C 4B", (0, 1, 2), "cirulla"),
    }
)
"""The captures by the name under which the page shows them."""

HANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "low": "2D 4C 3S",
        "alike": "5D 5C 5B",
        "matta": "7C 9S 9D",
        "primiera": "7D 7C 6B 7S",
        "piccola": "1D 2D 3D 4D",
        "grande": "8D 9D 10D",
        "best": "7D 10D",
        "suits": "1D 1C 1B 1S",
        "figures": "8D 9C 10S",
    }
)
"""Cards in a row, by the name under which the page shows them."""


def primiera_rows() -> list[tuple[list[int], int]]:
    """Values of cards with what each counts for the primiera, the best first."""
    by_worth: dict[int, list[int]] = {}
    for value, worth in enumerate(PRIMIERA):
        if value:
            by_worth.setdefault(worth, []).append(value)
    return [(by_worth[worth], worth) for worth in sorted(by_worth, reverse=True)]
