"""Matches to look at in a browser: small boards that are live, and the best match."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import SHORTEST_WIN, begin, move_on
from tests.browser.scopa_people import advance, deal, house_of
from tests.support.server import Server

TAPS = "window.sent = []; const send = WebSocket.prototype.send;\
 WebSocket.prototype.send = function (data) { window.sent.push(data); send.call(this, data); };"


def test_small_boards_are_live_for_a_stranger(
    register: Register, new_page: Callable[..., Page], server: Server
) -> None:
    one, other = register(), register()
    path = begin(one, other)
    move_on(one, other, path, SHORTEST_WIN[:4])
    with house_of(server) as house:
        record = advance(house, deal(house, [one.name, other.name], b"c" * 32), 2)
    page = new_page(viewport={"width": 360, "height": 740})
    page.add_init_script(MEASURE_SHIFT)
    page.add_init_script(TAPS)
    page.goto("/watch?game=uttt", wait_until="domcontentloaded")
    squares = page.locator("#live-list .small", has_text=one.name)
    expect(squares).to_contain_text(f"{one.name} is to move")
    assert "data-state" in squares.evaluate("(each) => each.outerHTML.slice(0, 600)")
    page.wait_for_function("window.sent.some((each) => each.includes('small_boards'))")
    page.evaluate("window.shift = 0")
    move_on(one, other, path, SHORTEST_WIN[4:5], ply=4)
    expect(squares).to_contain_text(f"{other.name} is to move")
    marks = squares.locator("[data-picture]").get_attribute("aria-label") or ""
    assert f"Last move {SHORTEST_WIN[4]}." in marks
    expect(squares.locator(".on-move .small-name")).to_have_text(other.name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Cards are on the other page; it is followed there.
    page.goto("/watch?game=scopa")
    cards = page.locator("#live-list .small", has_text=one.name)
    lying = len(record.state.table)
    expect(cards.locator("[data-lying] > *")).to_have_count(lying)
    assert violations(page, dark=True) == []
    page.goto("/watch?game=uttt")
    page.wait_for_function("window.sent.some((each) => each.includes('small_boards'))")
    move_on(one, other, path, SHORTEST_WIN[5:], ply=5)
    expect(squares).to_contain_text(f"{one.name} has won")
    expect(squares.locator(".on-move")).to_have_count(0)
    assert page.evaluate("window.shift") < 0.01
    assert violations(page) == []  # in the dark above


def test_the_best_match_goes_on_to_the_next_one_unless_one_stays(
    arrive: Arrive, register: Register, new_page: Callable[..., Page]
) -> None:
    one, other = arrive(at=""), register()
    path = begin(one, other)
    match_id = path.rsplit("/", 1)[-1]
    move_on(one, other, path, SHORTEST_WIN[:2])
    one.open_live(path)
    page = new_page()
    page.clock.install()
    page.goto(f"/watch/best?match={match_id}")
    expect(page.locator("[data-words]").first).to_have_text(f"{one.name} is to move")
    expect(one.page.locator("#watchers .unseen")).to_have_text("1 watching")
    assert violations(page, dark=True) == []
    one.leave()
    move_on(one, other, path, SHORTEST_WIN[2:], ply=2)
    expect(page.locator(".small-state")).to_contain_text(f"{one.name} has won")
    told = page.locator("#best-told")
    expect(told).to_contain_text("You go on to the next match in")
    page.get_by_role("button", name="Stay here").click()
    expect(told).to_have_text("You stay with this match.")
    page.clock.run_for(60_000)
    assert page.url.endswith(f"match={match_id}")
    expect(page.get_by_role("link", name="The next match")).to_be_visible()
    page.reload()  # it is over: the page shows how it has ended
    expect(page.locator(".small-state")).to_contain_text(f"{one.name} has won")
    page.get_by_role("link", name="The next match").click()
    page.wait_for_url("**/watch/best")
