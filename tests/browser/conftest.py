"""Two people who have met, and a stranger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.players import Player, begin
from tests.support.server import Server

Arrive: TypeAlias = Callable[..., Player]

STILL: Any = {"reduced_motion": "reduce"}  # nobody here waits for an animation

expect.set_options(timeout=10_000)  # two cores may be busy with other tests


@pytest.fixture
def arrive(new_page: Callable[..., Page], server: Server) -> Arrive:
    """Somebody new in a browser of their own: `arrive(guest=True, viewport=…)`."""

    def come(*, guest: bool = False, **options: object) -> Player:
        page = new_page(**(STILL | options))
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return Player.arrive(page, server, guest=guest)

    return come


@pytest.fixture(scope="session")
def regulars(browser: Browser, server: Server) -> Iterator[tuple[Player, Player]]:
    """Two people who stay for the whole run, since arriving takes a while."""
    contexts = [browser.new_context(base_url=server.url, **STILL) for _ in range(2)]
    one, other = (Player.arrive(context.new_page(), server) for context in contexts)
    yield one, other
    for context in contexts:
        context.close()


@pytest.fixture
def pair(regulars: tuple[Player, Player]) -> Iterator[tuple[Player, Player]]:
    """The two at the start of a match between them; the first has seat A."""
    one, other = regulars
    yield from seated(one, other, begin(one, other))


def seated(one: Player, other: Player, path: str) -> Iterator[tuple[Player, Player]]:
    """The two at the match of that path, which ends when the test does."""
    for player in (one, other):
        player.page.set_default_timeout(10_000)
        player.open(path)
    yield one, other
    for player in (one, other):
        player.page.context.set_offline(False)
        player.page.goto("about:blank")
        for page in player.page.context.pages[1:]:
            page.close()
    one.post(f"{path}/end")
