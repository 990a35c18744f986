"""What playing a card to a table comes to, remembered for as long as one thinks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

from app.bots.scopa.sight import Table
from app.games.scopa.captures import Take
from app.games.scopa.variants import RULES

Play: TypeAlias = tuple[int, Table]
"""The cards captured, the one played among them, as a pile (0: none); the table that is left."""

SCOPA: Final = 1.0
_KIND: Final = 3  # what it costs to see what cards of one value may capture
_FEAR: Final = 0.7  # how much of what the next player may expect counts against a play


@lru_cache(1 << 14)
def _takes(variant: str, value: int, table: tuple[int, ...]) -> tuple[Take, ...]:
    return RULES[variant].takes(value, table)


class Tables:
    """The plays of each card on each table, by a variant's rules."""

    def __init__(self, variant: str, value: Sequence[int]) -> None:
        self._variant = variant
        self._value = value
        self._plays: dict[tuple[int, Table], tuple[Play, ...]] = {}

    def plays(self, card: int, table: Table) -> tuple[Play, ...]:
        """All that may be done with a card: one play without a capture, or one for each."""
        key = (card, table)
        found = self._plays.get(key)
        if found is None:
            found = self._plays[key] = self._work_out(card, table)
        return found

    def _work_out(self, card: int, table: Table) -> tuple[Play, ...]:
        value = self._value
        offered = _takes(self._variant, value[card], tuple(value[other] for other in table))
        if not offered:
            return ((0, tuple(sorted((*table, card)))),)
        plays = []
        for take in offered:
            pile = 1 << card
            for place in take:
                pile |= 1 << table[place]
            left = tuple(other for place, other in enumerate(table) if place not in take)
            plays.append((pile, left))
        return tuple(plays)


class Judge:
    """A quick eye for a play: what it captures, less what the next player may make of the rest.

    weight: what each card is worth to capture, in points, by its number. unseen: the cards that
    others may hold. `work` counts what has been worked out, in about microseconds.
    """

    def __init__(
        self,
        variant: str,
        value: Sequence[int],
        weight: Sequence[float],
        unseen: Iterable[int],
    ) -> None:
        self._variant = variant
        self._value = value
        self._weight = weight
        self.work = 0
        self._gains: dict[int, float] = {}
        self._threats: dict[tuple[Table, int], float] = {}
        by_value: dict[int, list[int]] = {}
        for card in unseen:
            by_value.setdefault(value[card], []).append(card)
        # One card stands for all of its value: what it takes matters, not what it is.
        self._kinds = [
            (kind, min(weight[card] for card in cards), len(cards))
            for kind, cards in by_value.items()
        ]
        self._count = sum(count for *_, count in self._kinds)

    def worth(self, play: Play, holding: int) -> float:
        """What a play is worth if the next player holds so many cards."""
        return self.gain(play) - _FEAR * self.threat(play[1], holding)

    def gain(self, play: Play) -> float:
        """What a play captures, and a point if that is all there is."""
        pile, left = play
        found = self._gains.get(pile)
        if found is None:
            found, rest = 0.0, pile
            while rest:
                found += self._weight[(rest & -rest).bit_length() - 1]
                rest &= rest - 1
            self._gains[pile] = found
        return found + SCOPA if pile and not left else found

    def threat(self, table: Table, holding: int) -> float:
        """What somebody with so many cards that are not seen may expect to capture."""
        if not table or not holding or not self._count:
            return 0.0
        key = (table, holding)
        found = self._threats.get(key)
        if found is None:
            found = self._threats[key] = self._work_out(table, holding)
        return found

    def _work_out(self, table: Table, holding: int) -> float:
        self.work += _KIND * len(self._kinds)
        weight = [self._weight[card] for card in table]
        values = tuple(self._value[card] for card in table)
        gains = []
        for value, own, count in self._kinds:
            offered = _takes(self._variant, value, values)
            if offered:
                taken = max(
                    sum(weight[place] for place in take) + SCOPA * (len(take) == len(table))
                    for take in offered
                )
                gains.append((own + taken, count))
        gains.sort(reverse=True)
        expected, none, above = 0.0, 1.0, 0
        for gain, count in gains:
            above += count
            fewer = max(0.0, 1 - above / self._count) ** holding
            expected += gain * (none - fewer)
            none = fewer
        return expected
