"""Tokens: what an account shows at the command API instead of a password.

A token is looked up by its hash, and kept besides under a key made from `SECRET_KEY`: an admin may
see it, and a stolen database gives nobody away.
"""

from __future__ import annotations

import base64
import secrets
import string
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.services import accounts, guests, sessions
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller, Client, SignedIn, caller_for
from app.services.standing import Banned
from app.store import ApiToken, Ban, User

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

LENGTH: Final = 12
_ALPHABET: Final = string.ascii_letters + string.digits
_PURPOSE: Final = b"parlour: tokens of the command API"


def register(house: House, nick: str, client: Client) -> str:
    """Make an account without a password; its token.

    Raises `bad_name`, `too_many`, and `name_taken` for a name that somebody has or nobody may.
    """
    name = nick.strip().lower()
    if not accounts.NAME.fullmatch(name):
        raise ServiceError("bad_name", f"A nick has {accounts.NAME_RULE}.")
    if accounts.RESERVED.fullmatch(name):
        raise _taken(nick)
    house.limits.hit("register", client.address)
    guests.release(house, name)
    now = house.clock()
    user = User(name=name, registered=True, password_hash=None, created_at=now, seen_at=now)
    try:
        with house.store.write() as unit:
            unit.add(user)
            unit.flush()
            accounts.add_ratings(house, unit, user.id)
            return put(house, unit, user.id)
    except IntegrityError:
        raise _taken(nick) from None


def caller_of(house: House, token: str) -> Caller | None:
    """Who shows this token, or None if it is nobody's. Raises `banned`.

    They belong to no session (`session_id` 0), and are noted as seen.
    """
    now = house.clock()
    with house.store.read() as unit:
        found = unit.execute(
            select(User, Ban)
            .join(ApiToken, ApiToken.user_id == User.id)
            .outerjoin(Ban, (Ban.user_id == User.id) & or_(Ban.until.is_(None), Ban.until > now))
            .where(ApiToken.token_hash == sessions.token_hash(token), User.active)
        ).first()
    if found is None:
        return None
    user: User = found[0]
    ban: Ban | None = found[1]
    if ban is not None:
        raise Banned(ban.reason, ban.until)
    if user.seen_at < now - sessions.TOUCH_EVERY:
        _touch(house, user.id, now)
    return caller_for(user, 0)


def sign_in(house: House, token: str, *, client: Client) -> SignedIn:
    """Sign in to the website with a token. Raises `wrong_token`, `too_many`, `banned`."""
    caller = caller_of(house, token.strip())
    if caller is None:
        house.limits.hit("api_token", client.address)
        raise _wrong()
    now = house.clock()
    with house.store.write() as unit:
        here = select(User).where(User.id == caller.user_id, User.active)
        user = unit.scalar(here.with_for_update(key_share=True))
        if user is None:
            raise _wrong()
        user.seen_at = now
        signed_in, secret = sessions.add_session(unit, user, client, now)
    return SignedIn(signed_in, secret, created=False)


def has_token(house: House, user_id: int) -> bool:
    """Whether that user has one."""
    with house.store.read() as unit:
        return unit.get(ApiToken, user_id) is not None


def show(house: House, user_id: int) -> str | None:
    """The token of that user, or None. Raises `unreadable_token` once `SECRET_KEY` is another."""
    with house.store.read() as unit:
        kept = unit.get(ApiToken, user_id)
    if kept is None:
        return None
    from cryptography.fernet import InvalidToken

    try:
        return _cipher(house).decrypt(kept.cipher.encode()).decode()
    except InvalidToken:
        msg = "The house has another key than when this token was made. Make a new one."
        raise ServiceError("unreadable_token", msg) from None


def renew(house: House, user_id: int) -> str:
    """A new token for that account, in place of the one it has, if any."""
    with house.store.write() as unit:
        return put(house, unit, user_id)


def put(house: House, unit: Unit, user_id: int) -> str:
    """`renew` inside a transaction."""
    token = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
    kept = unit.get(ApiToken, user_id, with_for_update=True)
    if kept is None:
        kept = ApiToken(user_id=user_id)
        unit.add(kept)
    kept.token_hash = sessions.token_hash(token)
    kept.cipher = _cipher(house).encrypt(token.encode()).decode()
    kept.created_at = house.clock()
    return token


def _touch(house: House, user_id: int, now: datetime) -> None:
    with house.store.write() as unit:
        unit.execute(update(User).where(User.id == user_id).values(seen_at=now))


def _cipher(house: House) -> Fernet:
    # Not before it is needed: it takes 6 MiB, and most houses never give a token.
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return Fernet(base64.urlsafe_b64encode(derive.derive(house.config.SECRET_KEY.encode())))


def _wrong() -> ServiceError:
    return ServiceError("wrong_token", "That is nobody's token.")


def _taken(nick: str) -> ServiceError:
    return ServiceError("name_taken", f"The nick {nick} is already registered")
