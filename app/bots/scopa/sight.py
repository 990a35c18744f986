"""A view, as the players here read it.

Cards are their numbers from 0 to 39, `10 * suit + value - 1`, as in a raw move; a pile is an int
with a bit for each of its cards; a table is its cards' numbers, ascending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.games.api import Json, Seat
from app.games.cards import ITALIAN
from app.games.scopa.options import ScopaOptions
from app.games.scopa.rules import Rules
from app.games.scopa.variants import RULES, parse_options

Hand: TypeAlias = tuple[int, ...]
Table: TypeAlias = tuple[int, ...]

ALL: Final = range(len(ITALIAN.cards))


@dataclass(frozen=True, slots=True)
class Choice:
    """A move: its JSON, the card played, and the cards it takes, if any."""

    raw: Mapping[str, int]
    card: int
    taken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """What the seat to move knows.

    value: what each card counts for in play, by its number.
    known: by seat, the cards of its hand that are seen; sizes: how many it holds.
    piles: by team, what it has captured in this deal. unseen: the cards that are not seen at all:
    those in hidden hands and the deck.
    deck: how many cards are in the deck.
    taker: the team that captured last, or None.
    """

    options: ScopaOptions
    me: Seat
    value: tuple[int, ...]
    known: tuple[Hand, ...]
    sizes: tuple[int, ...]
    table: Table
    piles: tuple[int, int]
    unseen: tuple[int, ...]
    deck: int
    taker: int | None
    choices: tuple[Choice, ...]

    @property
    def rules(self) -> Rules:
        """Those of the match's variant."""
        return RULES[self.options.variant]

    @property
    def hand(self) -> Hand:
        """The own cards."""
        return self.known[self.me]


def read(view: Json) -> Sight:
    """What the view of the seat to move tells."""
    options = parse_options({key: view[key] for key in ("variant", "players", "matta", "grande")})
    hands, table = view["hands"], view["table"]
    known = tuple(tuple(_number(card) for card in hand if "suit" in card) for hand in hands)
    value = [card.value for card in ITALIAN.cards]
    for card in (*table, *(card for hand in hands for card in hand if "suit" in card)):
        value[_number(card)] = card.get("new_value", card["value"])
    piles = [[_number(card) for card in cards] for cards in view["captured"]]
    seen = {_number(card) for card in table}.union(*known, *piles)
    taker = view["taker"]
    return Sight(
        options=options,
        me=view["to_move"],
        value=tuple(value),
        known=known,
        sizes=tuple(len(hand) for hand in hands),
        table=tuple(sorted(_number(card) for card in table)),
        piles=(bits(piles[0]), bits(piles[1])),
        unseen=tuple(card for card in ALL if card not in seen),
        deck=view["deck"],
        taker=None if taker is None else taker % 2,
        choices=tuple(_choices(view)),
    )


def bits(cards: Iterable[int]) -> int:
    """A pile of these cards."""
    return sum(1 << card for card in cards)


def _choices(view: Json) -> Iterable[Choice]:
    at = {card["place"]: _number(card) for card in view["table"]}
    for card, offered in zip(view["hands"][view["to_move"]], view["takes"], strict=True):
        number = _number(card)
        if not offered:
            yield Choice({"card": number}, number, ())
        for index, places in enumerate(offered):
            raw = {"card": number, "take": index} if len(offered) > 1 else {"card": number}
            yield Choice(raw, number, tuple(at[place] for place in places))


def _number(card: Mapping[str, int]) -> int:
    return 10 * card["suit"] + card["value"] - 1
