"""Going through a finished match."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Arrive, Register
from tests.browser.players import SHORTEST_WIN, begin, move_on


def test_step_by_step_and_saved(arrive: Arrive, register: Register) -> None:
    one, other = register(), arrive(at="")
    path = begin(one, other)
    move_on(one, other, path, SHORTEST_WIN[:5])
    one.post(f"{path}/end")
    page = other.page
    other.open(f"{path}/replay")
    caption = page.locator("[data-caption]")
    expect(caption).to_have_text("After move 5 of 5.")
    expect(page.locator(".plate.lit")).to_have_count(0)
    for key, ply in (("ArrowLeft", 4), ("Home", 0), ("ArrowRight", 1), ("End", 5), ("End", 5)):
        page.keyboard.press(key)
        text = f"After move {ply} of 5." if ply else "Before the first move."
        expect(caption).to_have_text(text)
        expect(page.locator(".tile:is(.is-a, .is-b)")).to_have_count(ply)
        assert page.url.endswith(f"?ply={ply}")
    page.click('#moves a[data-ply="2"]')
    other.sees_last(SHORTEST_WIN[1], "b")
    other.open(f"{path}/replay?ply=3")  # a link to a position
    other.sees_last(SHORTEST_WIN[2], "a")
    expect(caption).to_have_text("After move 3 of 5.")
    page.keyboard.press("ArrowRight")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share the link to this position").click()
    expect(page.locator("#message")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.url.endswith(f"{path}/replay?ply=4")

    with page.expect_download() as text:
        page.get_by_role("link", name="Save as text").click()
    lines = Path(text.value.path()).read_text().splitlines()
    assert f"Result: {other.name} won: {one.name} left the match." in lines
    assert lines[-3:] == [" 2. d5 a6", " 3. b9", "A resigned."]
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as JSON").click()
    log = json.loads(Path(saved.value.path()).read_text())
    assert log["players"] == [one.name, other.name]
    assert [move["seat"] for move in log["moves"]] == [0, 1, 0, 1, 0, None]
    assert log["moves"][-1]["move"] == {"system": "resign", "seat": 0}
    assert log["outcome"] == {"reason": "resign", "scores": [0.0, 1.0], "winners": [1]}
