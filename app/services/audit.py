"""The record of what admins do: rows are only ever added, and never hold a token or a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Unit

from app.services.house import House
from app.store import Audit

PAGE: Final = 50
MOST_TARGET: Final = 200


@dataclass(frozen=True, slots=True)
class Admin:
    """Who acts, from which address. `user_id` is None for who needs no account to be an admin:
    the holder of `ADMIN_TOKEN` ("admin"), and whoever runs commands on the host itself.
    """

    name: str
    address: str
    user_id: int | None = None


# No account can have this name: there is a blank in it.
HOST: Final = Admin("command line", "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `target`: a name, an address, a match's id, or ""."""

    id: int
    at: datetime
    who: str
    address: str
    action: str
    target: str
    detail: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the record, the latest first; `page` from 1 to `pages`."""

    entries: list[Entry]
    page: int
    pages: int


def note(
    house: House, unit: Unit, admin: Admin, action: str, target: str = "", detail: str = ""
) -> None:
    """Add a row in the transaction of what it tells of: both are kept, or neither."""
    unit.add(
        Audit(
            at=house.clock(),
            who=admin.name,
            address=admin.address[:64],
            action=action,
            target=target[:MOST_TARGET],
            detail=detail,
        )
    )


def note_alone(house: House, admin: Admin, action: str, target: str = "", detail: str = "") -> None:
    """As `note`, for what is no transaction of ours."""
    with house.store.write() as unit:
        note(house, unit, admin, action, target, detail)


def entries(house: House, page: int = 1) -> Page:
    """One page of all that was done."""
    with house.store.read() as unit:
        count = unit.scalar(select(func.count()).select_from(Audit)) or 0
        pages = max(1, ceil(count / PAGE))
        page = min(max(page, 1), pages)
        rows = unit.scalars(
            select(Audit).order_by(Audit.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
        )
        found = [
            Entry(row.id, row.at, row.who, row.address, row.action, row.target, row.detail)
            for row in rows
        ]
    return Page(found, page, pages)
