"""Two people at the website play each other."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, Player, move_on, play_on
from tests.support.server import Server
from tests.support.site import Visitor


def test_they_meet_by_queue_and_play_to_the_end(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.wait_for_opponent()
    other.seek()
    path = one.at_match()
    assert path == other.at_match()
    play_on(one, other, SHORTEST_WIN[:2])
    move_on(one, other, path, SHORTEST_WIN[2:16], ply=2)
    play_on(one, other, SHORTEST_WIN[16:], ply=16)
    one.sees_result("You won: three boards in a row.")
    one.sees_result("Your rating: 1000 → 1010")
    other.sees_result(f"{one.name} won: three boards in a row.")
    other.sees_result("Your rating: 1000 → 990")
    assert (one.rating(), other.rating()) == (1010, 990)
    expect(one.page.locator("#seat-0")).to_contain_text("+10")
    expect(one.page.locator("#seat-1")).to_contain_text("−10")
    expect(one.page.locator(".plate.line.won-a")).to_have_count(3)
    expect(one.page.locator('[aria-disabled="false"]')).to_have_count(0)
    one.open("/lobby")
    expect(one.page.locator("#recent li").first).to_contain_text(f"against {other.name}")
    expect(one.page.locator("#recent li").first).to_contain_text("Won +10")
    expect(one.page.locator("#place")).to_contain_text("1010")


def test_an_invitation_finds_the_other_on_any_page(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive(at="")
    other.open_live("/rankings")
    path = one.invite(other.name)  # at once, as old clients do it
    notice = other.page.locator(".toast")
    expect(notice).to_contain_text(f"{one.name} has started a match with you.")
    notice.get_by_role("link").click()
    assert other.at_match() == path
    one.play("e5")
    other.sees_last("e5", "a")
    expect(other.page.locator("#turn")).to_have_text("Your turn: play in the centre board.")
    expect(one.page.locator("#turn")).to_have_text(f"{other.name} is to play in the centre board.")
    expect(other.page.locator("#waiting")).to_have_text(re.compile("1 match waits for you"))
    expect(other.page).to_have_title(re.compile(r"^\(1\) "))
    expect(other.page.locator('link[rel="icon"]')).to_have_attribute("href", re.compile("waiting"))
    other.play("d6")
    expect(other.page).to_have_title(re.compile(r"^[^(]"))
    expect(other.page.locator("#waiting")).to_be_hidden()


def test_a_match_on_several_pages(
    pair: tuple[Player, Player], new_page: Callable[..., Page]
) -> None:
    """A press in vain, a reload, a look back and another tab change nothing; strangers watch."""
    one, other = pair
    path = one.at_match()
    page = new_page()
    page.goto(path)
    watcher = Player(page, "")
    what_cannot_be_played_is_said(one, other)
    reloaded_they_show_the_same(pair)
    looking_back_while_it_goes_on(one, other)
    watcher.sees_last(SHORTEST_WIN[8], "a")
    two_tabs_show_the_same(one, other)
    watcher.sees_last(SHORTEST_WIN[12], "a")
    expect(page.locator("#turn")).to_have_text(f"{other.name} is to play in the bottom left board.")
    assert page.locator(".board button, #leave, #rematch, #befriend").count() == 0
    one.page.click("#befriend")
    expect(one.page.locator("#message")).to_have_text(f"{other.name} is now among your friends.")
    expect(one.page.locator("#befriend")).to_have_count(0)
    resign(other)
    watcher.sees_result(f"{one.name} won: {other.name} left the match.")
    one.open("/friends")
    expect(one.page.locator("main")).to_contain_text(other.name)


def what_cannot_be_played_is_said(one: Player, other: Player) -> None:
    message = other.page.locator("#message")
    other.presses_in_vain("e5", "It is not your turn yet.")
    play_on(one, other, SHORTEST_WIN[:1])
    move_on(one, other, one.at_match(), SHORTEST_WIN[1:7], ply=1)
    other.sees_last(SHORTEST_WIN[6], "a")  # A has won the top left board; B is sent to the right
    expect(message).to_be_empty()
    other.presses_in_vain("a8", "That board is already won. Play in a lit one.")
    other.presses_in_vain("e1", "That square cannot be played now.")
    expect(other.page.locator("#moves li")).to_have_count(7)


def reloaded_they_show_the_same(pair: tuple[Player, Player]) -> None:
    for player in pair:
        player.page.reload(wait_until="domcontentloaded")
        player.sees_last(SHORTEST_WIN[6], "a")
        expect(player.page.locator("#moves li")).to_have_count(7)
    play_on(*pair, SHORTEST_WIN[7:8], ply=7)


def looking_back_while_it_goes_on(one: Player, other: Player) -> None:
    one.page.click('#moves a[data-ply="1"]')
    expect(one.page.locator("[data-caption]")).to_have_text("After move 1 of 8.")
    one.sees_last(SHORTEST_WIN[0], "a")
    one.presses_in_vain("b9", "You are looking at an earlier move.")
    one.page.click('[data-step="last"]')
    one.sees_last(SHORTEST_WIN[7], "b")
    play_on(one, other, SHORTEST_WIN[8:9], ply=8)


def two_tabs_show_the_same(one: Player, other: Player) -> None:
    path = one.at_match()
    second = one.page.context.new_page()
    twin = Player(second, one.name)
    twin.open(path)
    move_on(one, other, path, SHORTEST_WIN[9:10], ply=9)
    twin.play(SHORTEST_WIN[10])
    for player in (one, other, twin):
        player.sees_last(SHORTEST_WIN[10], "a")
    second.close()
    other.play(SHORTEST_WIN[11])
    one.sees_last(SHORTEST_WIN[11], "b")
    move_on(one, other, path, SHORTEST_WIN[12:13], ply=12)
    one.sees_last(SHORTEST_WIN[12], "a")


def test_the_connection_is_lost_and_found(pair: tuple[Player, Player]) -> None:
    one, other = pair
    play_on(one, other, SHORTEST_WIN[:2])
    stayed = other.stay()
    other.page.context.set_offline(True)
    line = other.page.locator("#connection")
    expect(line).to_have_text("Reconnecting…")
    one.play(SHORTEST_WIN[2])
    one.sees_last(SHORTEST_WIN[2], "a")
    expect(other.tile(SHORTEST_WIN[2])).not_to_have_class(re.compile("is-a"))
    other.page.context.set_offline(False)
    other.sees_last(SHORTEST_WIN[2], "a")
    expect(line).to_be_hidden()
    stayed()
    play_on(one, other, SHORTEST_WIN[3:4], ply=3)

    # The second time the match goes on, and ends, meanwhile.
    other.page.context.set_offline(True)
    expect(line).to_be_visible()
    move_on(one, other, one.at_match(), SHORTEST_WIN[4:5], ply=4)
    one.post(f"{one.at_match()}/end")
    other.page.context.set_offline(False)
    other.sees_result(f"You won: {one.name} left the match.")
    expect(other.page.locator("#moves li")).to_have_count(5)
    stayed()


def test_the_server_is_killed_and_comes_back(pair: tuple[Player, Player], server: Server) -> None:
    one, other = pair
    play_on(one, other, SHORTEST_WIN[:1])
    checks = [one.stay(), other.stay()]
    server.kill()
    expect(one.page.locator("#connection")).to_have_text("Reconnecting…")
    server.start()
    play_on(one, other, SHORTEST_WIN[1:3], ply=1)
    for stayed in checks:
        stayed()


def test_resigning_says_what_it_costs_and_a_rematch_swaps_the_sides(
    pair: tuple[Player, Player],
) -> None:
    one, other = pair
    path = one.at_match()
    move_on(one, other, path, SHORTEST_WIN[:2])
    one.sees_last(SHORTEST_WIN[1], "b")
    before = one.rating(), other.rating()
    one.page.click("#leave")
    dialog = one.page.locator("#leaving")
    cost = re.compile(rf"your rating falls from {before[0]} to (\d+)\.")
    expect(dialog).to_contain_text(cost)
    found = cost.search(dialog.inner_text())
    assert found is not None
    after = int(found[1])
    dialog.get_by_role("link", name="Keep playing").click()
    expect(dialog).to_be_hidden()
    one.play(SHORTEST_WIN[2])
    other.sees_last(SHORTEST_WIN[2], "a")
    resign(one)
    one.sees_result(f"{other.name} won: you left the match.")
    other.sees_result(f"You won: {one.name} left the match.")
    assert (one.rating(), other.rating()) == (after, sum(before) - after)

    path = rematch(one, other, path)
    expect(other.page.locator("#seat-0")).to_contain_text(other.name)
    closing_what_has_not_begun_costs_nothing(one, other)
    rematch(one, other, path)
    expect(one.page.locator("#seat-0")).to_contain_text(one.name)
    one.play("e5")
    other.sees_last("e5", "a")
    one.post(f"{one.at_match()}/end")


def rematch(one: Player, other: Player, path: str) -> str:
    """One asks for it, the other follows; its path."""
    one.page.click("#rematch")
    one.page.wait_for_url(lambda url: not url.endswith(path), wait_until="domcontentloaded")
    other.page.get_by_role("link", name="Go to the rematch").click()
    again = one.at_match()
    other.page.wait_for_url(f"**{again}", wait_until="domcontentloaded")
    return again


def closing_what_has_not_begun_costs_nothing(one: Player, other: Player) -> None:
    before = one.rating(), other.rating()
    one.page.click("#leave")
    dialog = one.page.locator("#leaving")
    expect(dialog).to_contain_text("Nobody has moved yet: it ends without a result.")
    dialog.get_by_role("button", name="Close match").click()
    one.sees_result("You closed the match before both had moved: no result.")
    other.sees_result(f"{one.name} closed the match before both had moved: no result.")
    assert (one.rating(), other.rating()) == before


def test_a_session_ended_elsewhere_is_told(arrive: Arrive, server: Server) -> None:
    one = arrive()
    Visitor(server.url).sign_in(one.name).post("/settings/sessions/others", page="/settings")
    line = one.page.locator("#connection")
    expect(line).to_contain_text("You have been signed out.")
    one.page.reload()
    expect(one.page.get_by_role("button", name="Sign in")).to_be_visible()


def resign(player: Player) -> None:
    player.page.click("#leave")
    player.page.locator("#leaving").get_by_role("button", name="Resign").click()
    expect(player.page.locator("#rematch")).to_be_visible()
