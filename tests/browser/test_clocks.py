"""Matches by the clock: both sides see both, counting; the house says when time is up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive, seated
from tests.browser.players import Player, begin, move_on

COUNTING = re.compile(r"^2:([0-4]\d|5[0-8])$")  # has been for a second at least

# Nothing on the page goes on meanwhile. What its clock showed as it fell asleep.
NAP = """
  () => {
    const shown = document.querySelector('[data-clock="0"]').innerText;
    for (const end = performance.now() + 2100; performance.now() < end; ) ;
    return shown;
  }
"""


def clock(player: Player, seat: int) -> Locator:
    return player.page.locator(f'[data-clock="{seat}"]')


def seconds(player: Player, seat: int) -> float:
    """What a clock shows, in seconds."""
    return in_seconds(clock(player, seat).inner_text())


def in_seconds(shown: str) -> float:
    if ":" not in shown:
        return float(shown)
    minutes, rest = shown.split(":")
    return int(minutes) * 60 + int(rest)


def agree(one: Player, other: Player, seat: int) -> None:
    """Both see the same on a clock that counts, however long it takes to look."""
    before, shown, after = (seconds(player, seat) for player in (one, other, one))
    assert after - 1.5 <= shown <= before + 1.5


@pytest.fixture
def by_clock(arrive: Arrive) -> Iterator[tuple[Player, Player]]:
    """The two at a match with three minutes each and two seconds more a move."""
    yield from seated(arrive, time="180+2")


def test_both_clocks_count_on_both_sides(
    by_clock: tuple[Player, Player], new_page: Callable[..., Page]
) -> None:
    one, other = by_clock
    for player in by_clock:
        expect(clock(player, 1)).to_have_text("3:00")
        expect(clock(player, 0)).to_have_text(COUNTING)
    the_pages_own_clock_may_be_wrong(one, new_page())
    a_nap_is_told_as_it_ends(one)
    in_sight_on_every_screen(one.page)
    one.play("e5")
    for player in by_clock:
        player.sees_last("e5", "a")
        expect(clock(player, 1)).to_have_text(COUNTING)
    still = seconds(one, 0)
    counted = clock(one, 1).inner_text()
    expect(clock(one, 1)).not_to_have_text(counted)
    assert seconds(one, 0) == still  # it is not their turn
    agree(one, other, 1)
    after_a_reload_and_an_outage_they_are_right(one, other)


def the_pages_own_clock_may_be_wrong(one: Player, page: Page) -> None:
    page.clock.install(time="2031-05-05T12:00:00Z")
    page.clock.resume()
    page.goto(one.at_match(), wait_until="domcontentloaded")
    expect(page.locator("#watchers")).to_be_visible()  # live
    agree(one, Player(page, ""), 0)
    page.close()


def a_nap_is_told_as_it_ends(one: Player) -> None:
    """Timers stand still while a page sleeps; what is shown after that is right at once."""
    shown = one.page.evaluate(NAP)
    expect(clock(one, 0)).not_to_have_text(shown)
    assert in_seconds(shown) - seconds(one, 0) >= 2


def in_sight_on_every_screen(page: Page) -> None:
    for width, height in ((360, 740), (740, 360), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        for seat in (0, 1):
            box = page.locator(f'[data-clock="{seat}"]').bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height
            name = page.locator(f"#seat-{seat} .player").bounding_box()
            assert name is not None
            assert name["x"] + name["width"] <= box["x"]
    page.set_viewport_size({"width": 1280, "height": 720})


def after_a_reload_and_an_outage_they_are_right(one: Player, other: Player) -> None:
    """And nothing moves while they count."""
    other.page.reload(wait_until="domcontentloaded")
    other.page.evaluate(MEASURE_SHIFT)
    agree(one, other, 1)
    other.play("d6")
    for player in (one, other):
        player.sees_last("d6", "b")
    expect(clock(other, 0)).not_to_have_text(clock(other, 0).inner_text())
    assert other.page.evaluate("window.shift") < 0.01
    other.page.context.set_offline(True)
    expect(other.page.locator("#connection")).to_have_text("Reconnecting…")
    expect(clock(other, 0)).not_to_have_text(clock(other, 0).inner_text())  # goes on by itself
    other.page.context.set_offline(False)
    expect(other.page.locator("#connection")).to_be_empty()
    agree(one, other, 0)


def test_time_runs_out(arrive: Arrive) -> None:
    """With half a minute each: told at ten seconds, shown in tenths, and lost by the clock."""
    one, other = arrive(at=""), arrive(at="")
    table = one.ask("challenge", player=other.name, time="30+0")["table"]
    path = other.post(f"/table/{table['id']}/accept")
    move_on(one, other, path, ["e5", "d6"])
    one.open(path)
    other.open(path)
    told = one.page.locator("#announce-time")
    face = one.page.locator("#seat-0 .clock")
    expect(told).to_have_text("You have 10 seconds left.", timeout=60_000)
    expect(clock(one, 0)).to_have_text(re.compile(r"^\d\.\d$"))
    expect(face).to_have_class(re.compile("clock-low"))
    assert violations(one.page) == []
    expect(other.page.locator("#announce-time")).to_be_empty()
    expect(one.page.locator("#status")).to_contain_text("you ran out of time", timeout=30_000)
    other.sees_result(f"You won: {one.name} ran out of time.")
    for player in (one, other):
        expect(clock(player, 0)).to_have_text("0.0")
        player.page.reload(wait_until="domcontentloaded")
        expect(clock(player, 0)).to_have_text("0.0")
        player.sees_result("ran out of time")


def test_by_the_move_there_are_no_clocks(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive(at="")
    path = begin(one, other)
    one.open(path)
    expect(one.page.locator("#seat-0 time")).to_have_text(re.compile(r"^(6 d 23|7 d 0) h$"))
    expect(one.page.locator("[data-clock]")).to_have_count(0)
    one.post(f"{path}/end")
