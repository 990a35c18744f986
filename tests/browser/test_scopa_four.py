"""One table, four players: two at the website, an old client, and the computer."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from app.games.scopa import SCOPA
from app.services import matches
from app.services.records import MatchRecord
from tests.browser.conftest import Arrive
from tests.browser.players import Player, new_name
from tests.browser.scopa_people import house_of
from tests.legacy.scopa_clients import ScopaClient, Table, statuses
from tests.support.server import Server
from tests.support.site import SocketClient

DEAL = 36  # cards that four play of each deal
# Of them, how many at the beginning of the first and at the end of each deal are played on the
# pages, which nobody looks at in between.
FIRST, LAST = 6, 4
SUBPROTOCOL = [("Sec-WebSocket-Protocol", "scopa")]
# A card that may be played, or "Continue".
NEXT = '.hand-own [aria-disabled="false"], #over .summary button'
PLAYED_OR_ASKED = """(card) => document.querySelector("#over .take")
  || !document.querySelector(`.hand-own [data-key="${card}"]`)"""


def play(player: Player) -> None:
    """Play the first card, and of several captures the first, as soon as it may be played."""
    page = player.page
    card = None
    while card is None:
        target = page.locator(NEXT).first
        target.wait_for()
        card = target.get_attribute("data-key")
        target.click()
    # Either the card leaves the hand, or the page asks what it takes.
    page.wait_for_function(PLAYED_OR_ASKED, arg=card)
    take = page.locator("#over .take").first
    if take.is_visible():
        take.click()


def play_unseen(socket: SocketClient, record: MatchRecord) -> None:
    """Play the first card that the rules allow, without the page."""
    (seat,) = record.actors
    move = SCOPA.move_json(SCOPA.legal_moves(record.state, seat)[0])
    assert socket.ask("move", id=record.id, version=record.version, **move)["ok"]


def follow(client: ScopaClient, table: Table) -> None:
    """Show what comes, whatever else is said, until somebody is to play or the match is over."""
    table.waiting = None
    while table.waiting is None and table.winners is None:
        table.show(client.until("match_data"))


def play_as_old_client(client: ScopaClient, table: Table) -> None:
    """Play the first card in hand, and of several captures the last."""
    card = table.hand[0]["id"]
    client.play(table.me, card)
    follow(client, table)
    if table.choice is not None:
        client.play(table.me, card, take=len(table.choice) - 1)
        table.choice = None
        follow(client, table)


def accept(page: Page, name: str) -> None:
    toast = page.locator(".toast", has_text=name)
    toast.get_by_role("button", name="Accept").click()


def test_two_browsers_an_old_client_and_the_computer(arrive: Arrive, server: Server) -> None:
    one, two = arrive(), arrive()
    name = new_name("old")
    with (
        house_of(server) as house,
        one.socket() as first,
        two.socket() as second,
        ScopaClient(server.host, server.port, headers=SUBPROTOCOL) as old,
    ):
        old.sign_up(name)
        there = statuses(old.sign_in(name))
        assert there[one.name] == there[two.name] == "available"
        old.propose(one.name, name, two.name, "cpu1")
        accept(one.page, name)
        accept(two.page, name)
        path = one.at_match()
        assert two.at_match() == path
        old.until("match_started")

        table = Table(name)
        people = {one.name: (one, first), two.name: (two, second)}
        turns = {one.name: 0, two.name: 0, name: 0}
        follow(old, table)
        while table.winners is None:
            mover = table.waiting
            assert mover is not None
            turns[mover] += 1
            if mover == name:
                play_as_old_client(old, table)
                continue
            record = matches.get(house, path.removeprefix("/match/"))
            unseen = record.version >= FIRST and record.version % DEAL < DEAL - LAST
            for player in (one, two):
                if unseen == player.page.url.endswith(path):
                    player.leave() if unseen else player.open_live(path)
            player, socket = people[mover]
            if unseen:
                play_unseen(socket, record)
            else:
                play(player)
            follow(old, table)
        # Everybody has played about as often as the others, and the two sides add up.
        assert max(turns.values()) - min(turns.values()) <= 1
        assert set(table.winners) in ({one.name, two.name}, {name, "cpu1"})
        last = _summary(table)
        winner = max(last, key=lambda side: side["total"])
        assert sorted(winner["players"]) == sorted(table.winners)
        assert winner["total"] >= 11

        for player in (one, two):
            page = player.page
            page.get_by_role("button", name="Continue").click()  # the last deal's summary
            won = player.name in table.winners
            expect(page.locator("#status")).to_contain_text(
                re.compile("You.* won" if won else f"{name}.* won")
            )
            points = {int(text) for text in page.locator("[data-points]").all_inner_texts()}
            assert points == {side["total"] for side in last}
        # Unrated, since the computer played; and all hands are open in the replay.
        expect(one.page.locator("#status")).to_contain_text("Not rated")
        one.page.click("#to-replay")
        expect(one.page.locator(".hand .playing-card[aria-hidden]")).to_have_count(0)
        one.open(f"{path}/verify")
        expect(one.page.locator("#verdict")).to_contain_text("as the seed says")


def _summary(table: Table) -> list[dict[str, Any]]:
    """What the last deal came to, as the old client is told."""
    summaries = [data for info, data in table.infos if info == "summary"]
    last: list[dict[str, Any]] = summaries[-1]
    return last
