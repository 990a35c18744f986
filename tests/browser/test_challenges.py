"""Challenges, live on every page of those they are between."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import new_name, open_table, row_of
from tests.support.pages import NOWHERE

# Challenges


def test_a_challenge_waits_on_every_page(arrive: Arrive) -> None:
    one, other = arrive(), arrive(at="")
    other.open_live("/rankings")
    one.challenge(other.name)
    outgoing = one.page.locator("#outgoing li")
    expect(outgoing).to_contain_text(other.name)
    expect(one.page.locator("#announce")).to_contain_text(f"You have challenged {other.name}.")
    toast = other.page.locator(".toast")
    expect(toast).to_contain_text(
        f"{one.name} challenges you: Ultimate tic-tac-toe · rated · 7 d a move."
    )
    badge = other.page.locator("#asked .unseen")
    expect(badge).to_have_text("1 challenge waits for your answer")
    other.page.reload()
    expect(badge).to_have_text("1 challenge waits for your answer")
    expect(toast).to_have_count(0)
    other.open("/lobby")
    other.page.get_by_role("button", name=f"Accept {one.name}'s challenge").click()
    assert other.at_match() == one.at_match()
    expect(other.page.locator("#asked")).to_be_hidden()


def test_a_challenge_is_accepted_at_once(arrive: Arrive) -> None:
    one, other = arrive(), arrive(at="")
    other.open_live("/rankings")
    one.challenge(other.name)
    other.page.locator(".toast").get_by_role("button", name="Accept").click()
    assert other.at_match() == one.at_match()


def test_a_challenge_is_declined(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.challenge(other.name)
    row = other.page.locator("#incoming li")
    expect(row).to_contain_text(one.name)
    other.page.reload()  # from now on it comes with the page
    expect(other.page.locator("#asked")).to_be_visible()
    row.get_by_role("button", name=f"Decline {one.name}'s challenge").click()
    expect(row).to_have_count(0)
    expect(other.page.locator("#asked")).to_be_hidden()
    expect(other.page.locator("#no-challenges")).to_be_visible()
    expect(other.page.locator(".toast")).to_have_count(0)
    expect(one.page.locator("#outgoing li")).to_have_count(0)
    expect(one.page.locator(".toast")).to_contain_text("Your challenge was declined.")


def test_a_challenge_is_withdrawn(arrive: Arrive) -> None:
    one, other = arrive(), arrive(at="")
    other.open_live("/rankings")
    one.challenge(other.name)
    expect(other.page.locator(".toast")).to_have_count(1)
    one.page.get_by_role("button", name=f"Withdraw the challenge to {other.name}").click()
    expect(one.page.locator("#outgoing li")).to_have_count(0)
    expect(other.page.locator(".toast")).to_have_count(0)
    expect(one.page.locator(".toast")).to_have_count(0)


def test_a_challenge_on_ones_own_terms_from_a_players_page(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive(at="")
    other.open_live("/lobby")
    one.open(f"/player/{other.name}")
    one.page.get_by_role("link", name="Challenge").click()
    expect(one.page.locator("#player")).to_have_value(other.name)
    one.page.locator(".chip label", has_text="another clock").click()
    one.page.get_by_label("Minutes for each").fill("2")
    one.page.get_by_label("Seconds more a move").fill("12")
    one.page.click("#open-button")
    expect(one.page.locator("h1")).to_have_text(f"Your challenge to {other.name}")
    other.page.locator(".toast").get_by_role("link", name="See").click()
    expect(other.page.locator(".terms")).to_contain_text("2+12")
    assert violations(other.page) == []
    other.page.get_by_role("button", name="Accept").click()
    assert other.at_match() == one.at_match()


def test_a_match_that_begins_is_told_on_every_other_page(arrive: Arrive) -> None:
    one, other = arrive(at=""), arrive()
    open_table(one, "7 d")
    one.open_live("/rankings")
    row_of(other, one.name).get_by_role("button").click()
    toast = one.page.locator(".toast")
    expect(toast).to_contain_text(f"Your match with {other.name} has begun.")
    toast.get_by_role("link", name="Go to the match").click()
    assert one.at_match() == other.at_match()


def test_another_tab_of_the_challenger_knows_too(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    second = one.page.context.new_page()
    second.goto("/lobby")
    expect(second.locator("#outgoing li")).to_have_count(0)
    one.challenge(other.name)
    expect(second.locator("#outgoing li")).to_contain_text(other.name)
    third = one.page.context.new_page()
    third.goto("/rankings")
    for page in (second, third):
        page.goto(NOWHERE)  # between two pages, as the match begins
    other.page.get_by_role("button", name=f"Accept {one.name}'s challenge").click()
    match = other.at_match()
    for page in (second, third):
        page.goto("/rules/uttt")
        toast = page.locator(".toast")
        expect(toast).to_contain_text(f"Your match with {other.name} has begun.")
        expect(toast.get_by_role("link")).to_have_attribute("href", match)
        page.reload()
        expect(page.locator("#waiting")).to_be_visible()
        expect(toast).to_have_count(0)


def test_the_word_of_a_match_outlasts_all_others(arrive: Arrive) -> None:
    one, *others = (arrive() for _ in range(5))
    one.open_live("/rankings")
    terms = {"variant": "standard", "rated": "y", "time": "604800", "access": "public"}
    for number, other in enumerate(others):
        table = other.post("/table/new", player=one.name, **terms)
        expect(one.page.locator(".toast")).to_have_count(number + 1)
        if number == 0:
            one.post(f"{table}/accept")
            expect(one.page.locator(".toast")).to_contain_text(f"with {other.name} has begun")
    one.page.locator(".toast", has_text=others[0].name).get_by_role("link").click()
    one.at_match()


def test_a_table_goes_by_its_owners_new_name(arrive: Arrive) -> None:
    guest, other = arrive(guest=True), arrive()
    guest.challenge(other.name)
    open_table(guest, "7 d")
    expect(row_of(other, guest.name)).to_contain_text("guest")
    name = new_name()
    guest.post("/settings/keep", name=name, password="long enough")
    row = row_of(other, name)
    expect(row.get_by_role("link", name=name)).to_have_attribute("href", f"/player/{name}")
    expect(row_of(other, guest.name)).to_have_count(0)
    expect(row.locator("[data-guest]")).to_be_hidden()
    expect(other.page.locator("#incoming li")).to_have_count(1)
    other.page.get_by_role("button", name=f"Decline {name}'s challenge").click()
    row.get_by_role("button", name=f"Join {name}'s table").click()
    other.at_match()
