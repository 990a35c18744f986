"""The analysis of a finished match: asked for, watched as it goes on, and gone through."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, begin, move_on

MOVES = SHORTEST_WIN[:2]
CHANCES = re.compile(r"Chances: x \d+%, o \d+%\. Best now: [a-i][1-9]\.")
JUDGED = re.compile(f"^{MOVES[1]} was (a|an|the) ")
PATIENCE = 60_000  # milliseconds: three positions, but the machine may think about other things


def finished(arrive: Arrive) -> tuple[Page, str]:
    """The page of a player whose opponent left after two moves, and the match's path."""
    one, other = arrive(at=""), arrive(at="")
    path = begin(one, other)
    move_on(one, other, path, MOVES)
    one.post(f"{path}/end")
    return other.page, path


def test_from_the_button_to_the_graph(arrive: Arrive, new_page: Callable[..., Page]) -> None:
    page, path = finished(arrive)
    page.add_init_script(MEASURE_SHIFT)
    page.goto(path)
    page.get_by_role("link", name="Replay and analysis").click()
    page.wait_for_url(f"**{path}/replay", wait_until="load")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-caption]")).to_have_text("After move 1 of 2.")
    page.get_by_role("button", name="Analyse this match").click()
    page.wait_for_url(re.compile(r"/replay\?ply=1#analysis$"))  # where one was
    page.evaluate("window.here = true")
    stands = page.locator("[data-stands]")
    expect(stands).to_have_text(CHANCES, timeout=PATIENCE)
    expect(page.locator("#announce")).to_contain_text("The analysis is done.")
    expect(page.locator("#analysis-results tbody tr").first).to_be_visible()
    assert page.evaluate("window.here")  # and that without a reload
    assert page.evaluate("window.shift") < 0.01
    assert violations(page, dark=True) == []

    # The graph has a point for each position, and each leads there; so do keys and moves.
    line = page.locator(".graph-line")
    assert str(line.get_attribute("d")).count("L") == len(MOVES)
    box = page.locator("[data-graph]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    expect(page.locator("[data-caption]")).to_have_text("After move 2 of 2.")
    assert page.url.endswith("?ply=2#analysis")
    expect(page.locator("[data-judged]")).to_have_text(JUDGED)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".graph-now")).to_have_attribute("d", "M1 0V100")
    best = page.locator(".tile.best")
    expect(best).to_have_count(1)
    square = best.get_attribute("data-at")
    expect(stands).to_contain_text(f"Best now: {square}.")
    expect(page.locator("#announce")).to_contain_text(f"Best now: {square}.")
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + 9, steps=8)  # dragged along it
    page.mouse.up()
    expect(page.locator("[data-caption]")).to_have_text("Before the first move.")

    # Who gets the link sees the same before any script runs, on a phone too.
    page.keyboard.press("End")
    here = [page.locator(f"[data-{part}]").inner_text() for part in ("judged", "stands")]
    guest = new_page(java_script_enabled=False, viewport={"width": 360, "height": 740})
    guest.goto(page.url)
    assert [guest.locator(f"[data-{part}]").inner_text() for part in ("judged", "stands")] == here
    assert str(guest.locator(".graph-line").get_attribute("d")).count("L") == len(MOVES)
    assert guest.evaluate("document.documentElement.scrollWidth") <= 360
    guest.locator(".moves a", has_text=MOVES[0]).click()
    expect(guest.locator("[data-judged]")).to_have_text(re.compile(f"^{MOVES[0]} was "))
