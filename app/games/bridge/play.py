"""The play of the cards, trick after trick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from app.games.api import Seat
from app.games.bridge.auction import STRAINS, Contract
from app.games.bridge.deal import HAND, TEAMS, Deal, Hand, suit_of


class Trick(NamedTuple):
    """Four cards, the leader's first and so on clockwise, and the seat that won them."""

    leader: Seat
    cards: tuple[int, ...]
    winner: Seat


@dataclass(frozen=True, slots=True)
class CardPlay:
    """How far the play has come.

    hands: what each seat still holds.
    tricks: those that are complete. trick: the cards of the one that is not, from `leader`'s on;
        empty between two tricks.
    """

    contract: Contract
    hands: Deal
    tricks: tuple[Trick, ...]
    leader: Seat
    trick: tuple[int, ...]

    @property
    def turn(self) -> Seat:
        """The seat whose card is next."""
        return (self.leader + len(self.trick)) % 4

    @property
    def actor(self) -> Seat:
        """The seat that plays it: declarer plays dummy's."""
        turn = self.turn
        return self.contract.declarer if turn == self.contract.dummy else turn

    @property
    def is_over(self) -> bool:
        return len(self.tricks) == HAND

    @property
    def played(self) -> int:
        """How many cards have been played."""
        return 4 * len(self.tricks) + len(self.trick)

    @property
    def cards(self) -> tuple[int, ...]:
        """The cards played, in their order."""
        return (*(card for trick in self.tricks for card in trick.cards), *self.trick)

    @property
    def lead(self) -> int | None:
        """The first card of all."""
        cards = self.tricks[0].cards if self.tricks else self.trick
        return cards[0] if cards else None

    @property
    def legal(self) -> Hand:
        """The cards that may be played next, ascending."""
        return legal_cards(self.hands[self.turn], self.trick)

    def won(self, team: int) -> int:
        """How many tricks a side has won."""
        return sum(TEAMS[trick.winner] == team for trick in self.tricks)


def begin(contract: Contract, deal: Deal) -> CardPlay:
    """Before the opening lead."""
    return CardPlay(contract, deal, (), contract.lead, ())


def after(play: CardPlay, card: int) -> CardPlay:
    """The play after a legal card."""
    seat = play.turn
    rest = tuple(held for held in play.hands[seat] if held != card)
    north, east, south, west = (
        rest if number == seat else hand for number, hand in enumerate(play.hands)
    )
    hands = north, east, south, west
    trick = (*play.trick, card)
    if len(trick) < 4:
        return replace(play, hands=hands, trick=trick)
    won = (play.leader + winner(trick, play.contract.strain)) % 4
    tricks = (*play.tricks, Trick(play.leader, trick, won))
    return CardPlay(play.contract, hands, tricks, won, ())


def follow(contract: Contract, deal: Deal, cards: Iterable[int]) -> CardPlay:
    """The play after these cards, all of them legal."""
    play = begin(contract, deal)
    for card in cards:
        play = after(play, card)
    return play


def legal_cards(hand: Iterable[int], trick: Sequence[int]) -> Hand:
    """The cards of a hand that may be played to a trick: those of the suit led, if it has any.

    >>> legal_cards((0, 5, 13), (12,)), legal_cards((0, 5, 13), (51,))
    ((0, 5), (0, 5, 13))
    """
    hand = tuple(hand)
    if not trick:
        return hand
    suit = suit_of(trick[0])
    return tuple(card for card in hand if suit_of(card) == suit) or hand


def winner(trick: Sequence[int], strain: str) -> int:
    """Which of a trick's cards wins it, from 0 for the one led.

    >>> winner((0, 12, 13, 5), "Z"), winner((0, 12, 13, 5), "D")
    (1, 2)
    """
    trumps, led = STRAINS.index(strain), suit_of(trick[0])
    suit = trumps if any(suit_of(card) == trumps for card in trick) else led
    best = max(card for card in trick if suit_of(card) == suit)
    return trick.index(best)
