"""Chance from a seed: the same seed gives the same cards, today and in ten years.

Python's own `random` promises that for `random()` alone, not for its shuffle, so both the stream
and the shuffle are written out here. Anyone can check a match with a few lines of any language:

- the bytes of a stream are HMAC-SHA256(seed, label ‖ counter), the label in UTF-8 and the counter
  in 8 bytes, big-endian, from 0, one digest after the other;
- four bytes, big-endian, make a number below 2**32; to get one below `n`, numbers from the largest
  multiple of `n` on are thrown away and the next is divided by `n` for its remainder;
- the shuffle is Fisher and Yates's, from the end: for `i` from the last place down to 1 the items
  at `i` and at a number below `i + 1` change places.

Whoever knows no seed learns nothing of one stream from another: each use takes its own label.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from typing import Final, TypeVar

T = TypeVar("T")

_WORD: Final = 4
_RANGE: Final = 1 << 8 * _WORD


class Stream:
    """The numbers that a seed and a label give, one after another."""

    __slots__ = ("_block", "_counter", "_label", "_seed", "_used")

    def __init__(self, seed: bytes, label: str) -> None:
        self._seed = seed
        self._label = label.encode()
        self._counter = 0
        self._block = b""
        self._used = 0

    def below(self, n: int) -> int:
        """The next number from 0 to `n - 1`, each as likely as any other.

        Raises ValueError unless `n` is from 1 to 2**32.
        """
        if not 1 <= n <= _RANGE:
            raise ValueError("a stream gives numbers below 1 to 2**32")
        fair = _RANGE - _RANGE % n
        while (word := self._word()) >= fair:
            pass
        return word % n

    def shuffled(self, items: Iterable[T]) -> tuple[T, ...]:
        """The items in a random order, each order as likely as any other.

        >>> Stream(b"seed", "an example").shuffled(range(10))
        (6, 9, 0, 1, 5, 3, 4, 8, 2, 7)
        """
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return tuple(order)

    def _word(self) -> int:
        if self._used == len(self._block):
            message = self._label + self._counter.to_bytes(8, "big")
            self._block = hmac.digest(self._seed, message, "sha256")
            self._counter += 1
            self._used = 0
        word = self._block[self._used : self._used + _WORD]
        self._used += _WORD
        return int.from_bytes(word, "big")


def commitment(seed: bytes) -> str:
    """What may be published before a match, so that its seed can be checked when it is told after.

    The SHA-256 of the seed, in hex. It keeps the secret of a seed that nobody can guess: one of 32
    random bytes.

    >>> commitment(b"")
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    """
    return hashlib.sha256(seed).hexdigest()
