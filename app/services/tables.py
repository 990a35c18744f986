"""Open tables, which others join, and challenges, which one other accepts or declines.

A private table is its owner's, and of those who know its code; for all others it does not exist.
What is asked by a table's id is answered alike for one that is not there and one that is not to
be seen; so is what is asked by its owner's name. Those who have blocked one another find none of
each other's tables.
"""

from __future__ import annotations

import json
import secrets
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.services import access, joined, matches, offers, pairing
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.matches import Setup
from app.services.offers import TableRow, challenges, listed, own
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import OpenTable, User
from app.store.people import blocked_between, is_named
from app.store.tables import is_table

__all__ = [
    "TableRow",
    "accept",
    "challenge",
    "challenges",
    "close",
    "decline",
    "find",
    "get",
    "join",
    "join_named",
    "listed",
    "open",
    "own",
    "withdraw",
]

GAME: Final = "uttt"
CODE_LENGTHS: Final = range(4, 33)  # the shortest and the longest code that may be chosen
MADE_LENGTH: Final = 8
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is taken for something else


def open(
    house: House,
    caller: Caller,
    game: str = GAME,
    variant: str = "standard",
    *,
    rated: bool = True,
    time: TimeControl | None = None,
    private: bool = False,
    code: str | None = None,
    joining: bool = False,
) -> TableRow:
    """Open a table for the next who joins; with a `code`, or one made for it, a private one.

    It is rated if its owner wants that and may. `joining`: at the command API, where this is the
    game that they are in from now on. Raises `table_open`, `too_many_matches`, `bad_game`,
    `bad_variant`, `bad_code`, `session_ended`, `too_many`, and `already_joined` for who is
    `joining`.
    """
    agreed = _agreed(house, game, variant, rated, time, private, code)
    house.limits.hit("invite", str(caller.user_id))
    try:
        with house.store.write() as unit:
            pairing.begin(house, unit)
            owner = _active(unit, caller)
            pairing.check_room(house, unit, owner.id)
            row = _add(house, unit, owner, agreed)
            if joining:
                joined.put(unit, owner.id, row.id)
    except IntegrityError:
        raise ServiceError("table_open", "You have a table open already.") from None
    offers.tell_open(house, row.id)
    offers.tell_own(house, caller.user_id)
    return row


def challenge(
    house: House,
    caller: Caller,
    name: str,
    game: str = GAME,
    variant: str = "standard",
    *,
    rated: bool = True,
    time: TimeControl | None = None,
    private: bool = False,
    code: str | None = None,
) -> TableRow:
    """Ask the user of that name for a match; the caller would move first.

    Raises what `open` does, `challenge_open` and `too_many_challenges` for `table_open`; and
    `unknown_user`, `yourself`, `blocked`, `already_playing`, `opponent_busy`.
    """
    agreed = _agreed(house, game, variant, rated, time, private, code)
    house.limits.hit("invite", str(caller.user_id))
    most = house.config.MAX_OPEN_MATCHES
    try:
        with house.store.write() as unit:
            pairing.begin(house, unit)
            owner = _active(unit, caller)
            invitee = pairing.opponent(unit, owner.id, name)
            pairing.check_pair(house, unit, owner.id, invitee)
            theirs = OpenTable.owner_id == owner.id, OpenTable.invitee_id.is_not(None)
            if (unit.scalar(select(func.count()).where(*theirs)) or 0) >= most:
                raise ServiceError("too_many_challenges", f"you have challenged {most} already")
            row = _add(house, unit, owner, agreed, invitee)
    except IntegrityError:
        msg = f"You have challenged {name.strip().lower()} already."
        raise ServiceError("challenge_open", msg) from None
    offers.tell_challenge(house, row)
    return row


def get(house: House, viewer: Viewer, table_id: str) -> TableRow:
    """A table that the viewer may see: with its code where that is needed.

    A challenge is between its two. Raises `no_such_table`, `too_many`.
    """
    if isinstance(access.find(house, viewer, table_id), OpenTable):
        with house.store.read() as unit:
            found = offers.rows(unit, viewer.user_id, is_table(table_id))
        if found:  # still
            return found[0]
    raise _no_such_table()


