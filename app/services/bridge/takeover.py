"""Somebody else, or the computer, plays on in a seat: a logged move of the house's own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games.api import SYSTEM, SystemMove
from app.services import computer, moves, saving
from app.services.bridge.news import Change
from app.services.house import House
from app.services.loading import load
from app.services.records import Bot, SeatInfo
from app.store import Match, User


def replace_player(
    house: House, unit: Unit, match_id: str, seat: int, player: int | Bot, change: Change
) -> bool:
    """Have `player`, a user by id or the computer, play on in a seat, inside a transaction.

    The deal is not rated any more. False, and nothing is changed, if it is over by now. Told by
    `tell`, once that is committed.
    """
    # Held, so that no move comes in between.
    unit.execute(select(Match.id).where(Match.id == match_id).with_for_update())
    before = change.replaced[-1][0] if change.replaced else load(unit, match_id)
    if before.over:
        return False
    step = before.engine.apply(before.state, SYSTEM, SystemMove("replace", seat))
    now = house.clock()
    infos = list(before.seats)
    infos[seat] = _info(unit, player)
    after = before.changed(
        version=before.version + 1,
        state=step.state,
        moved_at=now,
        deadline=before.time.deadline(before.left, before.engine.actors(step.state), now),
        seats=tuple(infos),
        rated=False,
    )
    if not saving.pass_on(unit, before, after, seat, player):
        return False
    change.replaced.append((after, step.events))
    return True


def tell(house: House, change: Change) -> None:
    """Tell of the seats that were taken over; where it is the computer's turn, it moves."""
    for record, events in change.replaced:
        house.matches.put(record)
        moves.set_timer(house, record)
        house.publish.match(record, events)
    for record, _ in change.replaced[-1:]:
        computer.wake(house, record)


def _info(unit: Unit, player: int | Bot) -> SeatInfo:
    if isinstance(player, Bot):
        return SeatInfo(None, player.name, registered=False, bot=player.strength)
    user = unit.get_one(User, player)
    return SeatInfo(
        user.id, user.name, user.registered, singles=user.play_singles, automatic=user.automatic
    )
