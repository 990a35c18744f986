"""A bridge table's page stays right when things reach it in another order than they happened."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Route, expect

from app.games.bridge import SIDES
from tests.browser.bridge_people import Absent, Person, post, seat_four, state_of
from tests.browser.conftest import Arrive
from tests.support.server import Server


def test_a_look_at_the_page_does_not_bring_an_old_deal_back(arrive: Arrive, server: Server) -> None:
    looks = arrive(at="")
    people: list[Person] = [looks, *(Absent(server) for _ in "ESW")]
    path = seat_four(people)
    below = path.removeprefix("/bridge")
    page = looks.page
    looks.open_live(path)
    turn = SIDES.index(state_of(page)["view"]["dealer"])
    for step in range(len(SIDES)):
        post(people[(turn + step) % 4], f"{below}/bid", bid="pass")
    expect(page.locator("#over .written")).to_have_count(4)
    expect(page.locator("#ready")).to_be_visible()

    # The page looks how things are; before it has the answer, the next board is dealt.
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        is_part = route.request.headers["accept"] == "text/html"  # something else is fetched anew
        if held or is_part:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(f"**{path}", hold)
    with page.expect_request(f"**{path}"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while not held:
        page.wait_for_timeout(20)
    for person in people:
        post(person, f"{below}/ready")
    expect(page.locator("#felt")).to_have_attribute("data-phase", "auction")
    expect(page.locator("#over .written")).to_have_count(0)  # and what follows has come
    page.evaluate("window.phases = []")
    page.locator("#felt").evaluate(
        """felt => new MutationObserver(() => window.phases.push(felt.dataset.phase))
          .observe(felt, { attributeFilter: ["data-phase"] })"""
    )
    ((route, response),) = held
    with page.expect_response(f"**{path}"):
        route.fulfill(response=response)
    # It asks for parts of the page again, when it has taken the answer in.
    with page.expect_response(f"**{path}"):
        page.wait_for_timeout(0)
    assert "over" not in page.evaluate("window.phases")
    expect(page.locator("#felt")).to_have_attribute("data-phase", "auction")
    expect(page.locator("#fan .playing-card")).to_have_count(13)
    page.unroute_all(behavior="ignoreErrors")
    for person in people:
        post(person, f"{below}/leave")


def test_looking_on_ends_on_all_pages(arrive: Arrive, server: Server) -> None:
    owner, looker = Absent(server), arrive(at="")
    path = post(owner, "/open", position="N", kibitz="on")
    below = path.removeprefix("/bridge")
    post(looker, f"{below}/watch")
    looker.open_live(path)
    page = looker.page
    expect(page.get_by_role("button", name="Look on no longer")).to_be_visible()
    post(owner, f"{below}/robot-in", position="E")
    expect(page.locator("#seat-E .player strong")).to_be_visible()  # it hears the table
    # From another page of theirs; this one has no more to tell, and does not show what it knew.
    with page.expect_navigation(wait_until="domcontentloaded"):
        post(looker, f"{below}/unwatch")
    assert state_of(page)["looks_on"] is False
    post(owner, f"{below}/leave")


def test_parts_of_the_page_are_as_they_were_asked_for_last(arrive: Arrive) -> None:
    owner = arrive(at="")
    path = post(owner, "/open", position="N")
    below = path.removeprefix("/bridge")
    owner.open_live(path)
    page = owner.page
    robots = page.locator(".who .player strong")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(f"**{path}", hold)
    post(owner, f"{below}/robot-in", position="E")
    while not held:
        page.wait_for_timeout(20)
    post(owner, f"{below}/robot-in", position="S")
    expect(robots).to_have_count(2)
    ((route, response),) = held
    with page.expect_response(f"**{path}"):
        route.fulfill(response=response)
    page.wait_for_timeout(100)
    assert robots.count() == 2
    page.unroute_all(behavior="ignoreErrors")
    post(owner, f"{below}/leave")
