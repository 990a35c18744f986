"""What bridge players set for themselves: cards that play themselves, and the system they bid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update

from app.services import computer, lines, matches
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import Match, Seat, User

LONGEST: Final = 2_000  # characters of what a player says of their system


@dataclass(frozen=True, slots=True)
class Preferences:
    """`singles`: the only card that may be played is played for them. `system`: in their words."""

    singles: bool
    system: str


def of(house: House, user_id: int) -> Preferences:
    """What a user has set."""
    with house.store.read() as unit:
        user = unit.get_one(User, user_id)
        return Preferences(user.play_singles, user.bridge_system)


def set_(house: House, caller: Caller, *, singles: bool, system: str) -> None:
    """Set both. In a deal that is being played it counts from now on. Raises `too_long`."""
    system = clean(system)
    mine = select(Seat.match_id).where(Seat.user_id == caller.user_id, Seat.open)
    deals = Match.id.in_(mine), Match.game == "bridge"
    with house.store.write() as unit:
        # In the order in which group commits take them.
        held = list(
            unit.scalars(select(Match.id).where(*deals).order_by(Match.id).with_for_update())
        )
        user = unit.get_one(User, caller.user_id)
        changed = user.play_singles != singles
        user.play_singles, user.bridge_system = singles, system
        if changed and held:
            unit.execute(
                update(Match)
                .where(Match.id.in_(held))
                .values(revision=Match.revision + 1)
                .execution_options(synchronize_session=False)
            )
    for match_id in held if changed else ():
        house.matches.drop(match_id)
        computer.wake(house, matches.get(house, match_id))


def clean(text: str) -> str:
    """A text of several lines as it is kept, without blank lines at its ends. Raises `too_long`.

    >>> clean(" 2 over 1\\r\\n\\x07weak  twos \\n")
    '2 over 1\\nweak twos'
    """
    cleaned = "\n".join(lines.clean(line) for line in text.splitlines()).strip()
    if len(cleaned) > LONGEST:
        raise ServiceError("too_long", f"That is longer than {LONGEST} characters.")
    return cleaned
