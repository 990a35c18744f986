"""Open tables, live between the pages of two and three people."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player, open_table, row_of
from tests.support.server import Server


def test_a_table_is_opened_seen_and_joined(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    stayed = other.stay()
    path = open_table(one, "3+2", "Swap")
    row = row_of(other, one.name)
    expect(row).to_contain_text("Ultimate tic-tac-toe, swap · casual · 3+2")
    expect(row.locator("[data-elo]")).to_have_text("1000")
    expect(other.page.locator("#announce")).to_contain_text(f"{one.name} has opened a table")
    stayed()
    row.get_by_role("button", name=f"Join {one.name}'s table").click()
    match = path.replace("table", "match")
    assert other.at_match() == match
    assert one.at_match() == match
    expect(one.page.locator("#seat-0")).to_contain_text(one.name)
    one.play("e5")
    other.sees_last("e5", "a")
    one.post(f"{match}/end")


def test_a_closed_table_is_nowhere_any_more(arrive: Arrive) -> None:
    one, other, third = arrive(), arrive(), arrive()
    path = open_table(one, "1+1")
    third.open(path)
    one.open("/lobby")
    own = one.page.locator("#own")
    expect(own).to_contain_text("Ultimate tic-tac-toe · rated · 1+1")
    expect(row_of(other, one.name)).to_have_count(1)
    expect(row_of(one, one.name)).to_have_count(0)
    own.get_by_role("button", name="Close your table").click()
    expect(row_of(other, one.name)).to_have_count(0)
    expect(own).to_be_hidden()
    expect(third.page.locator("#gone")).to_contain_text("This table is no longer open.")
    expect(third.page.locator("#offer")).to_be_hidden()


def test_a_table_opened_in_another_tab_is_ones_own_there_too(arrive: Arrive) -> None:
    one = arrive()
    second = one.page.context.new_page()
    second.goto("/lobby")
    path = open_table(one, "5+3", "Only those")
    own = second.locator("#own")
    expect(own).to_be_visible()
    code = own.locator("[data-code]").inner_text()
    expect(own.locator("[data-link]")).to_have_value(re.compile(f"{path}\\?code={code}$"))
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    second.bring_to_front()
    own.get_by_role("button", name="Copy").click()
    expect(own.locator("[data-copy]")).to_have_text("The link is copied.")
    own.get_by_role("button", name="Close your table").click()
    expect(own).to_be_hidden()
    expect(one.page.locator("#gone")).to_be_visible()


def test_a_table_goes_with_its_owner(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    open_table(one, "3+2")
    expect(row_of(other, one.name)).to_have_count(1)
    one.leave()
    expect(row_of(other, one.name)).to_have_count(0, timeout=45_000)


def test_tables_are_right_again_after_an_outage(arrive: Arrive) -> None:
    one, two, other = arrive(), arrive(), arrive()
    open_table(one, "10+5")
    expect(row_of(other, one.name)).to_have_count(1)
    stayed = other.stay()
    other.page.context.set_offline(True)
    expect(other.page.locator("#connection")).to_have_text("Reconnecting…")
    one.page.get_by_role("button", name="Close the table").click()
    one.page.wait_for_url("**/lobby")
    open_table(two, "15+10")
    one.challenge(other.name)
    expect(one.page.locator("#outgoing li")).to_have_count(1)
    other.page.context.set_offline(False)
    expect(row_of(other, two.name)).to_have_count(1)
    expect(row_of(other, one.name)).to_have_count(0)
    expect(other.page.locator("#incoming")).to_contain_text(one.name)
    stayed()


# Private tables


def test_a_private_table_is_for_who_has_the_link(
    arrive: Arrive, new_page: Callable[..., Page]
) -> None:
    one, other, third = arrive(), arrive(), arrive()
    path = open_table(one, "3+2", "Only those")
    link = one.page.locator("[data-link]").input_value()
    code = one.page.locator(".code-line code").inner_text()
    assert link.endswith(f"{path}?code={code}")
    third.open(path)
    expect(third.page.locator("h1")).to_have_text("There is no such page")
    third.open("/lobby")
    expect(row_of(third, one.name)).to_have_count(0)
    stranger = new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("button", name="Play as a guest")).to_be_visible()
    other.open(link)
    other.page.get_by_role("button", name="Join").click()
    match = one.at_match()
    assert other.at_match() == match
    for at in (match, f"{match}?code=guess"):
        third.open(at)
        expect(third.page.locator("h1")).to_have_text("There is no such page")
    third.open(f"{match}?code={code}")
    one.play("e5")
    third.sees_last("e5", "a")
    third.open(match)  # the browser knows the code now
    other.play("d6")
    third.sees_last("d6", "b")
    stranger.reload()
    stranger.wait_for_url(re.compile(match))
    Player(stranger, "").sees_last("d6", "b")
    third.open("/watch")
    expect(third.page.locator("#live-list")).not_to_contain_text(one.name)
    one.post(f"{match}/end")


def test_sharing_a_private_match_passes_its_code_on(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    path = open_table(one, "3+2", "Only those")
    code = one.page.locator(".code-line code").inner_text()
    one.page.get_by_role("button", name="Copy").click()
    expect(one.page.locator("[data-copy]")).to_have_text("The link is copied.")
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{path}?code={code}")
    other.open(copied)
    other.page.get_by_role("button", name="Join").click()
    match = one.at_match()
    one.page.click("[data-share]")
    expect(one.page.locator("#message")).to_have_text("The link is copied.")
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{match}?code={code}")
    one.post(f"{match}/end")


def test_joining_with_the_hosts_name_and_the_code(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    open_table(one, "3+2", "Only those")
    code = one.page.locator(".code-line code").inner_text()
    page = other.page
    page.get_by_text("Join with a code").click()
    form = page.locator("#code-form")
    form.get_by_label("Whose table").fill(one.name.upper())
    form.get_by_label("Code", exact=True).fill("wrong")
    form.get_by_role("button").click()
    expect(page.locator("#code-error")).to_have_text("That is not the code of a table of theirs.")
    expect(form.get_by_label("Code", exact=True)).to_be_focused()
    assert violations(page) == []
    form.get_by_label("Code", exact=True).fill(code)
    expect(page.locator("#code-error")).to_be_empty()
    form.get_by_role("button").click()
    assert other.at_match() == one.at_match()


# The form


def test_rated_can_be_chosen_only_where_it_can_be(arrive: Arrive) -> None:
    one, guest = arrive(), arrive(guest=True)
    page = one.page
    one.open("/table/new")
    rated = page.get_by_label("Rated")
    expect(rated).to_be_checked()
    page.locator(".chip label", has_text="Swap").click()
    expect(rated).to_be_disabled()
    expect(rated).not_to_be_checked()
    expect(page.locator("#rated-hint")).to_contain_text("played for fun and is not rated")
    page.locator(".chip label", has_text="Standard").click()
    expect(rated).to_be_enabled()
    expect(rated).to_be_checked()
    guest.open("/table/new")
    expect(guest.page.get_by_label("Rated")).to_be_disabled()
    expect(guest.page.locator("#rated-hint")).to_have_text("A guest's matches are not rated.")


def test_the_form_by_keyboard(arrive: Arrive) -> None:
    one = arrive()
    page = one.page
    one.open("/table/new")
    expect(page.get_by_label("Code", exact=True)).to_be_hidden()
    page.locator('[name="variant"]:checked').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[name="variant"]:checked')).to_have_value("swap")
    page.keyboard.press("Tab")
    expect(page.locator('[name="opponent"]:checked')).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator('[name="time"]:checked')).to_have_value("600+5")
    page.keyboard.press("Tab")  # "rated" cannot be chosen
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="access"]:checked')).to_have_value("private")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    page.keyboard.type("swordfish")
    page.keyboard.press("Enter")
    expect(page.locator(".code-line code")).to_have_text("swordfish")


def test_axe_finds_nothing_in_the_hall(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive()
    open_table(one, "3+2", "Only those")
    assert violations(one.page, dark=True) == []
    one.open("/lobby")
    one.challenge(other.name)
    expect(one.page.locator("#outgoing li")).to_have_count(1)
    assert violations(one.page, dark=True) == []
    expect(other.page.locator(".toast")).to_have_count(1)
    open_table(other, "1+1")
    other.open("/lobby")
    assert violations(other.page, dark=True) == []


def test_nothing_moves_while_tables_come_and_go(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    other.page.add_init_script(MEASURE_SHIFT)
    other.open("/lobby")
    expect(other.page.locator(f'[data-online="{one.name}"]')).to_have_count(1)
    before = other.page.evaluate("window.shift")
    open_table(one, "3+2")
    expect(row_of(other, one.name)).to_have_count(1)
    one.open("/lobby")
    one.challenge(other.name)
    expect(other.page.locator("#incoming li")).to_have_count(1)
    one.page.get_by_role("button", name="Close your table").click()
    expect(row_of(other, one.name)).to_have_count(0)
    assert other.page.evaluate("window.shift") - before < 0.01


def test_without_a_script_it_works_too(arrive: Arrive, server: Server) -> None:
    one, other = (arrive(java_script_enabled=False) for _ in range(2))
    path = open_table(one, "3+2", "Only those")
    link = one.page.locator("[data-link]").input_value()
    expect(one.page.locator("[data-copy]")).to_be_hidden()
    other.open(re.sub("^http://[^/]+", "", link))
    other.page.get_by_role("button", name="Join").click()
    other.page.wait_for_url("**/match/*")
    one.page.reload()  # what the page itself does every few seconds
    assert one.at_match() == path.replace("table", "match")
    for seat in (0, 1):
        expect(one.page.locator(f'[data-clock="{seat}"]')).to_have_text(re.compile(r"^[23]:\d\d$"))
