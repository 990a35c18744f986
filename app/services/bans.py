"""Who must stay out: ranges of addresses, and users. Each ban has a reason, and may have an end.

Addresses are looked up in the worker's own copy (`House.standing`), at the front door, before
anything else; users where they sign in. What a ban ends, the transports are told by the order
`bans_changed` and by the sessions that are over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session as Unit

from app.services import audit, offers, sessions
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.standing import (
    AddressError,
    BanList,
    Banned,
    Kept,
    Network,
    Notice,
    address_of,
    network_of,
    written,
)
from app.store import Ban, Broadcast, User, locks
from app.store.base import affected
from app.store.moderation import ban_of
from app.store.people import is_named

PAGE: Final = 50
MOST_AT_ONCE: Final = 500
MOST_REASON: Final = 200

_BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class BanRow:
    """A ban that holds: of a `network` as people write it, or of the user called `name`."""

    id: int
    network: str | None
    name: str | None
    reason: str
    by: str
    created_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the bans, the latest first; `page` from 1 to `pages`."""

    rows: list[BanRow]
    page: int
    pages: int


# Looking up


def on(house: House, address: str) -> Banned | None:
    """The refusal for whoever comes from this address now, or None: they may come in."""
    found = house.standing.bans.find(address, house.clock())
    return None if found is None else Banned(found.reason, found.until)


def is_banned(house: House, address: str) -> bool:
    """Whether nobody may come from this address now."""
    return on(house, address) is not None


def user_ban(house: House, user_id: int) -> Banned | None:
    """The refusal for this user now, or None."""
    with house.store.read() as unit:
        ban = ban_of(unit, user_id, house.clock())
    return None if ban is None else Banned(ban.reason, ban.until)


def holds(house: House, unit: Unit, user_id: int) -> bool:
    """Whether this user must stay out, as a transaction sees it."""
    return ban_of(unit, user_id, house.clock()) is not None


def listed(house: House, page: int = 1) -> Page:
    """One page of the bans that hold."""
    now = house.clock()
    holds = or_(Ban.until.is_(None), Ban.until > now)
    with house.store.read() as unit:
        count = unit.scalar(select(func.count()).select_from(Ban).where(holds)) or 0
        pages = max(1, ceil(count / PAGE))
        page = min(max(page, 1), pages)
        rows = unit.execute(
            select(Ban, User.name)
            .outerjoin(User, User.id == Ban.user_id)
            .where(holds)
            .order_by(Ban.id.desc())
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        )
        found = [_row(ban, name) for ban, name in rows]
    return Page(found, page, pages)


# Addresses


def split(text: str) -> list[str]:
    """The addresses in a text, between commas, blanks and line breaks.

    >>> split("192.0.2.7, 2001:db8::/32")
    ['192.0.2.7', '2001:db8::/32']
    """
    return [part for part in _BETWEEN.split(text) if part]


def ban(
    house: House,
    admin: Admin,
    networks: Sequence[str],
    reason: str = "",
    until: datetime | None = None,
) -> list[str]:
    """Keep these addresses and ranges out; as written then. One banned already is banned anew.

    Nothing is done at all, and that raised, for `bad_address` (named), `own_address` (the
    admin's present one is among them), `no_address`, `too_many_addresses`, `bad_end`, `too_long`.
    """
    reason = _checked(house, reason, until)
    chosen = _networks(networks)
    own = address_of(admin.address)
    if own is not None and any(own in network for network in chosen):
        raise AddressError("own_address", str(own), f"That would keep you out: you are at {own}.")
    names = [written(network) for network in chosen]
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.BANS)
        unit.execute(delete(Ban).where(Ban.network.in_(names)))
        for name in names:
            unit.add(_new(house, admin, reason, until, network=name))
        audit.note(house, unit, admin, "ban", *_noted(names, _words(reason, until)))
    changed(house)
    return names


def unban(house: House, admin: Admin, networks: Sequence[str]) -> list[str]:
    """Let these addresses and ranges in again; as written.

    Raises `bad_address`, `no_address`, and `not_banned` for one that is not banned just so;
    then nothing is done at all.
    """
    names = [written(network) for network in _networks(networks)]
    with house.store.write() as unit:
        known = set(unit.scalars(select(Ban.network).where(Ban.network.in_(names))))
        for name in names:
            if name not in known:
                raise AddressError("not_banned", name, f"{name} is not banned.")
        unit.execute(delete(Ban).where(Ban.network.in_(names)))
        audit.note(house, unit, admin, "unban", *_noted(names))
    changed(house)
    return names


# Users


