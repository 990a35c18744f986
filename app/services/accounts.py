"""Who you are: accounts, guests, and signing in."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.services import guests, ladders, matches, offers, sessions
from app.services.bridge import absence
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller, Client, SignedIn
from app.store import Match, Rating, Seat, User
from app.store.base import affected
from app.store.people import user_named

NAME = re.compile(r"[a-z0-9_-]{3,16}")
NAME_RULE = "3 to 16 letters, digits, - or _"
ADMIN = "admin"
RESERVED = re.compile(rf"{ADMIN}|cpu\d*")  # the house's own: its admin, and the computer's seats
MAX_PASSWORD = 128
TRIES = 5  # how often a name is made up anew when somebody has it

# OWASP's smallest recommended argon2id: a sign-in costs 19 MiB and some 20 ms, so that a
# server with 1 GB survives a rush of them.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What a sign-in under an unknown name is checked against, so that it takes as long as another.
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex(16))

_ADJECTIVES = ("amber", "brisk", "calm", "clever", "gentle", "jolly", "keen", "lucky", "merry",
               "nimble", "plucky", "quiet", "rapid", "sunny", "tidy", "witty")  # fmt: skip
_ANIMALS = ("badger", "crane", "dove", "finch", "fox", "hare", "heron", "lynx", "marten", "otter",
            "owl", "raven", "seal", "stoat", "swan", "wren")  # fmt: skip


def clean_name(raw: str) -> str:
    """The name as it is kept. Raises `bad_name` for one that nobody may have."""
    name = raw.strip().lower()
    if not NAME.fullmatch(name):
        raise ServiceError("bad_name", f"A name has {NAME_RULE}.")
    if RESERVED.fullmatch(name):
        raise ServiceError("bad_name", f"The name {name} is reserved.")
    return name


def check_password(password: str) -> str:
    """`password`, if it may be one. Raises `bad_password`."""
    if not 1 <= len(password) <= MAX_PASSWORD:
        raise ServiceError("bad_password", f"A password has 1 to {MAX_PASSWORD} characters.")
    return password


def register(house: House, name: str, password: str, *, client: Client) -> SignedIn:
    """Make an account and sign in. Raises `bad_name`, `bad_password`, `name_taken`, `too_many`."""
    name, password = clean_name(name), check_password(password)
    house.limits.hit("register", client.address)
    password_hash = house.offload(_HASHER.hash, password)
    return _create(house, name, password_hash, client=client)


def sign_in(
    house: House, name: str, password: str, *, client: Client, create: bool = False
) -> SignedIn:
    """Sign in to an account; with `create`, an unknown name becomes one.

    Raises `wrong_password`, and without `create` the same for an unknown name (who has an account
    is not told); `name_taken` for a guest's name; `bad_name`, `bad_password`, `too_many`; and
    `banned`, to who knows the password.
    """
    name, password = clean_name(name), check_password(password)
    house.limits.hit("sign_in_address", client.address)
    # Apart for each address, so that a stranger's guesses do not keep the owner out. Who guesses
    # from many addresses meets the limit of the name alone.
    house.limits.hit("sign_in", name, client.address)
    house.limits.hit("sign_in_name", name)
    with house.store.read() as unit:
        user = user_named(unit, name)
    if create and user is not None and not user.registered:
        if not guests.release(house, name):
            raise ServiceError("name_taken", f"A guest plays as {name} just now.")
        user = None
    if create and user is None:
        return register(house, name, password, client=client)
    known_hash = user.password_hash if user is not None else None
    right = house.offload(_verify, known_hash or _NOBODYS_HASH, password)
    signed_in = None
    if user is not None and known_hash is not None and right:
        signed_in = sessions.open_session(house, user.id, known_hash, client)
    if signed_in is None:
        raise ServiceError("wrong_password", f"invalid password for user {name}")
    house.limits.forget("sign_in", name, client.address)
    house.limits.forget("sign_in_name", name)
    return signed_in


def guest(house: House, name: str | None = None, *, client: Client) -> SignedIn:
    """Sign in without an account, as long as the session lasts. `name` None: one is made up.

    Raises `bad_name`, `name_taken`, `too_many`.
    """
    chosen = clean_name(name) if name else None
    house.limits.hit("guest", client.address)
    if chosen:
        return _create(house, chosen, None, client=client)
    for _ in range(TRIES):
        # Somebody else may be given the same name at this moment.
        with suppress(ServiceError):
            return _create(house, suggest_name(house), None, client=client)
    raise ServiceError("name_taken", "No free name was found. Choose one.")


def suggest_name(house: House) -> str:
    """A free name for a guest."""
    with house.store.read() as unit:
        for _ in range(TRIES):
            name = f"{secrets.choice(_ADJECTIVES)}-{secrets.choice(_ANIMALS)}"
            name += f"-{secrets.randbelow(90) + 10}"
            if user_named(unit, name) is None:
                return name
    return f"guest-{secrets.token_hex(5)}"  # a full house: one of a million million


def upgrade(house: House, caller: Caller, name: str, password: str) -> Caller:
    """Make the calling guest an account; their matches go on, under the new name.

    Raises `not_a_guest`, `bad_name`, `bad_password`, `name_taken`, `too_many`, and
    `session_ended` for one who is gone.
    """
    name, password = clean_name(name), check_password(password)
    with house.store.read() as unit:
        _the_guest(unit, caller)
    house.limits.hit("upgrade", str(caller.user_id))
    password_hash = house.offload(_HASHER.hash, password)
    guests.release(house, name)
    try:
        with house.store.write() as unit:
            renew_open_matches(unit, caller.user_id)
            user = _the_guest(unit, caller)
            user.name, user.password_hash, user.registered = name, password_hash, True
            add_ratings(house, unit, user.id)
    except IntegrityError:
        raise _taken(name) from None
    ladders.renew(house)
    for record in matches.open_of(house, caller.user_id):
        house.publish.match(record)
    offers.tell_renamed(house, caller.user_id)
    absence.renamed(house, caller.user_id)
    return replace(caller, name=name, registered=True)


def change_password(house: House, caller: Caller, old: str, new: str) -> None:
    """Give the account a new password; its other sessions end.

    Raises `wrong_password`, `bad_password`, `too_many`.
    """
    check_password(new)
    house.limits.hit("password", str(caller.user_id))
    with house.store.read() as unit:
        known = unit.get_one(User, caller.user_id).password_hash
    if known is None or not house.offload(_verify, known, old):
        raise wrong_own_password()
    password_hash = house.offload(_HASHER.hash, new)
    if not sessions.replace_password(house, caller, known, password_hash):
        raise wrong_own_password()


def confirmed(house: House, user_id: int, password: str | None) -> str | None:
    """The hash of a user's password, which they have just given once more; None if they have none.

    Raises `wrong_password`, `too_many`.
    """
    house.limits.hit("password", str(user_id))
    with house.store.read() as unit:
        known = unit.get_one(User, user_id).password_hash
    if known is not None and not house.offload(_verify, known, password or ""):
        raise wrong_own_password()
    return known


def wrong_own_password() -> ServiceError:
    """The refusal of who is asked for their password again."""
    return ServiceError("wrong_password", "That is not your password.")


def set_language(house: House, caller: Caller, language: str) -> None:
    """The language a user reads, on whatever device; empty: that of their browser."""
    with house.store.write() as unit:
        unit.execute(update(User).where(User.id == caller.user_id).values(language=language))


def has_password(house: House, user_id: int) -> bool:
    """Whether that account can be signed in to with a password; one of the command API need not."""
    with house.store.read() as unit:
        return unit.get_one(User, user_id).password_hash is not None


def set_first_password(house: House, caller: Caller, new: str) -> None:
    """Give an account that has none a password.

    Raises `has_password`, `bad_password`, `too_many`.
    """
    check_password(new)
    house.limits.hit("password", str(caller.user_id))
    password_hash = house.offload(_HASHER.hash, new)
    without = (User.id == caller.user_id, User.active, User.registered)
    with house.store.write() as unit:
        first = update(User).where(*without, User.password_hash.is_(None))
        if not affected(unit, first.values(password_hash=password_hash)):
            raise ServiceError("has_password", "There is a password already.")


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _the_guest(unit: Unit, caller: Caller) -> User:
    user = unit.get(User, caller.user_id)
    if user is None or not user.active:
        raise ServiceError("session_ended", "You have been signed out.")
    if user.registered:
        raise ServiceError("not_a_guest", "You have an account already.")
    return user


def _hold_open_matches(user_id: int) -> Select[str]:
    """Locks a user's running matches in the order in which group commits take them."""
    mine = select(Seat.match_id).where(Seat.user_id == user_id, Seat.open)
    return select(Match.id).where(Match.id.in_(mine)).order_by(Match.id).with_for_update()


