"""Names, as old clients can bear them."""

from __future__ import annotations

from typing import Final

LONGEST_SHOWN: Final = 40  # characters of a client's own word, in an answer to it


def shown(word: str) -> str:
    """A client's own word, short enough for an answer."""
    return word[:LONGEST_SHOWN]


def is_showable(name: str) -> bool:
    """Whether old clients can bear a name: they put it into selectors and markup."""
    return name[:1].isascii() and name[:1].isalpha()
