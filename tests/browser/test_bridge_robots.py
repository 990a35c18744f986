"""Robots at a bridge table: they fill it for one, and play on for those who have left."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.games.bridge import SIDES
from tests.browser.bridge_people import PLAYABLE, TABLE_URL, Seat, at_table, seat_four
from tests.browser.checks import violations
from tests.browser.players import Player
from tests.support.server import Server

DEAL_SECONDS = 150.0  # robots think about every card, and two cores have other things to do
SHORT = {"BRIDGE_KEEP": "2", "BRIDGE_AWAY": "1", "BRIDGE_NEXT": "600"}


def arrive(new_page: Callable[..., Page], server: Server) -> Player:
    """Somebody new at a server of the test's own."""
    page = new_page(base_url=server.url)
    page.set_default_timeout(15_000)
    return Player.arrive(page, server, at="")


def play_out(seat: Seat) -> int:
    """Pass, play first cards and agree to claims until the deal is over; how many cards."""
    page, played = seat.page, 0
    until = time.monotonic() + DEAL_SECONDS
    ready = f'#box [name=bid][value="pass"]:enabled, {PLAYABLE}, #ask-answers:not([hidden]) button'
    while time.monotonic() < until:
        if page.locator("#over").is_visible():
            return played
        target = page.locator(f"{ready} >> visible=true").first
        if target.count() == 0:
            page.wait_for_timeout(30)
            continue
        is_card = "playing-card" in (target.get_attribute("class") or "")
        played += is_card
        target.click(position={"x": 8, "y": 8})
        page.wait_for_timeout(60)  # until it is known to be under way
    raise AssertionError(f"the deal was not over in time: {page.locator('#turn').inner_text()}")


def test_one_person_plays_with_three_robots(
    make_server: Callable[..., Server], new_page: Callable[..., Page]
) -> None:
    server = make_server(**SHORT)
    player = arrive(new_page, server)
    page = player.page
    player.open("/bridge")
    assert violations(page, dark=True) == []
    page.locator("#with-robots button").click()
    page.wait_for_url(TABLE_URL)
    seat = Seat(player, "S")
    expect(page.locator("#fan .playing-card")).to_have_count(13)
    expect(page.locator(".who .player strong")).to_have_count(3)
    hand = seat.hand()

    play_out(seat)
    expect(page.locator("#over h2")).to_be_visible()
    # What a robot's call meant can be looked up.
    meant = page.locator("#calls button.call").first
    assert meant.get_attribute("title")

    page.click("#to-board")
    page.wait_for_url(re.compile("/bridge/board/[0-9a-f]{32}$"))
    expect(page.locator("main")).to_contain_text(player.name)
    assert len(hand) == 13
    player.open("/bridge")
    page.locator("#own a").click()
    page.wait_for_url(TABLE_URL)
    page.locator("#ready").click()
    expect(page.locator("#fan .playing-card")).to_have_count(13)
    assert seat.hand() != hand


def test_three_leave_in_mid_deal_and_robots_finish_it(
    make_server: Callable[..., Server], new_page: Callable[..., Page]
) -> None:
    server = make_server(**SHORT)
    people = [arrive(new_page, server) for _ in SIDES]
    path = seat_four(people, "robots")
    seats = at_table(people, path)
    dealer = people[0].page.locator(".tag-dealer").locator("xpath=ancestor::section")
    first = dealer.get_attribute("data-side")
    assert first is not None
    start = SIDES.index(first)
    for step, bid in enumerate(("1S", "pass", "pass", "pass")):
        seats[SIDES[(start + step) % 4]].call(bid)
    leader = SIDES[(start + 1) % 4]
    led = seats[leader].play_any()
    stays = seats[first]
    stays.sees_in_trick(led)

    # One presses Leave, the others close their browsers.
    leaving = seats[leader].page
    leaving.click("#leave")
    leaving.locator("#leaving .button-danger").click()
    leaving.wait_for_url(re.compile("/bridge$"))
    for side, seat in seats.items():
        if side not in (first, leader):
            seat.player.leave()
    expect(stays.page.locator(".who .player strong")).to_have_count(3, timeout=30_000)
    # Declarer, who stays, plays their own hand and dummy's: half of what is left.
    assert play_out(stays) > 0
    expect(stays.page.locator(".written-hands .written")).to_have_count(4)
    expect(stays.page.locator("#session .deals tbody tr")).to_have_count(1)
