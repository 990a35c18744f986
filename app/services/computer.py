"""The computer's turns: soon after a match comes to a seat of its, the move is made.

It sees what a person in that seat would, and moves by the same door. What it does is thought about
and saved in the background where there is one (`House.thinking`); in tests and commands at once.
"""

from __future__ import annotations

from app.bots import STRENGTHS
from app.games.api import Seat
from app.services import moves
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord

__all__ = ["STRENGTHS", "wake"]


def wake(house: House, record: MatchRecord) -> None:
    """Have the computer move wherever it is its turn, and so on until it is a person's.

    Of two calls for the same match only one leads to thinking; the other has it look again.
    """
    if _seat_to_move(record) is not None and house.thinking.begin(record.id):
        house.thinking.spawn(_play, house, record)


def _play(house: House, record: MatchRecord) -> None:
    """Make the computer's moves in a match, from this version of it."""
    following: MatchRecord | None = record
    try:
        while True:
            if following is not None:
                following = _turn(house, following)
            if following is None:
                if not house.thinking.again(record.id):
                    return
                following = _now(house, record.id)
    except BaseException:
        house.thinking.leave(record.id)
        raise


def _turn(house: House, record: MatchRecord) -> MatchRecord | None:
    """The match after the computer's move; None if it is not its turn, or the match moved on."""
    seat = _seat_to_move(record)
    if seat is None:
        return None
    strength = record.seats[seat].bot
    assert strength is not None, "the seat is the computer's"
    view = record.engine.view(record.state, seat)
    move = house.thinking.ask(record.game, strength, view)
    done = moves.submit_for(house, record, seat, move)
    if done is None:
        house.thinking.look_again(record.id)
    return done


def _now(house: House, match_id: str) -> MatchRecord | None:
    """The match as it is stored; None if it is there no longer."""
    try:
        return moves.get(house, match_id)
    except ServiceError:
        return None


def _seat_to_move(record: MatchRecord) -> Seat | None:
    """The first seat to act that is the computer's."""
    return min((seat for seat in record.actors if record.seats[seat].bot is not None), default=None)
