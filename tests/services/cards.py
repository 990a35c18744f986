"""What the tests of matches with hidden cards, several seats and the computer have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.services import matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller

CPU = Bot("easy", "cpu1")


def scopa(players: int = 2, variant: str = "classic", **more: Any) -> Setup:
    """The terms of a match for so many."""
    return Setup("scopa", variant, options={"players": players}, **more)


def begin(house: House, setup: Setup, *players: Caller | Bot) -> MatchRecord:
    """A match that begins, seats in the order of `players`."""
    ids = [player if isinstance(player, Bot) else player.user_id for player in players]
    with house.store.write() as unit:
        match_id = matches.start(house, unit, setup, ids)
    return matches.begun(house, match_id)


def first_move(record: MatchRecord) -> Any:
    """The first legal move of whoever is to move, as the game's JSON."""
    (seat,) = record.actors
    return record.engine.move_json(record.engine.legal_moves(record.state, seat)[0])


def move_on(house: House, match_id: str, *players: Caller | Bot) -> MatchRecord:
    """Make the next move of a match, by whoever of `players`, in their seats, is to move."""
    record = matches.get(house, match_id)
    (seat,) = record.actors
    player = players[seat]
    if isinstance(player, Bot):
        moved = matches.submit_for(house, record, seat, first_move(record))
        assert moved is not None
        return moved
    return matches.submit(house, player, match_id, first_move(record))


def play_rounds(
    house: House, match_id: str, players: Sequence[Caller | Bot], moves: int | None = None
) -> MatchRecord:
    """Make so many moves, or all there are until the match is over."""
    record = matches.get(house, match_id)
    while not record.over and moves != 0:
        record = move_on(house, match_id, *players)
        moves = None if moves is None else moves - 1
    return record
