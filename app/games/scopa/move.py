"""What a player does in a turn: play a card, and say what it takes where there is a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.games.api import Json, Malformed
from app.games.cards import ITALIAN, Card

_NO_CARD: Final = "A card is named by its number from 0 to 39."
_NO_TAKE: Final = "A capture is named by its number from 0."


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """A card from the hand.

    take: the number of the capture chosen among several that the card can make, in the order in
    which they are offered; None where it can make one at most.
    Raises Malformed for a negative number.
    """

    card: Card
    take: int | None = None

    def __post_init__(self) -> None:
        if self.take is not None and self.take < 0:
            raise Malformed(_NO_TAKE)


def move_json(move: Move) -> dict[str, Json]:
    """`{"card": number}`, and `"take"` if a capture was chosen. `10*suit + value - 1` is a card's.

    >>> move_json(Move(ITALIAN.parse("7D"), 1))
    {'card': 6, 'take': 1}
    """
    raw = {"card": move.card.id}
    return raw if move.take is None else {**raw, "take": move.take}


def parse_move(raw: Json) -> Move:
    """The move that `move_json` gave `raw` for; a `take` of None is none.

    Fields beyond these are ignored: the match's id travels beside them. Raises Malformed on
    anything odd.
    """
    if not isinstance(raw, dict):
        raise Malformed("A move has the field card, and take where there is a choice.")
    card, take = raw.get("card"), raw.get("take")
    # By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.
    if type(card) is not int or not 0 <= card < len(ITALIAN.cards):
        raise Malformed(_NO_CARD)
    if take is not None and type(take) is not int:
        raise Malformed(_NO_TAKE)
    return Move(ITALIAN.cards[card], take)
