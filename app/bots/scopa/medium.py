"""Somebody who knows what counts and what not to leave on the table, but does not count cards."""

from __future__ import annotations

from random import Random
from typing import Final

from app.bots.scopa.sight import ALL, Choice, Sight, bits, read
from app.bots.scopa.table import Judge, Play
from app.games.api import Json
from app.games.cards import ITALIAN
from app.games.scopa.scoring import COINS, PRIMIERA, SEVEN_OF_COINS

_CARD: Final = 0.05
_COIN: Final = 0.15
_SEVEN_OF_COINS: Final = 0.9
_PRIMIERA: Final = 0.02  # for each point of the primiera above the least

WEIGHT: Final = tuple(
    _CARD
    + _COIN * (card.suit == COINS)
    + _SEVEN_OF_COINS * (card == SEVEN_OF_COINS)
    + _PRIMIERA * (PRIMIERA[card.value] - min(PRIMIERA[1:]))
    for card in ITALIAN.cards
)
"""What each card is worth to capture, in points, as a rule of thumb."""


def medium(view: Json, rng: Random, effort: float) -> Json:
    """Weighs what a play captures against what the next player may capture after it."""
    sight = read(view)
    seen = {*sight.table, *sight.hand}
    judge = Judge(
        sight.options.variant,
        sight.value,
        WEIGHT,
        [card for card in ALL if card not in seen],
    )
    holding = held_next(sight)
    worth = [(judge.worth(play_of(sight, choice), holding), choice) for choice in sight.choices]
    best = max(value for value, _ in worth)
    return dict(rng.choice([choice for value, choice in worth if value == best]).raw)


def held_next(sight: Sight) -> int:
    """How many cards the next player holds when it is their turn; 0 if the deal is over then."""
    players = len(sight.sizes)
    held = sight.sizes[(sight.me + 1) % players]
    if held or not sight.deck:
        return held
    return sight.rules.hand_size


def play_of(sight: Sight, choice: Choice) -> Play:
    """What a choice does to the table."""
    if not choice.taken:
        return 0, tuple(sorted((*sight.table, choice.card)))
    left = tuple(card for card in sight.table if card not in choice.taken)
    return bits((*choice.taken, choice.card)), left