def find(house: House, owner_name: str, viewer_id: int | None = None) -> TableRow | None:
    """The public table of the user of that name, if the viewer may see it."""
    named = select(User.id).where(is_named(owner_name.strip().lower()), User.active)
    return next(iter(listed(house, viewer_id, OpenTable.owner_id.in_(named))), None)


def join(
    house: House, caller: Caller, table_id: str, code: str | None = None, address: str = ""
) -> MatchRecord:
    """Sit down at a table: its match begins under the same id, the owner to move.

    Joining once more gives the same match. Raises `no_such_table`, `yourself`,
    `already_playing`, `too_many_matches`, `opponent_busy`, `session_ended`, `too_many`.
    """
    try:
        row = get(house, Viewer(caller.user_id, address, code), table_id)
        if row.invitee_id is not None:
            raise _no_such_table()
        return _sit_down(house, caller, table_id, _no_such_table())
    except ServiceError as error:
        return _begun_before(house, caller, table_id, error)


def join_named(
    house: House,
    caller: Caller,
    owner_name: str,
    code: str | None = None,
    address: str = "",
    *,
    joining: bool = False,
) -> MatchRecord:
    """Sit down at the table of the user of that name; a public one is open with any code.

    Raises what `join` does. Where a code is given that opens no table, it is `wrong_code`, for
    somebody without a table too, and counts as a try. `joining`: as for `open`.
    """
    name = owner_name.strip().lower()
    named = select(User.id).where(is_named(name), User.active)
    with house.store.read() as unit:
        theirs = OpenTable.owner_id.in_(named), OpenTable.invitee_id.is_(None)
        table = unit.scalar(select(OpenTable).where(*theirs))
        if table is not None and blocked_between(unit, table.owner_id, caller.user_id):
            table = None
    if table is None or (table.code is not None and table.owner_id != caller.user_id):
        if not code:
            raise _no_such_table()
        theirs_by_id = {table.id: table.code} if table is not None and table.code else {}
        access.check_named(house, address, name, theirs_by_id, code)
    assert table is not None
    return _sit_down(house, caller, table.id, _no_such_table(), joining=joining)


def close(house: House, caller: Caller, table_id: str | None = None) -> None:
    """Close the caller's table. Raises `no_such_table`."""
    where: list[ColumnElement[bool]]
    where = [OpenTable.owner_id == caller.user_id, OpenTable.invitee_id.is_(None)]
    if table_id is not None:
        where.append(is_table(table_id))
    gone = offers.take_away(house, *where)
    if not gone:
        raise _no_such_table()
    offers.tell_gone(house, gone)


def accept(house: House, caller: Caller, table_id: str) -> MatchRecord:
    """Take up a challenge: its match begins under the same id, the challenger to move.

    Accepting once more gives the same match. Raises `no_such_challenge`, `blocked`,
    `already_playing`, `too_many_matches`, `opponent_busy`, `session_ended`, `too_many`.
    """
    try:
        return _sit_down(house, caller, table_id, _no_such_challenge(), invitee_id=caller.user_id)
    except ServiceError as error:
        return _begun_before(house, caller, table_id, error)


def decline(house: House, caller: Caller, table_id: str) -> None:
    """Turn a challenge down. Raises `no_such_challenge`."""
    gone = offers.take_away(house, is_table(table_id), OpenTable.invitee_id == caller.user_id)
    if not gone:
        raise _no_such_challenge()
    offers.tell_gone(house, gone, "declined")


def withdraw(house: House, caller: Caller, table_id: str) -> None:
    """Take one's own challenge back. Raises `no_such_challenge`."""
    mine = OpenTable.owner_id == caller.user_id, OpenTable.invitee_id.is_not(None)
    gone = offers.take_away(house, is_table(table_id), *mine)
    if not gone:
        raise _no_such_challenge()
    offers.tell_gone(house, gone, "withdrawn")


