"""Which cards of the table a card can take, by their values alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, TypeAlias

Take: TypeAlias = tuple[int, ...]
"""A set of table cards: their places on the table, ascending, from 0."""

ACE: Final = 1
FIFTEEN: Final = 15


def classic(value: int, table: Sequence[int]) -> tuple[Take, ...]:
    """What a card of `value` can take from a table of these values, as in every variant but one.

    One card of equal value or, only where there is none, a set of cards whose values sum to it.
    The smaller sets come first; among those of one size, the ones that have lain longer.

    >>> classic(5, [5, 2, 3, 5]), classic(5, [4, 2, 1, 3])
    (((0,), (3,)), ((0, 2), (1, 3)))
    """
    return tuple((i,) for i, v in enumerate(table) if v == value) or totalling({value}, table)


def cirulla(value: int, table: Sequence[int]) -> tuple[Take, ...]:
    """What a card of `value` can take in cirulla.

    An equal card, a set that sums to it, or a set that with it totals 15, as the player likes. An
    ace can take the whole table, unless an ace lies there. The order is that of `classic`.

    >>> cirulla(6, [6, 9, 4, 2])
    ((0,), (1,), (2, 3))
    >>> cirulla(1, [10, 4, 3])
    ((0, 1), (0, 1, 2))
    """
    takes = totalling({value, FIFTEEN - value}, table)
    whole = tuple(range(len(table)))
    if value == ACE and table and ACE not in table and whole not in takes:
        return (*takes, whole)
    return takes


def totalling(totals: Collection[int], table: Sequence[int]) -> tuple[Take, ...]:
    """Every set of cards with one of these totals, in the order of `classic`. None are 0."""
    most = max(totals)
    found: list[Take] = []
    sets: list[tuple[Take, int]] = [((), 0)]
    # Each pass adds a card to every set that may still grow, so the sets come out by their size.
    while sets:
        grown = []
        for places, total in sets:
            for place in range(places[-1] + 1 if places else 0, len(table)):
                more = total + table[place]
                if more <= most:
                    take = (*places, place)
                    grown.append((take, more))
                    if more in totals:
                        found.append(take)
        sets = grown
    return tuple(found)
