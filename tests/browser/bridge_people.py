"""People at a bridge table, each in a browser of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from playwright.sync_api import Page, expect

from tests.browser.players import Player, new_name
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

SIDES = "NESW"
TABLE_URL = re.compile(r"/bridge/table/[0-9a-f]{32}$")

# A card that may be played, or an answer that must be given.
PLAYABLE = 'button.playing-card[aria-disabled="false"]'


class Person(Protocol):
    """Whoever sends forms; where it led to, or ""."""

    def post(self, path: str, **fields: str) -> str: ...


class Absent:
    """Somebody new who plays without a browser."""

    def __init__(self, server: Server) -> None:
        self.name = new_name()
        self._visitor = Visitor(server.url).register(self.name)

    def post(self, path: str, **fields: str) -> str:
        return self._visitor.post(path, **fields).headers.get("Location", "")

    def connect(self) -> SocketClient:
        """Be there, as an open page would be; until it is closed."""
        return self._visitor.socket()


class Seat:
    """The table on the page of somebody who sits there."""

    def __init__(self, player: Player, side: str) -> None:
        self.player = player
        self.page: Page = player.page
        self.side = side

    def hand(self) -> set[int]:
        """The cards of the hand at the bottom, by what is drawn on them."""
        return self.drawn("#fan")

    def drawn(self, group: str) -> set[int]:
        """The numbers of the cards seen in a part of the table."""
        names = self.page.locator(f"{group} use").evaluate_all(
            "uses => uses.map((use) => use.getAttribute('href').split('#')[1])"
        )
        found = (re.fullmatch(r"(?:card|top)-(\d+)", name) for name in names)
        return {int(card[1]) for card in found if card}

    def hand_of(self, side: str) -> set[int]:
        return self.drawn(f'[data-hand="{side}"]')

    def turn(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator("#turn")).to_have_text(text)

    def call(self, bid: str, alert: str = "") -> None:
        """Make a call as soon as it may be made."""
        button = self.page.locator(f'#box [name=bid][value="{bid}"]:enabled')
        expect(button).to_be_visible()
        if alert:
            self.page.fill("#alert", alert)
        button.click()

    def sees_calls(self, *bids: str) -> None:
        """Wait for an auction of just these calls, as they are written."""
        expect(self.page.locator("#calls .call")).to_have_count(len(bids))
        shown = self.page.locator("#calls .call").evaluate_all(
            """calls => calls.map((call) => {
              const face = call.querySelector("[aria-hidden=true]") ?? call;
              const suit = face.querySelector("use")?.getAttribute("href").split("#suit-")[1] ?? "";
              return face.textContent.trim() + suit;
            })"""
        )
        assert shown == list(bids)

    def play_any(self) -> int:
        """Play the first card that may be played, of the hand or of dummy's; its number."""
        card = self.page.locator(PLAYABLE).first
        card.wait_for()
        number = int(card.get_attribute("data-key") or "")
        card.click(position={"x": 8, "y": 8})  # the next one covers the rest
        return number

    def sees_in_trick(self, card: int) -> None:
        expect(self.page.locator(f'#trick [data-key="{card}"]')).to_be_visible()

    def tricks(self, pair: str) -> int:
        return int(self.page.locator(f'[data-tricks="{pair}"]').inner_text())


def post(player: Person, path: str, **fields: str) -> str:
    """Send a form of the bridge pages without the browser; where it led to."""
    return player.post(f"/bridge{path}", **fields)


def seat_four(players: Sequence[Person], *options: str) -> str:
    """Open a table, sit everybody down from North on, and so begin a deal; the table's path.

    `options`: of "robots" and "kibitz", what the table allows.
    """
    path = post(players[0], "/open", position="N", **dict.fromkeys(options, "on"))
    assert path.startswith("/bridge/table/"), path
    for player, side in zip(players[1:], SIDES[1:], strict=True):
        post(player, f"{path.removeprefix('/bridge')}/sit", position=side)
    return path


def at_table(players: Sequence[Player], path: str) -> dict[str, Seat]:
    """Open the table's page in each browser, live: of those who sit from North on."""
    for player in players:
        player.open_live(path)
    return {side: Seat(player, side) for player, side in zip(players, SIDES, strict=False)}


def state_of(page: Page) -> Any:
    """What the page began with."""
    return page.evaluate("JSON.parse(document.getElementById('bridge').textContent)")
