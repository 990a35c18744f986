"""Deals of bridge for the tests of their pages: played to the end at random, by whoever sits."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from app.games.bridge import BRIDGE, Answer, Call, State
from app.games.bridge.move import Move
from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord
from tests.services.bridge_deals import Player, act

ALERTS = (None, None, "at least five", "asks & <b>tells</b>")


def go_on(
    house: House,
    record: MatchRecord,
    players: Sequence[Player],
    random: Random,
    *,
    asides: bool = True,
) -> MatchRecord:
    """The deal at its end: after calls that soon come to a contract, any card that may be played,
    and with `asides` now and then a claim, or a wish to take something back."""
    while not (record := matches.get(house, record.id)).over:
        seat, move = _choose(record.state, random, 0.01 if asides else 0)
        act(house, record.id, players, seat, BRIDGE.move_json(move))
    return record


def _choose(state: State, random: Random, often: float) -> tuple[int, Move]:
    asides = [
        (seat, move)
        for seat in range(4)
        for move in BRIDGE.asides(state, seat)
        if random.random() < often
    ]
    if asides:
        return random.choice(asides)
    seat = min(BRIDGE.actors(state))
    legal = BRIDGE.legal_moves(state, seat)
    if isinstance(legal[0], Answer):
        return seat, Answer(random.random() < 0.7)
    if not isinstance(legal[0], Call):
        return seat, random.choice(legal)
    if random.random() < 0.5:
        return seat, Call("pass")
    low = [move for move in legal if isinstance(move, Call)][: random.randint(2, 7)]
    return seat, Call(random.choice(low).bid, random.choice(ALERTS))
