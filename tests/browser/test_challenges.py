"""Challenges, live on every page of those they are between."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player, new_name, row_of, table_of
from tests.support.pages import NOWHERE
from tests.support.server import Server
from tests.support.site import Visitor


def test_a_challenge_waits_on_every_page(arrive: Arrive) -> None:
    """It is withdrawn; another is declined; the third is accepted at once."""
    one, other = arrive(), arrive(at="")
    other.open_live("/rankings")
    one.challenge(other.name)
    outgoing, toast = one.page.locator("#outgoing li"), other.page.locator(".toast")
    expect(outgoing).to_contain_text(other.name)
    expect(one.page.locator("#announce")).to_contain_text(f"You have challenged {other.name}.")
    expect(toast).to_contain_text(
        f"{one.name} challenges you: Ultimate tic-tac-toe · rated · 7 d a move."
    )
    one.page.get_by_role("button", name=f"Withdraw the challenge to {other.name}").click()
    expect(outgoing).to_have_count(0)
    expect(toast).to_have_count(0)
    expect(one.page.locator(".toast")).to_have_count(0)

    one.challenge(other.name)
    badge = other.page.locator("#asked .unseen")
    expect(badge).to_have_text("1 challenge waits for your answer")
    other.page.reload()
    expect(badge).to_have_text("1 challenge waits for your answer")
    expect(toast).to_have_count(0)
    other.open("/lobby")  # where it comes with the page
    row = other.page.locator("#incoming li")
    expect(row).to_contain_text(one.name)
    row.get_by_role("button", name=f"Decline {one.name}'s challenge").click()
    expect(row).to_have_count(0)
    expect(other.page.locator("#asked")).to_be_hidden()
    expect(other.page.locator("#no-challenges")).to_be_visible()
    expect(toast).to_have_count(0)
    expect(outgoing).to_have_count(0)
    expect(one.page.locator(".toast")).to_contain_text("Your challenge was declined.")

    other.open_live("/rankings")
    one.challenge(other.name)
    toast.get_by_role("button", name="Accept").click()
    assert other.at_match() == one.at_match()
    expect(other.page.locator("#asked")).to_be_hidden()


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
    table_of(one, time="604800")
    one.open_live("/rankings")
    row_of(other, one.name).get_by_role("button").click()
    toast = one.page.locator(".toast")
    expect(toast).to_contain_text(f"Your match with {other.name} has begun.")
    toast.get_by_role("link", name="Go to the match").click()
    assert one.at_match() == other.at_match()


def test_another_tab_of_the_challenger_knows_too(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    second = one.page.context.new_page()
    Player(second, one.name).open_live("/lobby")
    expect(second.locator("#outgoing li")).to_have_count(0)
    one.challenge(other.name)
    expect(second.locator("#outgoing li")).to_contain_text(other.name)
    third = one.page.context.new_page()
    Player(third, one.name).open("/rankings")
    for page in (second, third):
        page.goto(NOWHERE)  # between two pages, as the match begins
    row = other.page.locator("#incoming li")  # which has come by itself
    row.get_by_role("button", name=f"Accept {one.name}'s challenge").click()
    match = other.at_match()
    assert one.at_match() == match
    for page in (second, third):
        page.goto("/rules/uttt", wait_until="domcontentloaded")
        toast = page.locator(".toast")
        expect(toast).to_contain_text(f"Your match with {other.name} has begun.")
        expect(toast.get_by_role("link")).to_have_attribute("href", match)
        page.reload(wait_until="domcontentloaded")
        expect(page.locator("#waiting")).to_be_visible()
        expect(toast).to_have_count(0)


def test_the_word_of_a_match_outlasts_all_others(arrive: Arrive, server: Server) -> None:
    one = arrive(at="")
    others = {name: Visitor(server.url).register(name) for name in (new_name() for _ in range(4))}
    first = next(iter(others))
    one.open_live("/rankings")
    terms = {"variant": "standard", "rated": "y", "time": "604800", "access": "public"}
    for number, (name, other) in enumerate(others.items()):
        table = other.post("/table/new", player=one.name, **terms).headers["Location"]
        expect(one.page.locator(".toast")).to_have_count(number + 1)
        if number == 0:
            one.post(f"{table}/accept")
            expect(one.page.locator(".toast")).to_contain_text(f"with {name} has begun")
    one.page.locator(".toast", has_text=first).get_by_role("link").click()
    one.at_match()


def test_a_table_goes_by_its_owners_new_name(arrive: Arrive) -> None:
    guest, other = arrive(guest=True, at=""), arrive()
    guest.ask("challenge", player=other.name)
    table_of(guest, time="604800")
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
