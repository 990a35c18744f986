"""Those who look on: they are counted, see what happens, and come along to the rematch."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, Player, begin, play_on
from tests.browser.test_match import resign


def watchers(page: Page) -> str:
    return page.locator("#watchers .unseen").inner_text()


def test_watchers_are_counted(
    pair: tuple[Player, Player], arrive: Arrive, new_page: Callable[..., Page]
) -> None:
    one, other = pair
    path = one.at_match()
    play_on(one, other, SHORTEST_WIN[:2])
    expect(one.page.locator("#watchers")).to_be_hidden()
    third, lobby = arrive(), arrive()
    row = lobby.page.locator("#live-list li", has_text=one.name)
    expect(row).to_contain_text("Ultimate tic-tac-toe · 7 d a move")
    expect(row.locator("[data-watchers]")).to_have_text("0")
    third.open(path)
    for page in (one.page, other.page, third.page):
        expect(page.locator("#watchers .unseen")).to_have_text("1 watching")
    expect(row.locator("[data-watchers]")).to_have_text("1")
    twin = third.page.context.new_page()
    twin.goto(path)  # the same person once more
    stranger = new_page()
    stranger.goto(path)
    expect(one.page.locator("#watchers .unseen")).to_have_text("2 watching")
    expect(stranger.locator("#watchers .unseen")).to_have_text("2 watching")
    assert violations(stranger) == []
    stranger.close()
    twin.close()
    third.leave()
    expect(one.page.locator("#watchers")).to_be_hidden(timeout=60_000)
    expect(row.locator("[data-watchers]")).to_have_text("0")


def test_the_list_to_watch_is_live(pair: tuple[Player, Player], arrive: Arrive) -> None:
    one, other = pair
    third = arrive()
    third.open("/watch")
    stayed = third.stay()
    row = third.page.locator("#live-list li", has_text=one.name)
    expect(row).to_have_count(0)
    play_on(one, other, SHORTEST_WIN[:2])
    expect(row).to_contain_text(other.name)
    resign(other)
    expect(row).to_contain_text(f"{one.name} has won")
    stayed()


def test_strangers_find_a_match_to_watch(
    pair: tuple[Player, Player], new_page: Callable[..., Page]
) -> None:
    one, other = pair
    play_on(one, other, SHORTEST_WIN[:2])
    for script in (True, False):
        page = new_page(java_script_enabled=script)
        page.goto("/")
        page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Watch").click()
        page.locator("#live-list li", has_text=one.name).get_by_role("link").click()
        page.wait_for_url("**/match/*")
        Player(page, "").sees_last(SHORTEST_WIN[1], "b")


def test_somebody_signed_in_watches_without_being_thrown_out(
    pair: tuple[Player, Player], arrive: Arrive
) -> None:
    one, other = pair
    third = arrive()
    third.open(one.at_match())
    stayed = third.stay()
    play_on(one, other, SHORTEST_WIN[:4])
    third.sees_last(SHORTEST_WIN[3], "b")
    expect(third.page.locator("#announce")).to_contain_text(f"{one.name} plays in")
    resign(other)
    third.sees_result(f"{one.name} won: {other.name} left the match.")
    stayed()
    expect(third.page.locator("#waiting")).to_be_hidden()


def test_spectators_come_along_to_the_rematch(
    pair: tuple[Player, Player], arrive: Arrive, new_page: Callable[..., Page]
) -> None:
    one, other = pair
    path = one.at_match()
    third, reader = arrive(), arrive()
    stranger = new_page()
    third.open(path)
    stranger.goto(path)
    play_on(one, other, SHORTEST_WIN[:2])
    reader.open(f"{path}?ply=1")  # looks back, and is left in peace
    expect(one.page.locator("#watchers .unseen")).to_have_text("3 watching")
    resign(one)
    one.page.click("#rematch")
    one.page.wait_for_url(lambda url: not url.endswith(path))
    again = one.at_match()
    for page in (third.page, stranger):
        page.wait_for_url(re.compile(again))
    other.page.get_by_role("link", name="Go to the rematch").click()
    other.at_match()
    other.play("e5")
    third.sees_last("e5", "a")
    Player(stranger, "").sees_last("e5", "a")
    expect(other.page.locator("#watchers")).to_be_visible()
    expect(reader.page.get_by_role("link", name="Go to the rematch")).to_be_visible()
    assert path in reader.page.url
    one.post(f"{again}/end")


def test_a_private_rematch_stays_open_for_who_knew_the_code(arrive: Arrive) -> None:
    one, other, third = arrive(), arrive(), arrive()
    path = begin(one, other, access="private", code="swordfish")
    one.open(path)
    other.open(path)
    third.open(f"{path}?code=swordfish")
    play_on(one, other, SHORTEST_WIN[:2])
    third.sees_last(SHORTEST_WIN[1], "b")
    resign(one)
    one.page.click("#rematch")
    third.page.wait_for_url(lambda url: path not in url)
    other.page.get_by_role("link", name="Go to the rematch").click()
    other.at_match()
    other.play("e5")
    third.sees_last("e5", "a")
