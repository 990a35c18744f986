"""Sessions: the places where a user is signed in, and who is calling from there."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session as Unit

from app.services import trouble
from app.services.errors import ServiceError
from app.services.house import House
from app.services.standing import Banned
from app.store import Session, User
from app.store.base import affected
from app.store.moderation import ban_of

CHUNK = 500  # ids in one statement
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Client:
    """What is known of the program at the other end: its address, and what it calls itself."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody signed in, as of when they signed in: `user_id` is who they are for good.

    `language` is the one they have chosen, empty for that of their browser; `automatic`: a program.
    """

    user_id: int
    name: str
    registered: bool
    session_id: int
    admin: bool = False
    language: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: its secret `token` (32 hex digits) is shown here and nowhere again."""

    caller: Caller
    token: str
    created: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner sees it."""

    id: int
    created_at: datetime
    used_at: datetime
    label: str
    address: str
    current: bool


def add_session(unit: Unit, user: User, client: Client, now: datetime) -> tuple[Caller, str]:
    """A new session of `user` inside a transaction: the caller, and the secret token.

    Raises `banned`: a ban holds the user's row too, so that no session outlives it.
    """
    ban = ban_of(unit, user.id, now)
    if ban is not None:
        raise Banned(ban.reason, ban.until)
    token = secrets.token_hex(16)
    session = Session(
        token_hash=token_hash(token),
        user_id=user.id,
        label=client.label[:200],
        address=client.address[:64],
        created_at=now,
        used_at=now,
    )
    unit.add(session)
    unit.flush()
    return caller_for(user, session.id), token


def caller_for(user: User, session_id: int) -> Caller:
    """A user as whoever calls through that session; 0 where there is none."""
    return Caller(
        user.id,
        user.name,
        user.registered,
        session_id,
        user.admin,
        user.language,
        user.automatic,
    )


def unchanged(unit: Unit, user_id: int, password_hash: str) -> User | None:
    """The user, held until the transaction ends; None if gone or under another password by now.

    Whoever has verified a password asks this, since verifying takes long enough for a change.
    """
    same = (User.id == user_id, User.active, User.password_hash == password_hash)
    return unit.scalar(select(User).where(*same).with_for_update(key_share=True))


def open_session(house: House, user_id: int, password_hash: str, client: Client) -> SignedIn | None:
    """A new session for a user who has shown that they know the password of this hash.

    None if that is no longer their password. Raises `banned`.
    """
    now = house.clock()
    with house.store.write() as unit:
        user = unchanged(unit, user_id, password_hash)
        if user is None:
            return None
        user.seen_at = now
        caller, token = add_session(unit, user, client, now)
    return SignedIn(caller, token, created=False)


def resume(house: House, token: str) -> Caller | None:
    """Who holds this token, or None if it is no longer good. Using it keeps it alive."""
    with house.store.read() as unit:
        found = unit.execute(
            select(Session, User)
            .join(User, User.id == Session.user_id)
            .where(Session.token_hash == token_hash(token), User.active)
        ).first()
    if found is None:
        return None
    session, user = found
    now = house.clock()
    if session.used_at < now - lifetime(house, user.registered):
        return None
    if session.used_at < now - TOUCH_EVERY:
        try:
            touch(house, [session.id])
        except trouble.ERRORS as failed:  # who only wants to read needs no room for it
            trouble.said(failed)
    return caller_for(user, session.id)


def touch(house: House, session_ids: list[int]) -> None:
    """Note that these sessions, and so their users, are being used now."""
    now = house.clock()
    with house.store.write() as unit:
        unit.execute(update(Session).where(Session.id.in_(session_ids)).values(used_at=now))
        users = select(Session.user_id).where(Session.id.in_(session_ids))
        unit.execute(
            update(User)
            .where(User.id.in_(users))
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )


def keep(house: House, session_ids: set[int]) -> None:
    """Keep sessions alive that are in use without asking anything: those due for it."""
    due_before = house.clock() - timedelta(seconds=house.config.GUEST_TTL / 10)
    ids = sorted(session_ids)
    for start in range(0, len(ids), CHUNK):
        chunk = Session.id.in_(ids[start : start + CHUNK])
        with house.store.read() as unit:
            due = list(unit.scalars(select(Session.id).where(chunk, Session.used_at < due_before)))
        if due:
            touch(house, due)


def ended(house: House, session_ids: set[int]) -> list[int]:
    """Those of these sessions that are no more."""
    ids = sorted(session_ids)
    gone = []
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with house.store.read() as unit:
            there = set(unit.scalars(select(Session.id).where(Session.id.in_(chunk))))
        gone += [session_id for session_id in chunk if session_id not in there]
    return gone


def lifetime(house: House, registered: bool) -> timedelta:
    """How long a session is good without being used."""
    return timedelta(seconds=house.config.SESSION_TTL if registered else house.config.GUEST_TTL)


def rows(house: House, caller: Caller) -> list[SessionRow]:
    """The caller's sessions, the one used last first."""
    with house.store.read() as unit:
        found = unit.scalars(
            select(Session)
            .where(
                Session.user_id == caller.user_id,
                Session.used_at >= house.clock() - lifetime(house, caller.registered),
            )
            .order_by(Session.used_at.desc(), Session.id.desc())
        )
        return [
            SessionRow(s.id, s.created_at, s.used_at, s.label, s.address, s.id == caller.session_id)
            for s in found
        ]


