"""People of every rank at the door, and every address there is to try."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from app.services import moderation
from app.services.audit import HOST
from app.services.house import House
from app.services.records import MatchRecord
from tests.security.routes import Address, addresses
from tests.web.conftest import Visitor, account, guest, play, visitor

__all__ = ["account", "guest", "play", "visitor"]


class People(NamedTuple):
    """One browser of each kind."""

    stranger: Visitor
    guest: Visitor
    player: Visitor
    admin: Visitor


@pytest.fixture
def people(
    visitor: Callable[[], Visitor],
    guest: Callable[[str], Visitor],
    account: Callable[[str], Visitor],
    house: House,
) -> People:
    admin = account("boss")
    moderation.make_admin(house, HOST, "boss")
    return People(visitor(), guest("passer-by"), account("ann"), admin)


@pytest.fixture
def every(app: Flask, people: People, play: Callable[..., MatchRecord]) -> list[Address]:
    """Every address of the site, with a match in it that is there."""
    match = play(people.player, people.admin, plies=4)
    found = list(addresses(app, {"match_id": match.id}))
    assert len(found) > 100
    assert not [address for address in found if re.search("[<>]", address.path)]
    return found
