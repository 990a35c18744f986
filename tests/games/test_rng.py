"""Chance from a seed: the same for ever, and fair."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from itertools import permutations

import pytest

from app.games.cards import ITALIAN
from app.games.rng import Stream, commitment

SEED = bytes(range(32))
GOLDEN = [
    *(19, 0, 10, 35, 2, 11, 30, 17, 12, 25, 39, 29, 28, 15, 18, 36, 7, 13, 9, 33),
    *(38, 8, 3, 26, 5, 16, 23, 24, 20, 31, 1, 21, 6, 14, 32, 37, 22, 27, 4, 34),
]


def by_the_book(seed: bytes, label: str, items: list[int]) -> list[int]:
    """The shuffle as the module's docstring describes it, written anew and slowly."""
    blocks = (
        hmac.new(seed, label.encode() + n.to_bytes(8, "big"), hashlib.sha256).digest()
        for n in range(1000)
    )
    words = (int.from_bytes(b[i : i + 4], "big") for b in blocks for i in range(0, 32, 4))
    for last in reversed(range(1, len(items))):
        n = last + 1
        word = next(word for word in words if word < 2**32 // n * n)
        items[last], items[word % n] = items[word % n], items[last]
    return items


def test_a_shuffle_is_the_same_for_ever() -> None:
    """A difference here would deal other cards to every match that is on record."""
    deck = Stream(SEED, "scopa deal 0 0").shuffled(ITALIAN.cards)
    assert [card.id for card in deck] == GOLDEN


@pytest.mark.parametrize("seed", [b"", b"seed", SEED, SEED * 5])
@pytest.mark.parametrize("label", ["", "scopa deal 0 0", "scopa deal 0 1", "è"])
def test_a_shuffle_is_what_its_description_says(seed: bytes, label: str) -> None:
    for size in (0, 1, 2, 40, 52):
        assert list(Stream(seed, label).shuffled(range(size))) == by_the_book(
            seed, label, list(range(size))
        )


def test_a_shuffle_keeps_the_cards_and_goes_on() -> None:
    stream = Stream(SEED, "label")
    first, second = stream.shuffled(ITALIAN.cards), stream.shuffled(ITALIAN.cards)
    assert set(first) == set(second) == set(ITALIAN.cards)
    assert first != second
    assert Stream(SEED, "another").shuffled(ITALIAN.cards) not in (first, second)
    assert Stream(b"", "label").shuffled(ITALIAN.cards) not in (first, second)


def test_every_order_is_as_likely() -> None:
    stream, trials = Stream(SEED, "fair"), 12_000
    seen = Counter(stream.shuffled(range(4)) for _ in range(trials))
    assert seen.keys() == set(permutations(range(4)))
    expected = trials / 24
    # Chi-squared with 23 degrees of freedom: 49.7 is passed once in a thousand by chance.
    assert sum((count - expected) ** 2 / expected for count in seen.values()) < 49.7


def test_numbers_that_would_tip_the_balance_are_thrown_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = [2**32 - 1, 2**32 - 2, 3 * 2**30, 3 * 2**30 - 1]
    monkeypatch.setattr(Stream, "_word", lambda _: words.pop(0))
    # Three quarters of the range are a multiple of three times 2**30; 2**32 - 1 is one of three.
    assert Stream(b"", "").below(3) == (2**32 - 2) % 3
    assert Stream(b"", "").below(3 * 2**30) == 3 * 2**30 - 1
    assert words == []


@pytest.mark.parametrize("n", [0, -1, 2**32 + 1])
def test_numbers_below_nothing(n: int) -> None:
    with pytest.raises(ValueError, match="a stream gives numbers"):
        Stream(SEED, "").below(n)


def test_a_commitment_is_the_seeds_sha256() -> None:
    assert commitment(SEED) == hashlib.sha256(SEED).hexdigest()
    assert commitment(SEED) != commitment(SEED[::-1])
