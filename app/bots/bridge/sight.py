"""What a player of cards sees: the view of their seat, read into numbers.

Seats are numbers from 0 for North clockwise, cards from 0 for the two of clubs, suits from 0 for
clubs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.games.api import Json, Seat
from app.games.bridge.deal import SIDES, suit_of
from app.games.bridge.play import winner

Hands: TypeAlias = Sequence[Sequence[int]]
"""By seat the cards held."""

Trick: TypeAlias = Sequence[tuple[Seat, int]]
"""Who has played which card, in order."""

STRAINS: Final = "CDHSZ"


@dataclass(frozen=True, slots=True)
class Contract:
    """What is played. doubled: 0, 1, or 2 if redoubled."""

    level: int
    strain: str
    doubled: int
    declarer: Seat
    vulnerable: bool

    @property
    def trump(self) -> int | None:
        """The trump suit's number; None in no trumps."""
        return None if self.strain == "Z" else STRAINS.index(self.strain)

    @property
    def dummy(self) -> Seat:
        return (self.declarer + 2) % 4


@dataclass(frozen=True, slots=True)
class Sight:
    """A position in the play as one seat sees it.

    turn: the seat whose card is next; declarer's `me` plays dummy's too. legal: what may be played,
        nothing if it is another's turn.
    hands: by seat the cards still held, None for those not seen; counts: how many each holds.
    returned: by seat the held cards that were played once and taken back: those are known.
    trick: the one that is being played; tricks: those that are complete. won: by team.
    calls: the auction, from the dealer on, and `vulnerable` ("none", "NS", "EW", "both") in it.
    """

    me: Seat
    turn: Seat
    legal: tuple[int, ...]
    contract: Contract
    hands: tuple[tuple[int, ...] | None, ...]
    counts: tuple[int, ...]
    returned: tuple[tuple[int, ...], ...]
    trick: tuple[tuple[Seat, int], ...]
    tricks: tuple[tuple[tuple[Seat, int], ...], ...]
    won: tuple[int, int]
    dealer: Seat
    vulnerable: str
    calls: tuple[str, ...]

    @property
    def leader(self) -> Seat:
        """Who led, or leads, to the trick that is being played."""
        return self.trick[0][0] if self.trick else self.turn

    @property
    def hidden(self) -> tuple[Seat, ...]:
        """The seats whose cards are not seen."""
        return tuple(seat for seat, hand in enumerate(self.hands) if hand is None)

    def plays(self) -> Iterator[tuple[Seat, int]]:
        """Every card played so far, and by whom."""
        for trick in self.tricks:
            yield from trick
        yield from self.trick

    def played_by(self, seat: Seat) -> tuple[int, ...]:
        """The cards that a seat has played."""
        return tuple(card for who, card in self.plays() if who == seat)

    def unseen(self) -> tuple[int, ...]:
        """The cards that the hidden hands hold and nobody has seen, ascending."""
        seen = {card for _, card in self.plays()}
        seen.update(*self.returned)
        for hand in self.hands:
            seen.update(hand or ())
        return tuple(card for card in range(52) if card not in seen)

    def room(self, seat: Seat) -> int:
        """How many unseen cards a hidden hand holds."""
        return self.counts[seat] - len(self.returned[seat])

    def voids(self) -> tuple[frozenset[int], ...]:
        """By seat the suits that it has shown to have no more of."""
        found: tuple[set[int], ...] = (set(), set(), set(), set())
        for trick in (*self.tricks, self.trick):
            for seat, card in trick[1:]:
                led = suit_of(trick[0][1])
                if suit_of(card) != led:
                    found[seat].add(led)
        return tuple(frozenset(suits) for suits in found)


def read(view: Json) -> Sight:
    """The position of a view in which cards are played; its viewer sits at the table."""
    contract = _contract(view)
    trick = _plays(view["trick"])
    tricks = tuple(_plays(each) for each in view["played"])
    me = SIDES.index(view["viewer"])
    return Sight(
        me=me,
        turn=_turn(trick, tricks, contract),
        legal=tuple(view["cards"]),
        contract=contract,
        hands=tuple(None if hand is None else tuple(hand) for hand in _by_seat(view["hands"])),
        counts=tuple(_by_seat(view["counts"])),
        returned=tuple(tuple(cards) for cards in _by_seat(view["returned"])),
        trick=trick,
        tricks=tricks,
        won=(view["tricks"]["NS"], view["tricks"]["EW"]),
        dealer=SIDES.index(view["dealer"]),
        vulnerable=view["vuln"],
        calls=tuple(call["bid"] for call in view["auction"]),
    )


def _contract(view: Json) -> Contract:
    text = view["contract"]
    declarer = SIDES.index(view["declarer"])
    team = "NS" if declarer % 2 == 0 else "EW"
    return Contract(
        level=int(text[0]),
        strain=text[1],
        doubled=len(text) - 2,
        declarer=declarer,
        vulnerable=view["vuln"] in (team, "both"),
    )


def _turn(trick: Trick, tricks: Sequence[Trick], contract: Contract) -> Seat:
    """Whose card is next, also while an answer is awaited first."""
    if trick:
        return (trick[-1][0] + 1) % 4
    if not tricks:
        return (contract.declarer + 1) % 4
    last = tricks[-1]
    return last[winner([card for _, card in last], contract.strain)][0]


def _plays(raw: Json) -> tuple[tuple[Seat, int], ...]:
    return tuple((SIDES.index(play["side"]), play["card"]) for play in raw)


def _by_seat(raw: Json) -> list[Json]:
    return [raw[side] for side in SIDES]