def renew_open_matches(unit: Unit, user_id: int) -> None:
    """Have every worker read a user's running matches anew, since it shows in them who they are.

    First of all in a transaction: they are held until it ends, in the order in which group commits
    take them.
    """
    held = list(unit.scalars(_hold_open_matches(user_id)))
    unit.execute(
        update(Match)
        .where(Match.id.in_(held))
        .values(revision=Match.revision + 1)
        .execution_options(synchronize_session=False)
    )


def _create(house: House, name: str, password_hash: str | None, *, client: Client) -> SignedIn:
    guests.release(house, name)
    now = house.clock()
    user = User(
        name=name,
        registered=password_hash is not None,
        password_hash=password_hash,
        created_at=now,
        seen_at=now,
    )
    try:
        with house.store.write() as unit:
            unit.add(user)
            unit.flush()
            if user.registered:
                add_ratings(house, unit, user.id)
            caller, token = sessions.add_session(unit, user, client, now)
    except IntegrityError:
        raise _taken(name) from None
    return SignedIn(caller, token, created=True)


def add_ratings(house: House, unit: Unit, user_id: int) -> None:
    """An account stands in every rated game's list from its first day."""
    for game in GAMES.values():
        if game.info.rating:
            unit.add(Rating(user_id=user_id, game=game.info.key, value=house.config.RATING_START))


def _taken(name: str) -> ServiceError:
    return ServiceError("name_taken", f"The name {name} is taken.")
