"""Accounts under which a program plays: everybody is told so, and they have a ranking of their own.

An account says so itself, before it has been rated and for good: nobody's rating is one of a person
today and a program's tomorrow. An admin, who may have found it out otherwise, says it at any time,
and is the one who can take back what was a mistake.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.services import (
    accounts,
    audit,
    ladders,
    matches,
    offers,
    presence,
    ratings,
    reach,
    watching,
)
from app.services.audit import Admin
from app.services.bridge import absence
from app.services.errors import ServiceError
from app.services.house import House
from app.store import Rating, RatingChange, User
from app.store.people import user_named

PERSON: Final = "person"
PROGRAM: Final = "program"
RATED: Final = "rated"  # a person for good: their first rated match has ended


def mark(house: House, user_id: int) -> None:
    """Have an account be a program's from now on, at its own wish.

    Raises `guest`, `already_a_program`, `rated_already`, and `session_ended` for one who is gone.
    """
    with house.store.write() as unit:
        user = _held(unit, user_id)
        if user is None:
            raise ServiceError("session_ended", "You have been signed out.")
        if not user.registered:
            raise ServiceError("guest", "A guest has no account that could be a bot's.")
        if user.automatic:
            raise ServiceError("already_a_program", f"{user.name} is a bot already.")
        if _is_rated(unit, user_id):
            msg = "Only before the first rated match has ended can an account become a bot."
            raise ServiceError("rated_already", msg)
        _put(unit, user, automatic=True)
    _tell(house, user_id)


def put(house: House, admin: Admin, name: str, *, automatic: bool) -> None:
    """Have an account be a program's, or not, as an admin knows it to be; rated or not.

    Raises `unknown_user`, `guest`, and `already_a_program` or `no_program`.
    """
    with house.store.read() as unit:
        found = user_named(unit, name)
    with house.store.write() as unit:
        user = None if found is None else _held(unit, found.id)
        if user is None:
            raise ServiceError("unknown_user", "Nobody plays here under that name.")
        if not user.registered:
            raise ServiceError("guest", f"{name} is a guest.")
        if user.automatic and automatic:
            raise ServiceError("already_a_program", f"{name} is a bot already.")
        if not user.automatic and not automatic:
            raise ServiceError("no_program", f"{name} is no bot.")
        _put(unit, user, automatic=automatic)
        audit.note(house, unit, admin, "mark_program" if automatic else "unmark_program", name)
    _tell(house, user.id)


def standing(house: House, user_id: int) -> str:
    """What an account is, and may become: PERSON, who may become a program; PROGRAM; RATED."""
    with house.store.read() as unit:
        if unit.scalar(select(User.automatic).where(User.id == user_id)):
            return PROGRAM
        return RATED if _is_rated(unit, user_id) else PERSON


def _held(unit: Unit, user_id: int) -> User | None:
    """The user, unless they are gone, and their running matches: held until the transaction ends.

    None of these matches is rated meanwhile.
    """
    accounts.renew_open_matches(unit, user_id)
    one = select(User).where(User.id == user_id, User.active)
    return unit.scalar(one.with_for_update(key_share=True))


def _is_rated(unit: Unit, user_id: int) -> bool:
    first = select(RatingChange.id).where(RatingChange.user_id == user_id).limit(1)
    return unit.scalar(first) is not None


def _put(unit: Unit, user: User, *, automatic: bool) -> None:
    """Change the account, and its places in the rankings with it."""
    user.automatic = automatic
    unit.execute(
        update(Rating)
        .where(Rating.user_id == user.id)
        .values(automatic=automatic)
        .execution_options(synchronize_session=False)
    )


def _tell(house: House, user_id: int) -> None:
    """Show it wherever the name stands now, and the user where they stand among their like."""
    ladders.renew(house)
    for record in matches.open_of(house, user_id):
        house.publish.match(record)
        if record.version >= watching.SHOWN_FROM:
            watching.show(house, record)
    offers.tell_renamed(house, user_id)
    absence.renamed(house, user_id)
    if reach.is_here(house, user_id):
        presence.announce(house, [user_id])
    for game in GAMES.values():
        if game.info.rating:
            ratings.tell(house, [user_id], game.info.key)
