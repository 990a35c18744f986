"""Matches of scopa for the tests of its pages: seats taken by visitors, cards from a known seed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from unittest.mock import patch

from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, Move
from app.services import matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord
from app.services.time_control import TimeControl

SEED = bytes(range(32))
DECK = len(ITALIAN.cards)


def begin(
    house: House,
    players: Sequence[int | Bot],
    seed: bytes = SEED,
    *,
    variant: str = "classic",
    time: TimeControl | None = None,
    code: str | None = None,
    **options: Any,
) -> MatchRecord:
    """A match between these, in the order of the seats."""
    options = {"players": len(players)} | options
    setup = Setup("scopa", variant, time=time, code=code, options=options)
    match_id = secrets.token_hex(16)
    drawn = patch("app.services.matches.secrets.token_bytes", return_value=seed)
    with drawn, house.store.write() as unit:
        matches.start(house, unit, setup, players, match_id=match_id)
    return matches.get(house, match_id)


def first_seed(good: Callable[[Any], bool], **options: Any) -> bytes:
    """A seed whose first position is good for something."""
    parsed = SCOPA.parse_options(options)
    for number in range(10_000):
        seed = number.to_bytes(32, "big")
        if good(SCOPA.initial(parsed, seed).state):
            return seed
    raise AssertionError("no seed deals such cards")


def has_choice(state: Any) -> bool:
    """Whether a card of the player who leads can take in more ways than one."""
    return any(move.take for move in SCOPA.legal_moves(state, state.to_move))


def go_on(house: House, record: MatchRecord, plies: int | None = None) -> MatchRecord:
    """Play at random, to the end or so many cards."""
    random = Random(record.seed if plies is None else plies)
    while not record.over and plies != 0:
        seat = min(record.actors)
        record = play(house, record, random.choice(SCOPA.legal_moves(record.state, seat)))
        plies = None if plies is None else plies - 1
    return record


def play(house: House, record: MatchRecord, move: Move) -> MatchRecord:
    """One card, whoever is to play it."""
    saved = matches.submit_for(house, record, min(record.actors), SCOPA.move_json(move))
    assert saved is not None
    return saved


def seen_cards(record: MatchRecord, seat: int | None) -> set[int]:
    """The cards that who sits there may know: their own, those declared, and all played ones."""
    view = SCOPA.view(record.state, seat)
    shown = [*view["table"], *view["captured"][0], *view["captured"][1]]
    shown += [card for hand in view["hands"] for card in hand if "value" in card]
    return {10 * card["suit"] + card["value"] - 1 for card in shown}
