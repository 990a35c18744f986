"""What shows that the cards of a match were not chosen by anybody.

The hash of a match's seed is published when it begins and the seed when it is over. Whoever noted
the hash down can compute every deal anew (app/games/rng.py says how) and compare.
"""

from __future__ import annotations

from typing import Any, Final

from app.games.cards import ITALIAN
from app.services import matches
from app.services.records import MatchRecord
from app.web import scopa_tale
from app.web.context import house
from app.web.sides import listed, sides

SHUFFLE: Final = """\
import hashlib, hmac

def stream(seed, label):
    counter = 0
    while True:
        block = hmac.digest(seed, label.encode() + counter.to_bytes(8, "big"), "sha256")
        yield from (int.from_bytes(block[i:i + 4], "big") for i in range(0, 32, 4))
        counter += 1

def shuffled(seed, label, items):
    numbers, items = stream(seed, label), list(items)
    for last in range(len(items) - 1, 0, -1):
        n = last + 1
        number = next(x for x in numbers if x < 2**32 - 2**32 % n) % n
        items[last], items[number] = items[number], items[last]
    return items
"""
"""What a program in Python needs to shuffle as app/games/rng.py does."""

PROGRAM: Final = (
    SHUFFLE
    + """
seed = bytes.fromhex("{seed}")
print(hashlib.sha256(seed).hexdigest())                      # the hash
print(shuffled(seed, "scopa first", range({players}))[0])             # the seat that leads
print(shuffled(seed, "scopa deal 0 0", range({deck})))           # the first deck
"""
)


def verify_page(record: MatchRecord) -> dict[str, Any]:
    """What the page for checking the cards shows: of a match still played the commitment alone."""
    seed = record.seed.hex() if record.over else None
    dealings = scopa_tale.dealings(matches.steps(house(), record.id)) if record.over else []
    players, deck = len(record.seats), len(ITALIAN.cards)
    return {
        "record": record,
        "seed": seed,
        "sides": [listed([info.name for info in side]) for side in sides(record)],
        "dealings": dealings,
        "program": PROGRAM.format(seed=seed or "…", players=players, deck=deck),
        "data": {
            "commitment": record.commitment,
            "seed": seed,
            "players": players,
            "deck": deck,
            "dealings": dealings,
        },
    }
