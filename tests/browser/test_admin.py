"""The admins' pages in a browser, and what everybody else sees of what admins do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from app.services import moderation
from app.services.audit import HOST
from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player
from tests.faults.ledger import open_house
from tests.support import cluster
from tests.support.server import Server

Enter = Callable[..., Player]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A house for these tests alone, since what admins announce or end is everybody's.

    Each test takes back what it has announced or banned.
    """
    with cluster.serve(tmp_path_factory.mktemp("house") / "instance") as server:
        yield server


@pytest.fixture
def enter(arrive: Arrive, server: Server) -> Enter:
    """Somebody new in a browser of their own: `enter(admin=True, viewport=…)`."""

    def come(*, admin: bool = False, **options: object) -> Player:
        player = arrive(**options)
        if admin:
            moderation.make_admin(open_house(server.instance), HOST, player.name)
        return player

    return come


def test_axe_finds_nothing_in_a_refused_form_and_nothing_sticks_out(enter: Enter) -> None:
    """The pages as they come are in `test_budgets`."""
    boss = enter(admin=True, at="", viewport={"width": 360, "height": 740})
    boss.page.goto("/admin/bans")
    boss.page.fill("#addresses", "2001:db8:1234:5678:9abc:def0:1234:5678, 192.0.2.300")
    boss.page.click("text=Ban >> nth=-1")
    expect(boss.page.locator("#addresses-error")).to_be_visible()
    assert violations(boss.page, dark=True) == []
    assert boss.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scripts", [True, False])
def test_bans_by_the_form(enter: Enter, scripts: bool) -> None:
    boss = enter(admin=True, java_script_enabled=scripts)
    page = boss.page
    page.goto("/lobby")
    page.click("details.menu summary")
    page.click("text=Administration")
    page.click("nav >> text=Bans")
    page.fill("#addresses", "192.0.2.7\n2001:db8::/129")
    page.fill("#reason", "Spam")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator("#addresses-error")).to_contain_text("2001:db8::/129 is no address")
    page.fill("#addresses", "192.0.2.7\n2001:db8::/32")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator(".flash")).to_have_text("2 ranges are banned.")
    page.get_by_role("button", name="Let in 192.0.2.7").click()
    expect(page.locator(".list > li")).to_have_count(1)
    page.get_by_role("button", name="Let in 2001:db8::/32").click()
    expect(page.locator(".list > li")).to_have_count(0)
    page.click("nav >> text=Record")
    rows = page.locator(".list > li", has_text=boss.name)
    expect(rows).to_have_count(4)  # with the making of this admin


def test_an_announcement_is_there_at_once_and_stays_closed(enter: Enter) -> None:
    boss, reader = enter(admin=True), enter()
    check = reader.stay()
    boss.page.goto("/admin/broadcast")
    boss.page.fill("#text", "Tea <b>at</b> five")
    boss.page.get_by_role("button", name="Announce", exact=True).click()
    notice = reader.page.locator(".notice")
    expect(notice).to_contain_text("Tea <b>at</b> five")
    assert violations(reader.page) == []
    check()
    reader.page.goto("/rules")
    expect(notice).to_contain_text("Tea <b>at</b> five")
    assert violations(reader.page) == []
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    reader.page.reload()
    expect(notice).to_have_count(0)
    boss.page.fill("#text", "Cake at six")
    boss.page.get_by_role("button", name="Announce", exact=True).click()
    expect(notice).to_contain_text("Cake at six")
    boss.page.get_by_role("button", name="Take down: Cake at six").click()
    expect(notice).to_have_count(0)
    boss.page.get_by_role("button", name="Take down: Tea <b>at</b> five").click()


def test_an_announcement_is_closed_without_a_script(enter: Enter) -> None:
    boss, reader = enter(admin=True), enter(java_script_enabled=False)
    boss.page.goto("/admin/broadcast")
    boss.page.fill("#text", "Tea at five")
    boss.page.get_by_role("button", name="Announce", exact=True).click()
    reader.page.goto("/rules/uttt")
    reader.page.locator(".notice").get_by_role("button").click()
    reader.page.wait_for_url("**/rules/uttt")
    expect(reader.page.locator(".notice")).to_have_count(0)
    boss.page.get_by_role("button", name="Take down: Tea at five").click()


def test_after_a_restart_everybody_comes_back_by_themselves(enter: Enter) -> None:
    boss, reader = enter(admin=True), enter()
    check = reader.stay()
    boss.page.goto("/admin")
    boss.page.click("text=Restart…")
    boss.page.get_by_role("button", name="Restart", exact=True).click()
    expect(boss.page.locator("h1")).to_have_text("The server starts anew")
    boss.page.wait_for_url("**/admin", timeout=30_000)
    here = boss.page.locator("#figures li").first
    expect(here).to_contain_text("2 people here", timeout=30_000)
    expect(reader.page.locator("#connection")).to_be_empty(timeout=15_000)
    check()
