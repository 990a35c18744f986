"""Everything that matters, with JavaScript switched off."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, Player


def test_a_match_with_forms_and_links_alone(arrive: Arrive) -> None:
    one, other = (arrive(java_script_enabled=False) for _ in range(2))
    one.seek()
    expect(one.page.locator("#cancel-form")).to_contain_text("Waiting for an opponent")
    other.seek()
    other.page.wait_for_url("**/match/*")
    one.page.reload()  # what the page itself does every few seconds
    one.page.wait_for_url("**/match/*")
    path = other.at_match()
    for number, square in enumerate(SHORTEST_WIN):
        mover, waiter = (one, other) if number % 2 == 0 else (other, one)
        if 1 <= number < 16:  # the same forms, faster
            mover.post(f"{path}/move", square=square)
            continue
        mover.page.reload()
        mover.page.click(f'[data-at="{square}"]:enabled')
        mover.sees_last(square, "ab"[number % 2])
    waiter.page.reload()
    other.sees_result(f"{one.name} won: three boards in a row.")
    one.sees_result("Your rating: 1000 → 1010")
    one.page.click('#moves a[data-ply="3"]')
    one.sees_last(SHORTEST_WIN[2], "a")
    one.page.get_by_role("link", name="Replay").click()
    one.page.click('[data-step="first"]')
    expect(one.page.locator("[data-caption]")).to_have_text("Before the first move.")
    other.page.click("#rematch")
    other.page.click('[data-at="e5"]:enabled')
    one.open("/lobby")
    expect(one.page.locator("#matches")).to_contain_text("Your turn")
    one.page.click("#matches a")
    one.sees_last("e5", "a")
    one.page.click("#leave")
    expect(one.page.locator("main")).to_contain_text("it ends without a result")
    one.page.click("#leave-form button")
    one.sees_result("You closed the match before both had moved: no result.")
    one.open("/lobby")
    cancel_and_a_wrong_name(one)


def cancel_and_a_wrong_name(one: Player) -> None:
    one.seek()
    one.page.click("#cancel-button")
    expect(one.page.locator("#seek-form")).to_be_visible()
    one.page.fill("#player", "nobody-at-all")
    one.page.click("#challenge-button")
    expect(one.page.locator("#player-error")).to_have_text("Nobody here has that name.")
    expect(one.page.locator("#player")).to_have_value("nobody-at-all")
    expect(one.page.locator("#player")).to_have_attribute("aria-invalid", re.compile("true"))
