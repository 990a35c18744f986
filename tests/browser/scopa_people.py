"""People at a table of scopa, each in a browser of their own, with cards from a known seed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.games.scopa import SCOPA
from app.services import matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import MatchRecord
from app.store import User
from config import Config
from tests.browser.players import Player
from tests.support import cluster
from tests.support.server import Server


@contextmanager
def house_of(server: Server) -> Iterator[House]:
    """The server's data, seen from here: another process of the same house."""
    config = Config(
        INSTANCE_PATH=str(server.instance),
        DATABASE_URL=cluster.database_url(server.instance),
        TESTING=True,
        ASYNC_MODE="threading",
        SECRET_KEY="of no use here",
        LOG_LEVEL="WARNING",
    )
    app = create_app(config)
    yield app.extensions["house"]
    with app.app_context():
        db.engine.dispose()


def deal(house: House, names: Sequence[str], seed: bytes, **options: Any) -> MatchRecord:
    """A match between these users, whose cards come from `seed`."""
    with house.store.read() as unit:
        players = [unit.scalars(select(User.id).where(User.name == n)).one() for n in names]
    variant = options.pop("variant", "classic")
    setup = Setup("scopa", variant, options={"players": len(names)} | options)
    match_id = secrets.token_hex(16)
    drawn = patch("app.services.matches.secrets.token_bytes", return_value=seed)
    with drawn, house.store.write() as unit:
        matches.start(house, unit, setup, players, match_id=match_id)
    return matches.get(house, match_id)


def advance(house: House, record: MatchRecord, plies: int) -> MatchRecord:
    """Play the first legal cards, before anybody looks."""
    for _ in range(plies):
        seat = min(record.actors)
        move = SCOPA.legal_moves(record.state, seat)[0]
        saved = matches.submit_for(house, record, seat, SCOPA.move_json(move))
        assert saved is not None
        record = saved
    return record


class Table:
    """The table of scopa on somebody's page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @classmethod
    def of(cls, player: Player, record: MatchRecord) -> Table:
        """Open the match and wait until it is live."""
        player.open_live(f"/match/{record.id}")
        return cls(player.page)

    def cards(self, group: str) -> set[int]:
        """The numbers of the cards seen in a group of the table, by what is drawn on them."""
        found = self.page.locator(f"{group} use").evaluate_all(
            "uses => uses.map((use) => use.getAttribute('href').split('#')[1])"
        )
        suits = ("coins", "cups", "clubs", "swords")
        faces = [name.split("-") for name in found if name != "back"]
        return {10 * suits.index(suit) + int(value) - 1 for suit, value in faces}

    def hand(self) -> set[int]:
        return self.cards(".hand-own")

    def lying(self) -> set[int]:
        return self.cards("#lying")

    def can_play(self) -> None:
        """Wait until a card may be played."""
        expect(self.page.locator('.hand-own [aria-disabled="false"]').first).to_be_visible()

    def press(self, card: int) -> None:
        """Press a card of the hand as soon as one may be played."""
        self.page.click(f'.hand-own [value="{card}"][aria-disabled="false"]')

    def turn(self, text: str) -> None:
        expect(self.page.locator("#turn")).to_have_text(text)

    def last(self, text: str) -> None:
        expect(self.page.locator("#last")).to_have_text(text)