def renew(house: House, caller: Caller) -> str | None:
    """Another secret token for the caller's own session; None if it has ended.

    The session goes on, and so do its connections; whoever knows the old token does not.
    """
    token = secrets.token_hex(16)
    mine = (Session.id == caller.session_id, Session.user_id == caller.user_id)
    with house.store.write() as unit:
        there = affected(unit, update(Session).where(*mine).values(token_hash=token_hash(token)))
    return token if there else None


def sign_out(house: House, caller: Caller) -> None:
    """End the caller's own session."""
    _end(house, caller, Session.id == caller.session_id)


def revoke(house: House, caller: Caller, session_id: int) -> None:
    """End one of the caller's sessions. Raises `no_such_session` for another's."""
    if not _end(house, caller, Session.id == session_id):
        raise ServiceError("no_such_session", "That session has ended already.")


def revoke_others(house: House, caller: Caller) -> int:
    """End all the caller's sessions but this one; how many there were."""
    return _end(house, caller, Session.id != caller.session_id)


def replace_password(house: House, caller: Caller, old_hash: str, new_hash: str) -> bool:
    """Keep a new password and end all the caller's sessions but this one, both at once.

    False, and nothing is changed, if `old_hash` is no longer that of their password.
    """
    with house.store.write() as unit:
        user = unchanged(unit, caller.user_id, old_hash)
        if user is None:
            return False
        user.password_hash = new_hash
        ids = _delete(unit, caller, Session.id != caller.session_id)
    tell_ended(house, ids)
    return True


def end_all(unit: Unit, user_ids: list[int]) -> list[int]:
    """Delete every session of these users in a transaction; which, for `tell_ended` after it."""
    ids = list(unit.scalars(select(Session.id).where(Session.user_id.in_(user_ids))))
    unit.execute(delete(Session).where(Session.id.in_(ids)))
    return ids


def tell_ended(house: House, session_ids: list[int]) -> None:
    """Cut the connections of sessions that have ended."""
    for session_id in session_ids:
        house.publish.end_session(session_id)


def token_hash(token: str) -> str:
    """What the database knows of a token. Tokens are random, so a plain hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end(house: House, caller: Caller, which: ColumnElement[bool]) -> int:
    with house.store.write() as unit:
        ids = _delete(unit, caller, which)
    tell_ended(house, ids)
    return len(ids)


def _delete(unit: Unit, caller: Caller, which: ColumnElement[bool]) -> list[int]:
    ids = list(unit.scalars(select(Session.id).where(Session.user_id == caller.user_id, which)))
    unit.execute(delete(Session).where(Session.id.in_(ids)))
    return ids
