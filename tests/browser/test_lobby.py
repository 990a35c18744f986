"""The lobby, live."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Arrive, Register
from tests.browser.players import Player, begin


def test_rows_come_change_and_go(pair: tuple[Player, Player], arrive: Arrive) -> None:
    one, other = pair
    match_id = one.at_match().removeprefix("/match/")
    other.open("/lobby")
    row = other.page.locator(f'[data-match="{match_id}"]')
    turn = row.locator("[data-turn]")
    stayed = other.stay()
    expect(turn).to_have_text("Their turn")
    expect(row.locator("time")).to_have_text(re.compile(r"^(6 d 23|7 d 0) h$"))
    one.play("e5")
    expect(turn).to_have_text("Your turn")
    expect(other.page.locator("#waiting")).to_be_visible()
    guest = arrive(guest=True)
    here = other.page.locator(f'[data-online="{guest.name}"]')
    expect(here).to_contain_text("guest")
    expect(here.locator(".rating")).to_be_empty()
    here.get_by_role("button", name=f"Challenge {guest.name}").click()
    guest.page.get_by_role("button", name=f"Accept {other.name}'s challenge").click()
    guest.at_match()
    other.at_match()
    other.open("/lobby")
    expect(other.page.locator("#matches li")).to_have_count(2)
    stayed = other.stay()
    guest.page.click("#leave")
    guest.page.locator("#leaving button").click()
    expect(other.page.locator("#matches li")).to_have_count(1)
    expect(other.page.locator("#recent li").first).to_contain_text(f"against {guest.name}")
    expect(other.page.locator("#recent li").first).to_contain_text("No result")
    guest.leave()
    expect(here).to_have_count(0, timeout=60_000)  # at the latest when a ping goes unanswered
    stayed()


def test_the_queue_outlives_a_reload_and_follows_to_other_pages(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.wait_for_opponent()
    one.page.reload()
    expect(one.page.locator("#cancel-form")).to_be_visible()
    one.open("/rankings")
    other.seek()
    other.at_match()
    notice = one.page.locator(".toast")
    expect(notice).to_contain_text(f"Your match with {other.name} has begun.")
    notice.get_by_role("link").click()
    one.at_match()
    # The wait began anew on the other page, perhaps after the other's: either may move first.
    one_begins = one.page.locator("#seat-0", has_text=one.name).count()
    first, second = (one, other) if one_begins else (other, one)
    first.play("e5")
    second.sees_last("e5", "a")


def test_cancel_leaves_the_queue_and_a_wrong_name_is_said(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.seek()
    one.page.click("#cancel-button")
    expect(one.page.locator("#seek-form")).to_be_visible()
    other.wait_for_opponent()
    expect(one.page).to_have_url(re.compile("/lobby$"))
    other.page.click("#cancel-button")
    expect(other.page.locator("#seek-form")).to_be_visible()

    # A wrong name is said beside the field.
    field, error = one.page.locator("#player"), one.page.locator("#player-error")
    for name, text in (("nobody-at-all", "Nobody here has that name."), (one.name, "That is you.")):
        field.fill(name)
        one.page.click("#challenge-button")
        expect(error).to_have_text(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
    field.fill("x")
    expect(error).to_be_empty()


def test_the_lobby_is_right_again_after_an_outage(arrive: Arrive, register: Register) -> None:
    one, other = register(), arrive(at="")
    path = begin(one, other)
    match_id = path.removeprefix("/match/")
    other.open_live("/lobby")
    row = other.page.locator(f'[data-match="{match_id}"]')
    stayed = other.stay()
    other.page.context.set_offline(True)
    expect(other.page.locator("#connection")).to_have_text("Reconnecting…")
    one.post(f"{path}/move", square="e5")
    here = one.socket()
    other.page.context.set_offline(False)
    expect(row.locator("[data-turn]")).to_have_text("Your turn")
    expect(other.page.locator(f'[data-online="{one.name}"]')).to_have_count(1)
    other.page.context.set_offline(True)
    expect(other.page.locator("#connection")).to_have_text("Reconnecting…")
    one.post(f"{path}/end")
    here.close()
    other.page.context.set_offline(False)
    expect(row).to_have_count(0)
    expect(other.page.locator("#recent li").first).to_contain_text("No result")
    stayed()
