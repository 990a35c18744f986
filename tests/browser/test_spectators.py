"""Those who look on: they are counted, see what happens, and come along to the rematch."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import SHORTEST_WIN, Player, begin, move_on


def test_watchers_are_counted(
    arrive: Arrive, register: Register, new_page: Callable[..., Page]
) -> None:
    """And see what happens, also when signed in, without being thrown out."""
    one, other = arrive(at=""), register()
    path = begin(one, other)
    move_on(one, other, path, SHORTEST_WIN[:2])
    one.open_live(path)
    expect(one.page.locator("#watchers")).to_be_hidden()
    third, lobby = arrive(at=""), arrive()
    row = lobby.page.locator("#live-list li", has_text=one.name)
    expect(row).to_contain_text("Ultimate tic-tac-toe · 7 d a move")
    expect(row.locator("[data-watchers]")).to_have_text("0")
    third.open(path)
    for page in (one.page, third.page):
        expect(page.locator("#watchers .unseen")).to_have_text("1 watching")
    expect(row.locator("[data-watchers]")).to_have_text("1")
    twin = third.page.context.new_page()
    twin.goto(path, wait_until="domcontentloaded")  # the same person once more
    stranger = new_page()
    stranger.goto(path, wait_until="domcontentloaded")
    expect(one.page.locator("#watchers .unseen")).to_have_text("2 watching")
    expect(stranger.locator("#watchers .unseen")).to_have_text("2 watching")
    assert violations(stranger) == []
    stranger.close()
    twin.close()
    third.leave()
    expect(one.page.locator("#watchers")).to_be_hidden(timeout=60_000)
    expect(row.locator("[data-watchers]")).to_have_text("0")
    one.leave()
    lobby.open_live(path)
    stayed = lobby.stay()
    move_on(one, other, path, SHORTEST_WIN[2:4], ply=2)
    lobby.sees_last(SHORTEST_WIN[3], "b")
    expect(lobby.page.locator("#announce")).to_contain_text(f"{one.name} plays in")
    other.post(f"{path}/end")
    lobby.sees_result(f"{one.name} won: {other.name} left the match.")
    stayed()
    expect(lobby.page.locator("#waiting")).to_be_hidden()


def test_strangers_find_a_match_to_watch(
    register: Register, arrive: Arrive, new_page: Callable[..., Page]
) -> None:
    """In a list that is live."""
    one, other = register(), register()
    path = begin(one, other)
    third = arrive(at="/watch")
    stayed = third.stay()
    row = third.page.locator("#live-list li", has_text=one.name)
    expect(row).to_have_count(0)
    move_on(one, other, path, SHORTEST_WIN[:2])
    expect(row).to_contain_text(other.name)
    for script in (True, False):
        page = new_page(java_script_enabled=script)
        page.goto("/", wait_until="domcontentloaded")
        page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Watch").click()
        page.locator("#live-list li", has_text=one.name).get_by_role("link").click()
        page.wait_for_url("**/match/*", wait_until="domcontentloaded")
        Player(page, "").sees_last(SHORTEST_WIN[1], "b")
        page.close()
    other.post(f"{path}/end")
    expect(row).to_contain_text(f"{one.name} has won")
    stayed()


def test_spectators_come_along_to_the_rematch(
    arrive: Arrive, register: Register, new_page: Callable[..., Page]
) -> None:
    one, other, third = register(), arrive(at=""), arrive(at="")
    path = begin(one, other)
    move_on(one, other, path, SHORTEST_WIN[:2])
    stranger = new_page()
    reader = third.page.context.new_page()
    other.open_live(path)
    third.open_live(path)
    stranger.goto(path, wait_until="domcontentloaded")
    reader.goto(f"{path}?ply=1", wait_until="domcontentloaded")  # is left in peace
    expect(other.page.locator("#watchers .unseen")).to_have_text("2 watching")
    one.post(f"{path}/end")
    again = one.post(f"{path}/rematch")
    for page in (third.page, stranger):
        page.wait_for_url(re.compile(again), wait_until="domcontentloaded")
    other.page.get_by_role("link", name="Go to the rematch").click()
    other.at_match()
    other.play("e5")
    third.sees_last("e5", "a")
    Player(stranger, "").sees_last("e5", "a")
    expect(other.page.locator("#watchers")).to_be_visible()
    expect(reader.get_by_role("link", name="Go to the rematch")).to_be_visible()
    assert path in reader.url
    one.post(f"{again}/end")


def test_a_private_rematch_stays_open_for_who_knew_the_code(
    arrive: Arrive, register: Register
) -> None:
    one, other, third = register(), register(), arrive(at="")
    path = begin(one, other, access="private", code="swordfish")
    third.open_live(f"{path}?code=swordfish")
    move_on(one, other, path, SHORTEST_WIN[:2])
    third.sees_last(SHORTEST_WIN[1], "b")
    one.post(f"{path}/end")
    again = one.post(f"{path}/rematch")
    third.page.wait_for_url(re.compile(again), wait_until="domcontentloaded")
    other.post(f"{again}/move", square="e5")
    third.sees_last("e5", "a")
    one.post(f"{again}/end")
