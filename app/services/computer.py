"""The computer's turns: soon after a match comes to a seat of its, the move is made.

It sees what a person in that seat would, and moves by the same door. What it does is thought about
and saved in the background where there is one (`House.thinking`); in tests and commands at once.
People's seats may have moves that make themselves, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.bots import strengths
from app.games.api import Json, Seat
from app.services import moves
from app.services.bridge import singles
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord

__all__ = ["strengths", "wake"]

MOVES_AHEAD: Final = 25  # of its own: what is left on its clock is to do for so many
SHARE: Final = 0.7  # of what a move adds to the clock
RESERVE: Final = 1.0  # seconds on the clock that are not for thinking

_BY_ITSELF: Final[Mapping[str, Callable[[MatchRecord, Seat], Json | None]]] = MappingProxyType(
    {"bridge": singles.single}
)
"""By game, the move that makes itself when it is a person's turn in a seat; None: there is none."""


def wake(house: House, record: MatchRecord) -> None:
    """Have the computer move wherever it is its turn, and so on until it is a person's.

    Of two calls for the same match only one leads to thinking; the other has it look again.
    """
    waits = _seat_to_move(record) is None and _by_itself(record) is None
    if not waits and house.thinking.begin(record.id):
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
    found = _by_itself(record) if seat is None else (seat, _thought(house, record, seat))
    if found is None:
        return None
    seat, move = found
    done = moves.submit_for(house, record, seat, move)
    if done is None:
        house.thinking.look_again(record.id)
    return done


def _thought(house: House, record: MatchRecord, seat: Seat) -> Json:
    """The move that the computer makes in a seat of its."""
    strength = record.seats[seat].bot
    assert strength is not None, "the seat is the computer's"
    seconds = _seconds(house, record, seat)
    return house.thinking.ask(
        record.game, strength, record.engine.view(record.state, seat), seconds
    )


def _seconds(house: House, record: MatchRecord, seat: Seat) -> float | None:
    """How long the computer may think by its clock; None: as long as it likes to."""
    left = record.clocks_at(house.clock())
    if left is None:
        return None
    seconds = left[seat] / 1000
    wanted = seconds / MOVES_AHEAD + record.time.increment * SHARE
    return max(0.0, min(wanted, seconds - RESERVE))


def _now(house: House, match_id: str) -> MatchRecord | None:
    """The match as it is stored; None if it is there no longer."""
    try:
        return moves.get(house, match_id)
    except ServiceError:
        return None


def _seat_to_move(record: MatchRecord) -> Seat | None:
    """The first seat to act that is the computer's."""
    return min([seat for seat in record.actors if record.seats[seat].bot is not None], default=None)


def _by_itself(record: MatchRecord) -> tuple[Seat, Json] | None:
    """A person's seat to act whose move makes itself, and that move."""
    move_of = _BY_ITSELF.get(record.game)
    if move_of is None:
        return None
    found = ((seat, move_of(record, seat)) for seat in sorted(record.actors))
    return next(((seat, move) for seat, move in found if move is not None), None)
