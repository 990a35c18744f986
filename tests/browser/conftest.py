"""People in browsers of their own, and two of them at a match."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from playwright.sync_api import Page, expect

from tests.browser.players import Person, Player, begin
from tests.support.server import Server

Arrive: TypeAlias = Callable[..., Player]
Register: TypeAlias = Callable[[], Person]

PATIENCE = 15_000  # milliseconds: two cores may be busy with other tests

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def arrive(new_page: Callable[..., Page], server: Server) -> Arrive:
    """Somebody new in a browser of their own: `arrive(guest=True, at="", viewport=…)`."""

    def come(*, guest: bool = False, at: str = "/lobby", **options: object) -> Player:
        page = new_page(**options)
        page.set_default_timeout(PATIENCE)
        return Player.arrive(page, server, guest=guest, at=at)

    return come


@pytest.fixture
def register(server: Server) -> Register:
    """Somebody new whose page nobody looks at: they have no browser."""
    return lambda: Person.register(server)


@pytest.fixture
def pair(arrive: Arrive) -> Iterator[tuple[Player, Player]]:
    """Two people at the start of a match between them; the first has seat A."""
    yield from seated(arrive)


def seated(arrive: Arrive, **terms: str) -> Iterator[tuple[Player, Player]]:
    """Two people at a match on these terms, which ends when the test does."""
    one, other = arrive(at=""), arrive(at="")
    path = begin(one, other, **terms)
    one.open(path)
    other.open(path)
    yield one, other
    one.post(f"{path}/end")  # so that nobody else is shown it to watch