def ban_user(
    house: House, admin: Admin, name: str, reason: str = "", until: datetime | None = None
) -> int:
    """Keep a user out: their sessions and tables end, and none begins; the user's id.

    Their running matches go on, so that no opponent is robbed of a game by a ban: who is not
    back in time loses on time. Raises `unknown_user`, `yourself`, `is_admin`, `bad_end`,
    `too_long`.
    """
    reason = _checked(house, reason, until)
    with house.store.write() as unit:
        user = held(unit, name)
        if user.id == admin.user_id:
            raise ServiceError("yourself", "That is you.")
        if user.admin:
            raise ServiceError("is_admin", f"{user.name} is an admin.")
        unit.execute(delete(Ban).where(Ban.user_id == user.id))
        unit.add(_new(house, admin, reason, until, user_id=user.id))
        ended = sessions.end_all(unit, [user.id])
        audit.note(house, unit, admin, "ban_player", user.name, _words(reason, until))
    sessions.tell_ended(house, ended)
    offers.drop_of(house, [user.id])
    house.publish.control("user_banned", {"user": user.id})
    return user.id


def unban_user(house: House, admin: Admin, name: str) -> None:
    """Let a user in again. Raises `not_banned`."""
    with house.store.write() as unit:
        theirs = select(User.id).where(is_named(name))
        if not affected(unit, delete(Ban).where(Ban.user_id.in_(theirs))):
            raise AddressError("not_banned", name, f"{name} is not banned.")
        audit.note(house, unit, admin, "unban_player", name)


# Keeping


def changed(house: House) -> None:
    """Have every worker take its copy anew, and cut the connections that must not be."""
    reload(house)
    house.publish.control("bans_changed", {})


def reload(house: House) -> None:
    """Take this worker's copy of what is stored: the bans of addresses, and what is announced.

    One after the other: of two copies the one that was read later is kept.
    """
    with house.standing.taking:
        now = house.clock()
        with house.store.read() as unit:
            bans = list(unit.scalars(select(Ban).where(Ban.network.is_not(None))))
            shown = select(Broadcast).where(Broadcast.until > now).order_by(Broadcast.id)
            notices = list(unit.scalars(shown))
        kept = [Kept(network_of(ban.network), ban.reason, ban.until) for ban in bans if ban.network]
        house.standing.bans = BanList(kept)
        house.standing.notices = tuple(
            Notice(row.id, row.text, row.by, row.at, row.until) for row in notices
        )


def drop_lapsed(house: House) -> int:
    """Delete the bans whose end has come; how many there were."""
    with house.store.write() as unit:
        return affected(unit, delete(Ban).where(Ban.until <= house.clock()))


def held(unit: Unit, name: str) -> User:
    """The active user of that name, held until the transaction ends. Raises `unknown_user`."""
    one = select(User).where(is_named(name), User.active)
    user = unit.scalar(one.with_for_update(key_share=True))
    if user is None:
        raise ServiceError("unknown_user", "Nobody plays here under that name.")
    return user


def _networks(texts: Sequence[str]) -> list[Network]:
    networks = list(dict.fromkeys(network_of(text.strip()) for text in texts))
    if not networks:
        raise ServiceError("no_address", "Say which addresses.")
    if len(networks) > MOST_AT_ONCE:
        raise ServiceError("too_many_addresses", f"At most {MOST_AT_ONCE} addresses at once.")
    return networks


def _checked(house: House, reason: str, until: datetime | None) -> str:
    reason = " ".join(reason.split())
    if len(reason) > MOST_REASON:
        raise ServiceError("too_long", f"A reason has at most {MOST_REASON} characters.")
    if until is not None and until <= house.clock():
        raise ServiceError("bad_end", "A ban ends in the future.")
    return reason


def _new(
    house: House,
    admin: Admin,
    reason: str,
    until: datetime | None,
    *,
    network: str | None = None,
    user_id: int | None = None,
) -> Ban:
    return Ban(
        network=network,
        user_id=user_id,
        reason=reason,
        by=admin.name,
        created_at=house.clock(),
        until=until,
    )


def _row(ban: Ban, name: str | None) -> BanRow:
    return BanRow(ban.id, ban.network, name, ban.reason, ban.by, ban.created_at, ban.until)


def _noted(names: list[str], words: str = "") -> tuple[str, str]:
    """Target and detail of an audit entry, with every name in one of them."""
    target = ", ".join(names)
    if len(target) <= audit.MOST_TARGET:
        return target, words
    return f"{names[0]} and {len(names) - 1} more", f"{words} {target}".strip()


def _words(reason: str, until: datetime | None) -> str:
    end = "for good" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"
    return f"{end}: {reason}" if reason else end
