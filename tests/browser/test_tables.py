"""Open tables, live between the pages of two and three people."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import Player, open_table, row_of, table_of


def test_a_table_is_opened_seen_and_joined(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive()
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
    one.post(f"{match}/end")


def test_tables_come_and_go_and_nothing_moves(arrive: Arrive) -> None:
    """A closed table is nowhere any more, and one goes with its owner."""
    one, other = arrive(), arrive()
    other.page.evaluate(MEASURE_SHIFT)
    expect(other.page.locator(f'[data-online="{one.name}"]')).to_have_count(1)
    before = other.page.evaluate("window.shift")
    path = table_of(one, time="60+1")
    third = other.page.context.new_page()
    third.goto(path)
    own = one.page.locator("#own")
    expect(own).to_contain_text("Ultimate tic-tac-toe · rated · 1+1")
    expect(row_of(other, one.name)).to_have_count(1)
    expect(row_of(one, one.name)).to_have_count(0)
    one.challenge(other.name)
    expect(other.page.locator("#incoming li")).to_have_count(1)
    own.get_by_role("button", name="Close your table").click()
    expect(row_of(other, one.name)).to_have_count(0)
    expect(own).to_be_hidden()
    expect(third.locator("#gone")).to_contain_text("This table is no longer open.")
    expect(third.locator("#offer")).to_be_hidden()
    assert other.page.evaluate("window.shift") - before < 0.01
    table_of(one)
    expect(row_of(other, one.name)).to_have_count(1)
    one.leave()
    expect(row_of(other, one.name)).to_have_count(0, timeout=45_000)


def test_a_table_opened_in_another_tab_is_ones_own_there_too(arrive: Arrive) -> None:
    one = arrive()
    path = table_of(one, time="300+3", access="private")
    own = one.page.locator("#own")
    expect(own).to_be_visible()
    code = own.locator("[data-code]").inner_text()
    expect(own.locator("[data-link]")).to_have_value(re.compile(f"{path}\\?code={code}$"))
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    own.get_by_role("button", name="Copy").click()
    expect(own.locator("[data-copy]")).to_have_text("The link is copied.")
    one.post(f"{path}/close")
    expect(own).to_be_hidden()


def test_tables_are_right_again_after_an_outage(arrive: Arrive, register: Register) -> None:
    one, two, other = register(), register(), arrive()
    with one.socket(), two.socket():  # a table is open as long as its owner is here
        path = table_of(one, time="600+5")
        expect(row_of(other, one.name)).to_have_count(1)
        stayed = other.stay()
        other.page.context.set_offline(True)
        expect(other.page.locator("#connection")).to_have_text("Reconnecting…")
        one.post(f"{path}/close")
        table_of(two, time="900+10")
        table_of(one, player=other.name)
        other.page.context.set_offline(False)
        expect(row_of(other, two.name)).to_have_count(1)
        expect(row_of(other, one.name)).to_have_count(0)
        expect(other.page.locator("#incoming")).to_contain_text(one.name)
        stayed()


# Private tables


def test_a_private_table_is_for_who_has_the_link(
    arrive: Arrive, new_page: Callable[..., Page]
) -> None:
    """The match's page passes the code on, too."""
    one, other, third = arrive(at=""), arrive(at=""), arrive(at="")
    path = open_table(one, "3+2", "Only those")
    link = one.page.locator("[data-link]").input_value()
    code = one.page.locator(".code-line code").inner_text()
    assert link.endswith(f"{path}?code={code}")
    one.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    one.page.get_by_role("button", name="Copy").click()
    expect(one.page.locator("[data-copy]")).to_have_text("The link is copied.")
    assert one.page.evaluate("navigator.clipboard.readText()") == link
    assert third.is_refused(path)
    third.open("/lobby")
    expect(row_of(third, one.name)).to_have_count(0)
    stranger = new_page()
    stranger.goto(link)
    expect(stranger.get_by_role("button", name="Play as a guest")).to_be_visible()
    other.open(link)
    other.page.get_by_role("button", name="Join").click()
    match = one.at_match()
    assert other.at_match() == match
    assert third.is_refused(match)
    assert third.is_refused(f"{match}?code=guess")
    third.open(f"{match}?code={code}")
    other.leave()
    one.play("e5")
    third.sees_last("e5", "a")
    third.open(match)  # the browser knows the code now
    other.post(f"{match}/move", square="d6")
    third.sees_last("d6", "b")
    stranger.reload()
    stranger.wait_for_url(re.compile(match))
    Player(stranger, "").sees_last("d6", "b")
    third.open("/watch")
    expect(third.page.locator("#live-list")).not_to_contain_text(one.name)
    one.page.click("[data-share]")
    expect(one.page.locator("#message")).to_have_text("The link is copied.")
    copied = one.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"{match}?code={code}")
    one.post(f"{match}/end")


def test_joining_with_the_hosts_name_and_the_code(arrive: Arrive, register: Register) -> None:
    one, other = register(), arrive()
    with one.socket():
        match = table_of(one, access="private", code="swordfish").replace("table", "match")
        page = other.page
        page.get_by_text("Join with a code").click()
        form = page.locator("#code-form")
        form.get_by_label("Whose table").fill(one.name.upper())
        form.get_by_label("Code", exact=True).fill("wrong")
        form.get_by_role("button").click()
        error = page.locator("#code-error")
        expect(error).to_have_text("That is not the code of a table of theirs.")
        expect(form.get_by_label("Code", exact=True)).to_be_focused()
        assert violations(page) == []
        form.get_by_label("Code", exact=True).fill("swordfish")
        expect(error).to_be_empty()
        form.get_by_role("button").click()
        assert other.at_match() == match


# The form


def test_rated_can_be_chosen_only_where_it_can_be(arrive: Arrive) -> None:
    one, guest = arrive(at="/table/new"), arrive(guest=True, at="/table/new")
    page = one.page
    rated = page.get_by_label("Rated")
    expect(rated).to_be_checked()
    page.locator(".chip label", has_text="Swap").click()
    expect(rated).to_be_disabled()
    expect(rated).not_to_be_checked()
    expect(page.locator("#rated-hint")).to_contain_text("played for fun and is not rated")
    page.locator(".chip label", has_text="Standard").click()
    expect(rated).to_be_enabled()
    expect(rated).to_be_checked()
    expect(guest.page.get_by_label("Rated")).to_be_disabled()
    expect(guest.page.locator("#rated-hint")).to_have_text("A guest's matches are not rated.")


def test_the_form_by_keyboard(arrive: Arrive) -> None:
    one = arrive(at="/table/new")
    page = one.page
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


def test_axe_finds_nothing_in_the_hall(arrive: Arrive, register: Register) -> None:
    """A private table's page; the lobby with tables, one's own too, and challenges either way."""
    one, other, third = arrive(at=""), register(), register()
    path = table_of(one, access="private")
    one.open(path)
    assert violations(one.page, dark=True) == []
    with other.socket(), third.socket():
        table_of(other, time="60+1")
        one.open("/lobby")
        one.challenge(other.name)
        table_of(third, player=one.name)
        expect(one.page.locator(".toast")).to_have_count(1)
        for part in ("#outgoing", "#incoming"):
            expect(one.page.locator(f"{part} li")).to_have_count(1)
        expect(row_of(one, other.name)).to_have_count(1)
        expect(one.page.locator("#own")).to_be_visible()
        assert violations(one.page, dark=True) == []


def test_without_a_script_it_works_too(arrive: Arrive) -> None:
    one, other = (arrive(java_script_enabled=False, at="") for _ in range(2))
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
