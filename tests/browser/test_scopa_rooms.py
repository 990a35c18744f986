"""Tables for several, live between people: the form, the lobby, and the table's own page."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player, row_of


def press(page: Page, words: str) -> None:
    page.locator(".chip label", has_text=re.compile(f"^{re.escape(words)}")).click()


def seat(player: Player, number: int) -> Any:
    return player.page.locator(f"#seat-{number}")


def test_the_form_asks_what_applies_and_says_what_it_will_do(arrive: Arrive) -> None:
    one = arrive(at="/table/new")
    page = one.page
    page.get_by_role("link", name="Scopa").click()
    button, rated = page.locator("#open-button"), page.get_by_label("Rated")
    matta, players = page.get_by_text("Matta", exact=True), page.locator("#players")
    expect(matta).to_be_hidden()
    expect(page.get_by_label("Partner")).to_be_hidden()
    press(page, "Cirulla")
    expect(matta).to_be_visible()
    press(page, "Scopone")
    expect(matta).to_be_hidden()
    expect(players).to_be_hidden()
    for label in ("Opponent", "Partner", "Second opponent"):
        page.get_by_label(label, exact=True).select_option("Computer, easy")
    expect(button).to_have_text("Play")
    expect(rated).to_be_disabled()
    hint = page.locator("#rated-hint")
    expect(hint).to_have_text("Matches with the computer are not rated.", use_inner_text=True)
    assert violations(page) == []
    press(page, "Classic")
    expect(page.get_by_label("Partner")).to_be_hidden()
    page.get_by_label("Opponent", exact=True).select_option("A player by name")
    expect(button).to_have_text("Challenge")
    expect(rated).to_be_checked()
    expect(hint).not_to_contain_text("not rated", use_inner_text=True)
    expect(hint).to_contain_text("changes everybody's rating", use_inner_text=True)
    button.click()
    expect(page.locator("#name_1-error")).to_have_text("Whom do you want to ask?")
    expect(page.locator("#name_1")).to_be_focused()
    page.get_by_label("Opponent", exact=True).select_option("Computer, strong")
    button.click()
    one.at_match()


def test_a_table_for_four_fills_before_everybodys_eyes(arrive: Arrive) -> None:
    one, two, three = arrive(at="/table/new?game=scopa"), arrive(at="/rankings"), arrive()
    page = one.page
    press(page, "Scopone")
    page.get_by_label("Partner").select_option("A player by name")
    page.locator("#name_2").fill(two.name)
    press(page, "7 d")
    page.click("#open-button")
    page.wait_for_url(re.compile("/table/[0-9a-f]{32}$"))
    stayed = one.stay()
    kind = "Scopa, scopone · {} of 4 seats free · rated · 7 d a move"
    row = row_of(three, one.name)
    expect(row).to_contain_text(kind.format(2))
    toast = two.page.locator(".toast")
    expect(toast).to_contain_text(f"{one.name} keeps a seat for you: {kind.format(2)}.")

    # Somebody sits down, moves, and leaves; what the owner is writing stays as it is.
    seat(one, 3).get_by_text("Fill it…").click()
    seat(one, 3).get_by_label("Their name").fill("somebody")
    row.get_by_role("button", name=f"Join {one.name}'s table").click()
    three.page.wait_for_url(re.compile("/table/[0-9a-f]{32}$"))
    expect(seat(three, 1)).to_contain_text("you")
    expect(seat(one, 1)).to_contain_text(three.name)
    expect(seat(one, 3).get_by_label("Their name")).to_have_value("somebody")
    seat(three, 3).get_by_role("button", name="Sit here, in seat 4").click()
    expect(seat(three, 3)).to_contain_text("you")
    expect(seat(one, 1)).to_contain_text("free")
    expect(seat(one, 3)).to_contain_text(three.name)
    three.page.get_by_role("button", name="Leave the table").click()
    three.page.wait_for_url("**/lobby")
    expect(seat(one, 3)).to_contain_text("free")
    expect(row).to_contain_text(kind.format(2))

    # Whoever is asked accepts in a word, and waits at the table.
    toast.get_by_role("button", name="Accept").click()
    expect(seat(two, 2)).to_contain_text("you")
    expect(seat(one, 2)).not_to_contain_text("has not answered yet")
    expect(page.locator("#announce")).to_have_text("Waiting for 2 more players…")
    expect(two.page.get_by_text("You have a seat.")).to_be_visible()
    assert violations(two.page) == []
    assert violations(page) == []
    two.open("/lobby")
    expect(row_of(two, one.name)).to_contain_text("you sit here")

    # The computer takes what is left: it begins, wherever one is.
    for number in (1, 3):
        seat(one, number).get_by_text("Fill it…").click()
        seat(one, number).get_by_label("Whom the seat is for").select_option("Computer, easy")
        if number == 1:
            stayed()
            expect(row).to_contain_text(kind.format(2))
        seat(one, number).get_by_role("button", name="Give them the seat").click()
        if number == 1:
            expect(seat(one, 1)).to_contain_text("Computer, easy")
            expect(row).to_contain_text("1 of 4 seats free · casual")
    assert one.at_match() == two.at_match()
    expect(row).to_have_count(0)
    one.open("/lobby")
    mine = one.page.locator("#matches li")
    expect(mine).to_contain_text(f"with {two.name}, against cpu1 and cpu2")
    two.post(f"/match/{two.at_match()[7:]}/end")


def test_a_random_opponent_at_scopa(arrive: Arrive) -> None:
    one, two = arrive(), arrive()
    for player in (one, two):
        player.page.select_option("#seek-game", label="Scopa")
    one.wait_for_opponent()
    one.page.reload()  # the wait, and for which game, is the tab's
    expect(one.page.locator("#cancel-form")).to_be_visible()
    two.seek()
    match = two.at_match()
    assert one.at_match() == match
    one.open("/lobby")
    expect(one.page.locator("#matches")).to_contain_text("Scopa")
    one.post(f"{match}/end")
