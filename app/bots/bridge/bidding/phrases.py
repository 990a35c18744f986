"""What the robots say, in English, and of what it is made, so that it can be said otherwise.

Whatever the rules name (`Way.name`, `Test.words`) is a whole phrase. scripts/messages.py collects
them for the catalogues; app/web/bridge/robots.py says them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

Say = Callable[[str], str]
"""Says a phrase, or plain English text, in some language."""


class Phrase(str):
    """English text that remembers its template and what was put in: numbers, and other phrases."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str | int]


def phrase(template: str, **values: str | int) -> Phrase:
    """The text of a template, whose values stand in braces.

    >>> phrase("{suit} stopped", suit=phrase("clubs"))
    'clubs stopped'
    """
    made = Phrase(template.format(**values))
    made.template, made.values = template, values
    return made


SUITS: Final = (
    phrase("clubs"),
    phrase("diamonds"),
    phrase("hearts"),
    phrase("spades"),
    phrase("no trumps"),
)
ONE: Final = (phrase("club"), phrase("diamond"), phrase("heart"), phrase("spade"))
POINTS: Final = phrase("points")
POINT: Final = phrase("point")

BALANCED: Final = phrase("balanced")
FORCING: Final = (phrase("forcing"), phrase("forcing to game"))
NATURAL: Final = phrase("natural")
NOTHING: Final = phrase("nothing to add")
OR: Final = phrase("; or ")


def amount(low: int, high: int, most: int, of: Phrase, one: Phrase) -> Phrase:
    """So much, where `most` is all there can be; `one` is the word for a single one."""
    if high >= most:
        return phrase("{n}+ {of}", n=low, of=of)
    if low == high == 1:
        return phrase("1 {of}", of=one)
    if low == high:
        return phrase("{n} {of}", n=low, of=of) if low else phrase("no {of}", of=of)
    if (low, high) == (0, 1):
        return phrase("at most 1 {of}", of=one)
    if low <= 0:
        return phrase("at most {n} {of}", n=high, of=of)
    return phrase("{low}–{high} {of}", low=low, high=high, of=of)


def either(choices: Sequence[str | int]) -> str | int:
    """One or the other: "0 or 3"."""
    *others, last = choices
    return phrase("{one} or {other}", one=either(others), other=last) if others else last


def both(named: Sequence[Phrase]) -> Phrase:
    """One and the other: "clubs and hearts"."""
    *others, last = named
    return phrase("{one} and {other}", one=both(others), other=last) if others else last
