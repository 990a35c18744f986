"""Robots at a bridge table: they fill it for one, and play on for those who have left."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.games.bridge import SIDES
from tests.browser.bridge_people import (
    PLAYABLE,
    TABLE_URL,
    Absent,
    Person,
    Seat,
    at_table,
    post,
    seat_four,
    state_of,
)
from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.conftest import lay_out, settings_for_tests
from tests.support import cluster
from tests.support.server import Server

DEAL_SECONDS = 150.0  # robots think about every card, and two cores have other things to do
SHORT = {"BRIDGE_KEEP": "2", "BRIDGE_AWAY": "1", "BRIDGE_NEXT": "600"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Server]:
    """A house where robots soon take the seats of who has left."""
    instance = tmp_path_factory.mktemp("robots") / "instance"
    lay_out(settings_for_tests(instance), migrated)
    with cluster.serve(instance, SHORT) as server:
        yield server


def play_out(seat: Seat, most: int = 52) -> int:
    """Pass, play first cards and agree to claims until the deal is over, or `most` cards are
    played; how many they were."""
    page, played = seat.page, 0
    until = time.monotonic() + DEAL_SECONDS
    ready = f'#box [name=bid][value="pass"]:enabled, {PLAYABLE}, #ask-answers:not([hidden]) button'
    while played < most and time.monotonic() < until:
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
    if played == most:
        return played
    raise AssertionError(f"the deal was not over in time: {page.locator('#turn').inner_text()}")


def test_one_person_plays_with_three_robots(arrive: Arrive) -> None:
    player = arrive(at="")
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


def test_three_leave_in_mid_deal_and_robots_play_on(arrive: Arrive, server: Server) -> None:
    """To a claim of declarer's, which robots answer."""
    declarer, leader = arrive(at=""), arrive(at="")
    others = [Absent(server) for _ in "SW"]
    people: dict[str, Person] = {"N": declarer, "E": leader, "S": others[0], "W": others[1]}
    path = seat_four(list(people.values()), "robots")
    seats = at_table([declarer, leader], path)
    connections = [other.connect() for other in others]
    stays, page = seats["N"], declarer.page
    first = SIDES.index(state_of(page)["view"]["dealer"])
    calls = [*["pass"] * (-first % 4), "1S", "pass", "pass", "pass"]
    for step, bid in enumerate(calls, first):
        post(people[SIDES[step % 4]], f"{path.removeprefix('/bridge')}/bid", bid=bid)
    led = seats["E"].play_any()
    stays.sees_in_trick(led)

    # One presses Leave, the others close their browsers.
    leader.page.click("#leave")
    leader.page.locator("#leaving .button-danger").click()
    leader.page.wait_for_url(re.compile("/bridge$"), wait_until="domcontentloaded")
    for connection in connections:
        connection.close()
    expect(page.locator(".who .player strong")).to_have_count(3, timeout=30_000)
    # Declarer, who stays, plays their own hand and dummy's: half of what is left.
    assert play_out(stays, 6) == 6
    assert sum(stays.tricks(pair) for pair in ("NS", "EW")) >= 2
    page.click("#claim-open")
    page.locator("#claims label").last.click()  # the rest is all theirs
    page.click("#claim-button")
    expect(page.locator("#over")).to_be_visible(timeout=30_000)
    expect(page.locator(".written-hands .written")).to_have_count(4)
    expect(page.locator("#session .deals tbody tr")).to_have_count(1)
