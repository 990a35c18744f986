"""Boards: their cards, who deals, who is vulnerable.

A card is its number: 0 is the two of clubs, 12 the ace of clubs, 13 the two of diamonds, 51 the ace
of spades. A seat is its number too, from 0 for North clockwise; `SIDES[seat]` is its letter.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from app.games.api import Seat
from app.games.rng import Stream

SIDES: Final = "NESW"
SEATS: Final = range(4)
TEAMS: Final = (0, 1, 0, 1)
"""The team of each seat: 0 is North and South, 1 East and West."""

SUITS: Final = "CDHS"
RANKS: Final = "23456789TJQKA"
CARDS: Final = range(52)
HAND: Final = 13
"""How many cards a hand has, and so how many tricks there are."""

Hand: TypeAlias = tuple[int, ...]
"""Cards, ascending."""

Deal: TypeAlias = tuple[Hand, Hand, Hand, Hand]
"""What each seat is dealt."""

_VULNERABLE: Final = ("none", "NS", "EW", "both")
_PARTNERSHIPS: Final = ("NS", "EW")


def suit_of(card: int) -> int:
    """The number of a card's suit: clubs 0, diamonds 1, hearts 2, spades 3."""
    return card // HAND


def card_text(card: int) -> str:
    """A card by the letters of its suit and its rank.

    >>> card_text(0), card_text(8), card_text(51)
    ('C2', 'CT', 'SA')
    """
    suit, rank = divmod(card, HAND)
    return SUITS[suit] + RANKS[rank]


def deal(seed: bytes, number: int) -> Deal:
    """The cards of a board: the first thirteen of the shuffle to North, the next to East, …"""
    cards = Stream(seed, f"bridge board {number}").shuffled(CARDS)
    north, east, south, west = (
        tuple(sorted(cards[first : first + HAND])) for first in range(0, len(CARDS), HAND)
    )
    return north, east, south, west


def dealer(number: int) -> Seat:
    """The seat that deals a board, and calls first.

    >>> [SIDES[dealer(number)] for number in (1, 2, 3, 4, 5)]
    ['N', 'E', 'S', 'W', 'N']
    """
    return (number - 1) % len(SEATS)


def vulnerable(number: int) -> str:
    """Who is vulnerable on a board: `none`, `NS`, `EW` or `both`. It repeats every 16.

    >>> [vulnerable(number) for number in (1, 2, 3, 4, 5, 16)]
    ['none', 'NS', 'EW', 'both', 'NS', 'EW']
    """
    board = (number - 1) % 16
    return _VULNERABLE[(board + board // 4) % 4]


def is_vulnerable(number: int, seat: Seat) -> bool:
    """Whether a seat's side is vulnerable on a board."""
    return vulnerable(number) in ("both", _PARTNERSHIPS[TEAMS[seat]])


def partner(seat: Seat) -> Seat:
    """Who sits opposite."""
    return (seat + 2) % 4


def opponents(seat: Seat) -> frozenset[Seat]:
    """The two of the other side."""
    return frozenset({(seat + 1) % 4, (seat + 3) % 4})
