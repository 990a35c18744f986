"""Friends, live."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Arrive


def test_who_is_here_is_kept_right(arrive: Arrive) -> None:
    one, friend = arrive(at=""), arrive(at="")
    one.open(f"/friends?name={friend.name}")
    one.page.get_by_role("button", name=f"Add {friend.name} to your friends").click()
    dot = one.page.locator("#friends .dot")
    expect(dot).to_have_attribute("aria-label", "away")
    stayed = one.stay()
    friend.open("/rankings")
    expect(dot).to_have_attribute("aria-label", "online")
    expect(dot).to_have_class(re.compile("dot-on"))
    friend.leave()
    expect(dot).to_have_attribute("aria-label", "away")
    stayed()
    one.open(f"/player/{friend.name}")
    presence = one.page.locator("[data-presence]")
    expect(presence).to_have_text("away")
    friend.open("/rankings")
    expect(presence).to_have_text("online")


def test_a_list_changed_elsewhere_is_shown(arrive: Arrive) -> None:
    one, friend = arrive(at="/friends"), arrive(at="")
    expect(one.page.locator("#friends")).to_contain_text("Nobody in your list yet.")
    one.page.context.set_offline(True)
    expect(one.page.locator("#connection")).to_have_text("Reconnecting…")
    one.post("/friends/add", player=friend.name)
    one.page.context.set_offline(False)
    expect(one.page.locator("#friends")).to_contain_text(friend.name)
