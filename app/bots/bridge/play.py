"""The card to play: what does best on the average of deals that may be the one.

Each such deal is solved with all cards in sight. That is how defenders who know everything would
meet a declarer who does, and it finds most of what good players find; cards that are as good as
each other are left to the rules of thumb.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from random import Random
from types import MappingProxyType
from typing import Final, TypeAlias

from app.bots.bridge.pictures import pictures
from app.bots.bridge.rules_of_thumb import ranking
from app.bots.bridge.sampling import Layout, layouts
from app.bots.bridge.sight import Hands, Sight, Trick
from app.games.bridge.comparison import imps
from app.games.bridge.scoring import score

Solver: TypeAlias = Callable[[Hands, int | None, int, Trick], tuple[dict[int, int], int]]
"""`double_dummy.solve`: by card the tricks it yields, and the work it was."""

_EACH: Final = 2_500  # the work of dealing once, in the solver's positions
_EQUAL: Final = 0.02  # IMPs a deal that are no difference
_TRICK: Final = 0.01  # what a trick is worth beside the IMPs: they do not tell every one apart


@dataclass(frozen=True, slots=True)
class Care:
    """How much is thought about a card: so many deals at most, so many positions in them."""

    deals: int
    work: int

    def less(self, effort: float) -> Care:
        """So much of it, from 0 to 1."""
        return Care(ceil(self.deals * effort), int(self.work * effort))


CARE: Final[Mapping[str, Care]] = MappingProxyType(
    {"easy": Care(0, 0), "medium": Care(6, 150_000), "strong": Care(60, 700_000)}
)


def choose(sight: Sight, care: Care, rng: Random, solve: Solver | None) -> int:
    """The card to play for the seat whose turn it is; without a solver, by rules of thumb."""
    preferred = ranking(sight)
    if solve is None or _are_equal(sight):
        return preferred[0]
    values = _values(sight, care, rng, solve)
    if not values:
        return preferred[0]
    enough = max(values.values()) - _EQUAL
    return next(card for card in preferred if values[card] >= enough)


def _are_equal(sight: Sight) -> bool:
    """Whether it makes no difference which of the legal cards is played."""
    low, high = min(sight.legal), max(sight.legal)
    gone = {card for trick in sight.tricks for _, card in trick}
    return low // 13 == high // 13 and all(
        card in gone or card in sight.legal for card in range(low, high)
    )


def _values(sight: Sight, care: Care, rng: Random, solve: Solver) -> dict[int, float]:
    """By legal card the mean of IMPs it wins over the contract just made; {} if none was solved."""
    worth = _worth(sight)
    totals = dict.fromkeys(sight.legal, 0.0)
    solved: dict[Layout, Mapping[int, int]] = {}
    work = deals = 0
    for layout in layouts(sight, pictures(sight), rng):
        if deals >= care.deals or work >= care.work:
            break
        yields = solved.get(layout)
        if yields is None:
            yields, looked_at = solve(layout, sight.contract.trump, sight.leader, sight.trick)
            solved[layout] = yields
            work += looked_at
        work += _EACH
        deals += 1
        for card in totals:
            totals[card] += worth[yields[card]]
    return {card: total / deals for card, total in totals.items()} if deals else {}


def _worth(sight: Sight) -> list[float]:
    """What it is worth to the side to play to take so many tricks more, from 0 to 13."""
    contract = sight.contract
    team = sight.turn % 2
    declaring = team == contract.declarer % 2
    won = sight.won[contract.declarer % 2]
    left = 13 - sum(sight.won)
    made = _score(sight, contract.level + 6)
    values = []
    for more in range(14):
        tricks = min(13, won + (more if declaring else max(0, left - more)))
        gain = imps(_score(sight, tricks) - made) + _TRICK * tricks
        values.append(gain if declaring else -gain)
    return values


def _score(sight: Sight, tricks: int) -> int:
    contract = sight.contract
    return score(contract.level, contract.strain, contract.doubled, contract.vulnerable, tricks)