def _agreed(
    house: House,
    game: str,
    variant: str,
    rated: bool,
    time: TimeControl | None,
    private: bool,
    code: str | None,
) -> Setup:
    """What is offered. Raises `bad_game`, `bad_variant`, `bad_code`."""
    if game not in GAMES:
        raise ServiceError("bad_game", "There is no such game.")
    info = GAMES[game].info
    if variant not in info.variants:
        raise ServiceError("bad_variant", f"{info.name} has no such variant.")
    if code:
        if len(code) not in CODE_LENGTHS or not code.isprintable():
            least, most = CODE_LENGTHS[0], CODE_LENGTHS[-1]
            raise ServiceError("bad_code", f"A code has {least} to {most} characters.")
    elif private:
        code = "".join(secrets.choice(LETTERS) for _ in range(MADE_LENGTH))
    time = time or TimeControl(house.config.MATCH_TTL)
    return Setup(game, variant, rated and info.can_rate(variant), time, code or None)


def _add(
    house: House, unit: Unit, owner: User, agreed: Setup, invitee: User | None = None
) -> TableRow:
    """Store a table. Raises IntegrityError where its owner has one open already."""
    assert agreed.time is not None
    table = OpenTable(
        id=secrets.token_hex(16),
        owner_id=owner.id,
        invitee_id=invitee.id if invitee else None,
        game=agreed.game,
        variant=agreed.variant,
        options=json.dumps(dict(agreed.options)),
        players=2,
        grace=agreed.grace,
        rated=agreed.rated and owner.registered and (invitee is None or invitee.registered),
        code=agreed.code,
        per_move=agreed.time.per_move,
        base=agreed.time.base,
        increment=agreed.time.increment if agreed.time.is_clock else None,
        created_at=house.clock(),
    )
    unit.add(table)
    unit.flush()
    return offers.rows(unit, owner.id, OpenTable.id == table.id)[0]


def _sit_down(
    house: House,
    caller: Caller,
    table_id: str,
    gone: ServiceError,
    *,
    invitee_id: int | None = None,
    joining: bool = False,
) -> MatchRecord:
    """Make a match of a table; `gone` is raised where somebody was faster.

    With an `invitee_id` it must be a challenge to them, otherwise a table for everyone.
    `joining`: it is the game that the caller is in at the command API from now on.
    """
    house.limits.hit("invite", str(caller.user_id))
    with house.store.write() as unit:
        pairing.begin(house, unit)
        _active(unit, caller)
        table = unit.scalar(select(OpenTable).where(is_table(table_id)))
        if table is None or table.invitee_id != invitee_id:
            raise gone
        owner = unit.get_one(User, table.owner_id)
        if not owner.active:
            raise gone
        if owner.id == caller.user_id:
            raise ServiceError("yourself", "you cannot play against yourself")
        if invitee_id is None and blocked_between(unit, owner.id, caller.user_id):
            raise gone
        pairing.check_pair(house, unit, caller.user_id, owner)
        time = TimeControl(table.per_move, table.base, table.increment or 0)
        agreed = Setup(table.game, table.variant, table.rated, time, table.code)
        taken = offers.take(unit, OpenTable.id == table_id)
        if not taken:  # closed by its owner just now, which asks nobody to wait
            raise gone
        players = [owner.id, caller.user_id]
        matches.start(house, unit, agreed, players, match_id=table_id)
        if joining:
            joined.put(unit, caller.user_id, table_id)
    record = matches.begun(house, table_id)
    offers.tell_gone(house, taken, "accepted")
    house.publish.tell(Audience(users=tuple(players)), "match_begins", {"id": record.id})
    return record


def _begun_before(
    house: House, caller: Caller, table_id: str, refusal: ServiceError
) -> MatchRecord:
    """The match that a table has become, for who sits in it; for all others, the refusal."""
    if refusal.code in ("no_such_table", "no_such_challenge"):
        try:
            record = matches.get(house, table_id)
        except ServiceError:
            raise refusal from None
        if record.seat_of(caller.user_id) is not None:
            return record
    raise refusal


def _active(unit: Unit, caller: Caller) -> User:
    user = unit.get(User, caller.user_id)
    if user is None or not user.active:
        raise ServiceError("session_ended", "You have been signed out.")
    return user


def _no_such_table() -> ServiceError:
    return ServiceError("no_such_table", "That table is gone.")


def _no_such_challenge() -> ServiceError:
    return ServiceError("no_such_challenge", "That challenge is gone.")
